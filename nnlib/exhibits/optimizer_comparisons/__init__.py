"""Optimizer comparisons: a fair race, its rules, and what happens when they are broken."""

from .batches import digits, draw_ball, draw_batches, draw_times, learn, time_batches
from .momentum import best, draw_plane, slowest
from .museum import BROKEN, PIECES, MultiplyingAdam, compare, draw_adams, draw_museum, lengths_of
from .network import build, compete, data, draw_network
from .race import NAMES, STEPS, draw_race, raced, tuned
from .rates import draw_bounce, draw_robustness
from .state import GRADIENTS, MEMORIES, draw_state
from .surfaces import SURFACES, surface

__all__ = [
    "BROKEN", "GRADIENTS", "MEMORIES", "NAMES", "PIECES", "STEPS", "SURFACES", "MultiplyingAdam",
    "best", "build", "compare", "compete", "data", "digits", "draw_adams", "draw_ball",
    "draw_batches", "draw_bounce", "draw_museum", "draw_network", "draw_plane", "draw_race",
    "draw_robustness", "draw_state", "draw_times", "learn", "lengths_of", "raced", "slowest",
    "surface", "time_batches", "tuned",
]  # fmt: skip
