"""Plotting primitives: ``f(ax, data, ...)`` draws one thing on one pair of axes.

All of them look the same in every notebook: Okabe-Ito colours, diverging maps with white at 0,
numbers in black next to what they measure.
"""

import functools

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba_array
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
AMBER, SKY, YELLOW, INK, GREY = "#E69F00", "#56B4E9", "#F0E442", "#1a1a1a", "#9a9a9a"
CLASSES = [BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY, YELLOW, INK]
SIGNED = "PuOr_r"  # purple below 0, white at 0, orange above
SQUARE = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def blocks(ax, at, heights, width=0.62, *, bottom=0.0, colors=BLUE, alpha=None):
    """Bars as one artist: the pixels of ``ax.bar`` in a third of its time."""
    at, heights, bottom = (np.atleast_1d(np.asarray(v, float)) for v in (at, heights, bottom))
    x = at[:, None] + width / 2 * np.array([-1, 1, 1, -1])
    y = bottom[:, None] + heights[:, None] * np.array([0, 0, 1, 1])
    corners = np.stack([x, np.broadcast_to(y, x.shape)], axis=-1)
    bars = PolyCollection(corners, facecolors=colors, alpha=alpha, linewidths=0, snap=True)
    ax.add_collection(bars, autolim=False)


def bars(ax, values, names, *, colors=None, limits=None, form="{:.2f}", title=""):
    """One bar per name with its number at the tip; ``limits`` fixes the axis."""
    values = np.asarray(values, float)
    low, high = limits or (min(0, values.min()) * 1.25, max(0, values.max()) * 1.25 or 1)
    blocks(ax, range(len(values)), np.clip(values, low, high), colors=colors or BLUE)
    ax.axhline(0, color="#555555", lw=0.8)
    pad, up, tips = 0.02 * (high - low), values >= 0, np.clip(values, low, high)
    at = np.where(up, np.minimum(tips + pad, high - 4 * pad), np.maximum(tips - pad, low + 4 * pad))
    places, va = np.column_stack([np.arange(len(at)), at]), np.where(up, "bottom", "top")
    words(ax, places, [form.format(value) for value in values], va=va)
    ax.set_xticks(range(len(values)), names)
    ax.set(xlim=(-0.6, len(values) - 0.4), ylim=(low, high), title=title)
    ax.xaxis.grid(False)


def image(ax, pixels, *, limit=None, signed=True, numbers=None, title="", rows=None, columns=None):
    """A matrix as an image: orange above zero, white at zero, purple below (or grey to 1).

    ``numbers`` is a format such as ``"{:.1f}"`` that writes every value into its cell. Returns
    the colours of the cells.
    """
    pixels = np.asarray(pixels, float)
    limit = limit or np.abs(pixels).max() or 1
    colors = toned(pixels, limit, signed)
    mosaic(ax, colors)
    if numbers:
        texts = [numbers.format(value).replace("-", "−") for value in pixels.flat]
        places = np.indices(pixels.shape)[::-1].reshape(2, -1).T
        words(ax, places, texts, color=readable(colors).flat)
    ax.set_title(title)
    ax.grid(False)
    ax.set_xticks(range(len(columns or ())), columns or ())
    ax.set_yticks(range(len(rows or ())), rows or ())
    ax.tick_params(length=0)
    return colors


def numbers(
    ax,
    matrix,
    x=0,
    y=0,
    *,
    form="{:g}",
    limit=None,
    signed=True,
    colors=None,
    size=10,
    edge="#b5b5b5",
    title="",
):
    """A matrix as a grid of square cells with its numbers; many grids fit on one pair of axes.

    The upper left cell is centred on (x, y), a cell is 1 wide, and y has to grow downwards:
    ``ax.set(aspect="equal", ylim=(bottom, top))``. NaN leaves a cell empty.

    Parameters
    ----------
    matrix : array (R, C)
    limit : float, optional
        Colours the cells by their value: orange above zero, purple below, full at ``limit``;
        grey from 0 to ``limit`` without ``signed``. White cells if it is None.
    colors : array (R, C, 3 or 4), optional
        Colours of the cells instead.
    """
    matrix = np.asarray(matrix, float)
    if colors is None:
        shares = np.nan_to_num(matrix / limit) if limit else np.zeros(matrix.shape)
        colors = toned(shares, 1, signed) / 255
    row, column = np.indices(matrix.shape)
    corners = np.stack([column, row], axis=-1)[:, :, None] + [x, y] + SQUARE
    faces = np.reshape(colors, (matrix.size, -1))
    grid = PolyCollection(
        corners.reshape(-1, 4, 2), facecolors=faces, edgecolors=edge, linewidths=0.8, snap=True
    )
    ax.add_collection(grid, autolim=False)
    shown = np.isfinite(matrix)
    texts = [form.format(value).replace("-", "−") for value in matrix[shown]]
    places = np.stack([x + column[shown], y + row[shown]], axis=-1)
    words(ax, places, texts, color=readable(colors)[shown], size=size)
    if title:
        ax.text(x - 0.5, y - 0.75, title, va="bottom", size=size)


@functools.cache
def shades(cmap: str) -> np.ndarray:
    """The 256 colours of a map, as bytes."""
    return colormaps[cmap](np.arange(256), bytes=True)


def shaded(values, high, cmap=SIGNED, low=None) -> np.ndarray:
    """Colours (..., 4), as bytes, of values from ``low`` (-``high`` by default) to ``high``.

    Transparent where the value is NaN.
    """
    values, low = np.asarray(values, float), -high if low is None else low
    share = (np.clip(values, low, high) - low) / ((high - low) or 1)
    colors = shades(cmap)[np.nan_to_num(256 * share).clip(0, 255).astype(np.uint8)]
    colors[np.isnan(values)] = 0
    return colors


def toned(values, limit, signed=True) -> np.ndarray:
    """The house's colours (..., 4) of numbers around 0, full at ``limit``; or of ink from 0 on."""
    return shaded(values, limit) if signed else shaded(values, limit, "gray_r", 0)


def mosaic(ax, colors, extent=None, aspect="equal"):
    """A picture (R, C, 3 or 4), cell by cell: ``ax.imshow`` in a fifth of its time.

    ``extent`` (left, right, bottom, top) is its place; by default cell (i, j) is centred on
    (x, y) = (j, i). The axes end where it ends.
    """
    cells = Cells(colors, extent)
    ax.add_artist(cells)
    ax.set(xlim=cells.extent[:2], ylim=cells.extent[2:], aspect=aspect)


class Cells(Artist):
    """A grid of coloured cells.

    Attributes: ``colors`` (R, C, 4) as bytes, ``extent`` (left, right, bottom, top), by default
    with cell (i, j) centred on (x, y) = (j, i), and ``gap``, the points of white between cells.
    """

    def __init__(self, colors, extent=None, gap=0.0):
        super().__init__()
        colors = np.asarray(colors)
        if colors.dtype != np.uint8:
            colors = np.round(255 * colors).astype(np.uint8)
        if colors.shape[2] == 3:
            colors = np.dstack([colors, np.full(colors.shape[:2], 255, np.uint8)])
        rows, columns, _ = colors.shape
        self.colors, self.gap = colors, gap
        self.extent = extent or (-0.5, columns - 0.5, rows - 0.5, -0.5)
        self.set_zorder(0)

    def draw(self, renderer):
        (left, right, bottom, top), shape = self.extent, self.colors.shape[1::-1]
        corners = self.axes.transData.transform([[left, top], [right, bottom]])
        x, y = (np.rint(np.linspace(*ends, n + 1)).astype(int) for ends, n in zip(corners.T, shape))
        image = self.colors.repeat(abs(np.diff(y)), axis=0).repeat(abs(np.diff(x)), axis=1)
        if half := round(renderer.points_to_pixels(self.gap) / 2):
            for edge in abs(y - y[0]):
                image[max(edge - half, 0) : edge + half] = 255
            for edge in abs(x - x[0]):
                image[:, max(edge - half, 0) : edge + half] = 255
        image = image if y[-1] > y[0] else image[::-1]  # the lowest row comes first
        image = image if x[-1] > x[0] else image[:, ::-1]
        pen = renderer.new_gc()
        pen.set_clip_rectangle(self.axes.bbox)
        renderer.draw_image(pen, int(x.min()), int(y.min()), image)


def words(
    ax, places, texts, *, ha="center", va="center", color=INK, weight="normal", size=10, zorder=3
):
    """Short texts at their places (n, 2): one artist, in a fifth of the time of ``ax.text``.

    ``ha``, ``va``, ``color`` and ``weight`` as there, or a list with one for each text; one line.
    """
    texts = list(texts)
    looks = [[v] * len(texts) if isinstance(v, str) else list(v) for v in (ha, va, color, weight)]
    if texts:
        ax.add_artist(Words(np.asarray(places, float), texts, *looks, size, zorder))


class Words(Artist):
    """What ``words`` draws."""

    ACROSS = {"left": 0, "center": 0.5, "right": 1}  # of its width a text reaches to the left
    DOWN = {"bottom": -0.33, "center": 0.5, "top": 1.04}  # heights of a digit to its baseline

    def __init__(self, places, texts, ha, va, colors, weights, size, zorder):
        super().__init__()
        self.places, self.texts, self.colors, self.size = places, texts, colors, size
        self.across, self.down = [self.ACROSS[h] for h in ha], [self.DOWN[v] for v in va]
        self.fonts = [font(size, weight) for weight in weights]
        self.set_in_layout(False)
        self.set_zorder(zorder)

    def draw(self, renderer):
        if not self.get_visible():
            return
        digit = 0.73 * renderer.points_to_pixels(self.size)
        x, y = self.axes.transData.transform(self.places).T
        base = renderer.height - y + digit * np.array(self.down)
        pen = renderer.new_gc()
        looks = zip(x, base, self.texts, self.across, self.colors, self.fonts, strict=True)
        for left, at, text, across, color, face in looks:
            width, _, _ = renderer.get_text_width_height_descent(text, face, False)
            pen.set_foreground(color)
            renderer.draw_text(pen, left - across * width, at, text, face, 0)
        pen.restore()


@functools.cache
def font(size, weight) -> FontProperties:
    return FontProperties(size=size, weight=weight)


def readable(rgba) -> np.ndarray:
    """ "black" or "white" for every colour (..., 4): the one with the higher contrast on it."""
    rgba = np.asarray(rgba)
    shares = rgba / 255 if rgba.dtype == np.uint8 else rgba
    luminance = shares[..., :3] ** 2.2 @ [0.2126, 0.7152, 0.0722]
    return np.where(luminance > 0.18, "black", "white")


def outline(ax, row, column, height=1, width=1, color=BLUE):
    """A frame around the cells of an image from (row, column) on."""
    corner = (column - 0.5, row - 0.5)
    ax.add_artist(Rectangle(corner, width, height, fill=False, ec=color, lw=2.5))


def points(ax, x, y, *, colors=CLASSES, size=28, edge="white"):
    """Points (n, 2) of the plane, coloured by class."""
    ax.scatter(x[:, 0], x[:, 1], c=np.asarray(colors)[y], s=size, edgecolors=edge, lw=0.6, zorder=3)


def regions(ax, score, limits=(-3, 3), *, colors=CLASSES, cells=80):
    """Colour the plane by the class that wins: ``score`` maps (n, 2) to scores (n, K)."""
    edge = np.linspace(*limits, cells)
    grid = np.stack(np.meshgrid(edge, edge), axis=-1).reshape(-1, 2)
    scores = score(grid)
    winner = scores.argmax(axis=1).reshape(cells, cells)
    tints = np.round(255 * to_rgba_array(colors, 0.28)).astype(np.uint8)  # bytes draw twice as fast
    extent = (*limits, *limits)
    mosaic(ax, tints[winner[::-1]], extent)
    ax.set(xlabel="x₁", ylabel="x₂")


def curve(ax, values, *, span, ceiling, color=BLUE, label=None, title="", xlabel="step"):
    """Values so far, on axes that do not move while they grow."""
    ax.plot(np.arange(1, len(values) + 1), np.minimum(values, ceiling), color=color, label=label)
    ax.set(xlim=(0, span), ylim=(0, ceiling), title=title, xlabel=xlabel)
