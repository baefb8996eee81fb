"""The drawings of the score function notebook: what they compute, and what they say."""

import numpy as np
import pytest
from matplotlib import colormaps

import nnlib as nn
from nnlib import viz
from nnlib.exhibits import score_function as show
from nnlib.exhibits.score_function.bars import best, num
from nnlib.exhibits.score_function.plane import plus
from nnlib.interact import Picture

W = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0.0, 0.25, 0.2, -0.3]])
b = np.array([1.1, 3.2, -1.2])
START = np.column_stack([W, b])


def said(axes, draw):
    """The caption, drawn on real axes."""
    return Picture((8, 4), axes).render(draw)[1]


def cat(weights=START, add_up="cat", forget=False):
    return said(show.SUM, lambda axes: show.cat_scores(axes, weights, add_up, forget))


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(-1.234, ".2f", "−1.23"), (-0.001, ".2f", "0.00"), (0.0, "+.2f", "0.00"), (3, "+d", "+3")],
)
def test_numbers_are_written_with_a_minus_and_zero_without_a_sign(value, form, text):
    assert num(value, form) == text


def test_a_summand_has_its_sign_set_off():
    assert [plus(0.5), plus(-0.5), plus(-0.001)] == ["+ 0.50", "− 0.50", "+ 0.00"]


def test_a_tie_names_every_class_on_top():
    assert best([1, 3, 2], show.PETS) == "dog"
    assert best([3, 3, 2], show.PETS) == "cat or dog"
    assert best([3, 3, 3 + 1e-12], show.PETS) == "cat, dog or ship"


def test_the_cat_example_has_the_worked_scores():
    caption = cat()
    assert "cat −96.80, dog 437.90, ship 60.75" in caption
    assert "it says dog; the cat is 534.70 short" in caption


def test_the_bias_forgotten_gives_the_published_slip():
    assert "cat −97.90, dog 434.70, ship 61.95" in cat(forget=True)


def test_the_caption_tells_a_win_and_a_tie():
    winning = START.copy()
    winning[0, 1] = 3.0
    assert "it says cat, and a cat it is" in cat(winning)
    assert "it cannot decide: cat, dog or ship" in cat(np.ones((3, 5)), "ship")


@pytest.mark.parametrize("loss", [nn.SoftmaxCrossEntropy(), nn.Hinge()])
def test_a_nudge_is_one_gradient_step_and_leaves_its_arguments_alone(loss):
    x, before = np.array([0.2, 0.9, 0.1, 0.4]), (W.copy(), b.copy())
    L, scores, error, V, c = show.nudge(W, b, x, 2, loss, 0.1)
    assert np.allclose(scores, W @ x + b)
    assert np.isclose(L, loss(scores[None], np.array([2])))
    assert np.allclose(V, W - 0.1 * np.outer(error, x)) and np.allclose(c, b - 0.1 * error)
    assert loss((V @ x + c)[None], np.array([2])) < L
    assert all(np.array_equal(a, was) for a, was in zip((W, b), before))


def nudges(step, loss=None, lr=0.0005):
    loss = loss or nn.SoftmaxCrossEntropy()
    return said(show.NUDGES, lambda axes: show.cat_nudges(axes, step, W, b, loss, lr, 20))


def test_the_nudges_tell_the_change_and_who_wins():
    assert "No step yet" in nudges(0) and "loss 534.70" in nudges(0)
    assert "pixel 231 changed by +0.1155, at pixel 2 only by +0.0010" in nudges(1)
    assert "cat −68.26, dog 409.36, ship 60.75" in nudges(1)
    assert "The highest is dog" in nudges(9) and "The highest is cat" in nudges(10)
    assert "changed no digit" in nudges(12)


def test_a_boundary_is_where_two_scores_are_equal_and_on_top():
    rng = np.random.default_rng(0)
    arrows, offsets = rng.normal(size=(3, 2)), rng.normal(size=3)
    for j, k in ((0, 1), (0, 2), (1, 2)):
        line = show.boundary(arrows, offsets, j, k)
        scores = line[np.isfinite(line[:, 0])] @ arrows.T + offsets
        assert len(scores) > 10
        assert np.allclose(scores[:, j], scores[:, k])
        assert np.allclose(scores[:, j], scores.max(axis=1))


def test_two_equal_rows_have_no_boundary():
    rows = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert np.isnan(show.boundary(rows, np.array([0.0, 1.0]), 0, 1)).all()
    assert show.crossings(rows, np.array([0.0, 1.0]), 0.5) == []


def test_where_three_scores_meet_is_one_crossing():
    rows, offsets = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, -1.0]]), np.array([2.0, 2.0, 0.0])
    assert np.allclose(show.crossings(rows, offsets, 0.5), [(-2.5, -0.5)])


def test_crossings_are_where_the_winner_of_a_walk_changes():
    rng = np.random.default_rng(3)
    for _ in range(30):
        arrows, offsets, height = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal()
        walk = np.column_stack([np.linspace(-3, 3, 60001), np.full(60001, height)])
        winner = (walk @ arrows.T + offsets).argmax(axis=1)
        found = [x1 for x1, _ in show.crossings(arrows, offsets, height)]
        assert np.allclose(found, walk[np.flatnonzero(np.diff(winner)), 0], atol=2e-4)


def lines(rows, offsets, height=1.0):
    x, y = nn.data.blobs(30, noise=0.4, rng=np.random.default_rng(1))
    return said(2, lambda axes: show.class_lines(axes, rows, np.array(offsets), height, x, y))


def test_the_walk_is_described_in_words():
    angles = np.radians([90, 210, 330])
    star = np.column_stack([np.cos(angles), np.sin(angles)])
    caption = lines(star, [0.5, 0.0, 0.0])
    assert "30 of 30 points" in caption and "x₁ = −2.31 and x₁ = 2.31" in caption
    assert "stays inside one region" in lines(star, [2.0, -2.0, -2.0], 3.0)
    assert "a tie all the way" in lines(np.tile(star[:1], (3, 1)), [0.0, 0.0, 0.0])


def test_shifted_moves_the_ink_and_lets_paper_in():
    image = np.arange(1.0, 10.0).reshape(3, 3)
    assert np.array_equal(show.shifted(image, 1, 0), [[0, 1, 2], [0, 4, 5], [0, 7, 8]])
    assert np.array_equal(show.shifted(image, 0, -1), [[4, 5, 6], [7, 8, 9], [0, 0, 0]])
    assert np.array_equal(show.shifted(image, -1, 1), [[0, 0, 0], [2, 3, 0], [5, 6, 0]])
    assert np.array_equal(show.shifted(image[None, None], 0, 0)[0, 0], image)
    assert not show.shifted(image, 3, 0).any()


@pytest.fixture(scope="module")
def digits():
    data = nn.data.digits(np.float64)
    return data.x_test.reshape(-1, 64), data.y_test


@pytest.fixture(scope="module")
def net():
    return nn.Linear(64, 10, rng=np.random.default_rng(0))


def test_the_evidence_adds_up_to_the_score(digits, net):
    x, y = digits[0][3], digits[1][3]
    terms = net.W[5] * x
    caption = said(show.FOUR, lambda axes: show.evidence(axes, net.W, net.b + 0.5, x, y, 5))
    assert f"{num(terms[terms > 0].sum())} speaks for a 5" in caption
    assert f"{num(terms[terms < 0].sum())} against" in caption
    assert f"the bias 0.50 its score is {num(net.W[5] @ x + 0.5)}" in caption


def test_the_shift_is_told_with_its_own_accuracy(digits, net):
    accuracy = np.arange(25.0).reshape(5, 5) / 100
    x, y = digits[0][3], digits[1][3]
    caption = said(show.FOUR, lambda axes: show.shift(axes, net.W, net.b, x, y, -2, 1, accuracy))
    assert "Moved 2 to the left and 1 down" in caption and "15% are read rightly" in caption
    moved = show.shifted(x.reshape(8, 8), -2, 1).ravel()
    assert f"the {y} scores {num(net.W[y] @ moved)}" in caption


def test_numbers_can_be_read_on_every_colour():
    cmap = colormaps[viz.SIGNED]
    for rgba in cmap(np.linspace(0, 1, 101)):
        light = np.where(rgba[:3] < 0.04045, rgba[:3] / 12.92, ((rgba[:3] + 0.055) / 1.055) ** 2.4)
        luminance = light @ [0.2126, 0.7152, 0.0722]
        ratio = 1.05 / (luminance + 0.05)
        ratio = ratio if viz.readable(rgba) == "white" else 21 / ratio
        assert ratio > 4.5


def test_fooling_tells_what_the_change_does(digits, net):
    x, y = digits[0][3], int(digits[1][3])
    bent = np.clip(x + 0.1 * np.sign(net.W[8] - net.W[y]), 0, 1)
    caption = said(show.FOUR, lambda axes: show.fool(axes, net.W, net.b, x, y, 8, 0.1))
    assert f"score of 8 by {num(net.W[8] @ (bent - x), '+.2f')}" in caption
    same = said(show.FOUR, lambda axes: show.fool(axes, net.W, net.b, x, y, y, 0.1))
    assert "nothing is added" in same


@pytest.mark.parametrize("loss", ["softmax", "hinge"])
def test_training_starts_blank_and_reads_94_percent(loss, digits):
    first, *_, last = steps = list(show.train_digits(loss, 0.03))
    assert not first["W"].any() and first["progress"] == 0 and len(first["loss"]) == 0
    assert last["progress"] == 1 and last["W"].dtype == np.float32
    assert last["accuracy"][-1] >= 0.94 and last["loss"][-1] < 0.25 * last["loss"][0]
    assert not np.array_equal(steps[1]["W"], steps[2]["W"]) and len(steps[1]["loss"]) == 1
    start = said(show.TRAINING, lambda axes: show.training(axes, first, digits))
    end = said(show.TRAINING, lambda axes: show.training(axes, last, digits))
    assert "Not trained yet" in start and f"{last['accuracy'][-1]:.1%}" in end
