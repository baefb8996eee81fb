"""The adder that needs no training: three units that count, and the latch that holds the carry."""

import numpy as np

from ... import viz
from ...activations import Sigmoid, sigmoid
from .nets import build
from .task import BITS, CARRY, ON, PALE, carry_in, encode, number, percent, score, shade, table

HAND = {"size": (8.6, 5.0), "axes": ["TTTTT", "UUUUU"]}
LATCH = {"size": (8.6, 3.7), "axes": ["MMMMCCCCCC"]}
LEVELS = np.array([0.5, 1.5, 2.5])
PLACES = 32


def hand_adder(gain: float):
    """Three sigmoid units h_k = σ(gain (a + b + carry - k + ½)), k = 1, 2, 3, in a net of nnlib.

    Unit 2 is the carry: it fires if at least two of the three are 1. The digit to write is
    h₁ - h₂ + h₃: 1 for a total of one, 0 for two, 1 for three. Inputs are ±1, a = (x + 1) / 2.
    """
    net, _ = build(3, 0, activation=Sigmoid)
    net[0].Wx[...] = gain / 2
    net[0].Wh[...] = [[0, gain, 0]] * 3
    net[0].b[...] = gain * (1 - LEVELS)
    net[1].W[...], net[1].b[...] = [[1, -1, 1]], -0.5
    return net


def draw_hand(axes, a, b, gain):
    """The three units on one sum: how far each is from its threshold, and what it says."""
    net = hand_adder(gain)
    x, y = encode(a, b)
    said = (net(x)[0, :, 0] > 0).astype(int)
    h, truth = net[0].h[0, 1:], y[0, :, 0].astype(int)
    bits, carry = ((x[0].T + 1) / 2).astype(int), carry_in(a, b)[0]
    rows = np.vstack([bits, carry, bits.sum(axis=0) + carry])
    colors = np.array(
        [shade(bits[0]), shade(bits[1]), shade(carry, CARRY), np.full((BITS, 3), PALE)]
    )
    heads = [str(1 << t) for t in range(BITS)]
    names = [f"a = {a}", f"b = {b}", "carry in", "how many ones"]
    table(axes["T"], rows.astype(str), colors, names=names, heads=heads, left=2.4, size=12)
    axes["T"].set_title("count the ones of each column: 0, 1, 2 or 3")
    values = np.vstack([h.T, [said]])
    texts = np.vstack([np.vectorize("{:.2f}".format)(h.T), said.astype(str)])
    colors = np.array([shade(row >= 0.5, CARRY if k == 1 else ON) for k, row in enumerate(values)])
    names = [
        "unit 1: at least 1",
        "unit 2: at least 2",
        "unit 3: at least 3",
        f"1 − 2 + 3: {number(said)}",
    ]
    table(axes["U"], texts, colors, names=names, heads=heads, left=2.4)
    axes["U"].set_title("unit 2 is the carry of the next column")
    measured = score(net)["sums"]
    verdict = "right" if (said == truth).all() else f"the sum is {a + b}"
    return (
        f"Gain <b>{gain:g}</b>: the net says {number(said)}, {verdict}. Without any training "
        f"it adds <b>{percent(measured)}</b> of all pairs right."
    )


def latch(gain: float, carry: float, ones: int, steps: int) -> np.ndarray:
    """The carry c ← σ(gain (ones + c - 1.5)), again and again; (steps + 1,)."""
    path = [carry]
    for _ in range(steps):
        path.append(float(sigmoid(np.array(gain * (ones + path[-1] - 1.5)))))
    return np.array(path)


def draw_latch(axes, gain, ones):
    """The carry as a function of the last carry, and both carries sent through 32 places."""
    ax, c = axes["M"], np.linspace(0, 1, 101)
    ax.plot([0, 1], [0, 1], color="#999999", lw=1)
    ax.plot(c, sigmoid(gain * (ones + c - 1.5)), color=viz.INK)
    ax.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="carry before", aspect="equal")
    ax.set_title("carry after")
    for start, color in ((1.0, viz.ORANGE), (0.0, viz.BLUE)):
        path = latch(gain, start, ones, PLACES)
        stairs = np.repeat(path, 2)
        ax.plot(stairs[:-1], np.concatenate([[start], stairs[2:]]), color=color, lw=1.2)
        axes["C"].plot(path, "o-", color=color, ms=3.5, lw=1.2)
    axes["C"].axhline(0.5, color=viz.INK, lw=1, ls="--")
    axes["C"].set(
        xlim=(-0.5, PLACES + 0.5), ylim=(-0.03, 1.03), xlabel="places of this kind in a row"
    )
    axes["C"].set_title("the carry, sent through them")
    end = [latch(gain, start, ones, 500)[-1] for start in (1.0, 0.0)]
    if ones != 1:
        word = "a carry" if ones else "no carry"
        return f"{ones} ones decide by themselves: {word}, whatever came before ({end[0]:.2f})."
    if gain <= 4:  # the slope of the curve in the middle is gain / 4
        return (
            f"Gain {gain:g}: there is only <b>one</b> resting place, at 0.50. A carry of 1 "
            f"has faded to {latch(gain, 1.0, 1, PLACES)[-1]:.6f} after {PLACES} places."
        )
    return (
        f"Gain {gain:g}: <b>two</b> resting places, {end[1]:.2f} and {end[0]:.2f}. The carry stays "
        "what it is, for any number of places: a latch."
    )
