"""Move the picture: does its feature map move along?"""

import functools

import numpy as np

from ... import viz
from ...conv import correlate
from .boards import num
from .examples import digit_image, kernel_of
from .photo import AFTER

SQUARE = {"size": (8.6, 5.4), "axes": ["ABC", "DEF"]}
SEEN = {  # kernels that differ in what they can bear
    "Sobel ↔": kernel_of("Sobel ↔"), "Laplacian": kernel_of("Laplacian"),
    "Mean": kernel_of("Mean"),
}  # fmt: skip
SIDE, BORDER = 28, 10


@functools.cache
def paper(digit) -> np.ndarray:
    """A digit in the middle of an empty sheet, (28, 28)."""
    return np.pad(digit_image(digit), BORDER)


def moved(image, right, down, turn, scale) -> np.ndarray:
    """An image made larger about its middle, turned by quarters, then shifted in a circle."""
    if scale > 1:
        big = image.repeat(scale, axis=0).repeat(scale, axis=1)
        cut = (len(big) - len(image)) // 2
        image = big[cut : cut + len(image), cut : cut + len(image)]
    return np.roll(np.rot90(image, turn // 90), (down, right), axis=(0, 1))


def likeness(a, b) -> float:
    """Correlation of two maps: 1 if one is the other, brighter or darker at most."""
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / size) if size else 1.0


def both_ways(digit, kernel, activation, *motion) -> tuple:
    """The image, its map, the map moved; the moved image, and its map."""
    after, w, x = AFTER[activation], SEEN[kernel], paper(digit)
    out = after(correlate(x, w, "same"))
    x_moved = moved(x, *motion)
    return x, out, moved(out, *motion), x_moved, after(correlate(x_moved, w, "same"))


def square(axes, digit, kernel, activation, right, down, turn, scale):
    """Two ways around a square: move the map, or move the image first."""
    x, out, out_moved, x_moved, moved_out = both_ways(
        digit, kernel, activation, right, down, turn, scale
    )
    limit = 0.8 * max(np.abs(out).max(), np.abs(moved_out).max())
    gap = moved_out - out_moved
    brightness, answer = (1, "gray", 0), (limit,)
    color = brightness if activation == "sigmoid" else answer  # from 0 to 1, not around 0
    panels = [
        ("A", x, brightness, "image x"), ("B", out, color, "its map"),
        ("C", out_moved, color, "the map, moved"), ("D", x_moved, brightness, "x moved"),
        ("E", moved_out, color, "map of the moved x"), ("F", gap, answer, "left minus above"),
    ]  # fmt: skip
    for name, pixels, color, title in panels:
        viz.mosaic(axes[name], viz.shaded(pixels, *color))
        axes[name].set_axis_off()
        axes[name].set(title=title)
    for name, text in zip("ABD", "→→→"):
        axes[name].text(SIDE + 1.2, SIDE / 2, text, va="center", size=16)
    most = np.abs(gap).max()
    meets = most < 1e-9
    verdict = "The two ways meet: the map moved along" if meets else "The two ways do not meet"
    if (right, down, turn, scale) == (0, 0, 0, 1):
        verdict = "Nothing is moved yet"
    return (
        f"<b>{verdict}.</b> Largest difference {most:.2f}, correlation "
        f"{num(likeness(moved_out, out_moved), '.2f')}.<br> The largest answer was "
        f"{num(out.max(), '.2f')} and is {num(moved_out.max(), '.2f')}; the sum was "
        f"{num(out.sum(), '.1f')} and is {num(moved_out.sum(), '.1f')}."
    )
