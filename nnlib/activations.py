"""Activation functions: the non-linear map inside a layer, each beside its derivative."""

import math

import numpy as np

from .checks import real
from .layer import Layer


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z) = 1 / (1 + exp(-z)) = (1 + tanh(z/2)) / 2; the second form never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def softplus(z: np.ndarray) -> np.ndarray:
    """ln(1 + exp(z)), without overflow."""
    return np.logaddexp(0, z)


def softmax(scores: np.ndarray) -> np.ndarray:
    """p_k = exp(s_k) / Σ_j exp(s_j) along the last axis.

    The largest score is subtracted first. That changes nothing, because exp(-max) cancels,
    and it keeps exp from overflowing.
    """
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Activation(Layer):
    """A function of each number on its own: out = f(x), dx = dout · f'(x), any shape (N, ...)."""

    def slope(self) -> np.ndarray:
        """f'(x) at every entry of the last x."""
        raise NotImplementedError

    def backward(self, dout):
        return dout * self.slope()


class Identity(Layer):
    """out = x;  slope 1. No activation at all: two linear layers in a row are one."""

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class Sigmoid(Activation):
    """out = 1 / (1 + exp(-x)), between 0 and 1;  slope out·(1 - out) ≤ 0.25."""

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def slope(self):
        return self.out * (1 - self.out)


class HardSigmoid(Activation):
    """out = x/6 + 1/2, cut off at 0 and 1: a sigmoid of straight lines;  slope 1/6 where |x| < 3.

    Source: Howard et al., Searching for MobileNetV3, 2019. (Older texts use 0.2·x + 0.5.)
    """

    def forward(self, x):
        self.x = x
        return np.clip(x / 6 + 0.5, 0, 1)

    def slope(self):
        return (np.abs(self.x) < 3).astype(self.x.dtype) / 6


class Tanh(Activation):
    """out = tanh(x), between -1 and 1;  slope 1 - out² ≤ 1."""

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def slope(self):
        return 1 - self.out**2


class Softsign(Activation):
    """out = x / (1 + |x|), between -1 and 1, slower than tanh;  slope 1 / (1 + |x|)².

    Source: Bergstra et al., Quadratic polynomials learn better image features, 2009.
    """

    def forward(self, x):
        self.scale = 1 + np.abs(x)
        return x / self.scale

    def slope(self):
        return 1 / self.scale**2


class ReLU(Activation):
    """out = max(0, x);  slope 1 where x > 0, else 0 (also at x = 0).

    Source: Nair and Hinton, 2010.
    """

    def forward(self, x):
        self.on = x > 0
        return np.maximum(x, 0)

    def slope(self):
        return self.on


class LeakyReLU(Activation):
    """out = x where x > 0, else α·x;  slope 1 or α, so no unit is ever dead.

    Parameters
    ----------
    alpha : float in [0, 1]
        α, the slope below zero (and at zero).

    Source: Maas et al., Rectifier nonlinearities improve acoustic models, 2013.
    """

    def __init__(self, alpha: float = 0.01):
        self.alpha = real("LeakyReLU alpha", alpha, 0, 1)

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def slope(self):
        return np.where(self.x > 0, 1, self.alpha).astype(self.x.dtype)


class ELU(Activation):
    """out = x where x > 0, else α·(exp(x) - 1);  slope 1 or out + α.

    Parameters
    ----------
    alpha : float >= 0
        out falls to -α; with α = 1 the slope has no jump at zero.

    Source: Clevert et al., Exponential linear units, 2015.
    """

    def __init__(self, alpha: float = 1.0):
        self.alpha = real("ELU alpha", alpha, 0)

    def forward(self, x):
        self.x, self.below = x, self.alpha * np.expm1(np.minimum(x, 0))
        return np.where(x > 0, x, self.below)

    def slope(self):
        return np.where(self.x > 0, 1, self.below + self.alpha)


class SELU(ELU):
    """out = λ·ELU(x) with λ = 1.0507, α = 1.6733: keeps mean 0 and variance 1 by itself.

    That holds layer after layer for inputs that have them and weights of variance 1/D.
    Source: Klambauer et al., Self-normalizing neural networks, 2017.
    """

    scale = 1.0507009873554805

    def __init__(self):
        super().__init__(1.6732632423543772)

    def forward(self, x):
        return self.scale * super().forward(x)

    def slope(self):
        return self.scale * super().slope()


class Softplus(Activation):
    """out = ln(1 + exp(x)), a smooth ReLU;  slope σ(x).

    Source: Dugas et al., 2001.
    """

    def forward(self, x):
        self.x = x
        return softplus(x)

    def slope(self):
        return sigmoid(self.x)


class GELU(Activation):
    """out = x·Φ(x), Φ the normal distribution function; here Φ(x) ≈ (1 + tanh(u)) / 2
    with u = √(2/π)·(x + 0.044715·x³).

    NumPy has no error function, so this is the tanh form of the paper; it is off by less than
    5e-4. Slope (1 + tanh u) / 2 + x·(1 - tanh² u)·u' / 2.

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """

    def forward(self, x):
        self.x = x
        self.t = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        return x * (1 + self.t) / 2

    def slope(self):
        du = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * self.x**2)
        return (1 + self.t) / 2 + self.x * (1 - self.t**2) * du / 2


class Swish(Activation):
    """out = x·σ(βx), with β = 1 called SiLU;  slope σ + βx·σ·(1 - σ).

    Parameters
    ----------
    beta : float >= 0
        β: 0 gives x/2, a large β comes close to ReLU.

    Source: Ramachandran et al., Searching for activation functions, 2017.
    """

    def __init__(self, beta: float = 1.0):
        self.beta = real(f"{type(self).__name__} beta", beta, 0)

    def forward(self, x):
        self.x, self.gate = x, sigmoid(self.beta * x)
        return x * self.gate

    def slope(self):
        return self.gate + self.beta * self.x * self.gate * (1 - self.gate)


class SiLU(Swish):
    """out = x·σ(x): Swish with β = 1.

    Source: Elfwing et al., Sigmoid-weighted linear units, 2017.
    """

    def __init__(self):
        super().__init__(1.0)


class Mish(Activation):
    """out = x·tanh(softplus(x));  slope t + x·(1 - t²)·σ(x)  with t = tanh(softplus(x)).

    Source: Misra, Mish, 2019.
    """

    def forward(self, x):
        self.x, self.t = x, np.tanh(softplus(x))
        return x * self.t

    def slope(self):
        return self.t + self.x * (1 - self.t**2) * sigmoid(self.x)


class Softmax(Layer):
    """out_k = exp(x_k) / Σ_j exp(x_j) along the last axis: scores become probabilities.

    The derivative is a full matrix, ∂out_j/∂x_k = out_j (1[j=k] - out_k), so backward mixes
    the entries: dx_k = out_k (dout_k - Σ_j dout_j out_j).
    """

    def out_shape(self, shape):
        if shape[-1] < 1:
            self.refuse(shape, "(N, ..., K) with K >= 1")
        return tuple(shape)

    def forward(self, x):
        self.out = softmax(x)
        return self.out

    def backward(self, dout):
        return self.out * (dout - (dout * self.out).sum(axis=-1, keepdims=True))


class LogSoftmax(Softmax):
    """out_k = ln softmax(x)_k = x_k - ln Σ_j exp(x_j) along the last axis, never -∞.

    dx_k = dout_k - p_k·Σ_j dout_j  with p = softmax(x), which stays on the layer.
    """

    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)
        out = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        self.p = np.exp(out)
        return out

    def backward(self, dout):
        return dout - self.p * dout.sum(axis=-1, keepdims=True)
