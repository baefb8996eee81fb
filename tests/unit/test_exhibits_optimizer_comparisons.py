"""The surfaces are what they say, the race keeps its own rules, the museum breaks one at a time."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

import nnlib as nn
from nnlib.exhibits import optimizer_comparisons as lab
from nnlib.exhibits.optimizer_comparisons import (
    batches,
    momentum,
    museum,
    network,
    race,
    rates,
    state,
    surfaces,
)
from nnlib.interact import explore, log_slider, png

EVERY_SURFACE = pytest.mark.parametrize("name", lab.SURFACES)
EVERY_METHOD = pytest.mark.parametrize("method", race.NAMES)
MOSAIC = [["map"] * 4 + ["loss"] * 3, ["map"] * 4 + ["table"] * 3]


class TestSurfaces:
    @EVERY_SURFACE
    def test_gradient(self, name):
        there, rng = lab.surface(name, 40), np.random.default_rng(0)
        for p in rng.uniform([-4, -3], [4, 3], (20, 2)):
            exact = np.array(there.gradient(*p))
            numeric = nn.numeric_gradient(lambda there=there, p=p: there.value(*p), p)
            assert nn.relative_error(exact, numeric) < 1e-6
            assert name == "ravine" or lab.gradient_error(name, *p) < 1e-6

    @EVERY_SURFACE
    def test_minima_are_minima(self, name):
        there = lab.surface(name)
        angles = np.linspace(0, 2 * np.pi, 24)
        values = []
        for x, y in there.minima:
            np.testing.assert_allclose(there.gradient(x, y), 0, atol=1e-12)
            around = there.value(x + 1e-3 * np.cos(angles), y + 1e-3 * np.sin(angles))
            assert (around > there.value(x, y)).all()
            values.append(there.value(x, y))
        assert min(values) == pytest.approx(there.floor, abs=1e-12)

    @EVERY_SURFACE
    def test_nothing_in_the_window_is_lower_than_the_floor(self, name):
        there = lab.surface(name)
        x, y = np.meshgrid(np.linspace(*surfaces.X, 801), np.linspace(*surfaces.Y, 601))
        assert there.value(x, y).min() >= there.floor - 1e-12

    @EVERY_SURFACE
    def test_no_minimum_at_the_origin_where_weight_decay_would_find_it(self, name):
        assert all(np.hypot(*minimum) > 0.5 for minimum in lab.surface(name).minima)

    @EVERY_SURFACE
    def test_start_stays_in_the_window_when_moved(self, name):
        x, y = lab.surface(name).start
        assert abs(x) + 1 <= 4 and abs(y) + 1 <= 3

    def test_condition_number_is_the_ratio_of_curvatures(self):
        value = lab.surface("ravine", 36).value
        along, across = value(2.0, -0.5) - value(1.0, -0.5), value(1.0, 0.5) - value(1.0, -0.5)
        assert across / along == pytest.approx(36)

    def test_known_values(self):
        assert lab.surface("Beale").value(0.0, 0.0) == pytest.approx(14.203125)
        assert lab.surface("Rosenbrock").value(-1.2, 1.0) == pytest.approx(24.2)

    def test_landscape_is_white_at_the_minimum_and_dark_far_away(self):
        image = surfaces.landscape("ravine", 25.0, 81, 61)
        assert image.shape == (61, 81, 4)
        assert (image[25, 50] == 255).all()  # (1, -0.5), lowest row first
        assert image[-1, 0, 0] < 190 <= image[25, 20, 0] < 255


class Spy(nn.SGD):
    """Remembers the gradients it was given."""

    seen: list = []

    def update(self, theta, g):
        self.seen.append(g.copy())
        super().update(theta, g)


class TestFairness:
    def test_all_start_at_the_same_point(self):
        path, _ = lab.raced("Beale", 25, (0.3, -1.0), tuple(lab.tuned("Beale")))
        assert (path[0] == [0.3, -1.0]).all() and path.shape == (201, 8, 2)

    def test_all_meet_the_same_noise(self):
        """Two runs of the same method at the same rate are the same run."""
        there = lab.surface("noisy bowl")
        path = race.run(there, there.start, [[0.05]] * 2, optimizers=[nn.SGD, nn.SGD])
        assert (path[:, 0] == path[:, 1]).all()
        assert not np.array_equal(path, race.run(there, there.start, [[0.05]] * 2, seed=9,
                                                 optimizers=[nn.SGD, nn.SGD]))  # fmt: skip

    def test_noise_has_the_stated_strength(self):
        there, Spy.seen = lab.surface("noisy bowl"), []
        path = race.run(there, there.start, [[1e-12]], steps=4000, optimizers=[Spy])
        noise = np.array(Spy.seen)[:, 0] - np.stack(there.gradient(*path[0, 0, 0]))
        np.testing.assert_allclose(noise.std(axis=0), there.noise, rtol=0.05)

    def test_all_use_as_many_gradients(self):
        asked = []
        there = lab.surface("ravine")
        counted = there._replace(
            gradient=lambda x, y: asked.append(x.shape) or there.gradient(x, y)
        )
        race.run(counted, there.start, np.full((8, 3), 0.01), steps=37)
        assert asked == [(8, 3)] * 37

    def test_rates_are_not_tuned_on_the_noise_of_the_race(self):
        assert race.TUNING != race.RACING

    @EVERY_METHOD
    def test_lanes_run_what_the_optimizer_runs_alone(self, method):
        there = lab.surface("Rosenbrock")
        k = race.NAMES.index(method)
        path = race.run(there, there.start, np.tile([1e-4, 1e-3], (8, 1)), steps=20)
        for lane, lr in enumerate((1e-4, 1e-3)):
            theta = np.array(there.start)
            opt = race.METHODS[method].optimizer([theta], lr=lr)
            for t in range(20):
                opt.step([np.array(there.gradient(*theta))])
                np.testing.assert_allclose(path[t + 1, k, lane], theta, rtol=1e-12)

    @EVERY_SURFACE
    def test_each_rate_is_the_best_of_a_sweep_that_reaches_beyond_it(self, name):
        start = lab.surface(name).start
        scores = race.sweep(name, 25, start)
        best = scores.argmin(axis=1)
        assert (best > 0).all() and (best < len(race.RATES) - 1).all()
        assert (scores[:, 0] > scores.min(axis=1)).all()
        np.testing.assert_array_equal(lab.tuned(name), race.RATES[best])

    def test_tuning_elsewhere_gives_other_rates(self):
        assert (lab.tuned("Beale", 25, (0.0, 0.5)) != lab.tuned("Beale")).any()

    def test_no_method_wins_everywhere(self):
        winners = set()
        for name in lab.SURFACES:
            start = lab.surface(name).start
            winners.add(race.NAMES[race.sweep(name, 25, start).min(axis=1).argmin()])
        assert len(winners) >= 3

    def test_gap_of_a_diverged_run_is_infinite_and_of_an_arrived_one_the_floor(self):
        there = lab.surface("two minima")
        path = np.array([[np.nan, 0], [1e200, 0], [1e5, 1], [-2, 0], [2, 0]])
        gap = race.gaps(there, path)
        assert np.isinf(gap[:3]).all() and gap[3] == race.FLOOR
        assert gap[4] == pytest.approx(4 / 3)


def shown(**values):
    start = {"step": 0, "surface_name": "ravine", "condition_number": 25,
             "move_start_right": 0.0, "move_start_up": 0.0, "all_rates_times": 1.0,
             "rates": lab.RULES[0], **dict.fromkeys(lab.NAMES, True)}  # fmt: skip
    values = {name: value if isinstance(value, bool) else [value] for name, value in
              (start | values).items()}  # fmt: skip
    exhibit = explore(lab.draw_race, size=(8.6, 4.2), axes=MOSAIC, **values)
    assert not exhibit.error.value
    return exhibit.caption.value


class TestCaptions:
    def test_leader_and_last(self):
        _, gap = lab.raced("ravine", 25, (-3.0, 1.0), tuple(lab.tuned("ravine")))
        said = shown(step=60)
        assert f"<b>{lab.NAMES[gap[60].argmin()]}</b> leads" in said
        assert f"{lab.NAMES[gap[60].argmax()]} is last" in said

    def test_those_that_have_arrived_are_named_together(self):
        said = shown(step=200)
        assert "<b>Adagrad, Adadelta, RMSprop</b> arrived" in said and "AdamW is last" in said

    def test_start(self):
        assert shown(move_start_right=0.5) == "All start at (-2.5, 1), 34 above the minimum."

    def test_only_ticked_methods_are_spoken_of(self):
        hidden = dict.fromkeys(lab.NAMES, False)
        assert shown(step=9, **hidden) == "Tick at least one method."
        said = shown(step=9, **hidden | {"Adam": True})
        assert "Adam" in said and "SGD" not in said and "last" not in said

    def test_diverged(self):
        said = shown(step=200, all_rates_times=10.0)
        assert said.endswith("diverged: SGD, Nesterov.")
        hidden = dict.fromkeys(lab.NAMES, False) | {"SGD": True}
        assert "every method shown has diverged" in shown(step=200, all_rates_times=10.0, **hidden)


class TestRates:
    @pytest.mark.parametrize(("rate", "end"), [(0.19, 2.656e-5), (0.2, 1), (0.21, 13_781)])
    def test_two_over_l(self, rate, end):
        """W54."""
        assert abs(rates.descent(rate, 100)[-1]) == pytest.approx(end, rel=1e-3)

    @pytest.mark.parametrize(
        ("rate", "fate"),
        [(0.05, "it comes in"), (0.1, "lands in the minimum"), (0.15, "hops"),
         (0.2, "bounces"), (0.215, "flies out")],
    )  # fmt: skip
    def test_fate_is_said(self, rate, fate):
        exhibit = explore(lab.draw_bounce, axes=2, rate=[rate], step=[20])
        assert fate in exhibit.caption.value

    def test_sgd_works_up_to_two_over_l_and_not_beyond(self):
        scores = race.sweep("ravine", 25, lab.surface("ravine").start)[0]
        assert np.isfinite(scores[race.RATES < 2 / 25]).all()
        assert (scores[race.RATES > 2 / 25 * 1.2] > 36).all()

    def test_decades_count_the_rates_that_work(self):
        wide = rates.decades("ravine", 25)
        scores = race.sweep("ravine", 25, lab.surface("ravine").start)
        assert wide[0] == pytest.approx((scores[0] < 0.01 * 36.125).sum() / 8)
        assert wide[race.NAMES.index("Adam")] > 2 * wide[race.NAMES.index("SGD")]

    def test_a_single_run_is_the_one_of_the_race(self):
        there, k = lab.surface("Beale"), race.NAMES.index("Adam")
        _, gap = lab.raced("Beale", 25, there.start, (0.1,) * 8)
        np.testing.assert_array_equal(rates.one_run("Beale", 25, "Adam", 0.1), gap[:, k])


class TestState:
    def test_adam_steps_by_eta_under_a_constant_gradient(self):
        for scale in (0.01, 1, 100):
            _, lines, steps = state.remember("Adam", "constant", 0.999, scale, True)
            np.testing.assert_allclose(steps, scale / (scale + 1e-8), rtol=1e-9)
            for values in lines.values():
                np.testing.assert_allclose(values, scale, rtol=1e-9)

    def test_adam_without_correction(self):
        """W51."""
        _, lines, steps = state.remember("Adam", "constant", 0.999, 1, False)
        np.testing.assert_allclose(steps[[0, 9, 99]], [3.162, 6.528, 3.241], atol=5e-4)
        np.testing.assert_allclose([v[0] for v in lines.values()], [0.1, np.sqrt(0.001)])

    def test_momentum_gathers(self):
        """W52."""
        _, lines, steps = state.remember("Momentum", "constant", 0.9, 1, True)
        np.testing.assert_allclose(steps[[0, 4, 9, 19, 49]], [1, 4.1, 6.51, 8.78, 9.95], atol=5e-3)
        np.testing.assert_allclose(next(iter(lines.values())), steps)
        assert abs(state.remember("Momentum", "alternating", 0.9, 1, True)[2][-1]) < 0.6

    def test_adagrad_shrinks(self):
        """W53, with η = 1."""
        steps = state.remember("Adagrad", "constant", 0.9, 1, True)[2]
        np.testing.assert_allclose(steps, 1 / np.sqrt(np.arange(1, 101)), rtol=1e-6)

    @pytest.mark.parametrize("method", ["Adagrad", "RMSprop", "Adam", "Momentum"])
    def test_only_momentum_cares_about_the_scale(self, method):
        one, ten = (state.remember(method, "noisy", 0.9, scale, True)[2] for scale in (1, 10))
        np.testing.assert_allclose(ten, one * (10 if method == "Momentum" else 1), rtol=1e-5)

    @pytest.mark.parametrize("method", lab.MEMORIES)
    @pytest.mark.parametrize("memory", [0.0, 0.5, 0.999])
    def test_the_first_step_is_as_the_caption_says(self, method, memory):
        said = state.comment(method, memory, 1.0, False)
        first = state.remember(method, "constant", memory, 1.0, False)[2][0]
        if method == "Adam":
            assert f"= {first:.3g} times η" in said
        assert said and np.isfinite(first)


class TestMomentum:
    def test_radius_is_that_of_the_iteration(self):
        for rate, mu in np.random.default_rng(0).uniform([0.01, 0], [4, 1], (200, 2)):
            step = np.array([[1 + mu - rate, -mu], [1, 0]])
            expected = np.abs(np.linalg.eigvals(step)).max()
            assert float(momentum.radius(rate, mu)) == pytest.approx(expected, abs=1e-7)

    @pytest.mark.parametrize("kappa", [2.0, 25.0, 100.0])
    def test_nothing_on_the_plane_beats_the_star(self, kappa):
        rate, mu = np.meshgrid(np.linspace(0.005, 4, 800), np.linspace(0, 0.999, 800))
        found = momentum.slowest(rate, mu, kappa).min()
        star = float(momentum.slowest(*lab.best(kappa), kappa))
        root = np.sqrt(kappa)
        assert star == pytest.approx((root - 1) / (root + 1)) and found >= star - 1e-9

    def test_runs_fall_as_fast_as_the_map_says(self):
        seen = np.abs(momentum.descend(25.0, 1.0, 0.9)).max(axis=1)
        r = float(momentum.slowest(1.0, 0.9, 25.0))
        assert seen[60] < 3 * r**60 and seen[40:].max() > r**60

    def test_grey_is_where_it_is_unstable(self):
        image = momentum.plane(25.0)
        grey = (image == 209).all(axis=-1)
        mu, rate = (np.arange(160) + 0.5) / 160, (np.arange(240) + 0.5) / 60
        beyond = rate[None] > 2 * (1 + mu[:, None])
        assert (grey == beyond).mean() > 0.99

    def test_digits(self):
        assert momentum.digit(0.1) == pytest.approx(1)
        assert momentum.digit(1.0) == np.inf


class TestBatches:
    def test_all_begin_alike_and_last_as_long(self):
        for size in (64, 256):
            run = batches.learn(size, batches.BEST[size])
            assert run.full[0] == pytest.approx(np.log(10)) and len(run.full) == len(run.at)
            assert len(run.minibatch) == run.at[-1] == 300

    @pytest.mark.parametrize("size", [64, 256])
    def test_rates_are_the_best_of_their_neighbours(self, size):
        k = batches.RATES.index(batches.BEST[size])
        near = [
            np.log(batches.learn(size, batches.RATES[k + d], 7).full).mean() for d in (-1, 0, 1)
        ]
        assert min(near) == near[1]

    def test_ball_shrinks_with_the_rate_and_with_the_batch_and_closes_with_a_falling_rate(self):
        def ball(size, lr, decaying):
            path, optimum = batches.hover(size, lr, decaying)
            return np.sqrt(np.mean((path[-500:] - optimum) ** 2))

        constant = ball(1, 0.1, False)
        assert ball(1, 0.02, False) < constant / 1.5
        assert ball(16, 0.1, False) < constant / 2.5
        assert ball(1, 0.1, True) < constant / 3
        assert ball(200, 0.1, False) < 1e-12

    def test_powers_of_two_are_compared_with_the_size_just_below(self):
        times = np.arange(len(batches.TIMED), dtype=float) + 100
        exhibit = explore(lambda ax, unused: lab.draw_times(ax, {"nanoseconds": times}), unused=[1])
        said = exhibit.caption.value
        assert all(f"{size}: " in said for size in (64, 128, 256, 512))
        assert f"64: {102 / 101:.2f}" in said

    def test_timing_yields_nothing_first(self):
        run = lab.time_batches()
        assert next(run) == {"progress": 0.0, "nanoseconds": None}
        run.close()


class TestNetwork:
    def test_all_start_with_the_same_weights_in_arrays_of_their_own(self):
        members = network.team(network.TUNED, seed=3)
        first, *others = [net.parameters() for net, *_ in members]
        for other in others:
            for a, b in zip(first, other, strict=True):
                assert np.array_equal(a, b) and a is not b and not np.shares_memory(a, b)

    def test_all_see_the_same_minibatches(self, monkeypatch):
        """Eight times the same method at the same rate must be eight times the same run."""
        same = dict.fromkeys(race.NAMES, race.Look(nn.SGD, "k", "o"))
        monkeypatch.setattr(network, "METHODS", same)
        monkeypatch.setattr(network, "TUNED", dict.fromkeys(race.NAMES, 0.1))
        monkeypatch.setattr(network, "TIME_SLICE", 0.0)
        run = lab.compete(1, "each its own")
        snapshots = [next(run) for _ in range(6)]
        run.close()
        losses = snapshots[-1]["losses"]
        assert losses.shape == (5, 8) and (losses == losses[:, :1]).all()
        assert [s["steps"] for s in snapshots] == list(range(6))

    def test_another_seed_is_another_race(self):
        a, b = (network.minibatches(100, seed, 1) for seed in (1, 2))
        assert not all(np.array_equal(*pair) for pair in zip(a, b))
        assert sorted(np.concatenate(a)) == list(range(100))

    def test_rates_come_from_the_sweep(self):
        assert list(network.TUNED) == list(race.NAMES)
        places = [network.GRID.index(rate) for rate in network.TUNED.values()]
        assert min(places) > 0 and max(places) < len(network.GRID) - 1
        near = network.GRID[13:16]
        assert network.network_sweep(["SGD"], near) == {"SGD": network.TUNED["SGD"]}

    def test_a_rate_far_too_large_is_reported_and_stops_nobody_else(self, monkeypatch):
        monkeypatch.setattr(network, "TUNED", network.TUNED | {"SGD": 1e12})
        monkeypatch.setattr(network, "TIME_SLICE", 0.0)
        run = lab.compete(1, "each its own")
        *_, last = (next(run) for _ in range(20))
        run.close()
        assert np.isnan(last["accuracy"][0]) and np.isfinite(last["accuracy"][1:]).all()


class TestMuseum:
    def test_fair_is_the_race(self):
        there = lab.surface("Beale")
        _, gap = lab.raced("Beale", 25, there.start, tuple(lab.tuned("Beale")))
        np.testing.assert_array_equal(lab.compare("fair", "Beale", 0.1), gap[-1])

    @pytest.mark.parametrize("piece", [p for p in lab.PIECES if p.startswith("Adam")])
    def test_a_wrong_adam_changes_adam_alone(self, piece):
        fair, wrong = lab.compare("fair", "Beale", 0.1), lab.compare(piece, "Beale", 0.1)
        adam = race.NAMES.index("Adam")
        assert fair[adam] != wrong[adam]
        np.testing.assert_array_equal(np.delete(fair, adam), np.delete(wrong, adam))

    def test_published_wrong_steps(self):
        """Under a constant gradient, in units of η; the right one is always 1."""

        def lengths_of(opt, steps):
            return lab.steps_of(opt, np.ones(steps)) / opt.lr

        multiplied = lengths_of(museum.MultiplyingAdam([np.zeros(1)], lr=0.3), 100)
        np.testing.assert_allclose(multiplied[[0, 9, 99]], [10, 42.6, 10.5], atol=0.06)
        divided = lengths_of(museum.ConstantAdam([np.zeros(1)], lr=0.3), 1000)
        np.testing.assert_allclose(divided[[0, 9, 999]], [1, 2.06, 0.40], atol=5e-3)
        bare = lengths_of(museum.UncorrectedAdam([np.zeros(1)], lr=0.3), 10)
        np.testing.assert_allclose(bare[[0, 9]], [3.162, 6.528], atol=5e-3)
        right = lengths_of(nn.Adam([np.zeros(1)], lr=0.3), 100)
        np.testing.assert_allclose(right, 1, rtol=1e-7)

    def test_other_numbers_of_steps_stop_earlier_on_the_same_run(self):
        there = lab.surface("Rosenbrock")
        _, gap = lab.raced("Rosenbrock", 25, there.start, tuple(lab.tuned("Rosenbrock")))
        unequal = lab.compare("other numbers of steps", "Rosenbrock", 0.1)
        for k, name in enumerate(race.NAMES):
            assert unequal[k] == gap[museum.UNEQUAL[name], k]

    def test_tripled_rate_is_tripled(self):
        there, k = lab.surface("Beale"), race.NAMES.index("Adam")
        own = tuple(lab.tuned("Beale") * 3)
        _, gap = lab.raced("Beale", 25, there.start, own)
        assert lab.compare("Adam at three times its rate", "Beale", 0.1)[k] == gap[-1, k]

    def test_whoever_chooses_the_rate_chooses_the_winner(self):
        winners = {
            race.NAMES[int(lab.compare("one rate for all", "Beale", float(rate)).argmin())]
            for rate in 10 ** np.arange(-4, 1.1, 0.25)
        }
        assert len(winners) >= 6

    def test_ranks(self):
        np.testing.assert_array_equal(museum.ranks(np.array([0.5, np.inf, 0.1, 0.5])), [2, 4, 1, 3])


def test_log_slider_starts_on_one_of_its_steps():
    slider = log_slider(0.003, 12, 0.05)
    assert slider.value == pytest.approx(10**-1.3) and slider.base == 10
    assert slider.min == pytest.approx(-2.5) and slider.max == pytest.approx(1.1)
    steps = (np.log10(slider.value) - slider.min) / slider.step
    assert steps == pytest.approx(round(steps))


def test_both_filters_of_the_png_hold_the_same_picture():
    rgba = np.random.default_rng(0).integers(0, 256, (9, 7, 4), dtype=np.uint8)
    for up in (True, False):
        read = imread(io.BytesIO(png(rgba, 9, up=up)))
        np.testing.assert_array_equal(np.round(read[..., :3] * 255), rgba[..., :3])
