"""Networks that learn to add, and the road they take."""

import functools

import numpy as np

from ... import viz
from ...activations import Tanh, sigmoid
from ...layer import Sequential
from ...linear import Linear
from ...losses import Logistic
from ...losses.loss import Loss, targets
from ...optimizers import Adam
from ...recurrent import RNN
from .task import (
    BITS,
    CARRY,
    PALE,
    WRONG,
    carry_in,
    carry_out,
    draw_rules,
    encode,
    every_pair,
    number,
    percent,
    score,
    shade,
    table,
)  # fmt: skip

HIDDEN, BATCH, RATE = 16, 64, 0.04
ROAD = 40  # steps of the road that is shown
EVERY = 2
ADDER = {"size": (8.6, 5.4), "axes": ["BBBBBRRR", "HHHHHAAA"]}


class SquaredError(Loss):
    """(p - y)² for p = σ(score): the loss of the old recipe; dL/dscore = 2 (p - y) p (1 - p)."""

    def check(self, name, scores, y):
        return targets(name, scores, y)

    def forward(self, scores, y):
        self.p, self.y = sigmoid(scores), y
        return (self.p - y) ** 2

    def dscores(self):
        return 2 * (self.p - self.y) * self.p * (1 - self.p)


def build(hidden: int, seed: int, *, cell=RNN, activation=Tanh):
    """The net, two bits in and one score out (above 0 means 1), and the generator that drew it."""
    rng = np.random.default_rng(seed)
    recurrent = cell(2, hidden, rng=rng, activation=activation)
    return Sequential(recurrent, Linear(hidden, 1, rng=rng)), rng


def learn(net, rng, *, loss=None, opt=None, steps: int = 100, data=None):
    """Minibatches of 64 random pairs, one update each; yields the loss of every minibatch."""
    loss = loss or Logistic()
    opt = opt or Adam(net.parameters(), lr=RATE)
    x, y = data or every_pair()[2:]
    dtype = net.parameters()[0].dtype
    x, y = x.astype(dtype), y.astype(dtype)
    for _ in range(steps):
        rows = rng.integers(0, len(x), BATCH)
        L = loss(net(x[rows], training=True), y[rows])
        net.backward(loss.backward())
        opt.step(net.gradients())
        yield L


def trained(hidden: int = HIDDEN, seed: int = 0, steps: int = 100, **kwargs):
    """A net after ``steps`` updates."""
    net, rng = build(hidden, seed, **kwargs)
    for _ in learn(net, rng, steps=steps):
        pass
    return net


def road(hidden: int, seed: int, stops, **kwargs) -> list:
    """Copies of one net after each number of updates in ``stops``."""
    net, rng = build(hidden, seed, **kwargs)
    copies, k = [], 0
    steps = learn(net, rng, steps=max(stops))
    for stop in stops:
        while k < stop:
            next(steps)
            k += 1
        copies.append(net.astype(np.float64))
    return copies


@functools.cache
def adder_road(seed: int):
    """The first exhibit's net along its road, its scores, and its units in order of carrying."""
    nets = road(HIDDEN, seed, range(0, ROAD + 1, EVERY))
    a, b, x, _ = every_pair()
    nets[-1](x[::7])
    h = nets[-1][0].h[:, 1:].reshape(-1, HIDDEN)
    carry = carry_out(a, b)[::7].ravel()
    order = np.argsort(-np.abs(h[carry == 1].mean(axis=0) - h[carry == 0].mean(axis=0)))
    return nets, [score(net) for net in nets], order


def draw_states(ax, h, order=None):
    """Hidden states (T, H) as columns of a map: purple -1, white 0, orange +1."""
    h = h if order is None else h[:, order]
    ax.add_artist(viz.Cells(viz.shaded(h.T, 1)))
    for t in range(len(h)):
        ax.text(t, h.shape[1] - 0.3, str(1 << t), ha="center", va="top", color="#444444")
    count = h.shape[1]
    name = f"{count} hidden\nunit{'s' if count > 1 else ''}"
    ax.text(-0.62, (count - 1) / 2, name, ha="right", va="center")
    ax.set(xlim=(-2.4, len(h) - 0.45), ylim=(h.shape[1] * 1.08 - 0.5, -0.55))
    ax.set_axis_off()


def draw_answer(ax, a, b, said):
    """The sum as the net sees it, lowest place first; its wrong bits in orange."""
    (x, y), (carry,) = encode(a, b), carry_in(a, b)
    truth = y[0, :, 0].astype(int)
    digits = np.vstack([carry, (x[0].T + 1) / 2, said, truth]).astype(int)
    colors = [shade(digits[0], CARRY), *(shade(row) for row in digits[1:])]
    colors[3] = np.where((said == truth)[:, None], colors[3], WRONG)
    colors[0] = np.where(carry[:, None] > 0, colors[0], PALE)
    names = ["carry in", f"a = {a}", f"b = {b}", f"net: {number(said)}", f"sum: {a + b}"]
    table(ax, digits.astype(str), np.array(colors), names=names, left=1.9, size=12)


def draw_accuracy(ax, measured):
    """Two bars: bits right and sums right, over all pairs."""
    values = [measured["bits"], measured["sums"]]
    viz.blocks(ax, [0, 1], values, colors=[viz.SKY, viz.BLUE])
    for k, value in enumerate(values):
        ax.text(k, value + 0.03, percent(value), ha="center", va="bottom")
    ax.set_xticks([0, 1], ["bits right", "whole sums right"])
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.set(xlim=(-0.6, 1.6), ylim=(0, 1.18))
    ax.set_title("all 16,384 pairs")
    ax.xaxis.grid(False)


def draw_adder(axes, a, b, training_steps):
    """A net while it learns to add: its answer, its hidden state, and how good it is by now."""
    nets, scores, order = adder_road(0)
    net, measured = nets[training_steps // EVERY], scores[training_steps // EVERY]
    x, y = encode(a, b)
    said = (net(x)[0, :, 0] > 0).astype(int)
    draw_answer(axes["B"], a, b, said)
    axes["B"].set_title("read from the lowest place on, left to right")
    draw_states(axes["H"], net[0].h[0, 1:], order)
    axes["H"].set_title("the state after each place (worth below)")
    draw_rules(axes["R"], measured["rules"])
    draw_accuracy(axes["A"], measured)
    wrong = int((said != y[0, :, 0]).sum())
    verdict = "right" if not wrong else f"wrong in {wrong} of {BITS} bits"
    return (
        f"After <b>{training_steps}</b> updates the net says {a} + {b} = <b>{number(said)}</b>, "
        f"{verdict}. Of all pairs it adds {percent(measured['sums'])} without a mistake."
    )
