"""Embedding: a row of numbers for every word (词嵌入)."""

from __future__ import annotations

import numpy as np

from .checks import generator, natural
from .layer import Layer


class Embedding(Layer):
    """A table of vectors: out = W[x], the product of W with one-hot rows, without the zeros.

    Parameters
    ----------
    n_words, d : int >= 1
        V rows of D numbers.
    rng : numpy.random.Generator
        Draws W from Normal(0, 1).

    Shapes
    ------
    x (N, ...) whole numbers 0..V - 1, W (V, D)  ->  out (N, ..., D)

    ``backward`` returns None, for there is no gradient with respect to a whole number. Rows
    of dW whose word did not occur are zero; the gradients of one that occurs often add up.

    Errors
    ------
    TypeError if x does not hold integers, ValueError if one is not in 0..V - 1.

    Source: Bengio et al., A neural probabilistic language model, 2003.
    """

    params = ("W",)

    def __init__(self, n_words: int, d: int, *, rng: np.random.Generator):
        shape = natural("Embedding n_words", n_words), natural("Embedding d", d)
        self.W = generator("Embedding", rng).standard_normal(shape)

    def check_input(self, x):
        if not isinstance(x, np.ndarray) or x.dtype.kind not in "iu":
            kind = x.dtype if isinstance(x, np.ndarray) else type(x).__name__
            raise TypeError(f"Embedding takes x as an array of integers, got {kind}")
        last = len(self.W) - 1
        if x.size == 0 or x.ndim == 0:
            raise ValueError(f"Embedding takes x of shape (N, ...) with N >= 1, got {x.shape}")
        if x.min() < 0 or x.max() > last:
            raise ValueError(f"Embedding takes x in 0..{last}, got {x.min()}..{x.max()}")

    def out_shape(self, shape):
        return (*shape, self.W.shape[1])

    def forward(self, x):
        self.x = x
        return self.W[x]

    def backward(self, dout):
        d = self.W.shape[1]
        rows = self.x.reshape(-1, 1).astype(np.intp)
        places = rows * d + np.arange(d)  # of every number of dout in dW
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW.reshape(-1), places.ravel(), dout.ravel())  # 1-D is the fast add.at
