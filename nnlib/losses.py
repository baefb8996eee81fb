"""Losses: how wrong the scores are, as one number, and which way is better.

``L = loss(scores, y)`` is the mean of the losses L_i of the examples, which stay in
``loss.each``; ``loss.backward()`` is dL/dscores, the 1/N included.
"""

import numpy as np

from .checks import finite, labels, real


class Loss:
    """A number that says how wrong the scores are, and its gradient.

    ``each`` keeps the losses of the last call one by one; it has the shape of y.
    """

    each = None

    def __call__(self, scores: np.ndarray, y: np.ndarray) -> float:
        """The mean loss. ValueError for NaN, infinity, wrong shapes or labels out of range."""
        name = type(self).__name__
        finite(name + " scores", scores)
        y = self.check(name, scores, y)
        self.each = self.forward(scores, y)
        return float(self.each.mean())

    def check(self, name, scores, y):
        """y, if it fits the scores: here one class index for each row of scores."""
        if scores.ndim < 2 or scores.size == 0:
            raise ValueError(f"{name} takes scores (N, ..., K) with N >= 1, got {scores.shape}")
        return labels(name, y, scores.shape[:-1], scores.shape[-1])

    def forward(self, scores, y):
        """Return the losses L_i, and keep what ``backward`` needs."""
        raise NotImplementedError

    def backward(self) -> np.ndarray:
        """dL/dscores of the last call, in the shape and dtype of the scores."""
        if self.each is None:
            raise ValueError(f"{type(self).__name__}.backward needs a call first: loss(scores, y)")
        return self.dscores() / self.each.size

    def dscores(self):
        """dL_i/dscores for every row i, before the mean."""
        raise NotImplementedError


def one_hot(y: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Zeros in the shape and dtype of ``like`` with a 1 at column y of every row."""
    hot = np.zeros_like(like)
    np.put_along_axis(hot, y[..., None], 1, axis=-1)
    return hot


class Hinge(Loss):
    """Multiclass hinge loss: L_i = Σ_{j≠y} max(0, s_j - s_y + Δ).

    Zero means that every wrong score lies at least the margin Δ below the right one.

    Parameters
    ----------
    margin : float >= 0
        Δ.

    Shapes
    ------
    scores (N, ..., K), y (N, ...) class indices  ->  each (N, ...)

    After a call ``terms`` (N, ..., K) holds the summands, 0 at the true class.
    Source: Weston and Watkins, 1999.
    """

    def __init__(self, margin: float = 1.0):
        self.margin = real("Hinge margin", margin, 0)

    def forward(self, scores, y):
        self.true = one_hot(y, scores)
        s_y = np.take_along_axis(scores, y[..., None], axis=-1)
        self.terms = np.maximum(0, scores - s_y + self.margin) * (1 - self.true)
        return self.terms.sum(axis=-1)

    def dscores(self):
        slope = self.slope()
        return slope - self.true * slope.sum(axis=-1, keepdims=True)

    def slope(self):
        """Derivative of each summand with respect to s_j: 1 where it is positive."""
        return (self.terms > 0).astype(self.terms.dtype)


class SquaredHinge(Hinge):
    """L_i = Σ_{j≠y} max(0, s_j - s_y + Δ)²: a large violation costs much more.

    Parameters, shapes and source as ``Hinge``.
    """

    def forward(self, scores, y):
        super().forward(scores, y)
        return (self.terms**2).sum(axis=-1)

    def slope(self):
        return 2 * self.terms


class SoftmaxCrossEntropy(Loss):
    """L_i = -ln p_y  with  p = softmax(scores); its gradient is p - 1[y].

    The logarithm is natural. Computed as ln Σ_j exp(s_j - s_max) - (s_y - s_max), which is
    right also where p_y underflows to 0.

    Shapes
    ------
    scores (N, ..., K), y (N, ...) class indices  ->  each (N, ...)

    After a call ``p`` (N, ..., K) holds the probabilities.
    """

    def forward(self, scores, y):
        shifted = scores - scores.max(axis=-1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        self.p, self.true = np.exp(log_p), one_hot(y, scores)
        return -np.take_along_axis(log_p, y[..., None], axis=-1)[..., 0]

    def dscores(self):
        return self.p - self.true
