"""A kernel on a photograph, and eight of them at once."""

import functools

import numpy as np

from ... import viz
from ...activations import sigmoid
from ...conv import Conv2d, correlate
from ...interact import Matrix
from .boards import board, enlarged, grey, grid, num, show, toned
from .examples import KERNELS, kernel_of, picture_named

PICTURES = ["photograph", "digit 3", "digit 7"]
LAB = {"size": (8.6, 3.5), "axes": ["PPPPKKKMMMM"]}
MAPS = {"size": (8.6, 4.9)}
TILE, GAP, HEAD = 96, 8, 16  # pixels of the small multiple
AFTER = {"nothing": lambda a: a, "ReLU": lambda a: np.maximum(0, a), "sigmoid": sigmoid}


def lab_controls(start="Sobel ↔") -> dict:
    """Nine weights, a divisor and the picture they slide over."""
    whole, divisor = KERNELS[start]
    names = ["top", "middle", "bottom"], ["left", "centre", "right"]
    return {
        "picture": PICTURES, "kernel": Matrix(whole, -8, 8, 1, *names),
        "divide_by": (1, 16, 1, divisor),
    }  # fmt: skip


def preset(name):
    """A button: put a known kernel on the sliders."""
    whole, divisor = KERNELS[name]
    values = {"kernel": tuple(tuple(map(float, row)) for row in whole), "divide_by": divisor}
    return lambda **_: values


PRESETS = {name: preset(name) for name in KERNELS}


def lab(axes, picture, kernel, divide_by):
    """A picture, nine weights, and the feature map they make of it."""
    pixels, w = picture_named(picture), kernel / divide_by
    answer = correlate(pixels, w)
    show(axes["P"], grey(pixels), f"{picture}, {pixels.shape[0]}×{pixels.shape[1]}")
    total = w.sum()
    middle = axes["K"]
    grid(middle, kernel, (0, 0, 3, 3), "kernel", limit=12, size=13)
    if divide_by > 1:
        middle.text(1, 3.1, f"÷ {divide_by}", ha="center", va="center", size=13)
    middle.text(1, 3.8, f"adds up to {num(total)}", ha="center", va="center")
    board(middle, 2.7, 5.2, top=-2.2)
    show(axes["M"], toned(answer, w), f"feature map, {answer.shape[0]}×{answer.shape[1]}")
    return told(answer, w, total)


def told(answer, w, total) -> str:
    """What the kernel does with an even area, and where it answers loudest."""
    if not w.any():
        return "All nine weights are 0, and so is the whole map:<br> it looks at nothing."
    row, column = np.unravel_index(np.abs(answer).argmax(), answer.shape)
    loudest = f"Its loudest answer is {num(answer[row, column], '+.2f')}, in row {row}, "
    loudest += f"column {column}; the mean is {num(answer.mean(), '.2f')}."
    if abs(total) < 1e-9:
        even = "The weights add up to 0: <b>an even area gives 0</b>, only changes show."
    else:
        even = f"The weights add up to {num(total, '.2f')}: <b>an even area of brightness 1 gives "
        even += f"{num(total, '.2f')}</b>."
    return f"{even}<br> {loudest}"


@functools.cache
def eight_kernels() -> Conv2d:
    """One convolution layer whose eight filters are ``KERNELS``."""
    layer = Conv2d(1, len(KERNELS), 3, rng=np.random.default_rng(0))
    layer.W[...] = [[kernel_of(name)] for name in KERNELS]
    return layer


def noisy(picture, noise) -> np.ndarray:
    """A picture with the same normal noise every time, of standard deviation ``noise``."""
    pixels = picture_named(picture)
    return pixels + noise * np.random.default_rng(0).normal(size=pixels.shape)


def maps(ax, picture, noise, bias, activation):
    """Eight kernels on one picture: one layer, eight feature maps."""
    layer, after = eight_kernels(), AFTER[activation]
    clean, pixels = picture_named(picture), noisy(picture, noise)
    raw = layer(pixels[None, None])[0]
    out = after(raw + bias)
    canvas = np.full((2 * (TILE + HEAD + GAP), 4 * (TILE + GAP), 4), 255, np.uint8)
    for k, (name, answer) in enumerate(zip(KERNELS, out)):
        y, x = divmod(k, 4)
        y, x = y * (TILE + HEAD + GAP) + HEAD, x * (TILE + GAP)
        colors = grey(answer) if activation == "sigmoid" else toned(answer, kernel_of(name))
        canvas[y : y + TILE, x : x + TILE] = enlarged(colors, TILE)
        ax.text(x, y - 3, name, va="baseline")
    viz.mosaic(ax, canvas)
    ax.set_axis_off()
    ax.set(xlim=(-1, canvas.shape[1]), ylim=(canvas.shape[0], 0))
    spread = (raw - layer(clean[None, None])[0]).std(axis=(1, 2))
    names = list(KERNELS)
    mean, laplacian = (spread[names.index(name)] for name in ("Mean", "Laplacian"))
    grain = "Without noise, all you see comes from the picture."
    if noise:
        grain = (
            f"Noise of {noise:.2f} leaves the mean kernel as {mean:.3f} and the Laplacian as "
            f"<b>{laplacian:.3f}</b>: blurring calms it, edge finders shout."
        )
    share = np.mean(out == 0)
    count = f"One layer, {len(out)} kernels, {len(out)} maps"
    return f"{count}; {share:.0%} of all answers are 0.<br> {grain}"
