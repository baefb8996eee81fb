"""Exhibits of the notebook on the hinge and the softmax loss.

Beside each drawing stands its layout, the size and axes that ``explore`` needs.
"""

from .digits import MARGINS, draw_margins, train_digits
from .flow import FLOW, FLOW_STEPS, draw_flow
from .lab import LAB, START, draw_lab, random_start, steps, zero_start
from .scores import BOTH, PRESETS, RULES, SCALED, TABLE, draw_both_losses, draw_scaled, draw_table
from .softmax import LOG, OVERFLOW, TWO_CLASSES, draw_log, draw_overflow, draw_two_classes

__all__ = [
    "BOTH", "FLOW", "FLOW_STEPS", "LAB", "LOG", "MARGINS", "OVERFLOW", "PRESETS", "RULES",
    "SCALED", "START", "TABLE", "TWO_CLASSES", "draw_both_losses", "draw_flow", "draw_lab",
    "draw_log", "draw_margins", "draw_overflow", "draw_scaled", "draw_table", "draw_two_classes",
    "random_start", "steps", "train_digits", "zero_start",
]  # fmt: skip
