"""The exhibits of 18: what they compute, what they say, and that every corner can be drawn."""

import itertools

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits.rnn_binary_adder import (
    broken,
    carry,
    cell,
    lengths,
    nets,
    notes,
    task,
    threshold,
    training,
)  # fmt: skip
from nnlib.gradcheck import numeric_gradient

from .easel import Easel

LAYOUTS = {
    nets.draw_adder: nets.ADDER,
    task.draw_task: task.TASK,
    cell.draw_cell: cell.CELL,
    notes.draw_notes: notes.NOTES,
    carry.draw_carry: carry.CARRY_MAP,
    carry.draw_flip: carry.FLIP,
    threshold.draw_hand: threshold.HAND,
    threshold.draw_latch: threshold.LATCH,
    lengths.draw_lengths: lengths.LENGTHS,
    training.draw_training: training.LIVE,
    training.draw_race: training.RACE,
    broken.draw_broken: broken.BROKEN,
}
ENDS = [(0, 0), (127, 127), (85, 43), (127, 1)]
drawn = Easel(LAYOUTS)


# ---- the task ------------------------------------------------------------------------------------


def test_carries_by_hand():
    for a, b in ENDS:
        c = 0
        for t in range(8):
            assert task.carry_in(a, b)[0, t] == c
            c = (c + (a >> t & 1) + (b >> t & 1)) // 2
            assert task.carry_out(a, b)[0, t] == c


def test_every_pair_is_there_once():
    a, b, x, y = task.every_pair()
    assert len(set(zip(a.tolist(), b.tolist()))) == 16384
    assert set(np.unique(x)) == {-1, 1}
    assert (y[..., 0] @ (1 << np.arange(8)) == a + b).all()


def brute_force(net):
    a, b, x, y = task.every_pair()
    right = ((net(x) > 0) == y)[..., 0]
    rule = 3 * task.carry_in(a, b) + ((x + 1) / 2).sum(axis=2).astype(int)
    rules = np.bincount(rule.ravel(), right.ravel()) / np.bincount(rule.ravel())
    return right, rules.reshape(2, 3)


@pytest.mark.parametrize("steps", [0, 12])
def test_score_agrees_with_all_pairs_one_by_one(steps):
    net = nets.trained(16, 1, steps)
    right, rules = brute_force(net)
    measured = task.score(net)
    assert measured["bits"] == pytest.approx(right.mean(), abs=1e-12)
    assert measured["sums"] == right.all(axis=1).mean()
    assert np.allclose(measured["rules"], rules) and np.allclose(
        measured["places"], right.mean(axis=0)
    )


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (1, "100%"), (0.99999, "99.9%"), (1e-5, "0.1%"), (0.5, "50.0%")]
)
def test_percent_says_all_only_for_all(share, text):
    assert task.percent(share) == text


def test_task_says_the_rule_of_every_place():
    for (a, b), place, order in itertools.product(
        ENDS, (0, 3, 7), ("as on paper", "as the network reads")
    ):
        said = drawn(task.draw_task, a=a, b=b, place=place, order=order)
        total = task.carry_in(a, b)[0, place] + (a >> place & 1) + (b >> place & 1)
        assert f"<b>{total}</b>: write {total % 2}" in said
        assert ("remember a carry" in said) == (total > 1)
        assert (f"= <b>{a + b}</b>." in said) == (place == 7)


# ---- the net that learns -------------------------------------------------------------------------


def test_road_ends_at_every_sum_right():
    road, scores, order = nets.adder_road(0)
    assert scores[0]["sums"] < 0.02 and scores[-1]["sums"] == 1
    assert sorted(order) == list(range(16)) and len(road) == len(scores) == 21


@pytest.mark.parametrize("steps", [0, 20, 40])
def test_adder_says_what_the_net_says(steps):
    for a, b in ENDS:
        net = nets.adder_road(0)[0][steps // 2]
        answer = task.number(net(task.encode(a, b)[0])[0, :, 0] > 0)
        said = drawn(nets.draw_adder, a=a, b=b, training_steps=steps)
        assert f"{a} + {b} = <b>{answer}</b>" in said and ("right." in said) == (answer == a + b)


def test_squared_error_has_the_slope_of_the_notes():
    loss, scores, y = nets.SquaredError(), np.array([[-2.0], [0.3]]), np.array([[1.0], [0.0]])
    numeric = numeric_gradient(lambda: loss(scores, y), scores)
    loss(scores, y)
    assert np.allclose(loss.backward(), numeric, atol=1e-9)
    assert np.allclose(loss.p, nn.sigmoid(scores))


# ---- the cell, step by step ----------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize("updates", cell.STAGES)
def test_slopes_of_the_stepper_are_those_of_nnlib(updates, loss):
    net = cell.small_adders()[updates].astype(np.float64)
    p = cell.through_time(net, 43, 58, loss)
    x, y = task.encode(43, 58)
    criterion = cell.LOSSES[loss]()
    criterion(net(x), y)
    net.backward(8 * criterion.backward())  # the stepper takes the sum over the places
    rnn = net[0]
    assert np.allclose(p.h, rnn.h[0])
    assert np.allclose(cell.gradient(p), np.column_stack([rnn.dWx, rnn.dWh, rnn.db]))


def test_stepper_at_every_frame():
    for step, (a, b), loss in itertools.product(range(cell.FRAMES), ENDS[1:3], cell.LOSSES):
        said = drawn(cell.draw_cell, step=step, a=a, b=b, updates=40, loss=loss)
        p = cell.through_time(cell.small_adders()[40], a, b, loss)
        if step < 8:
            assert f"<b>{p.o[step]:.3f}</b>" in said
    ax = drawn.picture(cell.draw_cell).axes["F"]
    assert len(ax.texts) == 4 and ax.get_title(loc="left") == "the gradient of the weights"


def test_lines_hold_the_numbers_of_the_formula():
    net = cell.small_adders()[40]
    p = cell.through_time(net, 43, 58, "cross-entropy")
    line = cell.forward_lines(net, p, 2, "squared error")[0]
    assert f"h₁ = σ(z₁) = {p.h[3, 0]:.3f}" in line and line.startswith("z₁ = ")
    L = nn.Logistic()(np.log(p.o[2:3] / (1 - p.o[2:3])), p.y[2:3])
    assert cell.forward_lines(net, p, 2, "cross-entropy")[-1].endswith(f"= {L:.3f}")
    squared = (p.o[2] - p.y[2]) ** 2
    assert cell.forward_lines(net, p, 2, "squared error")[-1].endswith(f"² = {squared:.3f}")
    line = cell.backward_lines(net, p, 2, "cross-entropy")[1]
    assert line.endswith(f"= {cell.signed(p.dz[2, 0], 4)}")
    assert cell.product([(-1.5, 2.0), (2.0, -1.0)]) == "− 1.50·2.00 + 2.00·(−1.00)"
    assert cell.signed(-0.001) == "0.00"


# ---- the old recipe ------------------------------------------------------------------------------


def test_old_recipe_gives_the_published_numbers():
    """W41."""
    runs = notes.old_runs()
    assert np.allclose(
        runs.errors[[0, 5000, 10000], 0], [3.45638663, 2.53352328, 0.3231264], atol=1e-5
    )
    assert runs.pairs[[0, 10000], 0].tolist() == [[9, 60], [18, 77]]
    assert runs.sums[[0, 10000], 0].tolist() == [1, 95]


def test_one_pair_after_another_is_what_the_side_by_side_runs_do():
    W0, Wh, W1, rng = notes.first_weights(3)
    for k in range(60):
        a, b = rng.randint(128, size=2)
        o, y, changes = notes.one_pair(W0, Wh, W1, a, b)
        assert np.isclose(np.abs(y - o).sum(), notes.old_runs().errors[k, 3])
        for W, change in zip((W0, Wh, W1), changes):
            W += notes.LR * change


def test_update_of_one_pair_is_minus_the_gradient():
    W0, Wh, W1, _ = notes.first_weights(0)

    def L():
        o, y, _ = notes.one_pair(W0, Wh, W1, 9, 60)
        return 0.5 * ((y - o) ** 2).sum()

    for W, change in zip((W0, Wh, W1), notes.one_pair(W0, Wh, W1, 9, 60)[2]):
        assert np.allclose(change, -numeric_gradient(L, W), atol=1e-8)


def test_old_net_in_nnlib_answers_as_the_run_did():
    runs = notes.old_runs()
    for run in (0, 10, 20, 24):
        a, b = runs.pairs[10000, run]
        net = notes.old_net(run)
        assert task.number(net(task.encode(a, b)[0])[0, :, 0] > 0) == runs.sums[10000, run]


def test_nineteen_of_twenty_seeds():
    """W42; and the late one lacks exactly one rule at 7,000."""
    late = notes.right_sums()[-1000:, :20].mean(axis=0)
    assert (late == 1).sum() == 19 and late[10] == 0.952
    rules = task.score(notes.old_net(10, 14))["rules"]
    assert rules[1, 2] == 0 and np.sort(rules.ravel())[1] > 0.99


def test_first_good_is_the_start_of_the_window():
    right = notes.right_sums()[:, 3]
    k = notes.first_good(3)
    assert right[k : k + 200].mean() >= 0.99 > right[k - 1 : k + 199].mean()
    assert notes.first_good(10, 500) is None


def test_notes_picture_at_its_ends():
    for seed, iteration in itertools.product((0, 10, 19), (0, 7000, 10000)):
        said = drawn(notes.draw_notes, seed=seed, iteration=iteration)
        assert f"Seed {seed} after {iteration}" in said
    assert "1 + 1 with a carry, is right in <b>0%</b>" in drawn(
        notes.draw_notes, seed=10, iteration=7000
    )


# ---- training ------------------------------------------------------------------------------------

SETTINGS = {
    "hidden": 16, "loss": "cross-entropy", "optimizer": "Adam", "rate": 1.0,
    "inputs": "-1 and 1", "seed": 0,
}  # fmt: skip


def test_live_training_learns_and_its_snapshots_stay():
    first, *_, last = shots = list(training.train_adder(**SETTINGS))
    assert first["progress"] == 0 and last["progress"] == 1 and len(shots) == 76
    assert first["score"]["sums"] < 0.02 and last["score"]["sums"] == 1
    assert task.score(first["net"])["sums"] == first["score"]["sums"]
    assert "Press Start" in drawn(training.draw_training, first, a=85, b=43)
    assert "85 + 43 = <b>128</b>" in drawn(training.draw_training, last, a=85, b=43)


@pytest.mark.parametrize(
    "changed",
    [{"loss": "squared error"}, {"optimizer": "SGD"}, {"inputs": "0 and 1"}, {"hidden": 1},
     {"rate": 10.0}, {"optimizer": "Momentum", "rate": 0.1}],
    ids=str,
)  # fmt: skip
def test_each_setting_changes_the_training(changed):
    a, b = (
        list(itertools.islice(training.train_adder(**s), 8))[-1]
        for s in (SETTINGS, SETTINGS | changed)
    )
    assert not np.allclose(a["losses"], b["losses"])


def test_nets_of_0_and_1_are_scored_on_what_they_learned():
    net = nets.trained(4, 0, 10)
    x = np.random.default_rng(0).integers(0, 2, (20, 8, 2)).astype(float)
    assert np.allclose(net(x), training.to_plus_minus(net)(2 * x - 1))


def test_race_counts_updates_and_pairs(monkeypatch):
    monkeypatch.setattr(training, "RACE_PAIRS", 400)
    first, *_, last = training.compare_recipes(0)
    assert "Press Start" in drawn(training.draw_race, first)
    assert last["new"][-1][1:] == (100, 1.0) and last["old"][-1][1] == 400
    assert last["progress"] == 1 and "<b>4</b> times as many" in drawn(training.draw_race, last)


# ---- the carry -----------------------------------------------------------------------------------


def test_detector_finds_the_best_threshold():
    h, c = np.array([[0.1], [0.2], [0.4], [0.9], [0.8]]), np.array([0, 0, 1, 1, 1])
    d = carry.detect(h, c, np.array([1.0]))
    assert d.accuracy == 1 and 0.2 < d.threshold < 0.4 and d.sign == 1
    d = carry.detect(-h, c, np.array([1.0]))
    assert d.accuracy == 1 and d.sign == -1
    assert carry.detect(h, np.array([1, 0, 1, 0, 1]), np.array([1.0])).accuracy == 0.8


@pytest.mark.parametrize("name", [carry.DIRECTION, "unit 2", "unit 4", "unit 16"])
def test_said_accuracy_is_that_of_the_detector(name):
    found = carry.carrier()
    d = found.detectors[name]
    says = d.sign * (found.h @ d.w - d.threshold) > 0
    assert np.mean(says == found.carry) == pytest.approx(d.accuracy, abs=1e-3)
    said = drawn(carry.draw_carry, detector=name, a=127, b=1)
    assert f"<b>{task.percent(d.accuracy)}</b>" in said
    assert ("it <b>is</b> the carry" in said) == (d.accuracy == 1)


def test_flipping_moves_the_sum_by_one_carry():
    for flip_after, (a, b) in itertools.product((0, 2, 6), ENDS):
        said = drawn(carry.draw_flip, a=a, b=b, flip_after=flip_after, push=1.0)
        there = task.carry_out(a, b)[0, flip_after]
        off = (-1 if there else 1) * (2 << flip_after)
        assert f"<b>{off:+d}</b>" in said or (a + b + off) > 255
        assert "the answer stays" in drawn(carry.draw_flip, a=a, b=b, flip_after=flip_after, push=0)


def test_pushed_bits_before_the_push_stay():
    before, after = carry.pushed(85, 43, 2, 1.0)
    assert task.number(before) == 128 and task.number(after) == 120
    assert (before[:3] == after[:3]).all()


def test_shares_of_flips():
    shares = carry.flip_shares()
    assert (shares[:, 0] == [1, 0]).all() and (shares[:, 20] == [0, 1]).all()


# ---- by hand -------------------------------------------------------------------------------------


def test_hand_adder_is_exact_for_long_numbers():
    x, y = lengths.long_pairs()
    assert (((threshold.hand_adder(10.0)(x)[..., 0]) > 0) == y).all()
    assert task.score(threshold.hand_adder(10.0))["sums"] == 1
    assert task.score(threshold.hand_adder(2.0))["sums"] < 0.5


def test_unit_two_is_the_carry():
    net = threshold.hand_adder(30.0)
    a, b, x, _ = task.every_pair()
    net(x)
    assert (np.round(net[0].h[:, 1:, 1]) == task.carry_out(a, b)).all()


def test_latch_holds_above_gain_4():
    for gain in (1.0, 3.75, 4.0, 4.25, 12.0):
        ends = [threshold.latch(gain, c, 1, 2000)[-1] for c in (0.0, 1.0)]
        assert (ends[1] - ends[0] > 0.1) == (gain > 4)
        said = drawn(threshold.draw_latch, gain=gain, ones=1)
        assert ("two</b> resting" in said) == (gain > 4) and ("one</b> resting" in said) == (
            gain <= 4
        )
    assert "a carry, whatever" in drawn(threshold.draw_latch, gain=12.0, ones=2)
    assert "no carry, whatever" in drawn(threshold.draw_latch, gain=12.0, ones=0)


def test_hand_picture_at_its_ends():
    for gain, (a, b) in itertools.product((1.0, 10.0, 20.0), ENDS):
        said = drawn(threshold.draw_hand, a=a, b=b, gain=gain)
        assert gain < 5 or (f"says {a + b}, right" in said and "<b>100%</b>" in said)


# ---- longer numbers ------------------------------------------------------------------------------


def test_long_sums_are_sums():
    x, y = lengths.long_pairs()
    weights = [1 << t for t in range(64)]  # whole numbers of Python have no end
    for row in range(3):
        a, b = (sum(w for w, v in zip(weights, x[row, :, k]) if v > 0) for k in (0, 1))
        assert sum(w for w, v in zip(weights, y[row]) if v) == (a + b) % (1 << 64)


def test_chain_and_how_long_a_carry_lasts():
    assert lengths.chain(1)[0, :2].tolist() == [[1, 1], [1, -1]]
    assert lengths.chain(0)[0, :2].tolist() == [[-1, -1], [1, -1]]
    assert lengths.holds(threshold.hand_adder(10.0)) == (63, 63)
    forgetful = threshold.hand_adder(10.0)
    forgetful[0].Wh[...] = 0  # never a carry
    assert lengths.holds(forgetful) == (63, 0)


def test_a_seed_that_random_sums_do_not_catch():
    curves, kept = lengths.measured("3 units", "to the end")
    assert curves[4, 7] == curves[4, 63] == 1 and min(kept[4]) < 15
    assert (np.diff(curves, axis=1) <= 0).all()
    said = drawn(lengths.draw_lengths, recipe="3 units", trained="to the end", seed=4)
    assert f"forgets a carry after <b>{min(kept[4])}</b> places" in said
    said = drawn(lengths.draw_lengths, recipe="3 units", trained="early", seed=2)
    assert "not even learned 8 bits" in said
    said = drawn(lengths.draw_lengths, recipe="16 units", trained="to the end", seed=0)
    assert "lasts through all 63" in said


# ---- break it ------------------------------------------------------------------------------------


def test_only_the_right_cell_passes_gradcheck():
    x = np.random.default_rng(0).normal(size=(3, 5, 2))
    for kind in (nn.RNN, broken.CutInTime, broken.WrongSlope):
        errors = nn.gradcheck(kind(2, 3, rng=np.random.default_rng(0)), x)
        assert (max(errors.values()) < 1e-6) == (kind is nn.RNN)


def test_cut_gradient_is_right_for_a_single_step():
    x = np.random.default_rng(0).normal(size=(3, 1, 2))
    errors = nn.gradcheck(broken.CutInTime(2, 3, rng=np.random.default_rng(0)), x)
    assert max(errors[k] for k in ("x", "Wx", "b")) < 1e-6


def test_blind_bound_is_that_of_all_pairs():
    a, b, *_ = task.every_pair()
    assert np.allclose(broken.best_blind(), 1 - task.carry_in(a, b).mean(axis=0))


def test_broken_nets_go_their_ways():
    first, *_, last = broken.break_it(16, 0)
    whole = dict(zip(broken.VARIANTS, last["path"][-1, 1:]))
    assert whole["as it should be"] == 1 and whole["no gradient through time"] > 0.9
    assert whole["slope of the wrong thing"] < 0.3 and whole["highest place first"] < 0.2
    assert (last["places"][3] < broken.best_blind() + 0.05).all()
    assert "Press Start" in drawn(broken.draw_broken, first)
    assert "After 200 updates" in drawn(broken.draw_broken, last)
