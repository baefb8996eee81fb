"""Where the error goes: one cell of dout, and the inputs and weights that receive it."""

import numpy as np

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
ROUTES = {"size": (8.6, 3.6)}
TURNED = {"size": (8.6, 3.7)}
DOUT_LEFT, X_LEFT, W_LEFT, DX_LEFT, TOP = 12.4, 0.2, 8.4, 19.6, 7.4


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

    padded = np.pad(X, pad)
    ring = np.pad(np.zeros(X.shape, bool), pad, constant_values=True)
    shift = 1 - pad  # the grid of x keeps its place when the padding comes
    x_left, x_top = X_LEFT + shift, TOP - shift
    empty = ring if layer == "max pooling" else None
    grid(ax, padded, x_left, x_top, title="x" + ", zeros around it" * pad, limit=14, empty=empty)
    frame(ax, x_left, x_top, r * stride, c * stride, k, k)
    if layer == "convolution":
        grid(ax, net.W[0, 0], W_LEFT, TOP, title="W", limit=4)
        grid(ax, net.dW[0, 0], W_LEFT, TOP - 4.3, title="dW", limit=50)
    elif layer == "average pooling":
        grid(ax, np.ones((k, k)), W_LEFT, TOP, title=f"each counts 1/{k * k}", limit=4)
    else:
        ax.text(W_LEFT - 0.3, TOP - 0.6, "no weights:\nthe largest\nwins", va="top")
    grid(ax, whole, DOUT_LEFT, TOP, title="dout", limit=3 * k * k if "average" in layer else 3)
    frame(ax, DOUT_LEFT, TOP, r, c)
    grid(ax, dx, DX_LEFT, TOP - 1, title=f"dx, {until}", limit=9)
    top, left = max(0, r * stride - pad), max(0, c * stride - pad)
    bottom, right = min(SIZE, r * stride - pad + k), min(SIZE, c * stride - pad + k)
    frame(ax, DX_LEFT, TOP - 1, top, left, bottom - top, right - left)
    if layer == "max pooling":
        i, j = divmod(int(net.winner[0, 0, r, c]), k)
        frame(ax, x_left, x_top, r * stride + i, c * stride + j, color=viz.ORANGE)
        frame(
            ax, DX_LEFT, TOP - 1, r * stride - pad + i, c * stride - pad + j, color=viz.ORANGE
        )
    ax.text(12.1, TOP - 1.2, "", va="top")
    paper(ax, 25, 8.6)
    error = whole[r, c]
    beyond = "" if (row, column) == (r, c) else f" There is no cell ({row}, {column}) here:"
    says = f"{beyond} cell <b>({r}, {c})</b> of {rows}×{columns} holds the error {error:g}."
    says = says.strip()
    return f"{says[0].upper()}{says[1:]} {told(layer, net, error, k, stride, pad, chosen)}"


def told(layer, net, error, k, stride, pad, chosen):
    """What the layer does with the error, and whether windows overlap."""
    if layer == "convolution":
        says = (
            f"It goes to dx as {error:g}·W, to dW as {error:g} times the framed inputs, to db as "
            f"it is; db is {net.db[0]:g} now."
        )
    elif layer == "max pooling":
        says = "All of it goes to the largest input of its window (orange), nothing to the others."
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
    grid(ax, W, 0.2, TOP, title="W", limit=4)
    grid(ax, used, 0.2, TOP - 4.3, title="turned by 180°" if turn_the_kernel else "not turned",
         limit=4)  # fmt: skip
    grid(ax, spread, 4.6, TOP, title="dout, zeros around and between", limit=3)
    for i, j in np.argwhere(kept):
        frame(ax, 4.6, TOP, i, j, color="#555555", lw=1.2)
    frame(ax, 4.6, TOP, row, column, 3, 3)
    grid(ax, gathered, 13.0, TOP - 1, title="gathered", limit=14)
    frame(ax, 13.0, TOP - 1, row, column)
    grid(ax, scattered, 19.3, TOP - 1, title="scattered by Conv2d", limit=14)
    frame(ax, 19.3, TOP - 1, row, column)
    apart = np.abs(gathered - scattered).max()
    color = viz.BLUE if apart == 0 else DARK_ORANGE
    ax.text(13.0, 0.55, f"largest difference: {apart:g}", color=color, weight="bold")
    paper(ax, 25, 8.6)
    window = spread[row : row + 3, column : column + 3]
    terms = [f"{w:g}·({d:g})" for w, d in zip(used.ravel(), window.ravel()) if w and d]
    sums = " + ".join(terms) or "nothing but zeros"
    verdict = (
        "equal in every cell, to the last digit" if apart == 0 else "<b>not the same</b>"
    )
    return (
        f"dx({row}, {column}) gathered: {sums} = <b>{gathered[row, column]:g}</b>; scattered: "
        f"<b>{scattered[row, column]:g}</b>. The two dx are {verdict}."
    )
