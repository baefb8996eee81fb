"""Where the error goes: one cell of dout, and the inputs and weights that receive it."""

import numpy as np
from matplotlib.collections import LineCollection

from ... import viz
from ...conv import Conv2d, correlate
from ...pooling import AveragePool2d, MaxPool2d
from .grids import DARK_ORANGE, frame, grid, paper

SIZE = 5
X = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4], [6, 2, 6, 4, 3]])
KERNELS = {
    "numbers": np.array([[1, 2, -1], [0, 1, 3], [-2, 1, 2]]),
    "corner": np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]]),
    "edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "symmetric": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
}
LAYERS = ["convolution", "max pooling", "average pooling"]
ROUTES = {"size": (8.6, 3.2)}
TURNED = {"size": (8.6, 3.1)}
X_LEFT, W_LEFT, DOUT_LEFT, DX_LEFT, TOP = 0.1, 8.3, 12.5, 19.7, 1.0


def layer_for(kind, k, stride, pad, kernel=None):
    """The layer of nnlib; a convolution gets the corner k×k of ``kernel`` as its weights."""
    if kind == "max pooling":
        return MaxPool2d(k, stride, pad)
    if kind == "average pooling":
        return AveragePool2d(k, stride, pad)
    conv = Conv2d(1, 1, k, stride, pad, rng=np.random.default_rng(0))
    conv.W[0, 0] = (KERNELS["numbers"] if kernel is None else kernel)[:k, :k]
    return conv


def errors(shape, scale=1):
    """Whole numbers from -3 to 3 without 0, the same for every shape."""
    numbers = np.array([2, -1, 3, -2, 1, -3, 2, 1, -1, 3, -2, 1, 2, -3, 1, -1, 2, 3, -2])
    return scale * np.resize(numbers, shape).astype(float)


def backward(layer, dout):
    """dx (5, 5) of one error; afterwards dW and db stand on a convolution."""
    layer(X[None, None].astype(float))
    return layer.backward(dout[None, None])[0, 0]


def read_by(size, k, stride, pad):
    """How many windows read each of the pixels 0 .. ``size`` - 1 of one axis."""
    starts = range(0, size + 2 * pad - k + 1, stride)
    return np.array([sum(s <= i + pad < s + k for s in starts) for i in range(size)])


def draw_routes(ax, layer, k, stride, pad, row, column, all_cells_so_far):
    """x, the weights, dout and dx in numbers, for one cell of dout or for all up to it."""
    net = layer_for(layer, k, stride, pad)
    rows, columns = net.out_shape((1, SIZE, SIZE))[1:]
    whole = errors((rows, columns), k * k if layer == "average pooling" else 1)
    r, c = min(row, rows - 1), min(column, columns - 1)
    chosen = np.arange(rows * columns).reshape(rows, columns)
    chosen = chosen <= r * columns + c if all_cells_so_far else chosen == r * columns + c
    dx = backward(net, whole * chosen)
    until = "cells up to this one" if all_cells_so_far else "this cell alone"

    padded = np.pad(X.astype(float), pad, constant_values=0 if layer != "max pooling" else np.nan)
    corner = X_LEFT + 1 - pad, TOP - pad  # x keeps its place when the padding comes
    grid(ax, padded, *corner, title="x" + " with its padding" * pad, limit=14)
    frame(ax, *corner, r * stride, c * stride, k, k)
    draw_weights(ax, layer, net, k)
    grid(ax, whole, DOUT_LEFT, TOP, title="dout", limit=3 * k * k if "average" in layer else 3)
    frame(ax, DOUT_LEFT, TOP, r, c)
    grid(ax, dx, DX_LEFT, TOP, title=f"dx, {until}", limit=9)
    top, left = max(0, r * stride - pad), max(0, c * stride - pad)
    bottom, right = min(SIZE, r * stride - pad + k), min(SIZE, c * stride - pad + k)
    if layer == "max pooling":
        frame(ax, DX_LEFT, TOP, top, left, bottom - top, right - left, lw=1.2)
        i, j = divmod(int(net.winner[0, 0, r, c]), k)
        frame(ax, *corner, r * stride + i, c * stride + j, color=viz.ORANGE)
        top, left = r * stride - pad + i, c * stride - pad + j
        bottom, right = top + 1, left + 1
    color = viz.ORANGE if layer == "max pooling" else viz.BLUE
    frame(ax, DX_LEFT, TOP, top, left, bottom - top, right - left, color=color)
    ends = [
        [(DOUT_LEFT + c + 1, TOP + r + end), (DX_LEFT + left, TOP + edge)]
        for end, edge in ((0, top), (1, bottom))
    ]
    ax.add_collection(LineCollection(ends, colors=color, lw=1, zorder=0), autolim=False)
    paper(ax, 25, 8.2)
    error = whole[r, c]
    beyond = "" if (row, column) == (r, c) else f" There is no cell ({row}, {column}) here:"
    says = f"{beyond} cell <b>({r}, {c})</b> of {rows}×{columns} holds the error {error:g}."
    says = says.strip()
    says = f"{says[0].upper()}{says[1:]} {told(layer, net, error, k, stride, pad, chosen)}"
    return says.replace("-", "−")


def draw_weights(ax, layer, net, k):
    """W and dW of a convolution; what stands in their place for a pooling."""
    if layer == "convolution":
        grid(ax, net.W[0, 0], W_LEFT, 0, title="W", limit=4)
        grid(ax, net.dW[0, 0], W_LEFT, 4.3, title="dW", limit=50)
    elif layer == "average pooling":
        grid(ax, np.ones((k, k)), W_LEFT, TOP, title=f"each counts 1/{k * k}", limit=4)
    else:
        ax.text(W_LEFT, TOP + 0.2, "no weights:\nthe largest\nwins", va="top")


def told(layer, net, error, k, stride, pad, chosen):
    """What the layer does with the error, and whether windows overlap."""
    if layer == "convolution":
        says = (
            f"It goes to dx as {error:g}·W, to dW as {error:g} times the framed inputs, to db as "
            f"it is; db is {net.db[0]:g} now."
        )
    elif layer == "max pooling":
        says = (
            "All of it goes to the largest input of its window (orange; of equal ones the first), "
            "nothing to the others."
        )
    else:
        says = f"Each input of its window gets a {k * k}th of it: {error / (k * k):g}."
    most = read_by(SIZE, k, stride, pad).max() ** 2
    if most > 1:
        says += f" Windows overlap, up to {most} of them on one input: their shares are added."
    else:
        says += " No two windows overlap."
    if chosen.all():
        says += " All cells are in: this is what <code>backward</code> returns."
    return says


def next_cell(layer, k, stride, pad, row, column, **_):
    """The controls of the cell after this one, row by row; after the last comes the first."""
    rows, columns = layer_for(layer, k, stride, pad).out_shape((1, SIZE, SIZE))[1:]
    place = (min(row, rows - 1) * columns + min(column, columns - 1) + 1) % (rows * columns)
    return dict(zip(("row", "column"), divmod(place, columns)))


def products(factors, others) -> str:
    """ "2·3 + (−1)·4": the products that are not zero, as a sum."""

    def said(number):
        return f"{number:g}" if number >= 0 else f"(−{-number:g})"

    return " + ".join(f"{said(a)}·{said(b)}" for a, b in zip(factors, others) if a and b)


# ---- the same dx, gathered -----------------------------------------------------------------------


def spread_out(dout, stride, k=3, size=SIZE):
    """dout with stride - 1 zeros between its cells, and around it zeros for a wide correlation."""
    spread = np.zeros((size - k + 1, size - k + 1))
    spread[::stride, ::stride][: len(dout), : len(dout)] = dout
    return np.pad(spread, k - 1)


def draw_turned(ax, kernel, stride, row, column, turn_the_kernel):
    """dx twice: gathered by a wide correlation with the turned kernel, and scattered."""
    W = KERNELS[kernel]
    net = layer_for("convolution", 3, stride, 0, W)
    dout = errors(net.out_shape((1, SIZE, SIZE))[1:])
    scattered = backward(net, dout)
    used = np.rot90(W, 2) if turn_the_kernel else W
    spread = spread_out(dout, stride)
    gathered = correlate(spread, used)
    kept = np.zeros(spread.shape, bool)
    kept[2:-2, 2:-2][::stride, ::stride][: len(dout), : len(dout)] = True
    grid(ax, W, 0.2, 0, title="W", limit=4)
    grid(ax, used, 0.2, 4.3, title="turned by 180°" if turn_the_kernel else "not turned",
         limit=4)  # fmt: skip
    grid(ax, spread, 4.8, 0.4, title="dout, zeros around and between", limit=3)
    for i, j in np.argwhere(kept):
        frame(ax, 4.8, 0.4, i, j, color="#555555", lw=1.2)
    frame(ax, 4.8, 0.4, row, column, 3, 3)
    grid(ax, gathered, 13.0, TOP, title="gathered", limit=14)
    frame(ax, 13.0, TOP, row, column)
    grid(ax, scattered, 19.3, TOP, title="scattered by Conv2d", limit=14)
    frame(ax, 19.3, TOP, row, column)
    apart = np.abs(gathered - scattered).max()
    color = viz.BLUE if apart == 0 else DARK_ORANGE
    ax.text(13.0, 7, f"largest difference: {apart:g}", color=color, weight="bold")
    paper(ax, 25, 8)
    window = spread[row : row + 3, column : column + 3]
    sums = products(used.ravel(), window.ravel()) or "nothing but zeros"
    verdict = "equal in every cell, to the last digit" if apart == 0 else "<b>not the same</b>"
    return (
        f"dx({row}, {column}) gathered: {sums} = <b>{gathered[row, column]:g}</b>; scattered: "
        f"<b>{scattered[row, column]:g}</b>. The two dx are {verdict}."
    ).replace("-", "−")
