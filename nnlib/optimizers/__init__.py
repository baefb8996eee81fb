"""Optimizers: how the gradients move the parameters.

``update`` is the paper's rule on plain arrays, so the same class drives a network and a
2-D toy surface: ``opt = Adam([theta]); opt.step([g])``.
"""

from .adaptive import Adadelta, Adagrad, Adam, AdamW, RMSprop
from .base import Optimizer
from .momentum import SGD, Momentum, Nesterov

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]
