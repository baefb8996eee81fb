"""nnlib: neural networks in NumPy, written to be read.

``import nnlib as nn`` gives layers, losses, optimizers and training. The teaching side
(``nnlib.interact``, ``nnlib.viz``, ``nnlib.exercises``) is imported by name, because it
needs matplotlib and ipywidgets.
"""

from . import data, init, schedules
from .activations import ReLU, Sigmoid, Softmax, Tanh, sigmoid, softmax
from .gradcheck import gradcheck, numeric_gradient, relative_error
from .layer import Concat, Layer, Residual, Sequential
from .linear import Flatten, Linear
from .losses import (
    MAE,
    MAPE,
    MSE,
    MSLE,
    NLL,
    BinaryCrossEntropy,
    BinaryHinge,
    Exponential,
    Hinge,
    Huber,
    LogCosh,
    Logistic,
    Loss,
    SoftmaxCrossEntropy,
    SquaredHinge,
)
from .optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSprop
from .penalties import L1, L2, Penalty
from .training import Record, accuracy, batches, train

__all__ = [
    "L1", "L2", "MAE", "MAPE", "MSE", "MSLE", "NLL", "SGD", "Adadelta", "Adagrad", "Adam",
    "AdamW", "BinaryCrossEntropy", "BinaryHinge", "Concat", "Exponential", "Flatten", "Hinge",
    "Huber", "Layer", "Linear", "LogCosh", "Logistic", "Loss", "Momentum", "Nesterov",
    "Optimizer", "Penalty", "RMSprop", "ReLU", "Record", "Residual", "Sequential", "Sigmoid",
    "Softmax", "SoftmaxCrossEntropy", "SquaredHinge", "Tanh", "accuracy", "batches", "data",
    "gradcheck", "init", "numeric_gradient", "relative_error", "schedules", "sigmoid",
    "softmax", "train",
]  # fmt: skip
