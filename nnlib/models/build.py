"""From a spec to a network with weights."""

from __future__ import annotations

import numpy as np

from .. import init as inits
from ..checks import generator, natural
from ..layer import Layer
from .joins import chain


def build(net, shape: tuple, *, rng: np.random.Generator, init=inits.he) -> Layer:
    """Draw the weights of a spec for examples of ``shape``; the result is a ``Sequential``.

    Parameters
    ----------
    net : part, list, dict or layer
        A spec (``nnlib.models``). Layers in it are copied.
    shape : tuple of int
        (C, H, W), (T, D) or (D,): one example, without N.
    rng : numpy.random.Generator
        Draws the weights, and later what dropout drops.
    init : function
        One of ``nnlib.init``; ``he`` by default. Biases start at zero.

    Errors
    ------
    TypeError for something that is no spec, ValueError where a part does not fit.
    """
    return chain(net).layer(example_shape("build", shape), init, generator("build", rng))


def example_shape(name, shape) -> tuple:
    """``shape`` as the shape of one example: whole numbers >= 1."""
    if not isinstance(shape, (tuple, list)) or not shape:
        raise TypeError(f"{name} shape takes the shape of one example, got {shape!r}")
    return tuple(natural(f"{name} shape", n) for n in shape)
