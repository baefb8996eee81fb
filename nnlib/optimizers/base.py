"""What all optimizers share: they write into the arrays they hold, and count their steps."""

import numpy as np

from ..checks import finite, real

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
