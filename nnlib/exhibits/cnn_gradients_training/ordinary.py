"""Convolution and pooling drawn as ordinary layers: few connections, few different weights."""

import numpy as np
from matplotlib.collections import LineCollection

from ... import viz
from .grids import shades
from .routing import X, layer_for, products

WINDOW = np.array([[1, 2, 0], [-1, 3, 0], [0, 0, 0]])  # its corner 2×2 is the kernel
SIDE = 4  # the input is the corner 4×4 of X
PIXELS = X[:SIDE, :SIDE].astype(float)
KINDS = ["convolution", "max pooling", "average pooling"]
ORDINARY = {"size": (8.6, 4.2), "axes": [["net"] * 2 + ["matrix"] * 3]}
WEIGHTS = [viz.BLUE, viz.ORANGE, viz.GREEN, viz.PURPLE]
DOUT = np.array([2.0, -1.0, 3.0, -2.0, 1.0, -3.0, 2.0, 1.0, -1.0])


def as_matrix(kind, stride):
    """The layer's matrix (cells out, cells in): row r is what cell r hands back for an error 1."""
    layer = layer_for(kind, 2, stride, 0, WINDOW)
    out = layer(PIXELS[None, None])
    units = np.eye(out.size).reshape(-1, *out.shape)
    return np.array([layer.backward(unit).ravel() for unit in units]), layer, out


def draw_ordinary(axes, layer, stride, backward, cell):
    """Left the connections, right the same as a matrix; its transpose sends the errors back."""
    M, net, out = as_matrix(layer, stride)
    dout = DOUT[: len(M)]
    count = len(M[0]) if backward else len(M)
    k = min(cell, count - 1)
    lit = np.zeros(M.shape, bool)
    lit[(slice(None), k) if backward else k] = True
    draw_net(axes["net"], M, lit, dout, out, stride, backward)
    draw_matrix(axes["matrix"], M, lit)
    same = np.array_equal(M.T @ dout, net.backward(dout.reshape(out.shape)).ravel())
    agrees = "exactly" if same else "not"
    share = (M != 0).mean()
    if backward:
        sums = products(M[:, k], dout) or "no connection"
        says = f"Input {k} gathers its column: {sums} = <b>{M[:, k] @ dout:g}</b>. "
    else:
        sums = products(M[k], PIXELS.ravel())
        says = f"Output {k} is its row times x: {sums} = <b>{M[k] @ PIXELS.ravel():g}</b>. "
    if k != cell:
        says = f"There is no cell {cell}; the last one is {k}. " + says
    return says.replace("-", "−") + (
        f"{share:.0%} of the {M.size} weights are not zero. Mᵀ·dout and "
        f"<code>{type(net).__name__}.backward</code> agree {agrees}."
    )


def places(count, height=16.0):
    """Heights of ``count`` nodes, the first on top."""
    return height - (np.arange(count) + 0.5) * height / count


def draw_net(ax, M, lit, dout, out, stride, backward):
    """Nodes and connections; connections of one colour share one weight."""
    left, right = places(M.shape[1]), places(len(M))
    r, i = np.nonzero(M)
    ends = np.stack([np.stack([0 * i, left[i]], -1), np.stack([0 * r + 1, right[r]], -1)], 1)
    (row, column), (top, first) = np.divmod(i, SIDE), np.divmod(r, out.shape[-1])
    tied = np.array(WEIGHTS)[2 * (row - top * stride) + column - first * stride]
    strong = lit[r, i]
    for which, alpha, lw in ((~strong, 0.25, 1.2), (strong, 1.0, 2.6)):
        lines = LineCollection(ends[which], colors=tied[which], lw=lw, alpha=alpha)
        ax.add_collection(lines, autolim=False)
    ax.scatter(np.zeros(len(left)), left, s=30, color=viz.INK, zorder=3)
    ax.scatter(np.ones(len(right)), right, s=30, color=viz.INK, zorder=3)
    inputs = M.T @ dout if backward else PIXELS.ravel()
    outputs = dout if backward else out.ravel()
    for x, heights, values in ((-0.14, left, inputs), (1.14, right, outputs)):
        numerals(ax, np.stack([np.full(len(heights), x), heights], axis=-1), values)
    names = ("dx", "dout") if backward else ("x", "out")
    ax.text(0, 16.4, names[0], ha="center")
    ax.text(1, 16.4, names[1], ha="center")
    ax.set_axis_off()
    ax.set(xlim=(-0.35, 1.35), ylim=(-0.2, 17.4))


def draw_matrix(ax, M, lit):
    """The matrix in numbers; zeros are left white."""
    picture = shades(M, np.abs(M).max())
    picture[(M == 0) & lit] = [0.87, 0.93, 0.98]
    viz.mosaic(ax, picture, aspect="auto")
    numerals(ax, np.argwhere(M)[:, ::-1], M[M != 0])
    ax.set(xticks=[], yticks=[], title="the same as a matrix M: a row per output", xlabel="")
    ax.grid(False)


def numerals(ax, places, values):
    """Numbers in the middle of their places (n, 2)."""
    texts = [f"{value:g}".replace("-", "−") for value in values]
    viz.words(ax, places, texts, size=9)
