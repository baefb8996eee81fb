"""A linear classifier on fifteen points: nine numbers, by hand or by gradient steps."""

import functools
import zlib

import numpy as np

from ... import viz
from ...data import blobs
from ...gradcheck import numeric_gradient
from ...linear import Linear
from ...losses import Hinge, SoftmaxCrossEntropy, SquaredHinge
from ...penalties import L2
from .digits import leads

LOSSES = {
    "hinge": Hinge,
    "squared hinge": SquaredHinge,
    "softmax": lambda margin: SoftmaxCrossEntropy(),
}
COLORS = viz.CLASSES[:3]
LIMIT = 5.0  # the weights' sliders end here
PLANE = (-3, 3)
CEILING = 4.0  # losses above it are drawn cut
FORECAST = 40  # steps
LAB = {"size": (8.6, 6.2), "axes": ["PG"] * 3 + ["EF"] * 2}
START = ((0.5, 0.4, 0.0), (-0.3, 0.6, 0.2), (0.4, -0.2, 0.0))


@functools.cache
def lab_points(data):
    """Fifteen points, five of each class."""
    rng = np.random.default_rng(8)
    if data == "one class inside":
        angle = 2 * np.pi * (np.arange(15) / 5 + np.repeat([0, 0, 0.1], 5))
        radius = np.repeat([0.4, 2.0, 2.0], 5)
        x = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        return x + 0.15 * rng.standard_normal(x.shape), np.repeat(np.arange(3), 5)
    return blobs(15, 3, 0.4 if data == "three clouds" else 0.95, rng=rng)


class Classifier:
    """Nine numbers, fifteen points, one loss: the mean loss with its penalty, and gradients."""

    def __init__(self, W_and_b, loss, margin, lam, data):
        self.x, self.y = lab_points(data)
        self.net = Linear(2, 3, rng=np.random.default_rng(0))
        self.net.W[...], self.net.b[...] = W_and_b[:, :2], W_and_b[:, 2]
        self.loss, self.penalty = LOSSES[loss](margin), L2(lam)

    def L(self):
        return self.loss(self.net(self.x), self.y) + self.penalty(self.net)

    def gradient(self):
        """dW and db beside each other, (3, 3), by the formulas; call ``L`` first."""
        self.net.backward(self.loss.backward())
        self.penalty.backward()
        return np.column_stack([self.net.dW, self.net.db])

    def numeric(self):
        """The same nine numbers by central differences."""
        dW, db = (numeric_gradient(self.L, a) for a in (self.net.W, self.net.b))
        return np.column_stack([dW, db])

    def descend(self, learning_rate, count):
        """Take ``count`` gradient steps; return the loss before each of them and at the end."""
        seen = [self.L()]
        for _ in range(count):
            step = learning_rate * self.gradient()
            self.net.W[...] = np.clip(self.net.W - step[:, :2], -LIMIT, LIMIT)
            self.net.b[...] = np.clip(self.net.b - step[:, 2], -LIMIT, LIMIT)
            seen.append(self.L())
        return seen

    def at_kink(self):
        """Whether some hinge term sits so near its kink that a difference straddles it."""
        if not isinstance(self.loss, Hinge) or isinstance(self.loss, SquaredHinge):
            return False
        s = self.net(self.x)
        gap = s - s[np.arange(len(s)), self.y][:, None] + self.loss.margin
        return bool((np.abs(gap[self.loss.true == 0]) < 1e-4).any())


def numbers(W, b):
    return tuple(map(tuple, np.column_stack([W, b]).tolist()))


def steps(count):
    """An action: ``count`` gradient steps with the loss and the rate that are set."""

    def act(W_and_b, loss, margin, lam, learning_rate, data):
        classifier = Classifier(W_and_b, loss, margin, lam, data)
        classifier.descend(learning_rate, count)
        return {"W_and_b": numbers(classifier.net.W, classifier.net.b)}

    return act


def random_start(W_and_b, **_):
    """An action: other weights. The present ones are the seed, so nothing is remembered."""
    rng = np.random.default_rng(zlib.crc32(np.ascontiguousarray(W_and_b).tobytes()))
    return {"W_and_b": numbers(rng.normal(size=(3, 2)).round(2), np.zeros(3))}


def zero_start(**_):
    """An action: all nine numbers 0."""
    return {"W_and_b": numbers(np.zeros((3, 2)), np.zeros(3))}


def draw_lab(axes, W_and_b, loss, margin, lam, learning_rate, data):
    """Regions and lines, the gradient twice, the loss of every point, and the steps to come."""
    now = Classifier(W_and_b, loss, margin, lam, data)
    numeric, L = now.numeric(), now.L()
    gradient, each = now.gradient(), now.loss.each.copy()
    won = leads(now.net(now.x), now.y) > 0
    draw_plane(axes["P"], now, each)
    draw_gradients(axes["G"], gradient, numeric)
    draw_each(axes["E"], now.y, each)
    kink, apart = now.at_kink(), np.abs(gradient - numeric).max() > 1e-5
    losses = now.descend(learning_rate, FORECAST)
    draw_forecast(axes["F"], losses)
    verdict = "<b>differ</b>" if apart else "agree to five digits"
    if kink and apart:
        verdict += ", because a hinge term sits exactly on its kink"
    up = ""
    if max(losses) > losses[0] + 0.05:
        up = " The steps are <b>too long</b>: on the way the loss goes up."
    if np.abs(W_and_b).max() >= LIMIT:
        up += " A number is at the end of its slider."
    return (
        f"L = <b>{L:.4f}</b>. {(each > 1e-12).sum()} of 15 points cost something; for "
        f"{won.sum()} of 15 the true score is the highest. Formula and central differences "
        f"{verdict}.{up}"
    )


def draw_plane(ax, now, each):
    """Who wins where; the line on which each score is 0, and the way it grows."""
    ax.set(xlim=PLANE, ylim=PLANE, xlabel="x₁", ylabel="x₂")
    if np.ptp(np.column_stack([now.net.W, now.net.b]), axis=0).any():  # else all scores are equal
        viz.regions(ax, now.net, PLANE, colors=COLORS, cells=90)
    for w, b, color in zip(now.net.W, now.net.b, COLORS):
        length = np.hypot(*w)
        if length < 1e-9:
            continue
        foot, way = -b * w / length**2, w / length
        along = np.array([-way[1], way[0]])
        ends = np.array([foot - 9 * along, foot + 9 * along])
        ax.plot(*ends.T, color=color, lw=2)
        tip = foot + 0.55 * way
        ax.plot(*np.array([foot, tip]).T, color=color, lw=2)
        ax.plot(*tip, "o", color=color, ms=5)
    size = 40 + 70 * np.minimum(each, 3)
    ax.scatter(
        *now.x.T, c=np.array(COLORS)[now.y], s=size, lw=np.where(each > 1e-12, 1.8, 0.6),
        edgecolors=[viz.INK if e > 1e-12 else "white" for e in each], zorder=3,
    )  # fmt: skip
    ax.set_xticks([-3, -2, -1, 0, 1, 2, 3])
    ax.set_yticks([-3, -2, -1, 0, 1, 2, 3])
    ax.set(aspect="equal", title="regions, and lines of score 0")


def draw_gradients(ax, gradient, numeric):
    """Each of the nine slopes: by formula above, by central differences below."""
    colors = viz.image(
        ax, gradient, limit=2, rows=["class 0", "class 1", "class 2"], columns=["w₁", "w₂", "b"]
    )
    ax.set(aspect="auto", title="slope of L: by formula, below by differences")
    colors = viz.readable(colors)
    for (i, j), value in np.ndenumerate(gradient):
        text = "\n".join(f"{round(v, 5) + 0.0:.5f}" for v in (value, numeric[i, j]))
        ax.text(j, i, text, ha="center", va="center", color=colors[i, j], linespacing=1.3)


def draw_each(ax, y, each):
    """One bar per point, cut at the ceiling, in the colour of its class."""
    ax.vlines(range(15), 0, np.minimum(each, CEILING), colors=np.array(COLORS)[y], lw=14)
    ax.axhline(min(each.mean(), CEILING), color=viz.INK, lw=1, ls="--")
    ax.set_xticks([2, 7, 12], ["class 0", "class 1", "class 2"])
    ax.set(xlim=(-0.6, 14.6), ylim=(0, CEILING))
    ax.set_title(f"loss of each point (mean {each.mean():.3f})")
    ax.xaxis.grid(False)


def draw_forecast(ax, losses):
    """The loss now, and at each of the next steps."""
    shown = np.minimum(losses, CEILING)
    ax.plot(shown, color=viz.INK)
    ax.plot([0, 1, 10], shown[[0, 1, 10]], "o", color=viz.INK, ms=6)
    ax.set(xlim=(-0.5, FORECAST), ylim=(0, CEILING), xlabel="gradient steps from here")
    ax.set_title(f"L in the next {FORECAST} steps: {losses[0]:.3f} → {losses[-1]:.3f}")
