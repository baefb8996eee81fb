"""Steps along the gradient: alone, or gathered into a velocity."""

from ..checks import real
from .base import Optimizer


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
