"""Small matrices written out as numbers in squares, several of them on one pair of axes."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from ... import viz

DARK_ORANGE = "#A04000"
PALE = 0.62  # how strong the strongest colour is: numbers on it stay readable


def shades(values, limit):
    """Pale colours (R, C, 3): orange above 0, purple below, white at 0."""
    share = PALE * np.clip(np.asarray(values, float) / (limit or 1), -1, 1)[..., None]
    warm, cold = np.array([0.93, 0.55, 0.20]), np.array([0.55, 0.42, 0.75])
    return np.where(share >= 0, 1 - share * (1 - warm), 1 + share * (1 - cold))


def grid(ax, values, left, top, *, title="", limit=None, form="{:g}", empty=None):
    """Write ``values`` (R, C) into unit squares; (left, top) is the upper left corner.

    ``empty`` (R, C) of bools marks cells that are left grey and without a number.
    """
    values = np.asarray(values, float)
    height, width = values.shape
    picture = shades(values, np.abs(values).max() if limit is None else limit)
    blank = np.zeros(values.shape, bool) if empty is None else empty
    picture[blank] = 0.9
    ax.imshow(picture, extent=(left, left + width, top - height, top), aspect="auto")
    across = [((left, top - i), (left + width, top - i)) for i in range(height + 1)]
    down = [((left + j, top), (left + j, top - height)) for j in range(width + 1)]
    ax.add_collection(LineCollection(across + down, colors="#b8b8b8", lw=0.8), autolim=False)
    for (i, j), value in np.ndenumerate(values):
        if not blank[i, j]:
            text = form.format(value + 0.0).replace("-", "−")
            ax.text(left + j + 0.5, top - i - 0.52, text, ha="center", va="center", fontsize=10)
    ax.text(left, top + 0.22, title, va="bottom", fontsize=10)


def frame(ax, left, top, row, column, height=1, width=1, *, color=viz.BLUE, lw=2.6):
    """A frame around cells of the grid whose corner is (left, top)."""
    corner = left + column, top - row - height
    ax.add_patch(Rectangle(corner, width, height, fill=False, ec=color, lw=lw, zorder=4))


def paper(ax, width, height):
    """Plain paper of unit squares, with room for a title line above."""
    ax.set_axis_off()
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")


def mosaic(maps, columns):
    """Pictures (K, H, W) side by side in rows of ``columns``, one NaN wide apart."""
    maps = np.asarray(maps, float)
    count, height, width = maps.shape
    lines = -(-count // columns)
    sheet = np.full((lines * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for k, one in enumerate(maps):
        i, j = divmod(k, columns)
        top, left = i * (height + 1), j * (width + 1)
        sheet[top : top + height, left : left + width] = one
    return sheet
