"""Exercises of the notebook on convolution: keys, typical mistakes, hints."""

import numpy as np

from ..conv import convolve, correlate
from .engine import Mistake, exercise


def _window(rng):
    """A window (k, k), its kernel (k, k) and a bias."""
    k = int(rng.integers(2, 4))
    return rng.normal(size=(k, k)), rng.normal(size=(k, k)), float(rng.normal())


@exercise(
    cases=_window,
    hint="Multiply what lies on top of each other: x * w. Add all products, then the bias.",
    mistakes=[
        Mistake(lambda x, w, b: (x * w).sum(), "You forgot the bias."),
        Mistake(lambda x, w, b: x * w + b, "These are the products; an output cell is their sum."),
        Mistake(
            lambda x, w, b: (x * w + b).sum(),
            "You added the bias to every product. It is added once, to the sum.",
        ),
        Mistake(
            lambda x, w, b: (x @ w).sum() + b,
            "@ multiplies rows by columns. Here each number meets the one above it: *.",
        ),
        Mistake(
            lambda x, w, b: (x * np.flip(w)).sum() + b,
            "You turned the kernel. A CNN lays it on as it is.",
        ),
    ],
)
def one_output(x, w, b):
    return (x * w).sum() + b


def _image(rng):
    size = tuple(int(n) for n in rng.integers(4, 8, size=2))
    return rng.normal(size=size), rng.normal(size=(2, 3))


@exercise(
    cases=_image,
    hint="Two loops over the places of the window. How many are there in each direction?",
    mistakes=[
        Mistake(
            lambda x, w: convolve(x, w),
            "That is the mathematical convolution: you turned the kernel by 180°.",
        ),
        Mistake(
            lambda x, w: correlate(x, w)[:-1, :-1],
            "The last row and the last column of places are missing: H − kh + 1 and W − kw + 1.",
        ),
        Mistake(
            lambda x, w: correlate(x, w, "same"),
            "You padded the image. Here the window stays inside it.",
        ),
        Mistake(
            lambda x, w: correlate(x, w, "full"),
            "That is every place where window and image touch. Here the window stays inside.",
        ),
        Mistake(
            lambda x, w: correlate(x, np.ones_like(w)),
            "You added up the pixels of each window; every pixel has its own weight.",
        ),
    ],
)
def slide(x, w):
    (H, W), (kh, kw) = x.shape, w.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = (x[i : i + kh, j : j + kw] * w).sum()
    return out


@exercise(
    cases=_image,
    hint="Convolution turns the kernel by 180° first: both its rows and its columns.",
    mistakes=[
        Mistake(lambda x, w: correlate(x, w), "That is the correlation: the kernel is not turned."),
        Mistake(
            lambda x, w: correlate(x, w[::-1]),
            "You turned the rows only. A turn by 180° reverses the columns too.",
        ),
        Mistake(
            lambda x, w: correlate(x, w[:, ::-1]),
            "You turned the columns only. A turn by 180° reverses the rows too.",
        ),
        Mistake(
            lambda x, w: correlate(x, w.T),
            "Transposing swaps rows and columns. A turn by 180° reverses both.",
        ),
        Mistake(
            lambda x, w: convolve(x, w, "full"),
            "Right kernel, but too many cells: keep the window inside the image.",
        ),
    ],
)
def mathematical(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return (windows * w[::-1, ::-1]).sum(axis=(2, 3))


def _signal(rng):
    return rng.normal(size=int(rng.integers(7, 12))), int(rng.integers(2, 5))


@exercise(
    cases=_signal,
    hint="m weights that add up to 1, laid on every place inside the signal.",
    mistakes=[
        Mistake(
            lambda x, m: correlate(x, np.full(m, 1 / len(x))),
            "You divided by n, the length of the signal. A mean of m numbers divides by m.",
        ),
        Mistake(lambda x, m: correlate(x, np.ones(m)), "These are sums: divide by m."),
        Mistake(
            lambda x, m: correlate(x, np.full(m, 1 / m), "full"),
            "That is the wide one, with zeros around. Keep the window inside: n − m + 1 numbers.",
        ),
        Mistake(
            lambda x, m: correlate(x, np.full(m, 1 / m), "same"),
            "You padded with zeros, which pulls the ends down. Keep the window inside.",
        ),
        Mistake(lambda x, m: x.mean(), "That is the mean of everything; it does not move."),
    ],
)
def moving_average(x, m):
    return np.array([x[t : t + m].mean() for t in range(len(x) - m + 1)])


@exercise(
    cases=lambda rng: (int(rng.integers(8, 40)), int(rng.integers(2, 8))),
    hint="Slide a filter of 3 along 6 numbers with your fingers and count. Then with zeros around.",
    mistakes=[
        Mistake(
            lambda n, m: (n - m, n, n + m),
            "One off: with m = 1 all three are n. Count the first place too.",
        ),
        Mistake(
            lambda n, m: (n + m - 1, n, n - m + 1),
            "Right numbers, wrong order: narrow is the short one.",
        ),
        Mistake(
            lambda n, m: (n - m + 1, n, n + m),
            "The wide one is n + m − 1: the filter has to touch the signal.",
        ),
        Mistake(
            lambda n, m: (n - m, n, n + m - 1),
            "The narrow one is n − m + 1: the first place counts too.",
        ),
    ],
)
def lengths(n, m):
    return n - m + 1, n, n + m - 1


@exercise(
    cases=lambda rng: tuple(int(v) for v in rng.integers(2, 9, size=3)),
    hint="One filter has a k×k kernel for each channel, and one bias. How many filters are there?",
    mistakes=[
        Mistake(lambda C, F, k: F * C * k * k, "You forgot the biases: one per filter."),
        Mistake(lambda C, F, k: F * C * k * k + 1, "One bias is not enough: each map has its own."),
        Mistake(
            lambda C, F, k: F * C * (k * k + 1),
            "One bias per filter, not per kernel: the channel sums are added first.",
        ),
        Mistake(
            lambda C, F, k: F * (k * k + 1),
            "Each filter has a kernel for every input channel.",
        ),
        Mistake(lambda C, F, k: F * (C * k + 1), "A k×k kernel has k·k weights, not k."),
    ],
)
def conv_parameters(C, F, k):
    return F * (C * k * k + 1)


def _touch(rng):
    size, k = int(rng.integers(6, 10)), int(rng.integers(2, 4))
    return int(rng.integers(size)), int(rng.integers(size)), size, k


def _places(i, size, k):
    return min(i, size - k) - max(0, i - k + 1) + 1


@exercise(
    cases=_touch,
    hint="Rows and columns by themselves: for which p does p ≤ row ≤ p + k − 1 hold? Multiply.",
    mistakes=[
        Mistake(
            lambda row, column, size, k: k * k,
            "True in the middle. A pixel near the border lies in fewer windows.",
        ),
        Mistake(
            lambda row, column, size, k: _places(row, size, k),
            "That counts the rows only; multiply by the same for the columns.",
        ),
        Mistake(
            lambda row, column, size, k: _places(row, size, k) + _places(column, size, k),
            "Rows and columns are chosen independently: multiply, do not add.",
        ),
        Mistake(
            lambda row, column, size, k: min(row + 1, k) * min(column + 1, k),
            "You thought of the upper and left border only; there are four.",
        ),
    ],
)
def windows_of_a_pixel(row, column, size, k):
    rows = min(row, size - k) - max(0, row - k + 1) + 1
    columns = min(column, size - k) - max(0, column - k + 1) + 1
    return rows * columns
