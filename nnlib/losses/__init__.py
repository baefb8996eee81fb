"""Losses: how wrong the scores are, as one number, and which way is better.

``L = loss(scores, y)`` is the mean of the losses L_i, which stay one by one in
``loss.each``; ``loss.backward()`` is dL/dscores, the 1/N included.
"""

from .binary import BinaryCrossEntropy, BinaryHinge, Exponential, Logistic
from .classification import NLL, Hinge, SoftmaxCrossEntropy, SquaredHinge
from .loss import Loss
from .regression import MAE, MAPE, MSE, MSLE, Huber, LogCosh

__all__ = [
    "MAE", "MAPE", "MSE", "MSLE", "NLL", "BinaryCrossEntropy", "BinaryHinge", "Exponential",
    "Hinge", "Huber", "LogCosh", "Logistic", "Loss", "SoftmaxCrossEntropy", "SquaredHinge",
]  # fmt: skip
