"""Exercises with live checks: ``check``, ``hint``, ``solution`` and ``predict``.

One module per notebook holds its keys, the typical wrong answers and their hints.
"""

from .engine import EXERCISES, Exercise, Mistake, Result, check, exercise, hint, load_all, solution
from .predict import Predict, predict

__all__ = [
    "EXERCISES", "Exercise", "Mistake", "Predict", "Result", "check", "exercise", "hint",
    "load_all", "predict", "solution",
]  # fmt: skip
