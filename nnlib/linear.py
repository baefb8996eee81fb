"""The score function f(x, W) = Wx + b, and the step from maps to vectors."""

from __future__ import annotations

import math

import numpy as np

from . import init as inits
from .checks import generator, natural
from .layer import Layer


class Linear(Layer):
    """The score function: out = Wx + b, one score per row of W.

    Row ``W[k]`` is the template of unit k; ``b[k]`` shifts its score.

    Parameters
    ----------
    n_in, n_out : int
        D inputs and K outputs, both >= 1.
    rng : numpy.random.Generator
        Draws W.
    init : function
        One of ``nnlib.init``; ``he`` by default. b starts at zero.

    Shapes
    ------
    x (N, ..., D), W (K, D), b (K,)  ->  out (N, ..., K)

    Errors
    ------
    ValueError if the last axis of x is not D.
    """

    params = "W", "b"

    def __init__(self, n_in: int, n_out: int, *, rng: np.random.Generator, init=inits.he):
        n_in, n_out = natural("Linear n_in", n_in), natural("Linear n_out", n_out)
        self.W = init((n_out, n_in), n_in, n_out, generator("Linear", rng))
        self.b = np.zeros(n_out)

    def out_shape(self, shape):
        n_out, n_in = self.W.shape
        if tuple(shape[-1:]) != (n_in,):
            self.refuse(shape, f"(N, ..., {n_in})")
        return (*shape[:-1], n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, dout):
        rows = dout.reshape(-1, len(self.b))
        self.dW = rows.T @ self.x.reshape(len(rows), -1)
        self.db = rows.sum(axis=0)
        if self.needs_dx:
            return dout @ self.W


class Flatten(Layer):
    """Maps to one long vector: (N, C, H, W) -> (N, C·H·W), channel by channel, row by row."""

    def out_shape(self, shape):
        return (math.prod(shape),)

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
