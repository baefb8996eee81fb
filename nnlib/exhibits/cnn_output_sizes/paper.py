"""Squared paper: grids, windows, brackets and small numbers, as few artists as possible."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba

from ... import viz

PAPER, PADDING, READ, UNREAD, DONE = "#ffffff", "#e6e6e6", "#a9d3ee", "#f6c3ac", "#d3e8f6"


def sheet(ax, width, height):
    """Empty paper: no ticks, no frame, y downwards, 10 units to the inch."""
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()


def write(ax, x, y, text, **look):
    """A text that a learner may have typed: no formulas, and no letters the font lacks."""
    shown = "".join(c if c.isascii() or c in "“”×−" else "?" for c in text)
    ax.text(x, y, shown, parse_math=False, **look)


def boxes(ax, x, y, width, height, **kwargs):
    """Rectangles as one artist; x, y, width, height broadcast."""
    x, y, width, height = np.broadcast_arrays(*np.atleast_1d(x, y, width, height))
    corners = np.stack([
        np.stack([x, y], -1), np.stack([x + width, y], -1),
        np.stack([x + width, y + height], -1), np.stack([x, y + height], -1),
    ], axis=1)  # fmt: skip
    ax.add_collection(PolyCollection(corners, **kwargs), autolim=False)


def frame(ax, x, y, width, height, color=viz.BLUE, lw=2.5, **kwargs):
    """An empty rectangle."""
    boxes(ax, x, y, width, height, facecolors="none", edgecolors=color, linewidths=lw, **kwargs)


def grid(ax, x, y, cell, colors, *, lines="#b5b5b5"):
    """A grid of coloured cells, (rows, columns, 4), whose corner is at (x, y)."""
    rows, columns = colors.shape[:2]
    right, bottom = x + columns * cell, y + rows * cell
    if rows * columns <= 400:
        left, top = (edge - cell / 2 for edge in centres(x, y, cell, rows, columns))
        look = {"facecolors": colors.reshape(-1, 4), "edgecolors": lines, "linewidths": 0.7}
        return boxes(ax, left.ravel(), top.ravel(), cell, cell, **look)
    ax.add_artist(viz.Cells(colors, (x, right, bottom, y)))
    if cell >= 0.5:
        across = [[(x, y + i * cell), (right, y + i * cell)] for i in range(rows + 1)]
        down = [[(x + j * cell, y), (x + j * cell, bottom)] for j in range(columns + 1)]
        ax.add_collection(LineCollection(across + down, colors=lines, lw=0.7), autolim=False)
    else:
        frame(ax, x, y, right - x, bottom - y, color=lines, lw=0.7)


def paint(shape, color=PAPER) -> np.ndarray:
    """Cells of one colour, (rows, columns, 4)."""
    return np.broadcast_to(to_rgba(color), (*shape, 4)).copy()


def numbers(ax, x, y, values, *, size=10, color=viz.INK, form="{:.0f}"):
    """A number in the middle of each place, all of them one artist; one color, or one for each."""
    places = np.column_stack([np.ravel(x), np.ravel(y)])
    texts = [form.format(value).replace("-", "−") for value in np.ravel(values)]
    colors = np.broadcast_to(color, len(texts))
    viz.words(ax, places, texts, color=colors, size=size)


def centres(x, y, cell, rows, columns):
    """(x, y) of the middle of every cell of a grid, each (rows, columns)."""
    across, down = x + cell * (np.arange(columns) + 0.5), y + cell * (np.arange(rows) + 0.5)
    return np.meshgrid(across, down)


def brackets(ax, a, step, start, cell, edge, depth, upright):
    """Every window position of an axis as a bar, those that overlap one beside the other.

    The bars lie between ``edge - depth`` and ``edge``; the one of ``step`` is dark.
    """
    lanes = min(-(-a.reach // a.stride), max(a.count, 1))
    thick = min(1.1, depth / lanes)
    along = start + cell * (a.stride * np.arange(a.count) + 0.08)
    aside = edge - thick * (1 + np.arange(a.count) % lanes)
    length, height = cell * (a.reach - 0.16), 0.72 * thick
    colors = [viz.BLUE if i == step else "#9cc9e4" for i in range(a.count)]
    look = {"facecolors": colors, "linewidths": 0}
    if upright:
        boxes(ax, aside, along, height, length, **look)
    else:
        boxes(ax, along, aside, length, height, **look)
