"""Where the carry sits in the hidden state, and what happens to the sum when it is flipped."""

import functools
from typing import NamedTuple

import numpy as np

from ... import viz
from .nets import HIDDEN, trained
from .task import (
    BITS,
    CARRY,
    PALE,
    WRONG,
    carry_in,
    carry_out,
    encode,
    every_pair,
    number,
    percent,
    shade,
    table,
)  # fmt: skip

SEED = 0
DIRECTION = "difference of the means"
UNIT_NAMES = [f"unit {k + 1}" for k in range(HIDDEN)]
CARRY_MAP = {"size": (8.6, 5.0), "axes": ["PPPPSSSS", "TTTTSSSS"]}
FLIP = {"size": (8.6, 3.4), "axes": ["TTTTTTCCCCC"]}
PUSHES = np.linspace(0, 1.5, 31)
INK = {0: viz.BLUE, 1: viz.ORANGE}
LABEL = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}


class Detector(NamedTuple):
    """A direction in the state, and the threshold that tells carry from no carry best."""

    w: np.ndarray  # (H,)
    threshold: float
    sign: int  # +1 if the carry lies above the threshold
    accuracy: float


class Carrier(NamedTuple):
    """A trained net, its states on all pairs, and a detector for each way of looking."""

    net: object
    h: np.ndarray  # (16384, 8, H), the state after each place
    carry: np.ndarray  # (16384, 8), what it must know there
    shift: np.ndarray  # (H,), mean state with a carry minus mean state without
    detectors: dict


def detect(h, carry, w) -> Detector:
    """The best threshold for h·w, taken in the middle of all that are equally good."""
    p = (h @ w).ravel()
    yes = carry.ravel().astype(bool)
    edges = np.linspace(p.min() - 1e-9, p.max() + 1e-9, 401)
    no_below = np.concatenate([[0], np.cumsum(np.histogram(p[~yes], edges)[0])])
    yes_below = np.concatenate([[0], np.cumsum(np.histogram(p[yes], edges)[0])])
    right = no_below + yes.sum() - yes_below  # if the carry lies above
    sign = 1 if right.max() >= len(p) - right.min() else -1
    right = right if sign == 1 else len(p) - right
    best = edges[right == right.max()]
    return Detector(w, float(best[len(best) // 2]), sign, float(right.max() / len(p)))


@functools.cache
def carrier() -> Carrier:
    """The adder of 100 updates, looked at over all 16,384 pairs."""
    net = trained(HIDDEN, SEED)
    a, b, x, _ = every_pair()
    net(x)
    h, carry = net[0].h[:, 1:].copy(), carry_out(a, b)
    shift = h[carry == 1].mean(axis=0) - h[carry == 0].mean(axis=0)
    ways = {DIRECTION: shift / np.linalg.norm(shift)}
    ways |= dict(zip(UNIT_NAMES, np.eye(HIDDEN)))
    detectors = {name: detect(h, carry, w) for name, w in ways.items()}
    return Carrier(net, h, carry, shift, detectors)


@functools.cache
def plane():
    """A sample of states (n, 16), and the direction across the carry in which they differ most."""
    found = carrier()
    rows = np.random.default_rng(0).choice(len(found.h), 150, replace=False)
    h, carry = found.h[rows].reshape(-1, HIDDEN), found.carry[rows].ravel()
    along = found.detectors[DIRECTION].w
    rest = h - h.mean(axis=0)
    rest = rest - np.outer(rest @ along, along)
    across = np.linalg.svd(rest, full_matrices=False)[2][0]
    x = every_pair()[2]
    ones = ((x[rows] + 1) / 2).sum(axis=2).astype(int).ravel()
    return h, carry, ones, h @ across


def draw_carry(axes, detector, a, b):
    """All states seen along one direction: two heaps if the direction carries the carry."""
    found = carrier()
    d = found.detectors[detector]
    draw_heaps(axes["P"], found, d)
    h, carry, ones, across = plane()
    ax = axes["S"]
    for c in (0, 1):
        for k, marker in enumerate("os^"):
            at = (carry == c) & (ones == k)
            ax.plot((h @ d.w)[at], across[at], marker, color=INK[c], ms=4.5, alpha=0.6, mew=0)
    span = 3.6 if detector == DIRECTION else 1.15
    ax.axvline(d.threshold / span, color=viz.INK, lw=1.2, ls="--")
    ax.set(xlim=(-1, 1), ylim=(-3.2, 3.2))
    for line in ax.lines[:-1]:
        line.set_xdata(line.get_xdata() / span)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(False)
    ax.set_title("1,200 states; ● 0+0  ■ 0+1  ▲ 1+1 just read")
    draw_trace(axes["T"], found, d, a, b)
    right = percent(d.accuracy)
    what = "This direction" if detector == DIRECTION else f"Alone, {detector}"
    verdict = "it <b>is</b> the carry" if d.accuracy == 1 else "it knows something else too"
    chance = percent(max(found.carry.mean(), 1 - found.carry.mean()))
    return (
        f"{what} tells carry from no carry in <b>{right}</b> of all 131,072 states "
        f"(always saying no: {chance}): {verdict if d.accuracy > 0.95 else 'not the carry'}."
    )


def draw_heaps(ax, found, d):
    """How often each value of h·w occurs, with and without a carry."""
    p = (found.h @ d.w).ravel()
    span = np.abs(p).max()
    edges = np.linspace(-span, span, 61)
    for c, color in INK.items():
        count, _ = np.histogram(p[found.carry.ravel() == c], edges)
        middle = (edges[1:] + edges[:-1]) / 2 / span
        viz.blocks(ax, middle, np.sqrt(count), 2 / 60, colors=color, alpha=0.7)
    ax.axvline(d.threshold / span, color=viz.INK, lw=1.2, ls="--")
    ax.set(xlim=(-1, 1), ylim=(0, 230))
    ax.text(-0.98, 215, "no carry", color=viz.BLUE, va="top", bbox=LABEL)
    ax.text(0.98, 215, "carry", color="#a63c00", ha="right", va="top", bbox=LABEL)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_title("all states along it (height: √number)")


def draw_trace(ax, found, d, a, b):
    """The projection after each place of one sum, with the true carry."""
    (x, _), carry = encode(a, b), carry_out(a, b)[0]
    found.net(x)
    p = found.net[0].h[0, 1:] @ d.w
    span = np.abs(found.h.reshape(-1, HIDDEN)[::97] @ d.w).max()
    value = d.sign * (p - d.threshold) / span
    viz.blocks(ax, np.arange(BITS), value, 0.6, colors=[INK[int(c)] for c in carry])
    ax.axhline(0, color=viz.INK, lw=1.2, ls="--")
    ax.set(xlim=(-0.6, BITS - 0.4), ylim=(-2, 2))
    ax.set_xticks(range(BITS), [str(1 << t) for t in range(BITS)])
    ax.set_yticks([-1, 1], ["says no", "says carry"])
    ax.grid(False)
    ax.set_title("your sum, place by place; orange: a carry is due")


def flipped(x, carry, after, push):
    """Scores (N, 8 - after - 1) of the places behind ``after``, the carry there pushed over."""
    found = carrier()
    found.net(x[:, : after + 1])
    h = found.net[0].h[:, after + 1].copy()
    h += push * np.where(carry[:, after, None] == 1, -1, 1) * found.shift
    return found.net[1](found.net[0](x[:, after + 1 :], h0=h))[..., 0]


def pushed(a: int, b: int, after: int, push: float):
    """The bits the net says for a + b, and those it says when its carry is pushed over."""
    (x, _), carry = encode(a, b), carry_out(a, b)
    before = (carrier().net(x)[0, :, 0] > 0).astype(int)
    now = before.copy()
    now[after + 1 :] = flipped(x, carry, after, push)[0] > 0
    return before, now


@functools.cache
def flip_shares() -> np.ndarray:
    """(7, 31, 2): share of 1,000 pairs unchanged, and with exactly the carry flipped."""
    a, b = np.random.default_rng(1).integers(0, 128, (2, 1000))
    (x, _), carry = encode(a, b), carry_out(a, b)
    shares = np.empty((BITS - 1, len(PUSHES), 2))
    for after in range(BITS - 1):
        place = after + 1
        other = a + b + np.where(carry[:, after] == 1, -1, 1) * (1 << place)
        for k, push in enumerate(PUSHES):
            said = flipped(x, carry, after, push) > 0
            for which, total in enumerate((a + b, other)):
                bits = total[:, None] >> np.arange(place, BITS) & 1
                shares[after, k, which] = (said == bits).all(axis=1).mean()
    return shares


def draw_flip(axes, a, b, flip_after, push):
    """One sum before and after its carry was pushed over, and how strong a push it takes."""
    (x, _), (before, after) = encode(a, b), pushed(a, b, flip_after, push)
    digits = np.vstack([carry_in(a, b)[0], (x[0].T + 1) / 2, before, after]).astype(int)
    colors = np.array([shade(digits[0], CARRY), *(shade(row) for row in digits[1:])])
    colors[0] = np.where(digits[0][:, None] > 0, colors[0], PALE)
    colors[4] = np.where((before == after)[:, None], colors[4], WRONG)
    names = [
        "carry in",
        f"a = {a}",
        f"b = {b}",
        f"net: {number(before)}",
        f"pushed: {number(after)}",
    ]
    mark = (0, flip_after + 1, 5)
    heads = [str(1 << t) for t in range(BITS)]
    table(axes["T"], digits.astype(str), colors, names=names, heads=heads, left=2.3, mark=mark)
    axes["T"].set_title(f"the state is pushed before place {flip_after + 1}")
    ax, shares = axes["C"], flip_shares()[flip_after]
    ax.plot(PUSHES, shares[:, 0], color=viz.BLUE)
    ax.plot(PUSHES, shares[:, 1], color=viz.ORANGE)
    ax.axvline(push, color=viz.INK, lw=1.2, ls="--")
    ax.text(0.03, 0.8, "sum\nunchanged", color=viz.BLUE)
    ax.text(1.47, 0.45, "carry\nflipped", color="#a63c00", ha="right")
    ax.set(xlim=(0, 1.5), ylim=(0, 1.04), xlabel="push, in distances between the two means")
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.set_title("of 1,000 pairs")
    k = int(np.abs(PUSHES - push).argmin())
    off = number(after) - number(before)
    effect = "the answer stays" if off == 0 else f"the answer moves by <b>{off:+d}</b>"
    return (
        f"Pushed by {push:.2f} of the way, {effect} (one carry into this place is worth "
        f"{1 << (flip_after + 1)}). Of 1,000 pairs {percent(shares[k, 1])} answer exactly as if "
        f"the carry were the other one."
    )
