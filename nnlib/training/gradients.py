"""The gradient as one long vector: its length, and a limit to it."""

import math

import numpy as np

from ..checks import real


def gradient_norm(gradients: list) -> float:
    """‖g‖ = √Σ g², over all entries of all arrays together."""
    return math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))


def clip_gradients(gradients: list, limit: float) -> list:
    """g · min(1, limit / ‖g‖): shortened to ``limit`` where longer, the direction kept.

    Against exploding gradients, above all in recurrent nets. The given arrays are not changed.
    Source: Pascanu, Mikolov and Bengio, 2013.
    """
    limit = real("clip_gradients limit", limit, 0, open_low=True)
    norm = gradient_norm(gradients)
    return gradients if norm <= limit else [g * (limit / norm) for g in gradients]
