"""Parts: layers without weights. Each can count what it costs and build the layer it stands for.

A part knows only its own settings; the shape of one example comes in from the layer before.
So a network of 140 million weights is counted without drawing one of them.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from math import prod
from typing import NamedTuple

import numpy as np

from .. import conv, dropout, linear, normalization, pooling
from ..checks import natural, real
from ..conv.layers import connections
from ..conv.sizes import Window


class Count(NamedTuple):
    """What one layer costs for one example.

    parameters : numbers it learns.
    connections : lines drawn into its units, one per weight used and one per bias; padding
        counts. Without weight sharing each would be a parameter of its own.
    macs : products of a weight with a value, each with its addition. Counted at inference:
        pooling and activations cost none, and batch norm folds into the layer before it.
    """

    out: tuple
    axes: tuple
    parameters: int = 0
    connections: int = 0
    macs: int = 0


class Part:
    """A layer without weights."""

    def count(self, shape: tuple, axes: tuple) -> Count:
        """What the layer costs on one example of ``shape`` seen through ``axes``."""
        raise NotImplementedError

    def layer(self, shape: tuple, init, rng):
        """The layer itself, for examples of ``shape``."""
        raise NotImplementedError

    def __repr__(self):
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default is MISSING:
                words.append(short(value))
            elif value is not field.default and not np.array_equal(value, field.default):
                words.append(f"{field.name}={short(value)}")
        return f"{type(self).__name__}({', '.join(words)})"


def short(value) -> str:
    """A setting in a few characters."""
    if isinstance(value, np.ndarray):
        return "×".join(map(str, value.shape))
    if isinstance(value, list):
        return f"[{', '.join(map(short, value))}]"
    return value.__name__ if isinstance(value, type) else str(value)


def refuse(part, shape, wanted):
    """Raise the ValueError of a part that was given examples of the wrong shape."""
    raise ValueError(f"{part} takes examples of shape {wanted}, got {tuple(shape)}")


def maps(part, shape) -> tuple:
    """(C, H, W), if ``shape`` is that of an image."""
    if len(shape) != 3:
        refuse(part, shape, "(C, H, W)")
    return shape


def slide(window, shape, axes) -> tuple:
    """The window positions on an image, and what a unit sees behind them."""
    g = window.on(*shape[1:])
    pads = (before for before, _ in g.pad)
    settings = zip(g.k, g.stride, pads, g.dilation, g.out)
    return g, tuple(axis.window(*setting) for axis, setting in zip(axes, settings))


class NoBias(conv.Conv2d):
    """A convolution whose b stays at zero, because the batch norm behind it adds its own."""

    params = ("W",)
    state = ("b",)


@dataclass(frozen=True, repr=False)
class Conv(Part):
    """``Conv2d`` with c_out maps: C·kh·kw weights and a bias each, used at every position."""

    c_out: int
    k: int | tuple
    stride: int | tuple = 1
    pad: int | tuple | str = 0
    dilation: int | tuple = 1
    groups: int = 1
    table: np.ndarray | None = None
    bias: bool = True

    def links(self, c_in) -> np.ndarray | None:
        """The connection table, or None where every map sees every map."""
        if self.table is None and self.groups == 1:
            return None
        if self.groups != 1 and self.table is not None:
            raise ValueError("Conv takes a table or groups, got both")
        if self.table is not None:
            return connections("Conv", self.table, c_in, self.c_out)
        return conv.group_table(c_in, self.c_out, self.groups)

    def count(self, shape, axes):
        c_in, c_out = maps(self, shape)[0], natural("Conv c_out", self.c_out)
        g, axes = slide(Window("Conv", self.k, self.stride, self.pad, self.dilation), shape, axes)
        table = self.links(c_in)
        kernels = c_in * c_out if table is None else int(table.sum())
        weights, biases, positions = kernels * prod(g.k), c_out * self.bias, prod(g.out)
        parameters = weights + biases
        out = c_out, *g.out
        return Count(out, axes, parameters, parameters * positions, weights * positions)

    def layer(self, shape, init, rng):
        kind, c_in = conv.Conv2d if self.bias else NoBias, maps(self, shape)[0]
        window = self.k, self.stride, self.pad, self.dilation
        return kind(c_in, self.c_out, *window, table=self.links(c_in), init=init, rng=rng)


@dataclass(frozen=True, repr=False)
class MaxPool(Part):
    """``MaxPool2d``: every unit looks at the kh·kw cells of its window."""

    k: int | tuple
    stride: int | tuple | None = None
    pad: int | tuple | str = 0

    kind = pooling.MaxPool2d

    def count(self, shape, axes):
        c, *_ = maps(self, shape)
        g, axes = slide(self.kind(self.k, self.stride, self.pad).window, shape, axes)
        out = c, *g.out
        return Count(out, axes, connections=prod(out) * prod(g.k))

    def layer(self, shape, init, rng):
        return self.kind(self.k, self.stride, self.pad)


@dataclass(frozen=True, repr=False)
class AveragePool(MaxPool):
    """``AveragePool2d``."""

    kind = pooling.AveragePool2d


@dataclass(frozen=True, repr=False)
class TrainablePool(AveragePool):
    """``TrainablePool2d``: kh·kw cells and a bias into each unit, two parameters per map."""

    def count(self, shape, axes):
        plain = super().count(shape, axes)
        units = prod(plain.out)
        return plain._replace(
            parameters=2 * shape[0], connections=plain.connections + units, macs=units
        )

    def layer(self, shape, init, rng):
        return pooling.TrainablePool2d(maps(self, shape)[0], self.k, self.stride, self.pad)


@dataclass(frozen=True, repr=False)
class GlobalAverage(Part):
    """``GlobalAveragePool2d``: one number per map."""

    def count(self, shape, axes):
        axes = tuple(axis.everything() for axis in axes)
        return Count(maps(self, shape)[:1], axes, connections=prod(shape))

    def layer(self, shape, init, rng):
        return pooling.GlobalAveragePool2d()


@dataclass(frozen=True, repr=False)
class Flat(Part):
    """``Flatten``."""

    def count(self, shape, axes):
        return Count((prod(shape),), axes)

    def layer(self, shape, init, rng):
        return linear.Flatten()


@dataclass(frozen=True, repr=False)
class Dense(Part):
    """``Linear`` with n_out units: n_in weights and a bias each, along the last axis."""

    n_out: int

    def count(self, shape, axes):
        *rows, n_in = shape
        n_out = natural("Dense n_out", self.n_out)
        if not rows:
            axes = tuple(axis.everything() for axis in axes)
        parameters = n_in * n_out + n_out
        macs = prod(rows) * n_in * n_out
        return Count((*rows, n_out), axes, parameters, prod(rows) * parameters, macs)

    def layer(self, shape, init, rng):
        return linear.Linear(shape[-1], self.n_out, init=init, rng=rng)


@dataclass(frozen=True, repr=False)
class Norm(Part):
    """``BatchNorm``: a scale and a shift per map, or per feature."""

    def features(self, shape):
        return shape[0] if len(shape) == 3 else shape[-1]

    def count(self, shape, axes):
        return Count(tuple(shape), axes, parameters=2 * self.features(shape))

    def layer(self, shape, init, rng):
        return normalization.BatchNorm(self.features(shape))


@dataclass(frozen=True, repr=False)
class Drop(Part):
    """``Dropout`` with probability p of dropping a unit."""

    p: float = 0.5

    def count(self, shape, axes):
        real("Drop p", self.p, 0, 1, open_high=True)
        return Count(tuple(shape), axes)

    def layer(self, shape, init, rng):
        return dropout.Dropout(self.p, rng=rng)
