"""The questions asked of every argument, each with one answer in words."""

from __future__ import annotations

import numbers
import operator

import numpy as np


def natural(name: str, value, least: int = 1) -> int:
    """``value`` as an int, if it is a whole number of at least ``least``."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} takes a whole number, got {value!r}")
    if number < least:
        raise ValueError(f"{name} takes a whole number >= {least}, got {value!r}")
    return number


def real(name: str, value, low=-np.inf, high=np.inf, *, open_low=False, open_high=False) -> float:
    """``value`` as a float, if it is finite and between ``low`` and ``high``."""
    if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} takes a number, got {value!r}")
    value = float(value)
    above = value > low if open_low else value >= low
    below = value < high if open_high else value <= high
    if not (np.isfinite(value) and above and below):
        left, right = "(" if open_low else "[", ")" if open_high else "]"
        raise ValueError(f"{name} takes a number in {left}{low:g}, {high:g}{right}, got {value!r}")
    return value


def generator(name: str, rng) -> np.random.Generator:
    """``rng``, if it is a ``numpy.random.Generator``."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} takes rng=numpy.random.default_rng(seed), got {rng!r}")
    return rng


def finite(name: str, array) -> np.ndarray:
    """``array``, if it is a float array without NaN and infinity."""
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{name} takes an array of floats, got {kind}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} takes finite numbers, got NaN or infinity")
    return array


def labels(name: str, y, shape: tuple, classes: int, ignore=None) -> np.ndarray:
    """``y``, if it holds one class index in 0..classes-1 for each entry of ``shape``."""
    y = np.asarray(y)
    wanted = f"{name} takes labels y of shape {tuple(shape)}, class indices 0..{classes - 1}"
    if y.shape == (*shape, classes):
        raise ValueError(f"{wanted}, got {y.shape}: for one-hot rows pass y.argmax(axis=-1)")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{wanted}, got {y.dtype}")
    if y.shape != tuple(shape):
        raise ValueError(f"{wanted}, got shape {y.shape}")
    used = y if ignore is None else y[y != ignore]
    if used.size and (used.min() < 0 or used.max() >= classes):
        raise ValueError(f"{wanted}, got {used.min()}..{used.max()}")
    return y
