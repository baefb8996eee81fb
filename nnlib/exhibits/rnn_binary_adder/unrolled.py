"""Drawing of a cell unrolled along time: states going forward, slopes coming back."""

import numpy as np
from matplotlib.patches import Rectangle

from ... import viz
from .task import BITS


def arrows(ax, starts, ends, color, marker):
    """Straight arrows as two artists."""
    starts, ends = np.asarray(starts, float), np.asarray(ends, float)
    ax.plot(*np.stack([starts, ends], axis=1).transpose(2, 1, 0), color=color, lw=1.6)
    ax.plot(*ends.T, marker, color=color, ms=6)


def draw_unrolled(ax, p, now, back):
    """Eight copies of one cell: bits in, state in the middle, output above."""
    ax.set_axis_off()
    ax.set(xlim=(-1.25, BITS - 0.4), ylim=(-0.2, 4.6))
    done = np.arange(BITS) <= (BITS if back else now)
    reached = np.zeros(BITS, bool) if not back else np.arange(BITS) >= (-1 if now is None else now)
    for t in range(BITS):
        color = viz.ORANGE if t == now else "#b5b5b5"
        ax.add_artist(frame(t, color))
        ax.text(t, 0.15, f"{p.x[t, 0]:+.0f}  {p.x[t, 1]:+.0f}".replace("-", "−"), ha="center")
        if done[t]:
            good = (p.o[t] > 0.5) == p.y[t]
            ax.text(t, 3.55, f"{p.o[t]:.2f}", ha="center", color=viz.INK if good else "#a63c00")
        ax.text(t, 4.1, f"{p.y[t]:.0f}", ha="center", color="#444444")
    for y, name in ((0.15, "bits in ±1"), (2.2, "state h"), (3.55, "output o"), (4.1, "wanted y")):
        ax.text(-0.62, y, name, ha="right")
    places = np.arange(BITS)
    if not back:
        draw_bars(ax, places[done], p.h[1:][done], viz.GREEN)
    else:
        draw_bars(ax, places[~reached], p.h[1:][~reached], "#BFDDD3")
        draw_slopes(ax, places[reached], p.above[reached], p.ahead[reached])
    draw_arrows(ax, places, done, reached, back)


def frame(t, color):
    """The box of the cell at step t."""
    return Rectangle((t - 0.33, 1.15), 0.66, 1.6, fill=False, ec=color, lw=1.6)


def draw_bars(ax, places, h, color):
    """Three bars from the floor of each box: the hidden state between 0 and 1."""
    at = (places[:, None] + np.array([-0.2, 0, 0.2])).ravel()
    if len(at):
        viz.blocks(ax, at, 1.5 * h.ravel(), 0.15, bottom=1.2, colors=color)


def draw_slopes(ax, places, above, ahead):
    """Two signed bars per unit: the slope from the output, and the one from the future."""
    if not len(places):
        return
    top = max(np.abs(above).max(), np.abs(ahead).max(), 1e-12)
    at = places[:, None] + np.array([-0.2, 0, 0.2])
    viz.blocks(
        ax, (at - 0.04).ravel(), 0.72 * above.ravel() / top, 0.07, bottom=1.95, colors=viz.ORANGE
    )
    viz.blocks(
        ax, (at + 0.04).ravel(), 0.72 * ahead.ravel() / top, 0.07, bottom=1.95, colors=viz.BLUE
    )
    ax.hlines(np.full(len(places), 1.95), places - 0.33, places + 0.33, colors="#777777", lw=0.8)


def draw_arrows(ax, places, done, reached, back):
    """What flows: upwards and to the right, or downwards and to the left."""
    grey = "#777777"
    t = places[~reached & done] if back else places[done]
    if len(t):
        arrows(ax, np.c_[t, t * 0 + 0.5], np.c_[t, t * 0 + 1.05], grey, "^")
        arrows(ax, np.c_[t, t * 0 + 2.8], np.c_[t, t * 0 + 3.4], grey, "^")
        arrows(ax, np.c_[t - 0.64, t * 0 + 1.95], np.c_[t - 0.4, t * 0 + 1.95], grey, ">")
    t = places[reached]
    if len(t):
        arrows(ax, np.c_[t, t * 0 + 3.45], np.c_[t, t * 0 + 2.9], viz.ORANGE, "v")
        arrows(ax, np.c_[t, t * 0 + 1.1], np.c_[t, t * 0 + 0.55], grey, "v")
        t = t[t < BITS - 1]
        arrows(ax, np.c_[t + 0.64, t * 0 + 1.95], np.c_[t + 0.4, t * 0 + 1.95], viz.BLUE, "<")
