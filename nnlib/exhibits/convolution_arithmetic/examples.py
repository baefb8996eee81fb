"""The worked examples, the kernels everybody should know, and the pictures they are tried on."""

import functools

import numpy as np

from ... import data

LETTER = np.array([[1, 0, 1, 0], [1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 0]])  # 4×4
COURSE = np.array(
    [[2, 1, 0, 2, 3], [9, 5, 4, 2, 0], [2, 3, 4, 5, 6], [1, 2, 3, 1, 0], [0, 4, 4, 2, 8]]
)
BLOCKS = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
EXAMPLES = {  # name -> image, kernel, bias; each has 3×3 places for its window
    "4×4, left − right": (LETTER, np.array([[1, -1], [1, -1]]), 0),
    "4×4, top − bottom": (LETTER, np.array([[1, 1], [-1, -1]]), 0),
    "5×5, right − left": (COURSE, np.array([[-1, 0, 1]] * 3), 1),
    "5×5, a cross": (BLOCKS, np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]), 0),
}

RGB = np.array([
    [[0, 2, 2, 0, 2], [1, 1, 1, 1, 1], [0, 0, 1, 2, 2], [0, 0, 1, 2, 2], [0, 2, 2, 2, 0]],
    [[1, 0, 2, 1, 1], [1, 2, 2, 1, 0], [1, 1, 0, 2, 1], [0, 0, 0, 1, 1], [2, 1, 1, 2, 0]],
    [[0, 1, 2, 2, 0], [0, 1, 1, 0, 0], [2, 2, 0, 2, 1], [0, 1, 1, 0, 2], [1, 2, 2, 1, 1]],
])  # fmt: skip
RGB_KERNEL = np.array([
    [[-1, 1, 0], [-1, 0, 1], [-1, 1, -1]],
    [[1, 0, 1], [1, 1, 0], [1, 0, 1]],
    [[-1, -1, -1], [0, 1, 0], [0, 1, 1]],
])  # fmt: skip

DEMO_X = np.array([  # three channels; with pad 1 they are 7×7
    [[0, 1, 1, 0, 2], [2, 2, 2, 2, 1], [1, 0, 0, 2, 0], [0, 1, 1, 0, 0], [1, 2, 0, 0, 2]],
    [[1, 0, 2, 2, 0], [0, 0, 0, 2, 0], [1, 2, 1, 2, 1], [1, 0, 0, 0, 0], [1, 2, 1, 1, 1]],
    [[2, 1, 2, 0, 0], [1, 0, 0, 1, 0], [0, 2, 1, 0, 1], [0, 1, 2, 2, 2], [2, 1, 0, 0, 1]],
])  # fmt: skip
DEMO_W = np.array([  # two filters; biases 1 and 0
    [
        [[-1, 1, 0], [0, 1, 0], [0, 1, 1]],
        [[-1, -1, 0], [0, 0, 0], [0, -1, 0]],
        [[0, 0, -1], [0, 1, 0], [1, -1, -1]],
    ],
    [
        [[1, 1, -1], [-1, -1, 1], [0, -1, 1]],
        [[0, 1, 0], [-1, 0, -1], [-1, 1, 0]],
        [[-1, 0, 0], [-1, 0, 1], [-1, 0, 0]],
    ],
])  # fmt: skip

KERNELS = {  # name -> whole numbers, and what they are divided by
    "Identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "Mean": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "Gaussian": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "Sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "Emboss": ([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], 1),
    "Laplacian": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1),
    "Sobel ↔": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1),
    "Sobel ↕": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], 1),
}


def kernel_of(name) -> np.ndarray:
    """One of ``KERNELS`` as the array that meets the pixels."""
    whole, divisor = KERNELS[name]
    return np.array(whole) / divisor


@functools.cache
def photograph(size: int = 96) -> np.ndarray:
    """The photograph without colour, (size, size), 0 black to 1 white."""
    return data.photo(size, np.float64).mean(axis=0)


@functools.cache
def digit_image(digit: int) -> np.ndarray:
    """The first test digit of this kind, (8, 8), ink 1."""
    test = data.digits(np.float64)
    return test.x_test[test.y_test == digit][0, 0]


def picture_named(name: str) -> np.ndarray:
    """The photograph, or the digit at the end of the name."""
    return photograph() if name == "photograph" else digit_image(int(name[-1]))
