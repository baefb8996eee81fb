"""Optimizer comparisons: a fair race, its rules, and what happens when they are broken."""

from .batches import (
    draw_ball,
    draw_batches,
    draw_times,
    gradient_noise,
    learn,
    share_that_leaves,
    time_batches,
)  # fmt: skip
from .momentum import best, draw_plane, slowest
from .museum import BROKEN, PIECES, MultiplyingAdam, compare, draw_adams, draw_museum
from .network import build, compete, data, draw_network
from .race import NAMES, RULES, STEPS, draw_race, raced, tuned
from .rates import draw_bounce, draw_robustness
from .state import GRADIENTS, MEMORIES, draw_state
from .surfaces import SURFACES, gradient_error, surface
from .walk import steps_of, walk

__all__ = [
    "BROKEN", "GRADIENTS", "MEMORIES", "NAMES", "PIECES", "RULES", "STEPS", "SURFACES",
    "MultiplyingAdam", "best", "build", "compare", "compete", "data", "draw_adams",
    "draw_ball", "draw_batches", "draw_bounce", "draw_museum", "draw_network", "draw_plane",
    "draw_race", "draw_robustness", "draw_state", "draw_times", "gradient_error",
    "gradient_noise", "learn", "raced", "share_that_leaves", "slowest", "steps_of", "surface",
    "time_batches", "tuned", "walk",
]  # fmt: skip
