"""Normalization: activations brought to mean 0 and variance 1 inside the net (归一化).

Batch norm averages over the examples, layer norm over the features of each example, and
local response normalization weakens a map where its neighbours are strong.
"""

import numpy as np

from .checks import natural, real
from .layer import Layer


class BatchNorm(Layer):
    """Every feature brought to mean 0, variance 1 over the minibatch, then rescaled (批归一化).

    x̂ = (x - μ) / √(σ² + ε),  out = γ·x̂ + β

    Training takes μ and σ² (divided by m) from the minibatch and remembers them: running ←
    ρ·running + (1 - ρ)·new, the remembered variance divided by m - 1. Inference uses the
    remembered ones, so that one example does not depend on the others.

    Parameters
    ----------
    d : int >= 1
        Number of features D, or of feature maps.
    rho : float in [0, 1)
        ρ, how much of the running statistics a step keeps.
    eps : float > 0
        ε.

    Shapes
    ------
    vectors (N, D), sequences (N, T, D) or images (N, D, H, W)  ->  the same; gamma, beta (D,)

    μ and σ² run over everything but the features: m = N, N·T or N·H·W numbers each. After a
    call ``x_hat`` holds x̂ and ``std`` the divisor. The state is ``running_mean`` and
    ``running_var``.

    Errors
    ------
    ValueError if x does not have D features, or in training if m = 1: one number alone has no
    variance.

    Source: Ioffe and Szegedy, Batch normalization, 2015.
    """

    params = "gamma", "beta"
    state = "running_mean", "running_var"

    def __init__(self, d: int, rho: float = 0.9, eps: float = 1e-5):
        d = natural("BatchNorm d", d)
        self.rho = real("BatchNorm rho", rho, 0, 1, open_high=True)
        self.eps = real("BatchNorm eps", eps, 0, open_low=True)
        self.gamma, self.beta = np.ones(d), np.zeros(d)
        self.running_mean, self.running_var = np.zeros(d), np.ones(d)

    def out_shape(self, shape):
        d = len(self.gamma)
        features = shape[0] if len(shape) == 3 else shape[-1]
        if len(shape) > 3 or features != d:
            self.refuse(shape, f"(N, {d}), (N, T, {d}) or (N, {d}, H, W)")
        return tuple(shape)

    def forward(self, x):
        images = x.ndim == 4
        self.axes = (0, 2, 3) if images else tuple(range(x.ndim - 1))
        self.form = (-1, 1, 1) if images else (-1,)  # a number per feature, beside x
        if self.training:
            mean, var = self.statistics(x)
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean.reshape(self.form)) / self.std.reshape(self.form)
        return self.gamma.reshape(self.form) * self.x_hat + self.beta.reshape(self.form)

    def statistics(self, x):
        """Mean and variance of the minibatch, on which the running ones move a little."""
        m = x.size // len(self.gamma)
        if m < 2:
            raise ValueError(
                f"BatchNorm takes at least 2 numbers per feature in training, got {m}: "
                "one alone has no variance"
            )
        mean, var = x.mean(axis=self.axes), x.var(axis=self.axes)
        self.running_mean[...] = self.rho * self.running_mean + (1 - self.rho) * mean
        self.running_var[...] = self.rho * self.running_var + (1 - self.rho) * var * m / (m - 1)
        return mean, var

    def backward(self, dout):
        self.dgamma = (dout * self.x_hat).sum(axis=self.axes)
        self.dbeta = dout.sum(axis=self.axes)
        if not self.needs_dx:
            return None
        dx = dout
        if self.training:  # x also moved μ and σ, which takes out two directions
            m = dout.size // len(self.gamma)
            along = self.x_hat * (self.dgamma / m).reshape(self.form)
            dx = dout - (self.dbeta / m).reshape(self.form) - along
        return dx * (self.gamma / self.std).reshape(self.form)


class LayerNorm(Layer):
    """Every example brought to mean 0, variance 1 over its own features, then rescaled.

    x̂ = (x - μ) / √(σ² + ε) along the last axis,  out = γ·x̂ + β

    Nothing depends on the other examples: training and inference are the same, N = 1 is fine.

    Parameters
    ----------
    d : int >= 1
        Number of features D.
    eps : float > 0
        ε.

    Shapes
    ------
    x (N, ..., D), gamma, beta (D,)  ->  out (N, ..., D)

    After a call ``x_hat`` holds x̂ and ``std`` (N, ..., 1) the divisor.

    Errors
    ------
    ValueError if the last axis of x is not D.

    Source: Ba et al., Layer normalization, 2016.
    """

    params = "gamma", "beta"

    def __init__(self, d: int, eps: float = 1e-5):
        self.gamma, self.beta = np.ones(natural("LayerNorm d", d)), np.zeros(d)
        self.eps = real("LayerNorm eps", eps, 0, open_low=True)

    def out_shape(self, shape):
        if tuple(shape[-1:]) != self.gamma.shape:
            self.refuse(shape, f"(N, ..., {len(self.gamma)})")
        return tuple(shape)

    def forward(self, x):
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.x_hat = (x - x.mean(axis=-1, keepdims=True)) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout):
        examples = tuple(range(dout.ndim - 1))
        self.dgamma = (dout * self.x_hat).sum(axis=examples)
        self.dbeta = dout.sum(axis=examples)
        d = dout * self.gamma
        along = self.x_hat * (d * self.x_hat).mean(axis=-1, keepdims=True)
        return (d - d.mean(axis=-1, keepdims=True) - along) / self.std


class LRN(Layer):
    """Local response normalization: a map is damped where the maps beside it are strong.

    out_c = x_c / s_c^β  with  s_c = k + α·Σ x_j² over the n maps j around c

    At the first and last maps the sum is shorter.

    Parameters
    ----------
    n : odd int >= 1
        Maps in the sum, (n - 1) / 2 on either side of c.
    k : float > 0
    alpha, beta : float >= 0
        AlexNet's numbers are the defaults. (PyTorch divides α by n.)

    Shapes
    ------
    x (N, C, H, W)  ->  out (N, C, H, W)

    After a call ``s`` holds the sums.

    Errors
    ------
    ValueError if x is not (N, C, H, W).

    Source: Krizhevsky et al., ImageNet classification, 2012, section 3.3.
    """

    def __init__(self, n: int = 5, k: float = 2.0, alpha: float = 1e-4, beta: float = 0.75):
        self.n = natural("LRN n", n)
        if self.n % 2 == 0:
            raise ValueError(f"LRN n takes an odd number, as many maps on either side, got {n}")
        self.k = real("LRN k", k, 0, open_low=True)
        self.alpha, self.beta = real("LRN alpha", alpha, 0), real("LRN beta", beta, 0)

    def out_shape(self, shape):
        if len(shape) != 3:
            self.refuse(shape, "(N, C, H, W)")
        return tuple(shape)

    def neighbours(self, a):
        """Σ of a over the n maps around each map."""
        half, maps = self.n // 2, a.shape[1]
        a = np.pad(a, ((0, 0), (half, half), (0, 0), (0, 0)))
        return sum(a[:, i : i + maps] for i in range(self.n))

    def forward(self, x):
        self.x, self.s = x, self.k + self.alpha * self.neighbours(x**2)
        return x * self.s**-self.beta

    def backward(self, dout):
        ds = self.neighbours(dout * self.x * self.s ** (-self.beta - 1))
        return dout * self.s**-self.beta - 2 * self.alpha * self.beta * self.x * ds
