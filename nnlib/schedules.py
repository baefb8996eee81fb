"""Learning-rate schedules: plain functions of the step, to give to ``train`` or to plot.

The first argument is the number of the step, from 0; an array of steps gives an array of
rates. Fix the others with a lambda::

    schedule = lambda step: nn.schedules.cosine(step, lr=0.1, steps=1000)
"""

import numpy as np

from .checks import natural, real


def staircase(step, lr: float, every: int, factor: float = 0.1):
    """η · factor^⌊step / every⌋: constant for ``every`` steps, then multiplied by ``factor``."""
    lr, every = checked_rate("staircase", step, lr), natural("staircase every", every)
    factor = real("staircase factor", factor, 0, open_low=True)
    return lr * factor ** (step // every)


def exponential(step, lr: float, factor: float):
    """η · factor^step: the same share is lost in every step."""
    lr = checked_rate("exponential", step, lr)
    factor = real("exponential factor", factor, 0, open_low=True)
    return lr * factor**step


def inverse(step, lr: float, steps: float):
    """η / (1 + step / steps): half after ``steps``, a third after twice as many.

    Falls slowly enough to reach any distance and fast enough for the noise of minibatches to
    die out: with it SGD settles in the minimum. Source: Robbins and Monro, 1951.
    """
    lr = checked_rate("inverse", step, lr)
    return lr / (1 + step / real("inverse steps", steps, 0, open_low=True))


def cosine(step, lr: float, steps: int, end: float = 0.0):
    """From η down to ``end`` along half a cosine in ``steps`` steps, then constant.

    Source: Loshchilov and Hutter, SGDR, 2016.
    """
    lr, steps = checked_rate("cosine", step, lr), natural("cosine steps", steps)
    end = real("cosine end", end, 0)
    return end + (lr - end) * (1 + np.cos(np.pi * np.minimum(step / steps, 1))) / 2


def warmup(step, lr, steps: int):
    """η · (step + 1) / steps until that reaches η: small steps until the averages mean something.

    ``lr`` may be the rate of another schedule at this step: ``warmup(t, cosine(t, ...), 100)``.
    Source: Goyal et al., 2017.
    """
    checked_rate("warmup", step, np.max(lr).item())
    return lr * np.minimum((step + 1) / natural("warmup steps", steps), 1)


def checked_rate(name: str, step, lr) -> float:
    """``lr``, if it is a rate and ``step`` holds the numbers of steps."""
    steps = np.asarray(step)
    if steps.dtype.kind not in "iu":
        raise TypeError(f"{name} takes step as whole numbers, got {step!r}")
    if steps.size and steps.min() < 0:
        raise ValueError(f"{name} takes step >= 0, got {steps.min()}")
    return real(f"{name} lr", lr, 0)
