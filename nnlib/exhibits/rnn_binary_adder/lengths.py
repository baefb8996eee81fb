"""Trained on 8 bits, tested on 64: random sums, and the longest way a carry can go."""

import functools

import numpy as np

from ... import viz
from .nets import road
from .notes import old_net
from .task import percent

LENGTHS = {"size": (8.6, 3.7), "axes": ["LLLLCCCCC"]}
BITS, SEEDS, PAIRS = 64, 20, 200
RECIPES = {"3 units": 3, "4 units": 4, "16 units": 16, "old recipe": None}
STAGES = {"early": (30, 12), "halfway": (60, 16), "to the end": (150, 20)}  # updates; stop of notes


@functools.cache
def team(recipe: str) -> list:
    """20 seeds, each at the three stages of its training."""
    if RECIPES[recipe] is None:
        return [[old_net(seed, stop) for _, stop in STAGES.values()] for seed in range(SEEDS)]
    stops = [updates for updates, _ in STAGES.values()]
    return [road(RECIPES[recipe], seed, stops) for seed in range(SEEDS)]


@functools.cache
def long_pairs():
    """200 pairs of random 64-bit numbers as ±1 (200, 64, 2), and their sums by hand, (200, 64)."""
    digits = np.random.default_rng(0).integers(0, 2, (PAIRS, BITS, 2))
    carry, y = np.zeros(PAIRS, int), np.empty((PAIRS, BITS), int)
    for t in range(BITS):
        total = digits[:, t].sum(axis=1) + carry
        y[:, t], carry = total % 2, total // 2
    return 2.0 * digits - 1, y


def chain(carry: int) -> np.ndarray:
    """A first place that makes the carry (1 + 1) or none (0 + 0), then 63 places of 1 + 0."""
    x = np.tile([1.0, -1.0], (1, BITS, 1))
    x[0, 0] = 2 * carry - 1
    return x


def holds(net) -> tuple:
    """Through how many places of 1 + 0 the net keeps no carry, and a carry; at most 63."""
    kept = []
    for carry in (0, 1):
        right = (net(chain(carry))[0, 1:, 0] > 0) == (1 - carry)
        kept.append(BITS - 1 if right.all() else int(right.argmin()))
    return tuple(kept)


@functools.cache
def measured(recipe: str, stage: str):
    """For each seed: share of pairs right up to each place (20, 64), and how long carries last."""
    x, y = long_pairs()
    at = list(STAGES).index(stage)
    nets = [stages[at] for stages in team(recipe)]
    right = np.stack([((net(x)[..., 0] > 0) == y) for net in nets])
    return np.cumprod(right, axis=2).mean(axis=1), [holds(net) for net in nets]


def draw_lengths(axes, recipe, trained, seed):
    """Whole sums right against their length, and one carry sent through 63 places."""
    curves, kept = measured(recipe, trained)
    ax, bits = axes["L"], np.arange(1, BITS + 1)
    ax.plot(bits, curves.T, color="#cfcfcf", lw=0.9)
    ax.plot(bits, curves[seed], color=viz.BLUE, lw=2.4)
    ax.axvline(8, color=viz.INK, lw=1, ls="--")
    ax.set(xlim=(1, BITS), ylim=(0, 1.04), xlabel="bits of the numbers")
    ax.set_xticks([8, 16, 32, 48, 64])
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.set_title("random sums right, 20 seeds")
    net = team(recipe)[seed][list(STAGES).index(trained)]
    ax = axes["C"]
    for carry, color in ((1, viz.ORANGE), (0, viz.BLUE)):
        score = np.clip(net(chain(carry))[0, 1:, 0], -12, 12)
        ax.plot(np.arange(1, BITS), score, color=color)
    ax.axhline(0, color=viz.INK, lw=1, ls="--")
    ax.text(63, 11.5, "no carry: must stay above 0", color=viz.BLUE, ha="right", va="top")
    ax.text(63, -11.5, "carry: must stay below 0", color="#a63c00", ha="right")
    ax.set(xlim=(1, BITS), ylim=(-12.5, 12.5), xlabel="places of 1 + 0 in a row")
    ax.set_title("score of the output, one carry on its way")
    return verdict(recipe, trained, seed, curves[seed], kept[seed])


def verdict(recipe, trained, seed, curve, kept) -> str:
    """Where this net stands, in words."""
    said = (
        f"{recipe}, {trained}, seed {seed}: random sums right {percent(curve[7])} at 8 bits, "
        f"<b>{percent(curve[-1])}</b> at 64."
    )
    if curve[7] < 1:
        return f"{said} It has not even learned 8 bits."
    if min(kept) == BITS - 1:
        return f"{said} Either carry lasts through all 63 places."
    what = "that there is no carry" if kept[0] < kept[1] else "a carry"
    return (
        f"{said} But on the long way it forgets {what} after <b>{min(kept)}</b> places: random "
        "sums hardly ask for it."
    )
