"""Losses for K classes: a row of K scores, and the index y of the true class."""

import numpy as np

from ..checks import labels, natural, real
from .loss import Loss


def one_hot(y: np.ndarray, like: np.ndarray) -> np.ndarray:
    """1 at column y of every row, else 0, in the shape and dtype of ``like``."""
    return (y[..., None] == np.arange(like.shape[-1])).astype(like.dtype)


class Classes(Loss):
    """A loss that takes one class index y for each row of scores."""

    ignore = None

    def check(self, name, scores, y):
        if scores.ndim < 2 or scores.size == 0:
            raise ValueError(f"{name} takes scores (N, ..., K) with N >= 1, got {scores.shape}")
        return labels(name, y, scores.shape[:-1], scores.shape[-1], self.ignore)


class Hinge(Classes):
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


def importance(name: str, weights) -> np.ndarray:
    """One weight >= 0 for each class, not all of them 0."""
    w = np.array(weights, dtype=np.float64)
    if w.ndim != 1 or not (np.isfinite(w).all() and (w >= 0).all() and w.any()):
        raise ValueError(f"{name} takes K numbers >= 0, not all of them 0, got {weights!r}")
    return w


class NLL(Classes):
    """Negative log-likelihood from log-probabilities: L_i = -w_y ln p_y.

    For any number of classes. With label smoothing α the target is not the true class alone
    but the distribution q = (1 - α)·1[y] + α/K, and L_i = -Σ_k w_k q_k ln p_k.

    Parameters
    ----------
    weights : K floats >= 0, optional
        w, the importance of each class; all 1 by default. The mean divides by Σ_i w_{y_i}.
    smoothing : float in [0, 1)
        α.
    ignore : int, optional
        The label of entries that do not count, such as the padding of short sequences.

    Shapes
    ------
    scores (N, ..., K) log-probabilities, y (N, ...) class indices  ->  each (N, ...)

    After a call ``q`` (N, ..., K) holds the weighted target distribution, 0 where ignored.

    Errors
    ------
    ValueError if no entry counts, or if a score is above 0 and so no log-probability.
    """

    def __init__(self, weights=None, smoothing: float = 0.0, ignore: int | None = None):
        name = type(self).__name__
        self.weights = None if weights is None else importance(f"{name} weights", weights)
        self.smoothing = real(f"{name} smoothing", smoothing, 0, 1, open_high=True)
        self.ignore = None if ignore is None else natural(f"{name} ignore", ignore, -(2**31))

    def check(self, name, scores, y):
        y = super().check(name, scores, y)
        classes = scores.shape[-1]
        if self.weights is not None and len(self.weights) != classes:
            raise ValueError(f"{name} takes weights of {classes} classes, got {len(self.weights)}")
        self.check_scores(name, scores)
        return y

    def check_scores(self, name, scores):
        """Refuse what cannot be a log-probability; a hair above 0 is round-off."""
        if scores.max() > 1e-3:
            raise ValueError(
                f"{name} takes scores that are log-probabilities <= 0, got {scores.max():g}: "
                "use SoftmaxCrossEntropy for scores, or a LogSoftmax layer before"
            )

    def total(self):
        return float(self.share.sum())

    def forward(self, scores, y):
        self.share = y != self.ignore  # what each row counts
        if self.weights is not None:
            self.share = self.weights[np.where(self.share, y, 0)] * self.share
        if not self.share.any():
            raise ValueError(f"{type(self).__name__} takes y of which some entry counts, got none")
        self.q = self.target(scores, y)
        return (self.q * -scores).sum(axis=-1)

    def target(self, scores, y):
        """q: what p should be, times the class weights; all zero in a row that does not count."""
        q = one_hot(y, scores)
        if self.smoothing:
            q = (1 - self.smoothing) * q + self.smoothing / q.shape[-1]
        if self.weights is not None:
            q *= self.weights.astype(q.dtype)
        return q if self.ignore is None else q * (y != self.ignore)[..., None]

    def dscores(self):
        return -self.q


class SoftmaxCrossEntropy(NLL):
    """L_i = -ln p_y  with  p = softmax(scores); its gradient is p - 1[y].

    It is the ``NLL`` of the logarithm of the softmax, whose parameters it shares: class
    weights, label smoothing, an ignored label. The logarithm is natural, and one L_i is a
    sum over classes, not a mean. Computed as ln Σ_j exp(s_j - s_max) - (s_y - s_max), which
    is right also where p_y underflows to 0.

    Shapes
    ------
    scores (N, ..., K), y (N, ...) class indices  ->  each (N, ...)

    After a call ``p`` (N, ..., K) holds the probabilities, ``q`` the target distribution.
    """

    def check_scores(self, name, scores):
        """Any finite score will do."""

    def forward(self, scores, y):
        shifted = scores - scores.max(axis=-1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        self.p = np.exp(log_p)
        return super().forward(log_p, y)

    def dscores(self):
        return self.p * self.q.sum(axis=-1, keepdims=True) - self.q
