"""Drawings for the notebook on the score function f(x, W) = Wx + b."""

from .cat import NUDGES, PETS, PIXELS, SUM, cat_controls, cat_nudges, cat_scores, nudge
from .digits import FOUR, SHIFTS, TRAINING, evidence, fool, shift, shifted, train_digits, training
from .plane import boundary, class_lines, crossings

__all__ = [
    "FOUR", "NUDGES", "PETS", "PIXELS", "SHIFTS", "SUM", "TRAINING", "boundary", "cat_controls",
    "cat_nudges",
    "cat_scores", "class_lines", "crossings", "evidence", "fool", "nudge", "shift", "shifted",
    "train_digits", "training",
]  # fmt: skip
