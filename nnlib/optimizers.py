"""Optimizers: how the gradients move the parameters.

``update`` is the paper's rule on plain arrays, so the same class drives a network and a
2-D toy surface: ``opt = Adam([theta]); opt.step([g])``.
"""

import numpy as np

from .checks import finite, real


class Optimizer:
    """Moves arrays downhill, in place.

    Parameters
    ----------
    params : list of float arrays
        Written into by ``step``, never replaced.
    lr : float > 0
        η, the learning rate.

    Attributes
    ----------
    slots : tuple of str
        Names of the running arrays kept per parameter. They start at zero and arrive as
        further arguments of ``update``.
    t : int
        Number of steps taken.
    """

    slots = ()

    def __init__(self, params, lr: float):
        name = type(self).__name__
        self.params = [finite(f"{name} params", p) for p in params]
        if not self.params:
            raise ValueError(f"{name} takes at least one parameter array, got none")
        self.lr = real(f"{name} lr", lr, 0, open_low=True)
        self.t = 0
        self.state = [[np.zeros_like(p) for _ in self.slots] for p in self.params]

    def step(self, grads):
        """Update every parameter with its gradient."""
        name = type(self).__name__
        if len(grads) != len(self.params):
            raise ValueError(f"{name} takes {len(self.params)} gradients, got {len(grads)}")
        for theta, g in zip(self.params, grads, strict=True):
            if np.shape(g) != theta.shape:
                raise ValueError(
                    f"{name}.step takes a gradient of shape {theta.shape}, got {np.shape(g)}"
                )
        self.t += 1
        for theta, g, slots in zip(self.params, grads, self.state, strict=True):
            self.update(theta, g, *slots)

    def update(self, theta, g, *slots):
        """The rule itself: write the new value into theta (and the slots)."""
        raise NotImplementedError


class SGD(Optimizer):
    """θ ← θ - η g"""

    def update(self, theta, g):
        theta -= self.lr * g


class Momentum(Optimizer):
    """v ← μ v - η g;  θ ← θ + v.

    A constant gradient ends up with steps of η g / (1 - μ): ten times η g at μ = 0.9.
    Source: Polyak, 1964.
    """

    slots = ("v",)

    def __init__(self, params, lr: float, mu: float = 0.9):
        super().__init__(params, lr)
        self.mu = real("Momentum mu", mu, 0, 1, open_high=True)

    def update(self, theta, g, v):
        v *= self.mu
        v -= self.lr * g
        theta += v


class Adam(Optimizer):
    """m ← β₁m + (1-β₁)g;  v ← β₂v + (1-β₂)g²;  θ ← θ - η m̂ / (√v̂ + ε).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) undo the start at zero.
    Source: Kingma and Ba, 2014, Algorithm 1.
    """

    slots = "m", "v"

    def __init__(
        self, params, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ):
        super().__init__(params, lr)
        self.beta1 = real("Adam beta1", beta1, 0, 1, open_high=True)
        self.beta2 = real("Adam beta2", beta2, 0, 1, open_high=True)
        self.eps = real("Adam eps", eps, 0, open_low=True)

    def update(self, theta, g, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        m_hat = m / (1 - self.beta1**self.t)
        v_hat = v / (1 - self.beta2**self.t)
        theta -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
