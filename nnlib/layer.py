"""The protocol every layer follows, and the three ways to join layers.

A layer is a function ``out = f(x)`` that can send a gradient back through itself.
``forward`` keeps on ``self`` whatever ``backward`` will need, under names you can look at.
"""

import copy
import functools
from collections.abc import Iterator

import numpy as np


def _checked(backward):
    """Compare dout with the last output before ``backward`` runs; one message for all layers."""

    @functools.wraps(backward)
    def check_then_run(self, dout, *args, **kwargs):
        name = type(self).__name__
        if self.seen_shape is None:
            raise ValueError(f"{name}.backward needs a forward pass first: out = layer(x)")
        if np.shape(dout) != self.seen_shape:
            raise ValueError(
                f"{name}.backward takes dout of shape {self.seen_shape}, got {np.shape(dout)}"
            )
        return backward(self, dout, *args, **kwargs)

    return check_then_run


class Layer:
    """A function that can send gradients back through itself.

    ``out = layer(x)`` computes; ``dx = layer.backward(dout)`` stores the gradient of each
    learnable array ``W`` as ``dW`` and returns the gradient with respect to ``x``.
    Neither writes into an array it was handed.

    Attributes
    ----------
    params : tuple of str
        Names of the learnable arrays, for example ``("W", "b")``.
    state : tuple of str
        Names of arrays that are kept but not learned (batch norm's running mean).
    training : bool
        Set by every call; only dropout, batch norm and the like read it.
    needs_dx : bool
        False lets a first layer skip dx, which nobody reads; ``train`` clears it.
    takes_lengths : bool
        Whether ``forward`` takes ``lengths=``, where the sequences of a minibatch end.
    """

    params = ()
    state = ()
    training = False
    needs_dx = True
    takes_lengths = False
    seen_shape = None  # shape of the last output; None before the first call

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "backward" in vars(cls):
            cls.backward = _checked(cls.backward)

    def __call__(self, x: np.ndarray, training: bool = False, **kwargs) -> np.ndarray:
        """Check x, then run ``forward``. ``training=True`` switches dropout and the like on."""
        self.check_input(x)
        self.training = training
        out = self.forward(x, **kwargs)
        self.seen_shape = out.shape
        return out

    def forward(self, x):
        """Return ``out``, and keep on ``self`` what ``backward`` needs."""
        raise NotImplementedError

    def backward(self, dout):
        """Store ``d`` + name for every name in ``params``; return ``dx``."""
        raise NotImplementedError

    def out_shape(self, shape: tuple) -> tuple:
        """Shape of one output for one input of ``shape``; ValueError if it does not fit."""
        return tuple(shape)

    def check_input(self, x):
        """Raise a TypeError or ValueError that says what x should have been."""
        name = type(self).__name__
        if not isinstance(x, np.ndarray):
            raise TypeError(f"{name} takes x as a NumPy array, got {type(x).__name__}")
        if x.dtype.kind != "f":
            raise TypeError(
                f"{name} takes x of floats, got {x.dtype}: scale it first, "
                "for example x.astype(np.float32) / 255"
            )
        if x.ndim < 2 or len(x) == 0:
            raise ValueError(f"{name} takes x of shape (N, ...) with N >= 1, got {x.shape}")
        self.out_shape(x.shape[1:])

    def refuse(self, shape, wanted: str):
        """Raise the ValueError of a layer that was given inputs of the wrong shape."""
        got = ", ".join(map(str, ("N", *shape)))
        raise ValueError(f"{type(self).__name__} takes x of shape {wanted}, got ({got})")

    def sublayers(self) -> tuple:
        """The layers this one is made of, in order."""
        return ()

    def walk(self) -> "Iterator[Layer]":
        """This layer and every layer inside it, outermost first."""
        yield self
        for layer in self.sublayers():
            yield from layer.walk()

    def named_parameters(self, prefix: str = "") -> Iterator[tuple]:
        """Yield ``(dotted name, owning layer, attribute)`` for every learnable array."""
        yield from ((prefix + name, self, name) for name in self.params)
        for i, layer in enumerate(self.sublayers()):
            yield from layer.named_parameters(f"{prefix}{i}.")

    def parameters(self) -> list:
        """The learnable arrays themselves; an optimizer writes into them."""
        return [getattr(layer, name) for _, layer, name in self.named_parameters()]

    def gradients(self) -> list:
        """The gradient of each of ``parameters()``, as the last ``backward`` left it."""
        found = []
        for dotted, layer, name in self.named_parameters():
            if not hasattr(layer, "d" + name):
                raise ValueError(f"no gradient of {dotted} yet: run backward first")
            found.append(getattr(layer, "d" + name))
        return found

    def astype(self, dtype) -> "Layer":
        """A new, independent copy whose parameters and state have ``dtype``."""
        new = copy.deepcopy(self)
        for layer in new.walk():
            for name in (*layer.params, *layer.state):
                setattr(layer, name, getattr(layer, name).astype(dtype))
        return new

    def __repr__(self):
        inside = ", ".join(map(repr, self.sublayers()))
        shapes = ", ".join(f"{name} {getattr(self, name).shape}" for name in self.params)
        return f"{type(self).__name__}({inside or shapes})"


class Sequential(Layer):
    """One layer after the other: out = fₙ(... f₂(f₁(x))).

    Index it or iterate over it to reach the layers. ``net(x, lengths=...)`` tells every
    recurrent layer inside where the sequences end.

    Parameters
    ----------
    *layers : Layer
        Applied in this order. The same object may not appear twice: each layer
        remembers its own input.
    """

    def __init__(self, *layers: Layer):
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"{type(self).__name__} takes layers, got {type(layer).__name__}")
        self.layers = layers
        objects = list(self.walk())
        if len(set(map(id, objects))) < len(objects):
            raise ValueError("the same layer object appears twice; each needs its own memory")

    def __iter__(self):
        return iter(self.layers)

    def __len__(self):
        return len(self.layers)

    def __getitem__(self, i):
        return self.layers[i]

    def sublayers(self):
        return self.layers

    def check_input(self, x):
        if self.layers:
            self.layers[0].check_input(x)
        self.out_shape(x.shape[1:])

    def out_shape(self, shape):
        for layer in self.layers:
            shape = layer.out_shape(shape)
        return tuple(shape)

    @property
    def takes_lengths(self):
        """Whether a recurrent layer stands in the row."""
        return any(layer.takes_lengths for layer in self.layers)

    def forward(self, x, lengths=None):
        if lengths is not None and not self.takes_lengths:
            raise ValueError("Sequential takes lengths only with a recurrent layer in the row")
        for layer in self.layers:
            ends = {"lengths": lengths} if layer.takes_lengths else {}
            x = layer(x, self.training, **ends)
        return x

    def backward(self, dout):
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout


class Residual(Layer):
    """A detour around a block: out = F(x) + x, with F the given layers in sequence.

    Parameters
    ----------
    *layers : Layer
        F. Without a shortcut it must keep the shape of x.
    shortcut : Layer, optional
        S in out = F(x) + S(x), for a block that changes the shape: a 1×1 convolution.

    Source: He et al., Deep residual learning, 2015 (eq. 1 and 2).
    """

    def __init__(self, *layers: Layer, shortcut: Layer | None = None):
        self.body = Sequential(*layers)
        self.shortcut = shortcut
        Sequential(*self.sublayers())  # layers only, and none of them twice

    def sublayers(self):
        return (self.body,) if self.shortcut is None else (self.body, self.shortcut)

    def out_shape(self, shape):
        there, here = self.body.out_shape(shape), tuple(shape)
        if self.shortcut is not None:
            here = self.shortcut.out_shape(shape)
            if there != here:
                raise ValueError(f"Residual body and shortcut must agree, got {there} and {here}")
        if there != here:
            self.refuse(shape, "that its body leaves unchanged")
        return here

    def forward(self, x):
        straight = x if self.shortcut is None else self.shortcut(x, self.training)
        return self.body(x, self.training) + straight

    def backward(self, dout):
        straight = dout if self.shortcut is None else self.shortcut.backward(dout)
        return self.body.backward(dout) + straight


class Concat(Layer):
    """Branches side by side: out = [f₁(x), ..., fₙ(x)], joined along axis 1 (channels).

    Source: Szegedy et al., Going deeper with convolutions, 2014.
    """

    def __init__(self, *branches: Layer):
        if not branches:
            raise ValueError("Concat takes at least one branch")
        self.branches = Sequential(*branches).layers

    def sublayers(self):
        return self.branches

    def out_shape(self, shape):
        shapes = [branch.out_shape(shape) for branch in self.branches]
        if len({s[1:] for s in shapes}) > 1:
            raise ValueError(f"Concat takes branches that agree behind the channels, got {shapes}")
        return (sum(s[0] for s in shapes), *shapes[0][1:])

    def forward(self, x):
        outs = [branch(x, self.training) for branch in self.branches]
        self.cuts = np.cumsum([out.shape[1] for out in outs])[:-1]
        return np.concatenate(outs, axis=1)

    def backward(self, dout):
        pieces = np.split(dout, self.cuts, axis=1)
        return sum(b.backward(piece) for b, piece in zip(self.branches, pieces, strict=True))
