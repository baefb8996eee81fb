"""Inside the trained CNN: every map, every score, and which pixel matters for a score."""

import functools

import numpy as np

from ... import viz
from ...activations import softmax
from ...data import digits
from .grids import DARK_ORANGE, mosaic, sheets
from .network import STAGES, inside, trained

INK = 16  # grey levels above paper in the digits
INSIDE = {
    "size": (8.6, 4.7),
    "axes": [["maps"] * 2, ["scores", "p"]],
}
MISTAKES = {"size": (8.6, 3.7)}
ORDERS = ["worst first", "right, but least sure"]
SHOWN = 10
WINNER = "the winner"


@functools.cache
def test_digits():
    """The 359 test digits as whole numbers from 0 to 16, and what they are."""
    data = digits(np.float64)
    return np.rint(data.x_test[:, 0] * INK).astype(int), data.y_test


@functools.cache
def known():
    """The number of every test digit, by its pixels."""
    pictures, _ = test_digits()
    return {picture.tobytes(): k for k, picture in enumerate(pictures)}


@functools.cache
def verdicts():
    """Probabilities (359, 10) that the trained net gives, and the loss of every test digit."""
    pictures, y = test_digits()
    p = softmax(trained()(pictures[:, None] / INK))
    return p, -np.log(p[np.arange(len(y)), y])


def ranked(order):
    """Test digits in an order of ``ORDERS``: all by falling loss, or only those read right."""
    p, loss = verdicts()
    places = np.argsort(-loss, kind="stable")
    right = p.argmax(axis=1) == test_digits()[1]
    return places[right[places]] if order == "right, but least sure" else places


def mistakes():
    """The misread test digits, the one with the largest loss first."""
    p, loss = verdicts()
    wrong = np.flatnonzero(p.argmax(axis=1) != test_digits()[1])
    return wrong[np.argsort(-loss[wrong], kind="stable")]


def next_mistake(drawing, **_):
    """The drawing after this one among the mistakes; the worst one after anything else."""
    worst = list(mistakes())
    here = known().get(np.asarray(drawing).tobytes())
    place = worst.index(here) + 1 if here in worst else 0
    picture = test_digits()[0][worst[place % len(worst)]]
    return {"drawing": tuple(map(tuple, picture.tolist()))}


def clear(drawing, **_):
    """White paper."""
    return {"drawing": tuple(map(tuple, (0 * np.asarray(drawing)).tolist()))}


def slope_of_score(x, k):
    """∂ score k / ∂ pixel (8, 8): how the score of class k answers to ink, pixel by pixel."""
    net = trained()
    scores = net(x[None, None])
    return net.backward(np.eye(10)[k : k + 1] * np.ones_like(scores))[0, 0]


def draw_inside(axes, drawing, slope_of):
    """Every stage for the drawing of now; the slope of one score in every pixel."""
    pixels = np.asarray(drawing)
    x = pixels / INK
    seen = inside(trained(), x)
    scores = seen["scores"]
    p = softmax(scores)
    second, best = np.argsort(p, kind="stable")[-2:]
    k = best if slope_of == WINNER else int(slope_of)
    number = known().get(pixels.tobytes())
    truth = None if number is None else int(test_digits()[1][number])
    slope = slope_of_score(x, k)
    maps = [(mosaic(seen[name]), name, False) for name in STAGES]
    sheets(
        axes["maps"], (x, "input", False), *maps, (slope, f"∂ score {k} / ∂ pixel", True), gap=0.12
    )
    draw_scores(axes["scores"], scores, best)
    draw_shares(axes["p"], p, best)
    what = "Your drawing" if truth is None else f"Test digit {number}, a {truth},"
    verdict = "" if truth in (None, best) else " <b>That is a mistake.</b>"
    row, column = np.unravel_index(np.abs(slope).argmax(), slope.shape)
    effect = "raises" if slope[row, column] > 0 else "lowers"
    return (
        f"{what} is read as <b>{best}</b> with {p[best]:.1%}, next {second} with {p[second]:.1%}."
        f"{verdict} Score {k} answers most to the pixel in row {row + 1}, column {column + 1}: "
        f"more ink there {effect} it."
    )


def draw_scores(ax, scores, best):
    """The ten scores as bars about zero, on axes that do not move."""
    heights = np.clip(scores, -30, 30)
    colors = [viz.BLUE if k == best else viz.SKY for k in range(10)]
    viz.blocks(ax, range(10), heights, colors=colors)
    for k, (score, height) in enumerate(zip(scores, heights)):
        up = height >= 0
        at = min(height + 1, 27) if up else max(height - 1, -27)
        number = f"{score:.1f}" if abs(score) < 9.95 else f"{score:.0f}"
        ax.text(k, at, number.replace("-", "−"), ha="center", va="bottom" if up else "top",
                fontsize=9)  # fmt: skip
    ax.axhline(0, color="#555555", lw=0.8)
    ax.set(xlim=(-0.6, 9.6), ylim=(-32, 32), xticks=range(10), title="scores")
    ax.xaxis.grid(False)


def draw_shares(ax, p, best):
    """The ten probabilities."""
    viz.blocks(ax, range(10), p, colors=[viz.BLUE if k == best else viz.SKY for k in range(10)])
    for k in np.flatnonzero(p > 0.005):
        ax.text(k, p[k] + 0.02, f"{p[k]:.0%}", ha="center", va="bottom", fontsize=9)
    ax.set(xlim=(-0.6, 9.6), ylim=(0, 1.15), xticks=range(10), yticks=[0, 0.5, 1])
    ax.set_title("softmax: probabilities")
    ax.xaxis.grid(False)


def draw_mistakes(ax, order, from_place):
    """Ten test digits with what they are, what they were read as, and how sure the net was."""
    pictures, y = test_digits()
    p, loss = verdicts()
    places = ranked(order)[from_place - 1 :][:SHOWN]
    read = p.argmax(axis=1)
    for k, place in enumerate(places):
        row, column = divmod(k, 5)
        left, top = 1.25 * column, 1.75 * (1 - row) + 1
        colors = viz.toned(pictures[place], INK, signed=False)
        ax.add_artist(viz.Cells(colors, (left, left + 1, top - 1, top)))
        wrong = read[place] != y[place]
        ax.text(
            left, top + 0.07, f"{place}: a {y[place]}, read {read[place]}", va="bottom",
            color=DARK_ORANGE if wrong else viz.INK, weight="bold" if wrong else "normal",
        )  # fmt: skip
        ax.text(left, top - 1.05, f"p of {y[place]}: {p[place, y[place]]:.1%}", va="top")
    ax.set_axis_off()
    ax.set(xlim=(-0.02, 6.1), ylim=(-0.3, 3.05))
    count = len(mistakes())
    shown = int((read[places] != y[places]).sum())
    return (
        f"The net misreads <b>{count}</b> of the 359 test digits ({1 - count / 359:.1%} right); "
        f"{shown} of these ten. Their losses go from {loss[places[0]]:.2g} down to "
        f"{loss[places[-1]]:.2g}."
    )
