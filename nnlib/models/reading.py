"""From layers that exist back to parts, so that one set of formulas counts both."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from ..conv import Conv1d, Conv2d, ConvTranspose2d
from ..embedding import Embedding
from ..layer import Concat, Layer, Residual, Sequential
from ..linear import Flatten, Linear
from ..normalization import BatchNorm, LayerNorm
from ..pooling import AveragePool2d, GlobalAveragePool2d, Pooling, TrainablePool2d
from ..rbm import RBM
from ..recurrent import Bidirectional, Recurrent
from . import parts
from .joins import Block, Branches, part
from .parts import Count, Part
from .sight import Axis


@dataclass(frozen=True, repr=False)
class Built(Part):
    """A layer that exists, with the rule that counts it; building copies it."""

    owner: Layer
    rule: Callable
    name: str

    def count(self, shape, axes):
        self.owner.out_shape(shape)  # says what would fit
        return self.rule(self.owner, shape, axes)

    def layer(self, shape, init, rng):
        return copy.deepcopy(self.owner)

    def __str__(self):
        return self.name


@dataclass(frozen=True, repr=False)
class Each(Part):
    """A layer made without arguments that keeps every shape: an activation, by its class."""

    kind: type

    def count(self, shape, axes):
        return Count(tuple(shape), axes)

    def layer(self, shape, init, rng):
        return self.kind()

    def __str__(self):
        return self.kind.__name__


def counted(kind: type) -> Callable:
    """Decorate ``rule(layer, shape, axes) -> Count`` to count layers of one kind with it."""

    def register(rule):
        part.register(kind, lambda layer: Built(layer, rule, type(layer).__name__))
        return rule

    return register


def stands_for(kind: type) -> Callable:
    """Decorate ``f(layer) -> Part`` to count layers of one kind as that part."""

    def register(as_part):
        def read(layer):
            known = as_part(layer)
            return Built(layer, lambda _, shape, axes: known.count(shape, axes), str(known))

        part.register(kind, read)
        return as_part

    return register


@part.register
def _(item: type):
    if not issubclass(item, Layer):
        raise TypeError(f"a spec takes a class of layers, got {item!r}")
    return Each(item)


@counted(Layer)
def free(layer, shape, axes):
    """A layer that learns nothing and works place by place."""
    if layer.parameters():
        name = type(layer).__name__
        raise TypeError(f"no rule counts {name}: decorate one with nnlib.models.counted({name})")
    return Count(layer.out_shape(shape), axes)


def one(pair):
    """The one number of a pair of equal ones."""
    return pair[0] if pair[0] == pair[1] else pair


@stands_for(Conv2d)
def convolution(layer):
    window, c_out = layer.window, len(layer.W)
    pad = one(tuple(map(one, window.pad)))
    table = None if layer.table.all() else layer.table
    k, stride, dilation = one(window.k), one(window.stride), one(window.dilation)
    return parts.Conv(c_out, k, stride, pad, dilation, table=table, bias="b" in layer.params)


@stands_for(Linear)
def dense(layer):
    return parts.Dense(len(layer.b))


@stands_for(BatchNorm)
def batch_norm(layer):
    return parts.Norm()


@stands_for(Flatten)
def flatten(layer):
    return parts.Flat()


@stands_for(GlobalAveragePool2d)
def global_average(layer):
    return parts.GlobalAverage()


@stands_for(Pooling)
def pool(layer, kind=parts.MaxPool):
    window = layer.window
    return kind(one(window.k), one(window.stride), one(tuple(map(one, window.pad))))


@stands_for(AveragePool2d)
def average_pool(layer):
    return pool(layer, parts.AveragePool)


@stands_for(TrainablePool2d)
def trainable_pool(layer):
    return pool(layer, parts.TrainablePool)


@part.register
def _(layer: Sequential):
    return part(list(layer))


@part.register
def _(layer: Residual):
    return Block(layer.body, layer.shortcut)


@part.register
def _(layer: Concat):
    return Branches(list(layer.branches))


@counted(Conv1d)
def conv1d(layer, shape, axes):
    (steps, c_out), (*_, k) = layer.out_shape(shape), layer.W.shape
    g = layer.window.on(1, shape[0])
    axes = (axes[0].window(k, g.stride[1], g.pad[1][0], g.dilation[1], steps),)
    return shared(layer, (steps, c_out), axes, steps)


@counted(ConvTranspose2d)
def transposed(layer, shape, axes):
    out, w = layer.out_shape(shape), layer.window
    settings = zip(axes, w.k, w.stride, w.pad, w.dilation, out[1:])
    axes = tuple(axis.spread(k, s, pad[0], d, n) for axis, k, s, pad, d, n in settings)
    positions = prod(shape[1:])  # every input pixel stamps its template
    macs = layer.W.size * positions
    return Count(out, axes, layer.W.size + layer.b.size, macs + prod(out), macs)


@counted(RBM)
def rbm(layer, shape, axes):
    """The biases of the pixels are learned, but used only the other way."""
    one_way = parts.Dense(len(layer.b)).count(shape, axes)
    return one_way._replace(parameters=one_way.parameters + len(layer.a))


@counted(LayerNorm)
def layer_norm(layer, shape, axes):
    out = layer.out_shape(shape)
    return Count(out, axes, 2 * len(layer.gamma), 2 * prod(out), prod(out))


@counted(Embedding)
def embedding(layer, shape, axes):
    axes = tuple(Axis(units=n) for n in shape)
    return Count(layer.out_shape(shape), axes, parameters=layer.W.size)


@counted(Recurrent)
@counted(Bidirectional)
def recurrent(layer, shape, axes):
    """The last step has seen every step before it; its field is that of the row."""
    return shared(layer, layer.out_shape(shape), (axes[0].everything(),), shape[0])


def shared(layer, out, axes, places) -> Count:
    """The count of a layer that uses all its weights and biases at each of its places."""
    weights = sum(array.size for array in layer.parameters() if array.ndim > 1)
    parameters = sum(array.size for array in layer.parameters())
    return Count(out, axes, parameters, parameters * places, weights * places)
