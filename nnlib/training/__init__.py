"""Training: minibatches, the loop, how often the net is right, and files to go on from."""

from .checkpoint import load, save
from .fit import Epoch, accuracy, fit, share_correct
from .gradients import clip_gradients, gradient_norm
from .loop import Record, batches, train
from .position import Position

__all__ = [
    "Epoch", "Position", "Record", "accuracy", "batches", "clip_gradients", "fit",
    "gradient_norm", "load", "save", "share_correct", "train",
]  # fmt: skip
