"""How often each pixel is read, with and without padding."""

import numpy as np
from matplotlib import colormaps

from ... import viz
from .paper import centres, grid, numbers, sheet
from .windows import axis

READS = {"size": (8.6, 4.3)}
SHADES = colormaps["Blues"].resampled(256)


def times_read(a) -> np.ndarray:
    """How often the windows read each pixel of a square image: rows times columns."""
    line = a.reads()[a.before : a.before + a.size] if a.count else np.zeros(a.size, int)
    return np.outer(line, line)


def draw_reads(ax, image_size, kernel, stride, padding):
    """The same image twice, without padding and with it; the number of times each is read."""
    sheet(ax, 84, 41)
    bare, padded = (axis(image_size, kernel, stride, pad) for pad in (0, padding))
    most = max(times_read(bare).max(), times_read(padded).max(), 1)
    for left, a, title in ((6, bare, "padding 0"), (48, padded, f"padding {padding}")):
        if a.count:
            draw_times(ax, left, a, most)
        else:
            ax.text(left, 20, "no window fits", size=12)
        ax.text(left, 1.6, title, size=11, weight="bold")
        ax.text(left + 13, 1.6, f"{a.count}×{a.count} windows", size=10)
    return f"Without padding {in_words(bare)}.<br> With {padding} of padding {in_words(padded)}."


def draw_times(ax, left, a, most):
    """The counts on the pixels, dark at ``most``; beside them those of their row and column."""
    top, cell = 8.0, 32 / a.size
    times, line = times_read(a), a.reads()[a.before : a.before + a.size]
    colors = SHADES(0.85 * times / most)
    grid(ax, left, top, cell, colors)
    x, y = centres(left, top, cell, a.size, a.size)
    size = min(12, 3.6 * cell + 1)
    numbers(ax, x, y, times, size=size, color=viz.readable(colors).ravel())
    numbers(ax, x[0], np.full(a.size, top - 1.5), line, size=9, color="#555555")
    numbers(ax, np.full(a.size, left - 1.7), y[:, 0], line, size=9, color="#555555")
    ax.text(left, top - 3.6, "times a column is read", size=9, color="#555555", va="center")


def in_words(a) -> str:
    """The reads of a corner, of the middle of an edge, and of the centre."""
    if not a.count:
        return "not one window fits"
    times, middle = times_read(a).tolist(), a.size // 2
    corner, edge, centre = times[0][0], times[0][middle], times[middle][middle]
    least, most = min(map(min, times)), max(map(max, times))
    if least == most:
        return f"every pixel is read {'once' if most == 1 else f'{most} times'}"
    said = f"the corner is read <b>{corner}</b>, the edge <b>{edge}</b>, the centre <b>{centre}</b>"
    return said if most == centre and least == corner else f"{said} (all: {least} to {most})"
