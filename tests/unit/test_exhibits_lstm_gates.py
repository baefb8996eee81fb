"""The exhibits of 20: real cells, their numbers on the wires, and what they learn."""

import itertools

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits import lstm_gates as exhibits
from nnlib.exhibits.lstm_gates import ablation, along_time, diagram, famous, memory, series, unit
from nnlib.exhibits.lstm_gates import step as one_step

from .easel import Easel, written

SUMS = {"forget": 1.0, "input": 0.0, "candidate": 0.5, "output": 0.5}
LAYOUTS = {
    exhibits.draw_gates: exhibits.SEE,
    exhibits.draw_stages: exhibits.SEE,
    exhibits.draw_memory: exhibits.HOLD,
    exhibits.draw_unit: exhibits.UNIT,
    exhibits.draw_along_time: exhibits.CURVES,
    exhibits.draw_race: exhibits.FAMOUS,
    exhibits.draw_variants: exhibits.ABLATION,
    exhibits.draw_forecast: exhibits.FORECAST,
}
drawn = Easel(LAYOUTS)


def texts(draw, name):
    return written(drawn.picture(draw).axes[name])


def last(run):
    *_, snapshot = run
    return snapshot


# ---- one step ------------------------------------------------------------------------------------


def test_worked_step_stands_on_the_wires_and_in_the_formulas():
    said = drawn(exhibits.draw_gates, **SUMS, c_old=0.8)
    assert "<b>0.8159</b>" in said and "<b>0.4188</b>" in said and "keeps 73%" in said
    wires = texts(exhibits.draw_gates, "D")
    wanted = ["f = 0.7311", "i = 0.5000", "g = 0.4621", "o = 0.6225", "c new = 0.8159",
              "h new = 0.4188", "f · c = 0.5848", "i · g = 0.2311"]  # fmt: skip
    assert set(wanted) <= set(wires)
    (formulas,) = texts(exhibits.draw_gates, "F")
    assert "c = f·c + i·g = 0.7311·0.8000 + 0.5000·0.4621 = 0.8159" in formulas.split("\n")


def test_every_corner_of_the_gates_draws():
    for forget, inlet, g, o, c in itertools.product([-6, 6], [-6, 6], [-3, 3], [-6, 6], [-2, 0, 2]):
        sums = {"forget": forget, "input": inlet, "candidate": g, "output": o}
        n = one_step.numbers(one_step.biases_only(forget, inlet, g, o), 0.0, 0.0, c)
        assert f"<b>{n['c_new']:.4f}</b>" in drawn(exhibits.draw_gates, **sums, c_old=c)
        assert exhibits.again(c_old=c, **sums)["c_old"] == np.clip(n["c_new"], -2, 2)


def test_numbers_are_those_of_the_formulas():
    W, x, h, c = np.random.default_rng(0).normal(size=(4, 3)), 0.7, -0.4, 1.3
    n = one_step.numbers(W, x, h, c)
    i, f, g, o = W @ [x, h, 1]
    i, f, o, g = nn.sigmoid(i), nn.sigmoid(f), nn.sigmoid(o), np.tanh(g)
    assert np.allclose([n["i"], n["f"], n["g"], n["o"]], [i, f, g, o])
    assert np.isclose(n["c_new"], f * c + i * g) and np.isclose(n["kept"], f * c)
    assert np.isclose(n["h_new"], o * np.tanh(f * c + i * g)) and np.isclose(n["written"], i * g)


@pytest.mark.parametrize("stage", range(exhibits.STAGES))
def test_later_stages_show_no_numbers_yet(stage):
    values = {"network": "LSTM", "x": 1.0, "h_old": 0.2, "c_old": 0.8, "weights": one_step.WEIGHTS}
    drawn(exhibits.draw_stages, stage, **values)
    shown = {t.split(" =")[0] for t in texts(exhibits.draw_stages, "D") if " = " in t}
    for name, (*_, when) in diagram.LSTM_WIRES.items():
        if name not in ("h", "c"):  # written on two lines
            assert (diagram.NAMES[name] in shown) == (when <= stage)
    (formulas,) = texts(exhibits.draw_stages, "F")
    assert sum(" = " in line for line in formulas.split("\n")) == [0, 1, 3, 4, 6][stage]


def test_plain_rnn_has_one_layer():
    values = {"x": 1.0, "h_old": 0.2, "c_old": 0.8, "weights": one_step.WEIGHTS}
    said = drawn(exhibits.draw_stages, 0, network="plain RNN", **values)
    assert f"<b>{np.tanh(1.2 - 0.1 + 0.1):.4f}</b>" in said
    layers = [text for text in texts(exhibits.draw_stages, "D") if text in ("σ", "tanh")]
    assert layers == ["tanh"]


# ---- write, hold, read ---------------------------------------------------------------------------


def test_the_cell_plays_the_schedule_it_is_given():
    gates = np.random.default_rng(1).uniform(0.01, 0.99, (3, 12))
    g = np.linspace(-0.9, 0.9, 12)
    cell, c = exhibits.play(gates[0], gates[1], g, gates[2]), 0.0
    for t in range(12):
        c = gates[1, t] * c + gates[0, t] * g[t]
        assert np.isclose(cell.c[0, t + 1, 0], c)
        assert np.isclose(cell.h[0, t + 1, 0], gates[2, t] * np.tanh(c))


def test_memory_says_what_it_holds():
    values = {"write_at": 3, "value": 0.9, "leak": 0.0, "keep": 1.0, "erase_at": 25, "read_at": 20}
    said = drawn(exhibits.draw_memory, "gated cell", **values)
    assert "Written at step 3: c = 0.9" in said and "<b>0.89" in said and "erased" not in said
    said = drawn(exhibits.draw_memory, "gated cell", **values | {"read_at": 29})
    assert "<b>-0.00" in said or "<b>0.00" in said
    assert "step 25 has erased the pulse" in said
    said = drawn(exhibits.draw_memory, "gated cell", **values | {"read_at": 1})
    assert "before anything is written" in said
    said = drawn(exhibits.draw_memory, "leaky unit", **values | {"keep": 0.9})
    assert "0.90 never changes" in said and "0.0900 goes in" in said
    assert "can write nothing" in drawn(exhibits.draw_memory, "leaky unit", **values)


def test_memory_at_every_corner():
    span = (0, 29)
    for name, write, erase, read in itertools.product(exhibits.UNITS, span, span, span):
        for leak, keep in ((0.0, 0.5), (0.3, 1.0)):
            drawn(exhibits.draw_memory, name, write, -0.95, leak, keep, erase, read)


def test_held_values_by_brute_force():
    x, y = exhibits.held_values(50, 15, rng=np.random.default_rng(2))
    for row in range(50):
        held = 0.0
        for t in range(15):
            value, write, read = x[row, t]
            held = value if write else held
            assert y[row, t, 0] == held * read


def test_a_single_unit_learns_to_use_its_gates():
    net = exhibits.fresh_unit(1)
    losses = list(exhibits.learn_values(net, 1))
    assert len(losses) == unit.UPDATES and np.mean(losses[-50:]) < 0.001
    x, y = exhibits.held_values(300, 30, rng=np.random.default_rng(8))
    error, write, read = nn.MSE()(net(x), y), x[..., 1] > 0, x[..., 2] > 0
    i, f, o = (gate[..., 0] for gate in (net[0].i, net[0].f, net[0].o))
    assert error < 0.002
    assert i[write].mean() > 0.7 and i[~write].mean() < 0.1
    assert f[write].mean() < 0.1 and f[~write].mean() > 0.95
    assert o[read].mean() > 0.7 and o[~read].mean() < 0.1


def test_every_gate_of_the_trained_unit_is_needed():
    net = last(exhibits.train_unit(1))["net"]
    x, y = unit.probe(3, 15, 10)
    whole, *lame = (np.mean((unit.without(net, off)(x) - y) ** 2) for off in exhibits.OFF)
    assert min(lame) > 20 * whole
    before = net[0].b.copy()
    unit.without(net, "input gate")
    assert np.array_equal(net[0].b, before)


def test_unit_draws_untrained_and_trained():
    first = next(exhibits.train_unit(1))
    views = {"write_1": 3, "write_2": 15, "read_at": 10}
    assert "Untrained" in drawn(exhibits.draw_unit, first, **views, gate_held_open="nothing")
    done = last(exhibits.train_unit(1))
    for off in exhibits.OFF:
        assert "After 800" in drawn(exhibits.draw_unit, done, **views, gate_held_open=off)
    assert not np.array_equal(first["net"][0].Wx, done["net"][0].Wx)  # snapshots are copies


# ---- gradient along time -------------------------------------------------------------------------


def test_single_steps_back_make_the_whole_gradient():
    rng = np.random.default_rng(0)
    x, end = rng.normal(size=(1, 20, 4)), rng.normal(size=(1, 16))
    for cell in (exhibits.make_rnn(0.9), exhibits.make_lstm(0.9, 1.0)):
        back = exhibits.back_by_step(cell, x, end)
        cell(x)
        cell.backward(np.zeros((1, 20, 16)), dh=end)
        assert np.allclose(back["h"][-1], cell.dh0) and back["h"].shape == (21, 16)
        assert np.allclose(back["weights"], np.concatenate([g.ravel() for g in cell.gradients()]))


def test_gradient_of_a_middle_state_is_that_of_the_rest_of_the_sequence():
    rng = np.random.default_rng(0)
    x, end = rng.normal(size=(1, 12, 4)), rng.normal(size=(1, 16))
    cell = exhibits.make_lstm(0.9, 1.0)
    back = exhibits.back_by_step(cell, x, end)
    cell(x)
    h, c = cell.h[:, 7].copy(), cell.c[:, 7].copy()
    cell(x[:, 7:], h0=h, c0=c)
    cell.backward(np.zeros((1, 5, 16)), dh=end)
    assert np.allclose(back["h"][5], cell.dh0) and np.allclose(back["c"][5], cell.dc0)


@pytest.mark.parametrize(("scale", "wanted"), [(0.5, 8.9e-16), (1.0, 1.0), (1.5, 6.4e8)])
def test_linear_rnn_is_the_product(scale, wanted):
    m = along_time.measured(50, 1.0, scale, "none (linear)")
    assert np.isclose(m["rnn"][-1], wanted, rtol=0.01)
    assert np.allclose(m["rnn"], scale ** np.arange(51.0))


def test_without_recurrent_weights_the_cell_is_the_product_of_its_gates():
    m = along_time.measured(40, 1.0, 0.0, "tanh")
    assert np.allclose(m["c"], m["product"])


def test_half_lives():
    lives = {0: 1.0, 1: 2.2, 2: 5.5, 3: 14.3, 5: 103.2}
    assert {b: round(exhibits.half_life(b), 1) for b in lives} == lives


def test_along_time_at_its_corners():
    for bias, scale, activation in itertools.product([-1, 6], [0.2, 2], exhibits.ACTIVATIONS):
        for length, clip in ((10, "off"), (100, "0.1")):
            drawn(exhibits.draw_along_time, length, bias, scale, activation, clip)
    said = drawn(exhibits.draw_along_time, 50, 5.0, 0.9, "tanh", "1")
    assert "<b>103.2 steps</b>" in said


# ---- the famous tests ----------------------------------------------------------------------------


def test_lstm_solves_the_adding_problem_and_the_rnn_does_not():
    done = last(exhibits.race("adding problem", 30, 1.0, False, 0))
    assert (
        done["progress"] == 1 and done["scores"]["LSTM"] < 0.005 and done["scores"]["GRU"] < 0.005
    )
    assert done["scores"]["RNN"] > 0.1
    said = drawn(exhibits.draw_race, done)
    assert "GRU, LSTM" in said and "RNN" not in said


def test_a_start_that_holds_recalls_over_a_hundred_steps():
    done = last(exhibits.race("delayed recall", 100, 4.0, True, 0))
    assert done["scores"]["LSTM"] == done["scores"]["GRU"] == 1 and done["scores"]["RNN"] < 0.95
    assert "LSTM" in drawn(exhibits.draw_race, done)


def test_the_sweep_of_rates_tells_good_from_bad(monkeypatch):
    monkeypatch.setattr(famous, "UPDATES", 150)
    small = {"rates": (1e-5, 0.03), "lengths": (5,), "seeds": (101,)}
    recall = famous.rate_sweep("delayed recall", "LSTM", **small)
    adding = famous.rate_sweep("adding problem", "GRU", **small)
    assert recall[0.03] > 0.9 > recall[1e-5] and adding[0.03] < 0.05 < adding[1e-5]
    assert {rate for rates in famous.RATES.values() for rate in rates.values()} <= {*famous.GRID}


def test_gate_bias_reaches_the_gate_that_keeps():
    lstm = famous.Learner("LSTM", "adding problem", 4.0, True, 0).cell
    assert (lstm.b[16:32] == 4).all() and (lstm.b[:16] == -4).all() and not lstm.b[32:].any()
    gru = famous.Learner("GRU", "adding problem", 4.0, True, 0).cell
    h0, x = np.ones((1, 16), np.float32), np.zeros((1, 1, 2), np.float32)
    assert (gru(x, h0=h0) > 0.9).all() and gru.b.sum() == 64


def test_learner_gradient_enters_at_the_last_step_only():
    learner = famous.Learner("LSTM", "adding problem", 1.0, False, 0)
    x, y = famous.sample("adding problem", 5, 8, np.random.default_rng(0))
    L, net = learner.learn(x, y, 0), learner.net.astype(np.float64)
    assert L > 0 and np.isfinite(L)
    fresh = famous.Learner("LSTM", "adding problem", 1.0, False, 0)
    moved = fresh.cell.Wh - learner.cell.Wh
    assert np.abs(moved).max() > 0 and net[0].Wh.shape == (64, 16)
    assert np.isclose(L, np.mean((fresh.answer(x) - y) ** 2), rtol=1e-5)


@pytest.mark.parametrize("task", exhibits.RACES)
def test_untrained_race_says_nothing_of_float32(task):
    first = next(exhibits.race(task, 10, 1.0, False, 0))
    assert drawn(exhibits.draw_race, first) == "Three cells of 16 units, untrained. Press Start."


def test_each_task_has_its_own_scale():
    for task, wanted in (("adding problem", "0.0001"), ("delayed recall", "0")) * 2:
        drawn(exhibits.draw_race, next(exhibits.race(task, 10, 1.0, False, 0)))
        labels = drawn.picture(exhibits.draw_race).axes["C"].get_yticklabels()
        assert labels[0].get_text() == wanted


def test_verdicts():
    assert [famous.verdict(v, True) for v in (1.0, 0.6, 0.25)] == ["solved", "in part", "guessing"]
    assert [famous.verdict(v, False) for v in (0.004, 0.05, 0.16)] == [
        "solved",
        "in part",
        "guessing",
    ]


# ---- ablation ------------------------------------------------------------------------------------


def test_cell_without_tanh():
    rng = np.random.default_rng(0)
    cell, x = exhibits.NoPeep(2, 3, rng=rng), rng.normal(size=(4, 5, 2))
    start = {"h0": rng.normal(size=(4, 3)), "c0": rng.normal(size=(4, 3))}
    assert max(nn.gradcheck(cell, x, **start).values()) < 1e-7
    out = cell(x, **start)
    assert np.allclose(out, cell.o * cell.c[:, 1:])
    twin = nn.LSTM(2, 3, rng=np.random.default_rng(0))
    twin(x[:, :1], **start)
    assert np.allclose(twin.c[:, 1], cell.c[:, 1])  # the first cell state knows no tanh yet
    with pytest.raises(ValueError, match="lengths"):
        cell(x, lengths=np.array([1, 2, 3, 4]))


@pytest.mark.parametrize("gate", ["input gate", "forget gate", "output gate"])
def test_a_missing_gate_stands_open_and_never_moves(gate):
    net = ablation.build(f"no {gate}", 3, 2, seed=0)
    x, y, counts = ablation.sequences("write, hold, show", 8, np.random.default_rng(0))
    opt = nn.Adam(net.parameters(), lr=0.1)
    before = net[0].b.copy()
    for _ in range(3):
        ablation.one_update(net, opt, x, y, counts)
    name = gate[0]
    assert (getattr(net[0], name) == 1).all()
    row = unit.ROW[gate] * 2
    assert (net[0].b[row : row + 2] == unit.OPEN).all() and not net[0].Wx[row : row + 2].any()
    assert not np.array_equal(net[0].b, before)  # the others learn


def test_variants_share_their_first_weights():
    full, other = ablation.build("full LSTM", 3, 2, 5), ablation.build("no tanh of c", 3, 2, 5)
    assert np.array_equal(full[0].Wx, other[0].Wx) and type(other[0]) is exhibits.NoPeep


def test_all_three_gates_are_needed_and_the_tanh_is_not():
    done = last(exhibits.train_variants("write, hold, show", 1))
    full, f, i, o, peep = done["test"].values()
    assert min(f, i, o) > 5 * full and peep < 2 * full
    said = drawn(exhibits.draw_variants, done)
    assert f"<b>{full:.4f}</b>" in said and "no output gate" in said
    first = next(exhibits.train_variants("adding problem", 1))
    assert "Press Start" in drawn(exhibits.draw_variants, first)


# ---- a real series -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", exhibits.SERIES)
def test_nothing_of_the_held_out_part_is_learned_from(name):
    data = series.Series(name)
    x, y = data.windows()
    changes = np.diff(data.logs)
    last_target = data.learning() - 1 + series.WINDOW  # its place among the changes
    assert np.isclose(
        y[data.learning() - 1, -1, 0] * data.spread + data.drift, changes[last_target]
    )
    assert last_target + 1 == data.cut - 1  # the day it ends at is the last one known
    truth = data.truth()
    assert len(truth) == len(data.starts()) and truth[0, 1] == data.logs[data.cut]
    assert truth[-1, -1] == data.logs[-1]
    today = x[data.starts()][:, -1, 1] * data.scale + data.level
    assert np.allclose(today, truth[:, 0])


def test_free_run_of_a_perfect_oracle_and_of_no_change():
    data = series.Series(exhibits.SERIES[0])
    x = data.windows()[0][data.starts()]
    still = series.free_run(data, x, lambda x: np.full(len(x), -data.drift / data.spread))
    assert np.allclose(still, data.truth()[:, :1])
    assert np.allclose(exhibits.relative_error(still, data.truth()), 1)
    seen = []
    series.free_run(data, x, lambda x: seen.append(x) or x[:, -1, 0])
    assert np.array_equal(seen[1][:, :-1], seen[0]) and seen[1].shape[1] == series.WINDOW + 1


def test_going_on_is_reading_from_the_start_again():
    data, rng = series.Series(exhibits.SERIES[1]), np.random.default_rng(0)
    net = nn.Sequential(nn.LSTM(2, 4, rng=rng), nn.Linear(4, 1, rng=rng))
    x = data.windows()[0][data.starts()][:7]
    again = series.free_run(data, x, lambda x: net(x)[:, -1, 0])
    assert np.allclose(series.free_run(data, x, series.continuing(net)), again)


def test_naive_wins_on_prices_and_loses_on_volume():
    for name in exhibits.SERIES:
        runs = exhibits.fixed_forecasts(name)
        assert (exhibits.relative_error(runs["line"], runs["truth"])[0] < 1) == ("volume" in name)
        data = series.Series(name)
        growth = np.diff(data.logs[: data.cut]).mean()
        assert np.allclose(np.diff(runs["drift"], axis=1), growth)
    for name in (exhibits.SERIES[0], exhibits.SERIES[1]):
        done = last(exhibits.forecast(name, 0))
        said = drawn(exhibits.draw_forecast, done, starting_point=50)
        assert ("naive forecast wins" in said) == ("price" in name)
        for start in (0, 100):
            drawn(exhibits.draw_forecast, done, starting_point=start)


def test_who_wins_in_words():
    assert "naive forecast wins" in series.said(1.0, 0.9, 1.0)
    assert "mere drift wins" in series.said(0.95, 0.9, 0.96)
    assert "straight line does as well" in series.said(0.86, 0.87, 1.0)
    assert "and the straight line" in series.said(0.8, 0.87, 1.0)


def test_memory_noise_is_small_numbers():
    assert np.abs(memory.NOISE).max() <= 1 and len(memory.NOISE) == memory.STEPS
