"""Exercise of 00_start_here: only to see how checking works."""

import numpy as np

from .engine import Mistake, exercise


def _sum(losses):
    return np.sum(losses)


def _middle(losses):
    return np.median(losses)


@exercise(
    cases=lambda rng: (rng.exponential(size=rng.integers(3, 8)),),
    hint="Add the losses up, then divide by how many there are: losses.sum() / len(losses).",
    mistakes=[
        Mistake(_sum, "that is the sum; divide it by the number of losses, len(losses)"),
        Mistake(_middle, "that is the median, the value in the middle; the mean is sum / number"),
    ],
)
def mean_loss(losses):
    return losses.sum() / len(losses)
