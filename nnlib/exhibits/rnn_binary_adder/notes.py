"""The recipe of the old notes: one pair per update, squared error, rate 0.1, 10,000 times."""

import functools
from typing import NamedTuple

import numpy as np

from ... import viz
from ...activations import Sigmoid, sigmoid
from .nets import build
from .task import BITS, SUMS, carry_in, draw_rules, encode, percent

UNITS, LR, ITERATIONS = 16, 0.1, 10_001
EVERY, WINDOW = 500, 200
PLAIN, CROSS, BIASED = range(20), range(20, 24), range(24, 28)
NOTES = {"size": (8.6, 3.6), "axes": ["CCCCCRRRR"]}


def first_weights(seed: int):
    """W0 (2, 16), Wh (16, 16), W1 (16, 1), uniform in (-1, 1), and the generator that drew them.

    The generator is the old one of NumPy, so that the numbers are those the notes' code gives.
    """
    rng = np.random.RandomState(seed)
    W0, W1, Wh = (2 * rng.random_sample(s) - 1 for s in ((2, UNITS), (UNITS, 1), (UNITS, UNITS)))
    return W0, Wh, W1, rng


def one_pair(W0, Wh, W1, a, b):
    """One pair through the net and back: outputs (8,), truth (8,), and what to add to the weights.

    The deltas are y - o, minus the slope of ½ Σ (y - o)²: that is why the notes add them.
    """
    place = np.arange(BITS)
    X, y = np.stack([a >> place & 1, b >> place & 1], axis=1), (a + b) >> place & 1
    h, o = [np.zeros(UNITS)], []
    for t in range(BITS):
        h.append(sigmoid(X[t] @ W0 + h[-1] @ Wh))
        o.append(sigmoid(h[-1] @ W1)[0])
    o = np.array(o)
    delta_out = (y - o) * o * (1 - o)
    dW0, dWh, dW1, delta = np.zeros_like(W0), np.zeros_like(Wh), np.zeros_like(W1), np.zeros(UNITS)
    for t in reversed(range(BITS)):
        delta = (Wh @ delta + W1[:, 0] * delta_out[t]) * h[t + 1] * (1 - h[t + 1])
        dW1 += np.outer(h[t + 1], delta_out[t])
        dWh += np.outer(h[t], delta)
        dW0 += np.outer(X[t], delta)
    return o, y, (dW0, dWh, dW1)


class Runs(NamedTuple):
    """28 runs side by side: 20 as in the notes, 4 with cross-entropy, 4 also with biases."""

    errors: np.ndarray  # (iterations, runs), sum of |y - o|
    sums: np.ndarray  # (iterations, runs), the number answered
    pairs: np.ndarray  # (iterations, runs, 2)
    stops: list  # every 500 iterations: W0, Wh, W1, b, c of all runs


@functools.cache
def old_runs() -> Runs:
    """``one_pair`` for 28 nets at once: one more axis in front of everything."""
    seeds = [*PLAIN, *range(4), *range(4)]
    M, place = len(seeds), np.arange(BITS)
    drawn = [first_weights(seed) for seed in seeds]
    W0, Wh, W1 = (np.stack([weights[k] for weights in drawn]) for k in range(3))
    b, c = np.zeros((M, 1, UNITS)), np.zeros((M, 1, 1))
    pairs = [rng.randint(128, size=2 * ITERATIONS).reshape(-1, 2) for *_, rng in drawn]
    pairs = np.stack(pairs, axis=1)
    cross = (np.arange(M) >= CROSS[0])[:, None, None]
    lr_b = LR * (np.arange(M) >= BIASED[0])[:, None, None]
    errors, sums, stops = np.empty((ITERATIONS, M)), np.empty((ITERATIONS, M), int), []
    h, d = np.zeros((BITS + 1, M, 1, UNITS)), np.zeros((BITS + 1, M, 1, UNITS))
    for k, ab in enumerate(pairs):
        if k % EVERY == 0:
            stops.append([W.copy() for W in (W0, Wh, W1, b, c)])
        X = (ab[:, None] >> place[:, None] & 1).astype(float)  # (M, 8, 2)
        y = (ab.sum(axis=1)[:, None] >> place & 1)[..., None]  # (M, 8, 1)
        xs = (X @ W0 + b).swapaxes(0, 1)[:, :, None]
        for t in range(BITS):
            h[t + 1] = 1 / (1 + np.exp(-(xs[t] + h[t] @ Wh)))
        H = h[1:, :, 0].swapaxes(0, 1)  # (M, 8, 16)
        o = 1 / (1 + np.exp(-(H @ W1 + c)))
        errors[k] = np.abs(y - o).sum(axis=(1, 2))
        sums[k] = ((o[..., 0] > 0.5) << place).sum(axis=1)
        out = (y - o) * np.where(cross, 1, o * (1 - o))
        from_out = (out @ W1.swapaxes(1, 2)).swapaxes(0, 1)[:, :, None]
        slope, WhT = h[1:] * (1 - h[1:]), Wh.swapaxes(1, 2)
        for t in reversed(range(BITS)):
            d[t] = (d[t + 1] @ WhT + from_out[t]) * slope[t]
        D = d[:-1, :, 0].swapaxes(0, 1)
        W1 += LR * H.swapaxes(1, 2) @ out
        Wh += LR * h[:-1, :, 0].transpose(1, 2, 0) @ D
        W0 += LR * X.swapaxes(1, 2) @ D
        b += lr_b * D.sum(axis=1, keepdims=True)
        c += lr_b * out.sum(axis=1, keepdims=True)
    return Runs(errors, sums, pairs, stops)


def right_sums() -> np.ndarray:
    """Whether each run answered its pair right, (iterations, runs)."""
    runs = old_runs()
    return runs.sums == runs.pairs.sum(axis=2)


def first_good(run: int, window: int = WINDOW, share: float = 0.99) -> int | None:
    """From which iteration on a ``window`` first holds ``share`` right sums; None if none does."""
    total = np.concatenate([[0], np.cumsum(right_sums()[:, run])])
    good = np.flatnonzero(total[window:] - total[:-window] >= share * window)
    return int(good[0]) if len(good) else None


def as_net(W0, Wh, W1, b=0.0, c=0.0):
    """The notes' weights in a net of nnlib, changed to inputs of ±1: x01 = (x + 1) / 2."""
    net, _ = build(len(Wh), 0, activation=Sigmoid)
    net[0].Wx[...], net[0].Wh[...] = W0.T / 2, Wh.T
    net[0].b[...] = b + W0.sum(axis=0) / 2
    net[1].W[...], net[1].b[...] = W1.T, c
    return net


def old_net(run: int, stop: int = -1):
    """One of the 28 runs after 500·stop pairs."""
    W0, Wh, W1, b, c = (W[run] for W in old_runs().stops[stop])
    return as_net(W0, Wh, W1, b[0], c[0])


@functools.cache
def sample():
    """2,000 pairs, drawn once, for pictures that must be quick."""
    a, b = np.random.default_rng(0).integers(0, 128, (2, 2000))
    x, y = encode(a, b)
    ones = ((x + 1) / 2).sum(axis=2).astype(int)
    return x, y, 3 * carry_in(a, b) + ones


@functools.cache
def smoothed() -> np.ndarray:
    """Share of right sums among the last 200 iterations, every 100 iterations, (101, runs)."""
    total = np.vstack([np.zeros(28), np.cumsum(right_sums(), axis=0)])
    end = np.arange(0, ITERATIONS, 100)
    return (total[end] - total[np.maximum(end - WINDOW, 0)]) / np.maximum(
        1, np.minimum(end, WINDOW)
    )[:, None]


def draw_notes(axes, seed, iteration):
    """Twenty runs of the old recipe, and how far one of them is, rule by rule."""
    ax, curves = axes["C"], 100 * smoothed()
    at = np.arange(len(curves)) * 100
    ax.plot(at, curves[:, :20], color="#cfcfcf", lw=0.9)
    ax.plot(at, curves[:, seed], color=viz.BLUE)
    ax.axvline(iteration, color=viz.ORANGE, lw=1.5)
    ax.set(xlim=(0, ITERATIONS), ylim=(0, 104), xlabel="pairs seen, one update each")
    ax.set_title("right sums in % of the last 200, seeds 0 to 19")
    x, y, rules = sample()
    right = ((old_net(seed, iteration // EVERY)(x) > 0) == y)[..., 0]
    shares = np.bincount(rules.ravel(), right.ravel(), 6) / np.bincount(rules.ravel(), minlength=6)
    draw_rules(axes["R"], shares.reshape(2, 3), f"seed {seed} after {iteration}")
    worst = int(shares.argmin())
    said = f"It adds {percent(right.all(axis=1).mean())} of 2,000 pairs right"
    if right.all():
        return f"Seed {seed} after {iteration} pairs: all six rules hold. {said}."
    rule = f"{SUMS[worst % 3]} with {'a' if worst > 2 else 'no'} carry"
    return (
        f"Seed {seed} after {iteration} pairs: {said.lower()}; its worst rule, "
        f"{rule}, is right in <b>{percent(shares[worst])}</b>."
    )
