"""Optimizers: how the gradients move the parameters.

``update`` is the paper's rule on plain arrays, so the same class drives a network and a
2-D toy surface: ``opt = Adam([theta]); opt.step([g])``.
"""

import numpy as np

from .checks import finite, real

CACHED = 2**15  # numbers per piece


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
        if isinstance(params, np.ndarray):
            raise TypeError(
                f"{name} takes params as a list of arrays, got one array: write [theta]"
            )
        self.params = [finite(f"{name} params", p) for p in params]
        if not self.params:
            raise ValueError(f"{name} takes at least one parameter array, got none")
        if len(set(map(id, self.params))) < len(self.params):
            raise ValueError(f"{name} takes each of its params once, got the same array twice")
        self.lr = real(f"{name} lr", lr, 0, open_low=True)
        self.t = 0
        self.state = [[np.zeros_like(p) for _ in self.slots] for p in self.params]

    @property
    def lr(self) -> float:
        """η, >= 0. May be set anew between steps, for example by a schedule."""
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = real(f"{type(self).__name__} lr", value, 0)

    def step(self, grads):
        """Update every parameter with its gradient."""
        name = type(self).__name__
        if len(grads) != len(self.params):
            raise ValueError(f"{name} takes {len(self.params)} gradients, got {len(grads)}")
        for theta, g in zip(self.params, grads, strict=True):
            if not isinstance(g, np.ndarray) or g.dtype.kind != "f":
                raise TypeError(f"{name}.step takes gradients as arrays of floats, got {g!r}")
            if g.shape != theta.shape:
                raise ValueError(
                    f"{name}.step takes gradients, here one of shape {theta.shape}, got {g.shape}"
                )
        self.t += 1
        for theta, g, slots in zip(self.params, grads, self.state, strict=True):
            for rows in pieces(theta):
                self.update(theta[rows], g[rows], *(slot[rows] for slot in slots))

    def update(self, theta, g, *slots):
        """The rule itself: write the new value into theta (and the slots)."""
        raise NotImplementedError


def pieces(theta: np.ndarray) -> list:
    """Slices of rows: a large array goes through in pieces small enough to stay in the cache."""
    if theta.size <= CACHED:
        return [...]
    count = max(1, CACHED * len(theta) // theta.size)
    return [slice(start, start + count) for start in range(0, len(theta), count)]


class SGD(Optimizer):
    """θ ← θ - η g

    With a constant η it keeps hovering round the minimum; see ``nnlib.schedules``.
    """

    def update(self, theta, g):
        theta -= self.lr * g


class Momentum(Optimizer):
    """v ← μ v - η g;  θ ← θ + v.

    v is a sum of past gradients, not their average: a constant gradient ends up with steps
    of η g / (1 - μ), ten times η g at μ = 0.9.

    Parameters
    ----------
    mu : float in [0, 1)
        μ, what is left of the velocity v after one step.

    Source: Polyak, 1964.
    """

    slots = ("v",)

    def __init__(self, params, lr: float, mu: float = 0.9):
        super().__init__(params, lr)
        self.mu = real(f"{type(self).__name__} mu", mu, 0, 1, open_high=True)

    def update(self, theta, g, v):
        v *= self.mu
        v -= self.lr * g
        theta += v


class Nesterov(Momentum):
    """v ← μ v - η g;  θ ← θ + μ v - η g: momentum that looks one step ahead.

    Nesterov takes the gradient where the velocity would carry the parameters, θ + μv. Here
    ``theta`` is that point ahead, so that the gradient is taken where ``theta`` stands.

    Parameters as ``Momentum``. Source: Nesterov, 1983; Sutskever et al., 2013.
    """

    def update(self, theta, g, v):
        v *= self.mu
        v -= self.lr * g
        theta += self.mu * v - self.lr * g


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
