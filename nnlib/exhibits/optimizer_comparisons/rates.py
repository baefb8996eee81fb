"""Learning rates: what each method makes of each rate, and the limit 2/L."""

import functools

import numpy as np
from matplotlib.collections import LineCollection

import nnlib as nn
from nnlib import viz

from .race import METHODS, NAMES, RATES, STEPS, draw_markers, gaps, number, run, sweep
from .surfaces import surface
from .walk import walk

CURVATURE = 10.0  # L of f = 5x²
WORKS = 0.01  # a rate works when the run ends below this share of where it began


def short(rate: float) -> str:
    """A rate to two digits, never as a power of ten."""
    return f"{float(f'{rate:.2g}'):g}"


def start_gap(name: str, condition: float) -> float:
    there = surface(name, condition)
    return float(there.value(*there.start) - there.floor)


def decades(name: str, condition: float) -> np.ndarray:
    """For each method: over how many decades of rates it works on this surface."""
    scores = sweep(name, condition, surface(name, condition).start)
    return (scores < WORKS * start_gap(name, condition)).sum(axis=1) * np.log10(RATES[1] / RATES[0])


@functools.lru_cache(maxsize=256)
def one_run(name: str, condition: float, method: str, rate: float) -> np.ndarray:
    """The gap after each step of one method from the usual start."""
    there = surface(name, condition)
    look = METHODS[method]
    path = run(there, there.start, [[rate]], optimizers=[look.optimizer])
    return gaps(there, path)[:, 0, 0]


def draw_robustness(
    axes, surface_name: str, condition_number: float, method: str, rate: float
) -> str:
    """The score of every method at every rate, one run, and how forgiving each method is.

    ``axes`` has "map", "run" and "table".
    """
    name, condition = surface_name, condition_number
    left, right = axes["map"], axes["run"]
    scores = sweep(name, condition, surface(name, condition).start)
    k, look = NAMES.index(method), METHODS[method]
    curves = [np.column_stack([RATES, np.clip(row, 3e-14, 1e5)]) for row in scores]
    colors = [other.color for other in METHODS.values()]
    left.add_collection(LineCollection(curves, colors=colors, lw=1, alpha=0.45), autolim=False)
    left.plot(*curves[k].T, color=look.color, lw=3)
    lowest = np.array([curve[curve[:, 1].argmin()] for curve in curves])
    draw_markers(left, lowest, range(len(NAMES)))
    left.axhline(WORKS * start_gap(name, condition), color="#555555", lw=0.8, ls=":")
    left.axvline(rate, color="#555555", lw=1)
    if name == "ravine":
        left.axvline(2 / max(condition, 1), color=viz.INK, lw=1, ls="--")
        left.text(2 / max(condition, 1), 3e-14, " 2/L", va="bottom", fontsize=9)
    left.set(xscale="log", yscale="log", xlim=(1e-4, 320), ylim=(1e-14, 1e5))
    left.set(title="typical gap at the end, for each rate", xlabel="learning rate")
    left.set_yticks([1e-12, 1e-8, 1e-4, 1, 1e4])
    left.minorticks_off()

    gap = one_run(name, condition, method, rate)
    right.plot(np.minimum(gap, 1e12), color=look.color)
    right.set(yscale="log", xlim=(0, STEPS), ylim=(1e-14, 1e5))
    right.set(title=f"{method} at rate {short(rate)}", xlabel="gradients used")
    right.set_yticks([1e-12, 1e-8, 1e-4, 1, 1e4])
    right.minorticks_off()

    wide = decades(name, condition)
    draw_decades(axes["table"], wide)
    best = short(RATES[scores[k].argmin()])
    end = f"ends {number(gap[-1])} above the minimum" if np.isfinite(gap[-1]) else "diverges"
    return (
        f"<b>{method}</b> at rate {short(rate)} <b>{end}</b>; its best rate here is {best}. "
        "It works (ends below the dotted line, 1 % of the start) "
        f"over <b>{wide[k]:.1f}</b> decades of rates; the most forgiving here is "
        f"{NAMES[wide.argmax()]}, the least {NAMES[wide.argmin()]}."
    )


def draw_decades(ax, wide):
    """How many decades of rates work, for each method."""
    rows = -np.arange(len(NAMES))
    ax.hlines(rows, 0, wide, colors=[look.color for look in METHODS.values()], lw=9, alpha=0.35)
    draw_markers(ax, np.column_stack([wide, rows]), range(len(NAMES)))
    for row, value in zip(rows, wide):
        ax.text(value + 0.2, row, f"{value:.1f}", va="center", fontsize=9)
    ax.set(xlim=(0, 6), ylim=(-7.6, 0.6), title="decades of rates that work")
    ax.set_xticks([])
    ax.set_yticks(rows, NAMES)
    ax.grid(False)


def descent(rate: float, steps: int) -> np.ndarray:
    """x after 0, 1, ..., ``steps`` steps of SGD on f = 5x² from x = 1."""
    return walk(nn.SGD([np.ones(1)], lr=rate), lambda x: CURVATURE * x, steps)[:, 0]


def draw_bounce(axes, rate: float, step: int) -> str:
    """Plain descent in a parabola: creep, hop, bounce or fly."""
    left, right = axes
    x = descent(rate, 100)
    factor = 1 - rate * CURVATURE
    wide = np.linspace(-2.5, 2.5, 101)
    left.plot(wide, 5 * wide * wide, color=viz.GREY)
    left.plot(x[: step + 1], 5 * x[: step + 1] ** 2, "-o", color=viz.BLUE, lw=1, ms=4)
    left.plot(x[step], 5 * x[step] ** 2, "o", color=viz.ORANGE, ms=9)
    left.set(xlim=(-2.5, 2.5), ylim=(-1, 30), title="f = 5x², from x = 1", xlabel="x")

    right.plot(np.abs(x) + 1e-30, color="#d0d0d0")
    right.plot(np.abs(x[: step + 1]) + 1e-30, color=viz.BLUE)
    right.plot(step, abs(x[step]) + 1e-30, "o", color=viz.ORANGE)
    right.set(yscale="log", xlim=(-2, 102), ylim=(1e-12, 1e6))
    right.set(title="distance |x| from the minimum", xlabel="step")
    right.set_yticks([1e-12, 1e-8, 1e-4, 1, 1e4])
    right.minorticks_off()
    if np.isclose(abs(factor), 1):
        fate = "it bounces between 1 and -1 for ever"
    elif abs(factor) > 1:
        fate = "it flies out, further with every step"
    elif np.isclose(factor, 0):
        fate = "one step lands in the minimum"
    else:
        fate = "it hops over the minimum and still comes in" if factor < 0 else "it comes in"
    return (
        f"Each step multiplies x by 1 - ηL = 1 - {rate:g}·10 = <b>{factor:.2f}</b>: {fate}. "
        f"After {step} {'step' if step == 1 else 'steps'} |x| = <b>{abs(x[step]):.4g}</b>."
    )
