"""Exhibits of the notebook on the gradients of a CNN and its training.

Beside each drawing stands its layout, the size and axes that ``explore`` needs.
"""

from .bugs import (
    BENCH,
    BUGS,
    FrozenConv,
    OverwritingPool,
    ReversedConv,
    StraightReLU,
    draw_bench,
    train_with,
)
from .inside import (
    INK,
    INSIDE,
    MISTAKES,
    ORDERS,
    WINNER,
    clear,
    draw_inside,
    draw_mistakes,
    mistakes,
    next_mistake,
    test_digits,
)
from .network import cnn, share_right, trained
from .ordinary import KINDS, ORDINARY, as_matrix, draw_ordinary
from .resume import RESTORED, RESUME, Run, draw_resume, scratch_file
from .routing import KERNELS, LAYERS, ROUTES, TURNED, draw_routes, draw_turned, next_cell
from .training import EPOCHS, TRAINING, draw_training, train_cnn

__all__ = [
    "BENCH", "BUGS", "EPOCHS", "INK", "INSIDE", "KERNELS", "KINDS", "LAYERS", "MISTAKES",
    "ORDERS", "ORDINARY", "RESTORED", "RESUME", "ROUTES", "TRAINING", "TURNED", "WINNER",
    "FrozenConv", "OverwritingPool", "ReversedConv", "Run", "StraightReLU", "as_matrix", "clear",
    "cnn", "draw_bench", "draw_inside", "draw_mistakes", "draw_ordinary", "draw_resume",
    "draw_routes", "draw_training", "draw_turned", "mistakes", "next_cell", "next_mistake",
    "scratch_file", "share_right", "test_digits", "train_cnn", "train_with", "trained",
]  # fmt: skip
