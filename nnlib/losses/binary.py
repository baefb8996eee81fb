"""Losses for yes or no: one score for each target.

Logistic and binary cross-entropy take y = 0 or 1 (or a probability between), the margin
losses take y = -1 or +1 and look only at the margin y·s.
"""

import numpy as np

from ..activations import sigmoid
from ..checks import real
from .loss import Loss, targets


def zero_to_one(name: str, scores: np.ndarray, y) -> np.ndarray:
    """y, if it lies between 0 and 1 everywhere."""
    y = targets(name, scores, y)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(
            f"{name} takes y in 0..1, got {y.min():g}..{y.max():g}: for labels ±1 pass (y + 1) / 2"
        )
    return y


def plus_or_minus(name: str, scores: np.ndarray, y) -> np.ndarray:
    """y, if every entry is -1 or +1."""
    y = targets(name, scores, y)
    if (np.abs(y) != 1).any():
        bad = y[np.abs(y) != 1][0]
        raise ValueError(f"{name} takes y of -1 and +1, got {bad:g}: for labels 0/1 pass 2 * y - 1")
    return y


class Logistic(Loss):
    """Binary cross-entropy from scores: L_i = -[y ln σ(s) + (1 - y) ln(1 - σ(s))].

    For one binary target; for K classes see ``SoftmaxCrossEntropy``. Computed with
    -ln σ(s) = ln(1 + exp(-s)), so that σ(s) may round to 0 or 1. The gradient is σ(s) - y.

    Shapes
    ------
    scores (N, ...), y (N, ...) in 0..1  ->  each (N, ...)

    After a call ``p`` holds σ(s), the probability of y = 1.
    """

    def check(self, name, scores, y):
        return zero_to_one(name, scores, y)

    def forward(self, scores, y):
        self.p, self.y = sigmoid(scores), y
        return y * np.logaddexp(0, -scores) + (1 - y) * np.logaddexp(0, scores)

    def dscores(self):
        return self.p - self.y


class BinaryCrossEntropy(Loss):
    """From probabilities: L_i = -[y ln p + (1 - y) ln(1 - p)].

    Inside the logarithms p and 1 - p are not taken below eps, so that a wrong certainty
    costs -ln eps instead of infinity; a right one costs exactly 0 (adding eps to p instead
    would make that cost negative).

    Parameters
    ----------
    eps : float in (0, 0.5)
        1e-7 caps the loss at 16.1.

    Shapes
    ------
    scores (N, ...) probabilities, y (N, ...) in 0..1  ->  each (N, ...)
    """

    def __init__(self, eps: float = 1e-7):
        self.eps = real("BinaryCrossEntropy eps", eps, 0, 0.5, open_low=True, open_high=True)

    def check(self, name, scores, y):
        y = zero_to_one(name, scores, y)
        if scores.min() < 0 or scores.max() > 1:
            raise ValueError(
                f"{name} takes scores that are probabilities, got {scores.min():g}.."
                f"{scores.max():g}: use Logistic for scores, or a Sigmoid layer before"
            )
        return y

    def forward(self, scores, y):
        self.y = y
        self.yes, self.no = np.maximum(scores, self.eps), np.maximum(1 - scores, self.eps)
        return -y * np.log(self.yes) - (1 - y) * np.log(self.no)

    def dscores(self):
        return (1 - self.y) / self.no - self.y / self.yes


class BinaryHinge(Loss):
    """L_i = max(0, Δ - y s): no cost beyond the margin; the loss of the linear SVM.

    y is -1 or +1: a label 0 would cost Δ whatever the score, without a gradient.

    Parameters
    ----------
    margin : float >= 0
        Δ.

    Shapes
    ------
    scores (N, ...), y (N, ...) of ±1  ->  each (N, ...)

    Source: Cortes and Vapnik, 1995.
    """

    def __init__(self, margin: float = 1.0):
        self.margin = real("BinaryHinge margin", margin, 0)

    def check(self, name, scores, y):
        return plus_or_minus(name, scores, y)

    def forward(self, scores, y):
        self.y = y
        return np.maximum(0, self.margin - y * scores)

    def dscores(self):
        return -self.y * (self.each > 0)


class Exponential(Loss):
    """L_i = exp(-y s), the loss AdaBoost minimises; like all losses here a mean, not a sum.

    A badly wrong score costs without bound: beyond the range of the dtype (y s below -88 in
    float32, -709 in float64) it is an error.

    Shapes
    ------
    scores (N, ...), y (N, ...) of ±1  ->  each (N, ...)

    Source: Friedman, Hastie and Tibshirani, 2000.
    """

    def check(self, name, scores, y):
        return plus_or_minus(name, scores, y)

    def forward(self, scores, y):
        self.y = y
        return np.exp(-y * scores)

    def dscores(self):
        return -self.y * self.each
