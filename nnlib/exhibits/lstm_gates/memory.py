"""Write, hold, read: one cell over 30 steps, its gates opened and shut by a schedule.

The schedule is played to a real LSTM: the four sums of every step are its input, and its
weights hand them through.
"""

import numpy as np

import nnlib as nn

from ... import viz
from .diagram import GATE, NEGATIVE, POSITIVE

STEPS = 30
LIMIT = 9.0  # of a gate's sum: σ(9) = 0.99988, never quite 1
HOLD = {"size": (8.6, 5.8), "axes": ["I", "G", "G", "C", "C", "C"]}
NOISE = np.round(np.random.default_rng(4).uniform(-1, 1, STEPS), 2)
UNITS = ["gated cell", "leaky unit"]


def gate_sum(gate):
    """The number a sigmoid turns into this gate, within ±LIMIT."""
    gate = np.clip(np.asarray(gate, float), 1e-9, 1 - 1e-9)
    return np.clip(np.log(gate / (1 - gate)), -LIMIT, LIMIT)


def play(i, f, g, o) -> nn.LSTM:
    """A real cell that was given these gates and candidates for as many steps."""
    cell = nn.LSTM(4, 1, rng=np.random.default_rng(0))
    cell.Wx[...], cell.Wh[...], cell.b[...] = np.eye(4), 0, 0
    sums = [gate_sum(i), gate_sum(f), np.arctanh(np.clip(g, -0.999, 0.999)), gate_sum(o)]
    cell(np.stack(sums, axis=1)[None])
    return cell


def schedule(write_at, value, leak, keep, erase_at, read_at) -> tuple:
    """i, f, g, o of every step: open to write, shut to erase, open to read."""
    step = np.arange(STEPS)
    i, f = np.where(step == write_at, 1.0, leak), np.where(step == erase_at, 0.0, keep)
    g, o = np.where(step == write_at, value, NOISE), np.where(step == read_at, 1.0, 0.0)
    return i, f, g, o


def draw_memory(axes, unit, write_at, value, leak, keep, erase_at, read_at):
    """The candidates, the gates, and what they make of the cell and of h."""
    i, f, g, o = schedule(write_at, value, leak, keep, erase_at, read_at)
    if unit == "leaky unit":
        i, f, o = np.full(STEPS, 1 - keep), np.full(STEPS, keep), np.ones(STEPS)
    cell = play(i, f, g, o)
    c, h = cell.c[0, 1:, 0], cell.h[0, 1:, 0]
    draw_candidates(axes["I"], g, write_at)
    draw_lanes(axes["G"], {name: getattr(cell, name)[0, :, 0] for name in "ifo"})
    draw_traces(axes["C"], c, h, (-1.6, 3.6))  # with the widest leak c climbs to 3.2
    axes["C"].plot(write_at, c[write_at], "o", color=viz.INK, ms=7, mfc="none", mew=1.6)
    axes["C"].plot(read_at, h[read_at], "s", color=viz.BLUE, ms=7, mfc="none", mew=1.6)
    if unit == "leaky unit" and keep == 1:
        return "A leaky unit with a coefficient of 1 keeps for ever, and so it can write nothing."
    if unit == "leaky unit":
        return (
            f"A leaky unit mixes {1 - keep:.0%} of every input into its memory and always shows it:"
            f" of the pulse only {(1 - keep) * value:.4f} goes in, and <b>every other input too</b>"
            f". Its coefficient {keep:.2f} never changes."
        )
    if read_at < write_at:
        empty = (
            "before anything is written"
            if leak == 0
            else "before the pulse; all it holds has leaked in"
        )
        return f"Read at step {read_at}, {empty}: h = {h[read_at]:.4f}."
    erased = write_at < erase_at <= read_at
    return (
        f"Written at step {write_at}: c = {c[write_at]:.4f}. At step {read_at} the cell holds "
        f"<b>{c[read_at]:.4f}</b> and shows h = tanh of it = {h[read_at]:.4f}"
        + (f"; step {erase_at} has erased the pulse." if erased else ".")
    )


def draw_candidates(ax, g, *marked):
    """What could be written at every step; the marked pulses dark."""
    color = np.where(g >= 0, "#E3A36B", "#B9A2CF")
    for at in marked:
        color[at] = POSITIVE if g[at] >= 0 else NEGATIVE
    viz.blocks(ax, range(STEPS), g, 0.6, colors=color)
    ax.axhline(0, color="#555555", lw=0.8)
    ax.set(xlim=(-0.7, STEPS - 0.3), ylim=(-1.1, 1.1))
    ax.set_yticks([-1, 0, 1])
    ax.set_xticks(range(0, STEPS, 5))
    ax.set_title("candidate g: what could be written")


def draw_lanes(ax, gates, width=0.86):
    """One lane per gate: the higher the bar, the more it lets through."""
    rows = list(gates.values())
    at = np.tile(np.arange(len(rows[0])), len(rows))
    bottom = np.repeat(-1.25 * np.arange(len(rows)), len(rows[0]))
    ax.hlines(bottom[:: len(rows[0])] + 1, -0.7, len(rows[0]) - 0.3, color="#d0d0d0", lw=0.8)
    viz.blocks(ax, at, np.concatenate(rows), width, bottom=bottom, colors=GATE)
    ax.set(xlim=(-0.7, len(rows[0]) - 0.3), ylim=(1.15 - 1.25 * len(rows), 1.1))
    ax.set_yticks(-1.25 * np.arange(len(rows)) + 0.5, list(gates))
    ax.set_xticks(range(0, len(rows[0]), 5))
    ax.set_title("gates: a full bar is open, an empty lane is shut")


def draw_traces(ax, c, h, ylim=(-1.6, 1.6)):
    """The cell state as a line over time, h as dots."""
    ax.axhline(0, color="#555555", lw=0.8)
    ax.step(np.arange(STEPS), c, where="mid", color=POSITIVE, lw=2.4)
    ax.plot(np.arange(STEPS), h, ".-", color=viz.BLUE, lw=1, ms=7)
    ax.set(xlim=(-0.7, STEPS - 0.3), ylim=ylim, xlabel="step")
    ax.set_xticks(range(0, STEPS, 5))
    ax.text(0.01, 0.96, "c, the cell state", color=POSITIVE, weight="bold", va="top",
            transform=ax.transAxes)  # fmt: skip
    ax.text(0.22, 0.96, "h, what the cell shows", color=viz.BLUE, weight="bold", va="top",
            transform=ax.transAxes)  # fmt: skip
