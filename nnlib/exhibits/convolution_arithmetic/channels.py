"""Channels and filters: which weights meet which values."""

import functools

import numpy as np

from ... import data, viz
from ...conv import Conv2d, correlate
from .boards import EDGE, board, bracket, enlarged, frame, grey, grid, num, sign, signed
from .examples import RGB, RGB_KERNEL

THREE = {"size": (8.6, 4.3)}
TABLE = {"size": (8.6, 5.7)}
NAMES = ["red", "green", "blue", "grey"]
TILE, KERNEL = 60, 36  # pixels
STEP_X, STEP_Y, LEFT, TOP = 122, 84, 84, 108


def three(ax, row, column, bias):
    """Three channels, three kernels, three sums, one bias: one number."""
    padded = np.pad(RGB, ((0, 0), (1, 1), (1, 1)))
    seen = padded[:, row : row + 3, column : column + 3]
    sums = (seen * RGB_KERNEL).sum(axis=(1, 2))
    out = bias + sum(correlate(x, w, "same") for x, w in zip(RGB, RGB_KERNEL))
    for c in range(3):
        x = 8 * c
        corner = grid(ax, padded[c], (x, 0, 7, 7), f"{NAMES[c]}, with a ring of 0", size=9)
        frame(ax, corner, row, column, 3, 3)
        grid(ax, RGB_KERNEL[c], (x, 8.6, 3, 3), "kernel", size=9)
        summed = f"products, sum {num(sums[c])}"
        grid(ax, seen[c] * RGB_KERNEL[c], (x + 4, 8.6, 3, 3), summed, size=9)
    for x in (7.1, 15.1):
        sign(ax, x, 10.1, "+")
    corner = grid(ax, out, (24.4, 1, 5, 5), "feature map", size=9)
    frame(ax, corner, row, column)
    total = sums.sum() + bias
    for k, (name, value) in enumerate([*zip(NAMES, sums), ("bias", bias), ("together", total)]):
        weight = "bold" if k == 4 else "normal"
        ax.text(27.2, 7.6 + k, name, ha="right", va="center_baseline", weight=weight)
        ax.text(28.6, 7.6 + k, num(value), ha="right", va="center_baseline", weight=weight)
    board(ax, 29.9, 12.3)
    added = " + ".join(map(bracket, sums))
    return (
        f"Output cell ({row}, {column}): {added} + bias {bracket(bias)} = <b>{num(total)}</b>. "
        "Each channel has its own kernel; three sums and one bias make one number."
    )


@functools.cache
def colour_channels() -> np.ndarray:
    """Red, green, blue and their mean, (4, 30, 30)."""
    photo = data.photo(30, np.float64)
    return np.concatenate([photo, photo.mean(axis=0, keepdims=True)])


@functools.cache
def filter_bank(k: int) -> np.ndarray:
    """Four filters for four channels, (4, 4, k, k): edges, and colour against colour."""
    mean = np.full((k, k), 1 / k**2)
    ramp = np.linspace(-1, 1, k) if k > 1 else np.zeros(1)
    across = np.outer(np.ones(k), ramp) / k
    none = np.zeros((k, k))
    return np.array([[across] * 4, [mean, -mean, none, none], [across.T] * 4,
                     [-mean, none, mean, none]])  # fmt: skip


@functools.cache
def tiles(k: int) -> tuple:
    """Ready to paste: the kernels of ``filter_bank``, and what each makes of its channel."""
    bank, x = filter_bank(k), colour_channels()
    most = np.abs(bank).max(axis=(1, 2, 3)) + 1e-9
    kernels = [[enlarged(signed(w, 1.2 * m), KERNEL) for w in row] for row, m in zip(bank, most)]
    parts = [
        [enlarged(signed(correlate(x[c], w), 0.5), TILE) for c, w in enumerate(row)] for row in bank
    ]
    return kernels, parts


def table(ax, channels, filters, kernel_size, look_at_filter, look_at_channel):
    """Every kernel of a layer, where its input channel meets its feature map."""
    x = colour_channels()[:channels]
    layer = Conv2d(channels, filters, kernel_size, rng=np.random.default_rng(0))
    layer.W[...] = filter_bank(kernel_size)[:filters, :channels]
    f, c = min(look_at_filter, filters - 1), min(look_at_channel, channels - 1)
    out = layer(x[None])[0]
    height, width = TOP + 4 * STEP_Y, LEFT + 4 * STEP_X + TILE + 24
    canvas = np.full((height, width, 4), 255, np.uint8)
    for k in range(channels):
        at = LEFT + k * STEP_X + KERNEL + 6
        paste(canvas, enlarged(grey(x[k]), TILE), 18, at)
        ax.text(at, 14, f"x[{k}] {NAMES[k]}", va="baseline", weight="bold" if k == c else "normal")
    for j in range(filters):
        draw_row(ax, canvas, layer.W[j], j, out[j], "bold" if j == f else "normal")
    viz.mosaic(ax, canvas)
    ax.set_axis_off()
    ax.set(xlim=(-1, width), ylim=(height, 0))
    y, at = TOP + f * STEP_Y - 18, LEFT + c * STEP_X - 5
    viz.outline(ax, y, 2, TILE + 23, LEFT + channels * STEP_X + TILE + 16)
    deep = TOP + filters * STEP_Y - 18
    viz.outline(ax, 1, at, deep, KERNEL + TILE + 14, color=viz.ORANGE)
    return counted(layer, x, out, f, c)


def looks_for(j, channels, k) -> str:
    """What a filter of ``filter_bank`` answers to, with only so many channels of it in use."""
    if j % 2 == 0:
        return "no edges" if k == 1 else f"edges {'↔↕'[j // 2]}"
    if j == 1:
        return "red − green" if channels > 1 else "red"
    return "blue − red" if channels > 2 else "− red"


def paste(canvas, tile, y, x):
    canvas[y : y + len(tile), x : x + len(tile)] = tile


def draw_row(ax, canvas, W, j, out, weight):
    """One filter: its kernels, what each gets out of its channel, and their sum."""
    y = TOP + j * STEP_Y
    middle = y + TILE / 2
    ax.text(6, middle, f"W[{j}]", va="bottom", weight=weight)
    ax.text(6, middle + 4, looks_for(j, *W.shape[:2]), va="top", size=9)
    kernels, parts = tiles(W.shape[-1])
    for k in range(len(W)):
        at = LEFT + k * STEP_X
        paste(canvas, kernels[j][k], y + 12, at)
        paste(canvas, parts[j][k], y, at + KERNEL + 6)
        sign(ax, at + KERNEL + TILE + 17, middle, "+" if k + 1 < len(W) else "=", size=12)
    at = LEFT + len(W) * STEP_X + 10
    most = max(W.clip(0).sum(), -W.clip(None, 0).sum())
    paste(canvas, enlarged(signed(out, EDGE * most or 1), TILE), y, at)
    ax.text(at, y - 3, f"out[{j}]", va="baseline", size=9, weight=weight)


def counted(layer, x, out, f, c) -> str:
    """Shapes, parameters, and what a dense layer would need."""
    F, C, k, _ = layer.W.shape
    own, dense = layer.W.size + layer.b.size, x.size * out.size + out.size
    maps = ", ".join(map(str, out.shape))
    alone = " A 1×1 kernel sees no neighbour: it mixes channels, but finds no edge." * (k == 1)
    return (
        f"x (1, {C}, 30, 30), W {layer.W.shape}, b ({F},) → out (1, {maps}): "
        f"{F} × ({C}·{k}·{k} + 1) = <b>{own} parameters</b>; a dense layer between the same "
        f"volumes has {dense:,}.<br> The kernel W[{f}, {c}] meets only channel {c} and helps only "
        f"map {f}.{alone}"
    )
