"""Dropout: every step of training sees a thinner net (随机失活)."""

from __future__ import annotations

import numpy as np

from .checks import generator, real
from .layer import Layer


class Dropout(Layer):
    """Training: each number becomes 0 with probability p, the others are divided by 1 - p.

    out = x · mask, mask = 0 or 1 / (1 - p). The expectation of out is x, so that inference
    has nothing to make up for: out = x ("inverted" dropout).

    Parameters
    ----------
    p : float in [0, 1)
        The share that is dropped.
    rng : numpy.random.Generator
        Draws a new mask at every call.

    Shapes
    ------
    x (N, ...)  ->  out (N, ...)

    After a call in training ``mask`` holds the factors.

    Source: Srivastava et al., Dropout, 2014.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator):
        self.p = real("Dropout p", p, 0, 1, open_high=True)
        self.rng = generator("Dropout", rng)

    def forward(self, x):
        if not self.training:
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        self.mask = kept.astype(x.dtype) / (1 - self.p)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask if self.training else dout
