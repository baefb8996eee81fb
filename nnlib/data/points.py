"""Points in the plane with a class each, drawn by a generator.

Every function returns ``x`` (n, 2) float64 and ``y`` (n,) integers, in the order class 0,
class 1, ..., and takes ``rng``, a ``numpy.random.Generator``: the same seed, the same points.
"""

import numpy as np

from ..checks import generator, natural, real


def _labels(n, classes, least=1):
    """Labels 0..classes-1 in nearly equal shares, sorted."""
    return np.sort(np.arange(natural("n", n, max(least, classes))) % classes)


def _blur(x, noise, rng):
    noise = real("noise", noise, 0)
    return x + noise * generator("rng", rng).standard_normal(x.shape)


def blobs(n: int, classes: int = 3, noise: float = 0.5, *, rng) -> tuple:
    """Round clouds, one per class, with centres evenly on a circle of radius 1.5."""
    y = _labels(n, natural("classes", classes))
    angle = 2 * np.pi * y / classes + np.pi / 2
    return _blur(1.5 * np.column_stack([np.cos(angle), np.sin(angle)]), noise, rng), y


def moons(n: int, noise: float = 0.15, *, rng) -> tuple:
    """Two half circles that reach into each other: no line separates them."""
    y = _labels(n, 2)
    angle = np.pi * generator("rng", rng).random(n)
    up = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return _blur(np.where(y[:, None] == 0, up, -up), noise, rng), y


def circles(n: int, noise: float = 0.1, *, rng) -> tuple:
    """A ring of radius 1 (class 1) around a ring of radius 0.4 (class 0)."""
    y = _labels(n, 2)
    angle = 2 * np.pi * generator("rng", rng).random(n)
    radius = np.where(y == 0, 0.4, 1.0)[:, None]
    return _blur(radius * np.column_stack([np.cos(angle), np.sin(angle)]), noise, rng), y


def spiral(n: int, classes: int = 3, noise: float = 0.05, turns: float = 0.75, *, rng) -> tuple:
    """Arms of a spiral, one per class, each winding ``turns`` times round the origin."""
    y = _labels(n, natural("classes", classes))
    radius = 0.1 + 0.9 * generator("rng", rng).random(n)
    angle = 2 * np.pi * (real("turns", turns) * radius + y / classes)
    return _blur(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), noise, rng), y


def xor(n: int, noise: float = 0.0, *, rng) -> tuple:
    """A square in four quarters: class 1 where the signs of x₁ and x₂ differ."""
    y = _labels(n, 2)
    size = 0.1 + 0.9 * generator("rng", rng).random((n, 2))
    left = np.where(rng.random(n) < 0.5, -1, 1)
    sign = np.column_stack([left, np.where(y == 0, left, -left)])
    return _blur(sign * size, noise, rng), y
