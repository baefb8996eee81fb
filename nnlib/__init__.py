"""nnlib: neural networks in NumPy, written to be read.

``import nnlib as nn`` gives layers, losses, optimizers and training. The teaching side
(``nnlib.interact``, ``nnlib.viz``, ``nnlib.exercises``) is imported by name, because it
needs matplotlib and ipywidgets.
"""

from . import data, init
from .activations import ReLU, Sigmoid, Softmax, Tanh, sigmoid, softmax
from .gradcheck import gradcheck, numeric_gradient, relative_error
from .layer import Concat, Layer, Residual, Sequential
from .linear import Flatten, Linear
from .losses import Hinge, Loss, SoftmaxCrossEntropy, SquaredHinge
from .optimizers import SGD, Adam, Momentum, Optimizer
from .penalties import L1, L2, Penalty
from .training import Record, accuracy, batches, train

__all__ = [
    "L1", "L2", "SGD", "Adam", "Concat", "Flatten", "Hinge", "Layer", "Linear", "Loss",
    "Momentum", "Optimizer", "Penalty", "ReLU", "Record", "Residual", "Sequential", "Sigmoid",
    "Softmax", "SoftmaxCrossEntropy", "SquaredHinge", "Tanh", "accuracy", "batches", "data",
    "gradcheck", "init", "numeric_gradient", "relative_error", "sigmoid", "softmax", "train",
]  # fmt: skip
