"""Activation functions: the non-linear map inside a layer, each beside its derivative."""

import numpy as np

from .layer import Layer


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z) = 1 / (1 + exp(-z)) = (1 + tanh(z/2)) / 2; the second form never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def softmax(scores: np.ndarray) -> np.ndarray:
    """p_k = exp(s_k) / Σ_j exp(s_j) along the last axis.

    The largest score is subtracted first. That changes nothing, because exp(-max) cancels,
    and it keeps exp from overflowing.
    """
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Sigmoid(Layer):
    """out = 1 / (1 + exp(-x)), between 0 and 1;  slope out·(1 - out) ≤ 0.25."""

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)


class Tanh(Layer):
    """out = tanh(x), between -1 and 1;  slope 1 - out² ≤ 1."""

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class ReLU(Layer):
    """out = max(0, x);  slope 1 where x > 0, else 0 (also at x = 0).

    Source: Nair and Hinton, 2010.
    """

    def forward(self, x):
        self.on = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * self.on


class Softmax(Layer):
    """out_k = exp(x_k) / Σ_j exp(x_j) along the last axis: scores become probabilities.

    The derivative is a full matrix, ∂out_j/∂x_k = out_j (1[j=k] - out_k), so backward mixes
    the entries: dx_k = out_k (dout_k - Σ_j dout_j out_j).
    """

    def forward(self, x):
        self.out = softmax(x)
        return self.out

    def backward(self, dout):
        return self.out * (dout - (dout * self.out).sum(axis=-1, keepdims=True))
