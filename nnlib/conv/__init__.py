"""Convolution: one small window of weights slides over the whole image (卷积).

``sizes`` counts where the window fits, ``products`` turns all its positions into matrix
products, ``layers`` learns the weights, ``functions`` convolves plain arrays.
"""

from .functions import convolve, correlate
from .layers import Conv1d, Conv2d, ConvTranspose2d, group_table
from .sizes import conv_size, dropped_pixels

__all__ = [
    "Conv1d", "Conv2d", "ConvTranspose2d", "conv_size", "convolve", "correlate",
    "dropped_pixels", "group_table",
]  # fmt: skip
