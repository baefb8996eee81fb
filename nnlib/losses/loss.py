"""What all losses share: one loss for each target, and the mean over those that count."""

import math

import numpy as np

from ..checks import finite


class Overflow(ValueError):
    """A loss beyond the largest number of its dtype."""


class Loss:
    """A number that says how wrong the scores are, and its gradient.

    ``L = loss(scores, y)`` is the mean loss; ``loss.backward()`` is dL/dscores, with the 1/N
    of the mean in it. Every L_i is at least 0: signed differences would cancel.

    Attributes
    ----------
    each : array in the shape of y
        The losses of the last call one by one.
    """

    each = None

    def __call__(self, scores: np.ndarray, y: np.ndarray) -> float:
        """The mean loss. ValueError for NaN, infinity, wrong shapes or targets out of range."""
        name = type(self).__name__
        finite(name + " scores", scores)
        y = self.check(name, scores, y)
        with np.errstate(over="ignore"):
            self.each = self.forward(scores, y)
            L = float(self.each.sum()) / self.total()
        if not math.isfinite(L):
            self.each = None
            raise Overflow(
                f"{name} takes scores whose loss fits into {scores.dtype}, got scores "
                f"{scores.min():g}..{scores.max():g}, whose loss is beyond its largest number"
            )
        return L

    def check(self, name: str, scores: np.ndarray, y) -> np.ndarray:
        """y, if it fits the scores: here one number for each score."""
        return targets(name, scores, y)

    def total(self) -> float:
        """What the mean divides by: the number of targets."""
        return self.each.size

    def forward(self, scores, y):
        """Return the losses L_i, and keep what ``backward`` needs."""
        raise NotImplementedError

    def backward(self) -> np.ndarray:
        """dL/dscores of the last call, in the shape and dtype of the scores."""
        if self.each is None:
            raise ValueError(f"{type(self).__name__}.backward needs a call first: loss(scores, y)")
        return self.dscores() / self.total()

    def dscores(self):
        """dL_i/dscores for every i, before the mean."""
        raise NotImplementedError


def targets(name: str, scores: np.ndarray, y) -> np.ndarray:
    """y in the dtype of the scores, if it holds one finite number for each score."""
    y = np.asarray(y)
    wanted = f"{name} takes y of the shape of the scores, {scores.shape}"
    if y.shape != scores.shape:
        raise ValueError(f"{wanted}, got {y.shape}")
    if scores.size == 0:
        raise ValueError(f"{name} takes scores with at least one entry, got {scores.shape}")
    if y.dtype.kind not in "fiub":
        raise TypeError(f"{wanted} and made of numbers, got {y.dtype}")
    with np.errstate(over="ignore"):
        y = y.astype(scores.dtype)
    if not np.isfinite(y).all():
        raise ValueError(f"{name} takes y of numbers finite in {y.dtype}, got NaN or infinity")
    return y
