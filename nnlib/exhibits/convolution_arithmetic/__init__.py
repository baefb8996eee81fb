"""Drawings for the notebook on convolution: windows, kernels, channels, flips and shifts."""

from .channels import TABLE, THREE, filter_bank, table, three
from .examples import (
    BLOCKS,
    COURSE,
    DEMO_W,
    DEMO_X,
    EXAMPLES,
    KERNELS,
    LETTER,
    RGB,
    RGB_KERNEL,
    digit_image,
    kernel_of,
    photograph,
)
from .flip import DOTS, FILTERS, MODES, MOVING, PADDINGS, SIGNALS, SIGNS, STAMPS, flip, moving
from .learn import GOALS, LEARN, SOURCES, STEPS, STRIDE, learned, learning
from .photo import AFTER, LAB, MAPS, PICTURES, PRESETS, eight_kernels, lab, lab_controls, maps
from .shift import SEEN, SQUARE, both_ways, likeness, moved, paper, square
from .window import BOARD, look, look_controls, scan, touched, typed

__all__ = [
    "AFTER", "BLOCKS", "BOARD", "COURSE", "DEMO_W", "DEMO_X", "DOTS", "EXAMPLES", "FILTERS",
    "GOALS", "KERNELS",
    "LAB", "LEARN", "LETTER", "MAPS", "MODES", "MOVING", "PADDINGS", "PICTURES", "PRESETS",
    "RGB", "RGB_KERNEL", "SEEN", "SIGNALS", "SIGNS", "SOURCES", "SQUARE", "STAMPS", "STEPS",
    "STRIDE", "TABLE", "THREE", "both_ways", "digit_image", "eight_kernels", "filter_bank",
    "flip", "kernel_of", "lab", "lab_controls", "learned", "learning", "likeness", "look",
    "look_controls", "maps", "moved", "moving", "paper", "photograph", "scan", "square",
    "table", "three", "touched", "typed",
]  # fmt: skip
