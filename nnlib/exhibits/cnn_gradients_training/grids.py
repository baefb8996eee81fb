"""What the drawings share: pale grids of numbers, frames, and sheets of small maps."""

import math

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from ... import viz

DARK_ORANGE = "#A04000"
PALE = 0.62  # how strong the strongest colour is: numbers on it stay readable
BETWEEN = 0xD3, 0xE1, 0xEE, 0xFF  # what lies between two maps


def shades(values, limit):
    """Pale colours (R, C, 3): orange above 0, purple below, white at 0, grey where NaN."""
    share = PALE * np.clip(np.asarray(values, float) / (limit or 1), -1, 1)[..., None]
    warm, cold = np.array([0.93, 0.55, 0.20]), np.array([0.55, 0.42, 0.75])
    shade = np.where(share >= 0, 1 - share * (1 - warm), 1 + share * (1 - cold))
    return np.where(np.isnan(share), 0.9, shade)


def grid(ax, values, left, top, *, title="", limit=None):
    """Write ``values`` (R, C) into unit squares from the corner (left, top) on; y grows down."""
    limit = np.nanmax(np.abs(values)) if limit is None else limit
    values = np.asarray(values, float) + 0.0  # no -0
    viz.numbers(ax, values, left + 0.5, top + 0.5, colors=shades(values, limit), title=title)


def frame(ax, left, top, row, column, height=1, width=1, *, color=viz.BLUE, lw=2.6):
    """A frame around cells of the grid whose corner is (left, top)."""
    corner = left + column, top + row
    ax.add_artist(Rectangle(corner, width, height, fill=False, ec=color, lw=lw, zorder=4))


def paper(ax, width, height):
    """Plain paper of unit squares, y downwards, with a line for titles above 0."""
    ax.set_axis_off()
    ax.set(xlim=(0, width), ylim=(height, -0.9), aspect="equal")


def mosaic(maps, columns=None):
    """Pictures (K, H, W) side by side in rows of ``columns``, or in a square; NaN between them."""
    maps = np.asarray(maps, float)
    count, height, width = maps.shape
    columns = columns or math.ceil(math.sqrt(count))
    lines = -(-count // columns)
    sheet = np.full((lines * (height + 1) + 1, columns * (width + 1) + 1), np.nan)
    for k, one in enumerate(maps):
        i, j = divmod(k, columns)
        top, left = i * (height + 1) + 1, j * (width + 1) + 1
        sheet[top : top + height, left : left + width] = one
    return sheet


def sheets(ax, *shown, gap=0.16):
    """Square sheets side by side on one axes: (numbers, title, signed) each.

    White to black from 0 up, or orange and purple around 0; the largest number is full.
    """
    for k, (sheet, title, signed) in enumerate(shown):
        limit = max(np.nanmax(np.abs(sheet)), 1e-6)
        colors = viz.toned(sheet, limit, signed)
        colors[np.isnan(sheet)] = BETWEEN
        left = k * (1 + gap)
        ax.add_artist(viz.Cells(colors, (left, left + 1, 0, 1)))
        ax.text(left, 1.04, title, va="bottom", fontsize=11)
    ax.set_axis_off()
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(NullLocator())  # invisible ticks would cost time, too
    ax.set(xlim=(0, len(shown) * (1 + gap) - gap), ylim=(0, 1.2), aspect="equal")


def lying(ax, lengths, *, start=0.0, height=0.7, colors=viz.BLUE):
    """Horizontal bars at 0, 1, ... as one artist, from ``start`` on."""
    y = np.arange(len(lengths))[:, None] + height / 2 * np.array([-1, -1, 1, 1])
    x = np.stack([np.full(len(lengths), start), lengths, lengths, np.full(len(lengths), start)], 1)
    bars = PolyCollection(np.stack([x, y], axis=-1), facecolors=colors, linewidths=0, snap=True)
    ax.add_collection(bars, autolim=False)
