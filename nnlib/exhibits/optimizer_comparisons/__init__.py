"""Optimizer comparisons: a fair race, its rules, and what happens when they are broken."""

from .batches import draw_ball, draw_batches, draw_times, time_batches
from .momentum import best, draw_plane, radius
from .museum import PIECES, MultiplyingAdam, draw_adams, draw_museum
from .network import compete, draw_network
from .race import NAMES, STEPS, draw_race, tuned
from .rates import draw_bounce, draw_robustness
from .state import GRADIENTS, MEMORIES, draw_state
from .surfaces import SURFACES, surface

__all__ = [
    "GRADIENTS", "MEMORIES", "NAMES", "PIECES", "STEPS", "SURFACES", "MultiplyingAdam", "best",
    "compete", "draw_adams", "draw_ball", "draw_batches", "draw_bounce", "draw_museum",
    "draw_network", "draw_plane", "draw_race", "draw_robustness", "draw_state", "draw_times",
    "radius", "surface", "time_batches", "tuned",
]  # fmt: skip
