"""Drawings for the notebook on output sizes: a calculator, reads, a volume, a stack."""

from .calculator import (
    CALCULATOR,
    SLIDING,
    calculator_controls,
    draw_calculator,
    draw_sliding,
)
from .kernels import KERNELS, draw_kernels, train_kernels
from .moves import STACK_ACTIONS, make_fit, stepped
from .reads import READS, draw_reads
from .stack import PRESETS, build
from .tower import STACK, draw_stack, stack_controls
from .volume import VOLUME, VOLUME_STEPS, B, W, X, draw_volume, volume_conv
from .windows import axis, nearest

__all__ = [
    "CALCULATOR", "KERNELS", "PRESETS", "READS", "SLIDING", "STACK", "STACK_ACTIONS", "VOLUME",
    "VOLUME_STEPS", "B", "W", "X", "axis", "build", "calculator_controls", "draw_calculator",
    "draw_kernels", "draw_reads", "draw_sliding", "draw_stack", "draw_volume", "make_fit",
    "nearest", "stack_controls", "stepped", "train_kernels", "volume_conv",
]  # fmt: skip
