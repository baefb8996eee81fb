"""nnlib: neural networks in NumPy, written to be read.

``import nnlib as nn`` gives layers, losses, optimizers and training. The teaching side
(``nnlib.interact``, ``nnlib.viz``, ``nnlib.exercises``) is imported by name, because it
needs matplotlib and ipywidgets.
"""

from . import data, init, models, preprocessing, schedules
from .activations import (
    ELU,
    GELU,
    SELU,
    HardSigmoid,
    Identity,
    LeakyReLU,
    LogSoftmax,
    Mish,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Swish,
    Tanh,
    sigmoid,
    softmax,
    softplus,
)
from .conv import (
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    conv_size,
    convolve,
    correlate,
    dropped_pixels,
    group_table,
)
from .dropout import Dropout
from .embedding import Embedding
from .gates import Value
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
from .models import build
from .neighbors import KNearestNeighbors
from .normalization import LRN, BatchNorm, LayerNorm
from .optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSprop
from .penalties import L1, L2, Penalty
from .perceptron import Perceptron
from .pooling import (
    AveragePool2d,
    GlobalAveragePool2d,
    MaxPool2d,
    StochasticPool2d,
    TrainablePool2d,
)
from .rbm import RBM, deep_belief_net, pretrain
from .recurrent import GRU, LSTM, RNN, Bidirectional, Recurrent
from .summary import Summary, summary
from .training import (
    Epoch,
    Position,
    Record,
    accuracy,
    batches,
    clip_gradients,
    fit,
    gradient_norm,
    load,
    save,
    share_correct,
    train,
)
from .word_vectors import CBOW, SkipGram, Vectors, Vocabulary

__all__ = [
    "CBOW", "ELU", "GELU", "GRU", "L1", "L2", "LRN", "LSTM", "MAE", "MAPE", "MSE", "MSLE",
    "NLL", "RBM", "RNN", "SELU", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "AveragePool2d",
    "BatchNorm", "Bidirectional", "BinaryCrossEntropy", "BinaryHinge", "Concat", "Conv1d",
    "Conv2d", "ConvTranspose2d", "Dropout", "Embedding", "Epoch", "Exponential", "Flatten",
    "GlobalAveragePool2d", "HardSigmoid", "Hinge", "Huber", "Identity", "KNearestNeighbors",
    "Layer", "LayerNorm", "LeakyReLU", "Linear", "LogCosh", "LogSoftmax", "Logistic", "Loss",
    "MaxPool2d", "Mish", "Momentum", "Nesterov", "Optimizer", "Penalty", "Perceptron",
    "Position", "RMSprop", "ReLU", "Record", "Recurrent", "Residual", "Sequential", "SiLU",
    "Sigmoid", "SkipGram", "Softmax", "SoftmaxCrossEntropy", "Softplus", "Softsign",
    "SquaredHinge", "StochasticPool2d", "Summary", "Swish", "Tanh", "TrainablePool2d", "Value",
    "Vectors", "Vocabulary", "accuracy", "batches", "build", "clip_gradients", "conv_size",
    "convolve", "correlate", "data", "deep_belief_net", "dropped_pixels", "fit", "gradcheck",
    "gradient_norm", "group_table", "init", "load", "models", "numeric_gradient",
    "preprocessing", "pretrain", "relative_error", "save", "schedules", "share_correct",
    "sigmoid", "softmax", "softplus", "summary", "train",
]  # fmt: skip
