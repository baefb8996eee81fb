"""What the drawings share: a board of cells, numbers in words, picture tiles."""

import numpy as np

from ... import viz

EDGE = 0.42  # of the largest possible answer of a kernel: where its colours are full


def num(value, form=".4g") -> str:
    """A number with a proper minus sign, and no sign in front of zero."""
    text = format(float(value), form)
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")


def bracket(value, form=".4g") -> str:
    """A number after a sign: a negative one in brackets."""
    return f"({num(value, form)})" if value < 0 else num(value, form)


def some(count, noun) -> str:
    """1 cell, 2 cells, no cell."""
    return f"{count or 'no'} {noun}{'s' if count > 1 else ''}"


def board(ax, width, height, top=-1.7):
    """Square cells, y downwards, nothing around them."""
    ax.set_axis_off()
    ax.set(aspect="equal", xlim=(-0.7, width), ylim=(height, top))


def grid(ax, matrix, slot, title="", *, limit=None, form="{:.3g}", size=10):
    """A pale matrix in the middle of its slot (left, top, columns, rows); returns its corner."""
    matrix = np.asarray(matrix, float)
    left, top, columns, rows = slot
    x, y = left + (columns - matrix.shape[1]) / 2, top + (rows - matrix.shape[0]) / 2
    limit = limit or 2.2 * (np.nanmax(np.abs(matrix), initial=0) or 1)
    longest = max((len(form.format(v)) for v in matrix.ravel() if np.isfinite(v)), default=0)
    size = size if longest < 5 else min(size, 9)
    viz.numbers(ax, matrix + 0.0, x, y, limit=limit, form=form, size=size)
    if title:
        middle = x + matrix.shape[1] / 2 - 0.5
        ax.text(middle, y - 0.75, title, ha="center", va="bottom", size=size)
    return x, y


def frame(ax, corner, row, column, height=1, width=1, color=viz.BLUE):
    """A frame around cells of the grid that stands at ``corner``."""
    viz.outline(ax, corner[1] + row, corner[0] + column, height, width, color)


def sign(ax, x, y, text, size=15):
    """What is done with the grids, written between them."""
    ax.text(x, y, text, ha="center", va="center", size=size)


def grey(pixels, top=1.0) -> np.ndarray:
    """Colours (bytes) of brightness from 0, black, to ``top``, white."""
    return viz.shaded(pixels, top, "gray", 0)


def signed(pixels, limit) -> np.ndarray:
    """Colours (bytes) of numbers around 0: purple below, white at 0, orange above."""
    return viz.shaded(pixels, limit)


def toned(answer, kernel) -> np.ndarray:
    """A feature map in the colours that suit its kernel.

    A kernel with a positive sum passes brightness on: grey, white where a white area would
    come out. The others answer to changes: colours around 0.
    """
    kernel = np.asarray(kernel, float)
    total = kernel.sum()
    if total > 1e-9:
        return grey(answer, total)
    most = max(kernel.clip(0).sum(), -kernel.clip(None, 0).sum())
    return signed(answer, EDGE * most or 1)


def enlarged(pixels, size: int) -> np.ndarray:
    """Every pixel as a square, as large as fits into ``size``, in the middle of white."""
    factor = max(1, size // max(pixels.shape[:2]))
    big = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    tile = np.full((size, size, 4), 255, np.uint8)
    top, left = (size - big.shape[0]) // 2, (size - big.shape[1]) // 2
    tile[top : top + big.shape[0], left : left + big.shape[1]] = big
    return tile


def show(ax, colors, title):
    """Colours (H, W, 4) as a picture with a title."""
    viz.mosaic(ax, colors)
    ax.set_axis_off()
    ax.set(title=title)
