"""The exhibits of 16: where errors go, the live training, the planted bugs, exact resuming."""

import functools
import itertools
import time

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits import cnn_gradients_training as lab
from nnlib.exhibits.cnn_gradients_training import (
    bugs,
    grids,
    inside,
    network,
    ordinary,
    resume,
    routing,
    training,
)

from .easel import Easel

LAYOUTS = {
    lab.draw_routes: lab.ROUTES,
    lab.draw_turned: lab.TURNED,
    lab.draw_ordinary: lab.ORDINARY,
    lab.draw_training: lab.TRAINING,
    lab.draw_inside: lab.INSIDE,
    lab.draw_mistakes: lab.MISTAKES,
    lab.draw_bench: lab.BENCH,
    lab.draw_resume: lab.RESUME,
}
WINDOWS = list(itertools.product((2, 3), (1, 2, 3), (0, 1)))  # k, stride, pad
drawn = Easel(LAYOUTS)


# ---- where the error goes ------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "stride", "pad"), WINDOWS)
@pytest.mark.parametrize("kind", lab.LAYERS)
def test_the_errors_of_single_cells_add_up_to_the_whole_dx(kind, k, stride, pad):
    net = routing.layer_for(kind, k, stride, pad)
    shape = net.out_shape((1, 5, 5))[1:]
    whole = routing.errors(shape)
    alone = [
        routing.backward(net, whole * (np.arange(whole.size).reshape(shape) == i))
        for i in range(whole.size)
    ]
    assert np.allclose(sum(alone), routing.backward(net, whole), atol=1e-12)
    for i, dx in enumerate(alone):  # each stays within its window
        rows, columns = np.nonzero(dx)
        top, left = stride * (i // shape[1]) - pad, stride * (i % shape[1]) - pad
        assert ((rows >= top) & (rows < top + k)).all()
        assert ((columns >= left) & (columns < left + k)).all()
        if kind == "max pooling":
            assert len(rows) == 1


@pytest.mark.parametrize(("k", "stride", "pad"), WINDOWS)
def test_number_of_windows_that_read_a_pixel(k, stride, pad):
    conv = nn.Conv2d(1, 1, k, stride, pad, rng=np.random.default_rng(0))
    conv.W[...] = 1
    out = conv(np.zeros((1, 1, 5, 5)))
    once = routing.read_by(5, k, stride, pad)
    assert np.array_equal(np.outer(once, once), conv.backward(np.ones_like(out))[0, 0])


@pytest.mark.parametrize(("k", "stride", "pad"), WINDOWS)
@pytest.mark.parametrize("kind", lab.LAYERS)
def test_routes_at_every_corner(kind, k, stride, pad):
    net = routing.layer_for(kind, k, stride, pad)
    rows, columns = net.out_shape((1, 5, 5))[1:]
    for row, column in ((0, 0), (5, 5)):
        said = drawn(
            lab.draw_routes, layer=kind, k=k, stride=stride, pad=pad, row=row, column=column,
            all_cells_so_far=True,
        )  # fmt: skip
        r, c = min(row, rows - 1), min(column, columns - 1)
        assert f"<b>({r}, {c})</b> of {rows}×{columns}" in said
        assert ("There is no cell (5, 5)" in said) == ((row, column) != (r, c))
        assert ("All cells are in" in said) == ((r, c) == (rows - 1, columns - 1))
        assert ("No two windows overlap" in said) == (stride >= k or rows * columns == 1)


def test_routes_show_whole_numbers_and_the_library_s_gradients():
    said = drawn(
        lab.draw_routes, layer="convolution", k=3, stride=1, pad=0, row=2, column=2,
        all_cells_so_far=True,
    )  # fmt: skip
    assert "db is 2 now" in said
    shown = [a.texts for a in drawn.picture(lab.draw_routes).axes.artists]
    conv = routing.layer_for("convolution", 3, 1, 0)
    dx = routing.backward(conv, routing.errors((3, 3)))
    assert len(shown) == 5  # x, W, dW, dout, dx
    assert shown[2] == [f"{v:g}".replace("-", "−") for v in conv.dW.ravel()]
    assert shown[4] == [f"{v:g}".replace("-", "−") for v in dx.ravel()]
    for kind, (k, stride, pad) in itertools.product(lab.LAYERS, WINDOWS):
        net = routing.layer_for(kind, k, stride, pad)
        scale = k * k if kind == "average pooling" else 1
        dx = routing.backward(net, routing.errors(net.out_shape((1, 5, 5))[1:], scale))
        assert np.allclose(dx, np.rint(dx), atol=1e-12)


@pytest.mark.parametrize(("k", "stride", "pad"), WINDOWS)
def test_next_cell_visits_every_cell_once(k, stride, pad):
    values = {"layer": "convolution", "k": k, "stride": stride, "pad": pad, "row": 0, "column": 0}
    rows, columns = routing.layer_for("convolution", k, stride, pad).out_shape((1, 5, 5))[1:]
    visited = []
    for _ in range(rows * columns):
        visited.append((values["row"], values["column"]))
        values |= lab.next_cell(**values, all_cells_so_far=False)
    assert visited == list(itertools.product(range(rows), range(columns)))
    assert (values["row"], values["column"]) == (0, 0)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", lab.KERNELS)
def test_gathered_equals_scattered_to_the_last_digit_only_with_the_turned_kernel(kernel, stride):
    values = {"kernel": kernel, "stride": stride, "row": 1, "column": 2}
    assert "to the last digit" in drawn(lab.draw_turned, **values, turn_the_kernel=True)
    symmetric = kernel == "symmetric"
    said = drawn(lab.draw_turned, **values, turn_the_kernel=False)
    assert ("to the last digit" in said) == symmetric and ("not the same" in said) != symmetric


def test_a_sum_of_products_in_words():
    assert routing.products([2, 0, -3], [1, 5, -4]) == "2·1 + (−3)·(−4)"
    assert routing.products([0], [1]) == ""


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kind", lab.KINDS)
def test_the_matrix_of_a_layer_is_the_layer(kind, stride):
    M, layer, out = lab.as_matrix(kind, stride)
    assert np.allclose(M @ ordinary.PIXELS.ravel(), out.ravel())
    dout = np.random.default_rng(0).normal(size=out.shape)
    assert np.allclose(M.T @ dout.ravel(), layer.backward(dout).ravel())
    for backward, cell in itertools.product((True, False), (0, 15)):
        said = drawn(lab.draw_ordinary, layer=kind, stride=stride, backward=backward, cell=cell)
        assert "agree exactly" in said
        assert ("There is no cell 15" in said) == (cell == 15 and not backward)


def test_connections_of_one_colour_share_a_weight():
    drawn(lab.draw_ordinary, layer="convolution", stride=1, backward=False, cell=0)
    weights = {}
    for lines in drawn.picture(lab.draw_ordinary).axes["net"].collections[:2]:
        left, right = ordinary.places(16), ordinary.places(9)
        M, *_ = lab.as_matrix("convolution", 1)
        for ((_, a), (_, b)), color in zip(lines.get_segments(), lines.get_colors()):
            weight = M[np.abs(right - b).argmin(), np.abs(left - a).argmin()]
            weights.setdefault(tuple(color[:3]), set()).add(float(weight))
    assert sorted(map(sorted, weights.values())) == [[-1], [1], [2], [3]]


# ---- training ------------------------------------------------------------------------------------


@functools.cache
def run_to_the_end():
    """Every 30th snapshot of the live training at its start values, and its seconds."""
    begin = time.perf_counter()
    snapshots = list(lab.train_cnn(kernels=8, pooling="max", learning_rate=0.005, seed=3))
    return snapshots[::30] + snapshots[-1:], time.perf_counter() - begin


def test_live_training_reads_98_percent_of_the_test_digits_in_half_a_minute():
    snapshots, seconds = run_to_the_end()
    assert snapshots[-1]["progress"] == 1
    assert snapshots[-1]["measured"][-1, 1] >= 0.98
    assert seconds < 30


def test_there_is_a_checkpoint_of_every_epoch_and_it_does_not_change():
    snapshots, _ = run_to_the_end()
    last = snapshots[-1]
    assert len(last["checkpoints"]) == len(last["measured"]) == training.EPOCHS + 1
    data = training.halves()
    for epoch in (0, 1, 7, training.EPOCHS):
        net = training.with_weights(8, "max", last["checkpoints"][epoch])
        assert nn.accuracy(net, data.x_test, data.y_test) == last["measured"][epoch, 1]
    assert snapshots[0]["losses"].size == 0 and len(snapshots[0]["checkpoints"]) == 1
    assert np.array_equal(snapshots[0]["now"][0], last["checkpoints"][0][0])
    assert all(np.array_equal(a, b) for a, b in zip(last["now"], last["checkpoints"][-1]))


def test_the_epoch_slider_replays_and_its_end_means_now():
    snapshots, _ = run_to_the_end()
    last, early = snapshots[-1], snapshots[2]
    assert training.chosen_weights(last, 3) == (last["checkpoints"][3], 3)
    weights, at = training.chosen_weights(early, training.EPOCHS)
    assert weights is early["now"] and at == len(early["losses"]) / training.PER_EPOCH
    said = drawn(lab.draw_training, early, digit=0, epoch=30)
    assert "epoch 30 is not there yet" in said and f"Epoch <b>{at:.2f}</b>" in said
    said = drawn(lab.draw_training, last, digit=358, epoch=0)
    assert "Epoch <b>0.00</b>" in said and f"{last['measured'][0, 1]:.1%}" in said


@pytest.mark.parametrize(("kernels", "pooling"), [(4, "average"), (16, "max")])
def test_other_settings_are_drawn_too(kernels, pooling):
    run = lab.train_cnn(kernels=kernels, pooling=pooling, learning_rate=0.003, seed=2)
    next(run)
    snapshot = next(run)
    assert len(snapshot["losses"]) == 3
    assert drawn(lab.draw_training, snapshot, digit=5, epoch=training.EPOCHS)


def test_a_mosaic_keeps_every_map():
    maps = np.arange(5 * 6, dtype=float).reshape(5, 2, 3)
    sheet = grids.mosaic(maps, 2)
    assert sheet.shape == (10, 9)
    assert np.array_equal(sheet[1:3, 1:4], maps[0]) and np.array_equal(sheet[4:6, 5:8], maps[3])
    assert np.isfinite(sheet).sum() == maps.size
    assert grids.mosaic(maps).shape == (7, 13)  # in a square: 2 rows of 3


# ---- inside --------------------------------------------------------------------------------------


def test_the_stages_are_those_of_the_net():
    net, x = lab.trained(), lab.test_digits()[0][3] / lab.INK
    seen = network.inside(net, x)
    assert [seen[name].shape for name in network.STAGES] == [(8, 8, 8), (8, 4, 4), (16, 4, 4)]
    assert np.array_equal(seen["scores"], net(x[None, None])[0])
    assert seen["convolution 1"].min() >= 0 and seen["convolution 2"].min() >= 0


@pytest.mark.parametrize("k", [0, 3, 9])
def test_slope_of_a_score_agrees_with_central_differences(k):
    x = np.random.default_rng(k).uniform(0.1, 0.9, (8, 8))
    numeric = nn.numeric_gradient(lambda: lab.trained()(x[None, None])[0, k], x)
    assert nn.relative_error(inside.slope_of_score(x, k), numeric) < 1e-6


def test_next_mistake_goes_through_all_of_them_and_begins_again():
    digits, y = lab.test_digits()
    p, loss = inside.verdicts()
    worst = lab.mistakes()
    assert np.array_equal(np.sort(worst), np.flatnonzero(p.argmax(axis=1) != y))
    assert (np.diff(loss[worst]) <= 0).all() and len(worst) >= 2
    drawing, visited = digits[3], []
    for _ in range(len(worst) + 1):
        drawing = np.array(lab.next_mistake(drawing)["drawing"])
        visited.append(inside.known()[drawing.tobytes()])
    assert visited == [*worst, worst[0]]


def test_most_mistakes_are_repaired_by_a_single_pixel():
    digits, y = lab.test_digits()
    net, repaired = lab.trained(), []
    for number in lab.mistakes():
        tried = np.repeat(digits[number][None], 64 * 17, axis=0).reshape(64, 17, 8, 8)
        for pixel in range(64):
            tried[pixel, :, pixel // 8, pixel % 8] = np.arange(17)
        read = net(tried.reshape(-1, 1, 8, 8) / lab.INK).argmax(axis=1)
        repaired.append((read == y[number]).any())
    assert sum(repaired) > len(repaired) / 2


def test_inside_says_what_it_reads():
    digits, y = lab.test_digits()
    for number in (3, *lab.mistakes()[:2]):
        said = drawn(lab.draw_inside, drawing=digits[number], slope_of=lab.WINNER)
        best = inside.verdicts()[0][number].argmax()
        assert f"Test digit {number}, a {y[number]}, is read as <b>{best}</b>" in said
        assert ("That is a mistake" in said) == (best != y[number])
    blank = np.array(lab.clear(digits[3])["drawing"])
    assert blank.shape == (8, 8) and not blank.any()
    assert drawn(lab.draw_inside, drawing=blank, slope_of="4").startswith("Your drawing")
    assert "Score 4 answers" in drawn(lab.draw_inside, drawing=blank + 16, slope_of="4")


@pytest.mark.parametrize("order", lab.ORDERS)
@pytest.mark.parametrize("place", [1, 340])
def test_gallery_of_mistakes(order, place):
    assert f"misreads <b>{len(lab.mistakes())}</b>" in drawn(
        lab.draw_mistakes, order=order, from_place=place
    )
    p, loss = inside.verdicts()
    places = inside.ranked(order)
    assert (np.diff(loss[places]) <= 0).all()
    right = p.argmax(axis=1)[places] == lab.test_digits()[1][places]
    assert right.all() == (order != "worst first")


# ---- bugs ----------------------------------------------------------------------------------------

GUILTY = {
    "none": [],
    "pooling: = for +=": ["conv 1 W", "conv 1 b"],
    "channels reversed": ["conv 1 W", "conv 1 b"],
    "no ReLU derivative": ["conv 1 W", "conv 1 b", "conv 2 W", "conv 2 b"],
    "first layer frozen": ["conv 1 W", "conv 1 b"],
}


@pytest.mark.parametrize("bug", lab.BUGS)
def test_accuracy_stays_above_96_percent_and_the_check_goes_red(bug):
    *_, last = lab.train_with(bug)
    assert last["progress"] == 1 and last["right"][-1] > 0.96
    found = bugs.errors_by_array(bug, 1e-5)
    assert [n for n, e in zip(bugs.NAMES, found) if e > bugs.RED] == GUILTY[bug]
    assert found[found < bugs.RED].max() < 1e-6
    said = drawn(lab.draw_bench, last, h=1e-5)
    assert ("all six right" in said) == (bug == "none")
    assert "it cannot tell" in drawn(lab.draw_bench, last, h=1e-12)
    assert f"{100 * last['right'][-1]:.1f} % of the test digits" in said
    curve = bugs.error_by_step(bug)
    assert (curve.min() < 1e-7) == (bug == "none")


def test_the_error_by_step_is_a_valley():
    curve = bugs.error_by_step("none")
    best = curve.argmin()
    assert 1e-8 < bugs.STEPS[best] < 1e-3
    assert curve[0] > 1e4 * curve[best] and curve[-1] > 1e4 * curve[best]


@pytest.mark.parametrize(("stride", "right"), [(2, True), (1, False)])
def test_the_overwriting_pool_is_wrong_only_where_windows_overlap(stride, right):
    x = np.random.default_rng(0).permutation(72).reshape(1, 2, 6, 6).astype(float)
    good, bad = nn.MaxPool2d(2, stride), lab.OverwritingPool(2, stride)
    dout = np.random.default_rng(1).normal(size=good(x).shape)
    bad(x)
    assert np.array_equal(good.backward(dout), bad.backward(dout)) == right


# ---- stop and go on ------------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [1, resume.PER_EPOCH, 30, 59])
def test_stopped_saved_loaded_and_resumed_is_as_if_never_stopped(stop):
    losses, weights = resume.straight()
    resumed_losses, resumed = resume.interrupted(stop, resume.EVERYTHING)
    assert np.array_equal(resumed, weights[stop:])
    assert np.array_equal(resumed_losses, losses[stop:])
    said = drawn(lab.draw_resume, stop_after_step=stop, restored=resume.EVERYTHING)
    assert "0: the same bits" in said


@pytest.mark.parametrize("restored", [r for r in lab.RESTORED if r != resume.EVERYTHING])
def test_what_is_left_out_is_missed(restored):
    _, weights = resume.straight()
    _, resumed = resume.interrupted(30, restored)
    assert np.abs(resumed[-1] - weights[-1]).max() > 0.01
    assert "the same bits" not in drawn(lab.draw_resume, stop_after_step=30, restored=restored)
