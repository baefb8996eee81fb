"""A rate for each parameter, from the size of its past gradients."""

import numpy as np

from ..checks import real
from .base import Optimizer


class Adagrad(Optimizer):
    """n ← n + g²;  θ ← θ - η g / (√n + ε).

    Each parameter has a rate of its own, which only ever falls: with a constant gradient the
    step is η / √t, so that a long training slows to a halt.

    Parameters
    ----------
    eps : float > 0
        ε, outside the root.

    Source: Duchi, Hazan and Singer, 2011.
    """

    slots = ("n",)

    def __init__(self, params, lr: float = 1e-2, eps: float = 1e-8):
        super().__init__(params, lr)
        self.eps = real("Adagrad eps", eps, 0, open_low=True)

    def update(self, theta, g, n):
        n += g * g
        theta -= self.lr * g / (np.sqrt(n) + self.eps)


class RMSprop(Optimizer):
    """n ← ρ n + (1-ρ) g²;  θ ← θ - η g / (√n + ε).

    n is an exponential average of g², with weights (1-ρ), (1-ρ)ρ, (1-ρ)ρ² ... into the past;
    at ρ = 0.5 too it is not the plain mean.

    Parameters
    ----------
    rho : float in [0, 1)
        ρ, usually 0.9 to 0.99.
    eps : float > 0
        ε, outside the root.

    Source: Hinton, lecture 6 of the course Neural networks for machine learning, 2012.
    """

    slots = ("n",)

    def __init__(self, params, lr: float = 1e-3, rho: float = 0.9, eps: float = 1e-8):
        super().__init__(params, lr)
        self.rho = real("RMSprop rho", rho, 0, 1, open_high=True)
        self.eps = real("RMSprop eps", eps, 0, open_low=True)

    def update(self, theta, g, n):
        n += (1 - self.rho) * (g * g - n)
        theta -= self.lr * g / (np.sqrt(n) + self.eps)


class Adadelta(Optimizer):
    """Steps in the units of θ: Δ = -g RMS[Δ] / RMS[g];  θ ← θ + η Δ.

    RMS[g] = √(n + ε) with n ← ρ n + (1-ρ) g², and RMS[Δ] = √(d + ε) with d ← ρ d + (1-ρ) Δ²
    *after* the step: each step is measured by the steps before it. ε is what starts it.

    Parameters
    ----------
    lr : float > 0
        η, 1 in the paper.
    rho : float in [0, 1)
    eps : float > 0
        ε, inside both roots.

    Source: Zeiler, 2012.
    """

    slots = "n", "d"

    def __init__(self, params, lr: float = 1.0, rho: float = 0.95, eps: float = 1e-6):
        super().__init__(params, lr)
        self.rho = real("Adadelta rho", rho, 0, 1, open_high=True)
        self.eps = real("Adadelta eps", eps, 0, open_low=True)

    def update(self, theta, g, n, d):
        n += (1 - self.rho) * (g * g - n)
        delta = -g * np.sqrt((d + self.eps) / (n + self.eps))
        d += (1 - self.rho) * (delta * delta - d)
        theta += self.lr * delta


class Adam(Optimizer):
    """m ← β₁m + (1-β₁)g;  v ← β₂v + (1-β₂)g²;  θ ← θ - η m̂ / (√v̂ + ε).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) undo the start at zero: with a constant gradient
    every step is η, from the first one on.

    Parameters
    ----------
    beta1, beta2 : float in [0, 1)
        β₁ and β₂, the memory of the mean of g and of g².
    eps : float > 0
        ε, outside the root.
    correct : bool
        False leaves m and v as they are, to see what the correction is for.

    Source: Kingma and Ba, 2014, Algorithm 1.
    """

    slots = "m", "v"

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        *,
        correct: bool = True,
    ):
        super().__init__(params, lr)
        name = type(self).__name__
        self.beta1 = real(f"{name} beta1", beta1, 0, 1, open_high=True)
        self.beta2 = real(f"{name} beta2", beta2, 0, 1, open_high=True)
        self.eps = real(f"{name} eps", eps, 0, open_low=True)
        self.correct = bool(correct)

    def update(self, theta, g, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        m_hat = m / (1 - self.beta1**self.t) if self.correct else m
        v_hat = v / (1 - self.beta2**self.t) if self.correct else v
        theta -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class AdamW(Adam):
    """Adam with weight decay beside the gradient: θ ← θ - η λ θ, then the step of Adam.

    An L2 penalty inside the gradient would be divided by √v̂ like the rest of it, and so hold
    parameters with large gradients less. It shrinks every array it is given, biases too.

    Parameters
    ----------
    decay : float >= 0
        λ.

    Other parameters as ``Adam``. Source: Loshchilov and Hutter, 2017.
    """

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        *,
        decay: float = 1e-2,
    ):
        super().__init__(params, lr, beta1, beta2, eps)
        self.decay = real("AdamW decay", decay, 0)

    def update(self, theta, g, m, v):
        theta -= self.lr * self.decay * theta
        super().update(theta, g, m, v)
