"""The exhibits of 03: the numbers they show, their captions, and the lab's steps."""

import functools
import itertools

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits import hinge_softmax_loss as exhibits
from nnlib.exhibits.hinge_softmax_loss import digits, flow, lab, scores, softmax
from nnlib.interact import Picture, step_through

from .easel import written

CAT = {"cat": 3.2, "car": 5.1, "frog": -1.7, "true_class": "cat", "margin": 1.0}
LAB = {"loss": "hinge", "margin": 1.0, "lam": 0.0, "learning_rate": 0.1, "data": "three clouds"}
START = np.array(exhibits.START)
LAYOUTS = {
    exhibits.draw_both_losses: exhibits.BOTH,
    exhibits.draw_scaled: exhibits.SCALED,
    exhibits.draw_table: exhibits.TABLE,
    exhibits.draw_two_classes: exhibits.TWO_CLASSES,
    exhibits.draw_log: exhibits.LOG,
    exhibits.draw_overflow: exhibits.OVERFLOW,
    exhibits.draw_lab: exhibits.LAB,
    exhibits.draw_margins: exhibits.MARGINS,
}


@functools.cache
def picture_for(draw):
    """One figure per drawing; laying it out is the slow part."""
    return Picture(**LAYOUTS[draw])


def drawn(draw, **values):
    """The caption, after the drawing went through."""
    pixels, said = picture_for(draw).render(lambda axes: draw(axes, **values))
    assert np.ptp(pixels[..., :3]) > 0
    return said


# ---- three scores --------------------------------------------------------------------------------


def test_first_screen_shows_the_worked_numbers():
    picture = Picture(**exhibits.BOTH)
    _, said = picture.render(lambda axes: exhibits.draw_both_losses(axes, **CAT))
    assert "car; hinge loss <b>2.9000</b>" in said and "<b>2.0404</b>" in said
    assert written(picture.axes["G"]) == ["-1", "1", "0", "-0.8700", "0.8690", "0.0010"]
    assert picture.axes["S"].get_title(loc="left") == "limit for wrong scores: 2.2"


@pytest.mark.parametrize("true_class", ["cat", "car", "frog"])
def test_first_screen_at_every_corner(true_class):
    for cat, car, frog, margin in itertools.product([-6, 6], [-6, 6], [-6, 6], [0, 3]):
        values = {"cat": cat, "car": car, "frog": frog, "margin": margin, "true_class": true_class}
        said = drawn(exhibits.draw_both_losses, **values)
        s, y = np.array([[cat, car, frog]], float), np.array([scores.NAMES.index(true_class)])
        hinge = nn.Hinge(margin)(s, y)
        assert f"hinge loss <b>{scores.digits(hinge)}</b>" in said
        assert ("line: none;" in said) == (hinge == 0)


def test_only_zero_shows_as_zero():
    assert [scores.digits(v) for v in (0.0, 1e-5, 0.0791, 30)] == [
        "0",
        "1.0e-05",
        "0.0791",
        "30.0000",
    ]


def heights(bars):
    """The heights of the bars of one ``viz.blocks``."""
    return [np.ptp(path.vertices[:, 1]) for path in bars.get_paths()]


def test_overshoot_bars_are_the_hinge_terms():
    picture = Picture((4, 4))
    s = np.array([2.2, 2.5, -3.1])
    picture.render(lambda ax: scores.draw_overshoot(ax, s, 2, 1.0))
    zone, pale, over = picture.axes.collections
    assert np.allclose(heights(zone), 7 - 4.1) and np.allclose(heights(pale), np.abs(s))
    assert np.allclose(heights(over), [6.3, 6.6])


def test_stack_that_does_not_fit_is_shrunk_but_says_the_sum():
    picture = Picture((4, 4))

    def draw(ax):
        scores.draw_stack(ax, 0, np.array([15.0, 5, 0]), scores.COLORS, 10)
        ax.set(xlim=(-1, 1), ylim=(0, 12))

    picture.render(draw)
    assert np.allclose(heights(picture.axes.collections[0]), [7.5, 2.5, 0])
    assert [text.get_text() for text in picture.axes.texts] == ["20.0000", "shrunk\nto fit"]


@pytest.mark.parametrize(
    "row", [[10, -2, 3], [10, 9, 9], [3.2, 5.1, -1.7], [0, 0, 0], [-50, 90, 2]]
)
def test_exact_cross_entropy_agrees_with_the_library(row):
    s = np.array([row], float)
    assert np.isclose(
        scores.exact_cross_entropy(s[0], 0), nn.SoftmaxCrossEntropy()(s, np.array([0]))
    )


def test_exact_cross_entropy_is_not_zero_where_p_rounds_to_1():
    s = np.array([10.0, -100, -100])
    assert nn.SoftmaxCrossEntropy()(s[None], np.array([0])) == 0
    assert np.isclose(scores.exact_cross_entropy(s, 0), 2 * np.exp(-110.0), rtol=1e-12)


@pytest.mark.parametrize("preset", exhibits.PRESETS.values(), ids=exhibits.PRESETS)
@pytest.mark.parametrize("scale", [0.1, 1, 10])
@pytest.mark.parametrize("margin", [0, 3])
def test_scaled_scores_say_which_loss_is_zero(preset, scale, margin):
    values = {"scores": preset, "scale": scale, "margin": margin}
    said = drawn(exhibits.draw_scaled, **values)
    hinge = nn.Hinge(margin)(scale * np.array([preset]), np.array([0]))
    assert ("flat at 0" in said) == (hinge == 0)
    assert "softmax <b>0<" not in said


def test_far_below_float64_the_exponent_is_written():
    said = drawn(exhibits.draw_scaled, scores=(10.0, -100.0, -100.0), scale=10, margin=1)
    assert "1e-477" in said  # 2 exp(-1100) = 10^(0.30103 - 477.72)


def test_rules_of_the_table():
    s, y = scores.IMAGES, scores.TRUTH
    expected = {
        "hinge": [2.9, 0, 12.9],
        "squared hinge": [8.41, 0, 83.25],
        "true class counted too": [3.9, 1, 13.9],
        "margin forgotten for the frog": [2.9, 0, 10.9],
    }
    assert set(expected) == set(exhibits.RULES)
    for name, losses in expected.items():
        assert np.allclose(exhibits.RULES[name](s, y, 1.0), losses)


@pytest.mark.parametrize("rule", exhibits.RULES)
@pytest.mark.parametrize("all_scores_0", [False, True])
def test_table_captions(rule, all_scores_0):
    values = {"image": "frog", "margin": 1.0, "rule": rule, "all_scores_0": all_scores_0}
    said = drawn(exhibits.draw_table, **values)
    s = scores.IMAGES * (not all_scores_0)
    assert f"hinge column <b>{exhibits.RULES[rule](s, scores.TRUTH, 1.0).mean():.4f}</b>" in said
    softmax_mean = "1.0986" if all_scores_0 else "2.7587"
    assert f"softmax column <b>{softmax_mean}</b>" in said and "-0.0" not in said


# ---- softmax -------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [(2, 0.5), (-5, 5), (5, 5)])
def test_two_classes_are_a_sigmoid(pair):
    said = drawn(exhibits.draw_two_classes, score_1=pair[0], score_2=pair[1])
    p = f"<b>{1 / (1 + np.exp(pair[1] - pair[0])):.6f}</b>"
    assert said.count(p) == 2


@pytest.mark.parametrize(("base", "value"), [("ln", 2.0402), ("log2", 2.9434), ("log10", 0.8861)])
def test_three_logarithms(base, value):
    assert f"<b>{value}</b>" in drawn(exhibits.draw_log, p=0.13, logarithm=base)
    assert "costs <b>0.0000</b>" in drawn(exhibits.draw_log, p=1.0, logarithm=base)


@pytest.mark.parametrize("size", [0, 2.8, 2.85, 2.9, 4])
def test_overflow_says_nan_exactly_when_the_naive_formula_fails(size):
    said = drawn(exhibits.draw_overflow, log10_of_the_size=size)
    _, naive = softmax.naive_softmax(10**size * np.array([0.6, 1.0, -1.0]))
    assert ("nan" in said) == np.isnan(naive).any() == (10**size > 709.79)


# ---- the pipeline --------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "lam"), [((1, 2), 0), ((-1.3, 0.7), 0.05)])
def test_every_gradient_of_the_pipeline(x, lam):
    x, h = np.array(x, float), 1e-6
    n = flow.pipeline(x, 0.0, lam)

    def loss_of_e(e):
        return -np.log(e[flow.TRUE] / e.sum())

    for k in range(3):
        step = h * np.eye(3)[k]
        assert np.isclose(n["de"][k], (loss_of_e(n["e"] + step) - loss_of_e(n["e"] - step)) / 2 / h)
        up, down = loss_of_e(np.exp(n["s"] + step)), loss_of_e(np.exp(n["s"] - step))
        assert np.isclose(n["ds"][k], (up - down) / 2 / h)
    assert np.allclose(n["dp"], [-1 / n["p"][0], 0, 0]) and np.allclose(n["ds"], n["de"] * n["e"])
    assert np.allclose(n["dW"], np.outer(n["ds"], x) + 2 * lam * flow.W)
    assert np.allclose(n["db"], n["ds"]) and n["after"] == n["L"]


def test_pipeline_of_the_running_example():
    n = flow.pipeline(np.array([1.0, 2.0]), 0.1, 0.0)
    assert np.allclose(n["s"], [3.2, 5.1, -1.7]) and np.isclose(n["L"], 2.0404, atol=5e-5)
    assert np.allclose(n["W"], flow.W - 0.1 * n["dW"]) and np.isclose(n["after"], 1.2118, atol=5e-5)


def test_boxes_fill_one_by_one():
    exhibit = step_through(
        exhibits.draw_flow, exhibits.FLOW_STEPS, **exhibits.FLOW, x1=(-2, 2, 0.1, 1),
        x2=(-2, 2, 0.1, 2), learning_rate=(0, 1, 0.05, 0.1), lam=(0, 0.1, 0.01, 0),
    )  # fmt: skip
    counts = []
    for step in range(exhibits.FLOW_STEPS):
        exhibit.set({"step": step})
        assert not exhibit.error.value and f"Step {step}." in exhibit.caption.value
        texts = exhibit.picture.axes.texts
        counts.append(sum(text.get_fontfamily() == ["monospace"] for text in texts))
    assert counts == list(range(1, 11))


# ---- the lab -------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", lab.LOSSES)
@pytest.mark.parametrize("data", ["three clouds", "overlapping clouds", "one class inside"])
def test_the_labs_two_gradients_agree(loss, data):
    now = lab.Classifier(START, loss, 1.0, 0.1, data)
    numeric = now.numeric()
    now.L()
    assert np.abs(now.gradient() - numeric).max() < 1e-8
    assert np.bincount(now.y).tolist() == [5, 5, 5] and np.abs(now.x).max() < 3


def test_ten_steps_are_ten_times_one_step_of_sgd():
    x, y = lab.lab_points("three clouds")
    net, loss = nn.Linear(2, 3, rng=np.random.default_rng(0)), nn.Hinge()
    net.W[...], net.b[...] = START[:, :2], START[:, 2]
    opt = nn.SGD(net.parameters(), lr=0.1)
    W_and_b = START
    for _ in range(10):
        W_and_b = np.array(exhibits.steps(1)(W_and_b, **LAB)["W_and_b"])
        loss(net(x), y)
        net.backward(loss.backward())
        opt.step(net.gradients())
    assert np.allclose(W_and_b, np.column_stack([net.W, net.b]))
    assert np.allclose(W_and_b, exhibits.steps(10)(START, **LAB)["W_and_b"])


def test_steps_stay_on_the_sliders():
    wild = LAB | {"loss": "squared hinge", "data": "overlapping clouds", "learning_rate": 5.0}
    assert np.abs(exhibits.steps(10)(START, **wild)["W_and_b"]).max() == lab.LIMIT
    said = drawn(exhibits.draw_lab, W_and_b=START, **wild)
    assert "too long" in said


def test_random_start_remembers_nothing():
    one, again = (exhibits.random_start(START, **LAB)["W_and_b"] for _ in range(2))
    other = exhibits.random_start(np.array(one), **LAB)["W_and_b"]
    assert one == again != other and not np.array(one)[:, 2].any()
    assert not np.any(exhibits.zero_start(**LAB)["W_and_b"])


def test_captions_of_the_lab():
    said = drawn(exhibits.draw_lab, W_and_b=START, **LAB)
    assert "L = <b>1.1103</b>" in said and "agree to five digits" in said and "too long" not in said
    learned = np.array(exhibits.steps(100)(START, **LAB | {"learning_rate": 0.5})["W_and_b"])
    said = drawn(exhibits.draw_lab, W_and_b=learned, **LAB)
    assert "0 of 15 points cost" in said and "for 15 of 15" in said


def test_on_the_kink_the_lab_says_so():
    zero = np.zeros((3, 3))
    said = drawn(exhibits.draw_lab, W_and_b=zero, **LAB | {"margin": 0.0})
    assert "differ</b>, because a hinge term sits exactly on its kink" in said
    assert "for 0 of 15" in said
    said = drawn(exhibits.draw_lab, W_and_b=zero, **LAB)
    assert "agree" in said


# ---- the digits ----------------------------------------------------------------------------------


def test_leads():
    s = np.array([[1.0, 3, 2], [5, 4, 0]])
    before = s.copy()
    assert digits.leads(s, np.array([1, 2])).tolist() == [1, -5] and (s == before).all()


@pytest.mark.parametrize(("loss", "rate"), [("hinge", 0.1), ("softmax", 0.5)])
def test_training_on_the_digits(loss, rate):
    snapshots = list(exhibits.train_digits(loss, 1.0, rate))
    first, last = snapshots[0], snapshots[-1]
    assert first["progress"] == 0 and len(first["losses"]) == 0 and first["test"] < 0.3
    assert last["progress"] == 1 and len(last["losses"]) == digits.EPOCHS * digits.EPOCH
    assert last["test"] > 0.94 and (last["leads"] < 0).mean() < 0.03
    assert last["leads"].dtype == np.float32 and first["leads"] is not last["leads"]
    for snapshot in (first, last):
        said = drawn(exhibits.draw_margins, snapshot=snapshot)
        assert f"<b>{snapshot['test']:.1%}</b>" in said
