"""Exercises of the notebook on the gradients of a CNN: keys, typical mistakes, hints."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .engine import Mistake, exercise


def _slide(x, w):
    """Narrow cross-correlation."""
    return np.tensordot(sliding_window_view(x, w.shape), w, axes=2)


def _wide(dout, W):
    """Wide cross-correlation: dout with zeros around it."""
    around = [(k - 1, k - 1) for k in W.shape]
    return _slide(np.pad(dout, around), W)


def _conv(rng):
    """dout (4, 3) and W (3, 2) of a convolution of a 6×4 image, stride 1."""
    return rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


@exercise(
    cases=_conv,
    hint="Every cell of dout adds dout[p, q] * W to the window it came from. Start from zeros of "
    "the size of x, and loop over the cells of dout.",
    mistakes=[
        Mistake(_wide, "You slid W over dout as it is. For dx it must be turned by 180°."),
        Mistake(
            lambda dout, W: _wide(dout, W.T[::-1] if W.shape[0] == W.shape[1] else W[::-1]),
            "The kernel is turned over in one direction only; it needs both: W[::-1, ::-1].",
        ),
        Mistake(
            lambda dout, W: _slide(dout, W[::-1, ::-1]),
            "That is the narrow convolution, smaller than dout. dx is larger: put k - 1 zeros "
            "around dout.",
        ),
    ],
)
def conv_dx(dout, W):
    (kh, kw), (rows, columns) = W.shape, dout.shape
    dx = np.zeros((rows + kh - 1, columns + kw - 1))
    for p in range(rows):
        for q in range(columns):
            dx[p : p + kh, q : q + kw] += dout[p, q] * W
    return dx


@exercise(
    cases=lambda rng: (rng.normal(size=(6, 5)), rng.normal(size=(4, 4))),
    hint="Weight W[i, j] met the pixel x[p + i, q + j] on its way to cell (p, q). Multiply it by "
    "dout[p, q] and add over all cells: one more sliding window.",
    mistakes=[
        Mistake(
            lambda x, dout: _slide(x, dout[::-1, ::-1]),
            "Do not turn dout: the weight gradient is a plain correlation of x with dout.",
        ),
        Mistake(
            lambda x, dout: _slide(x, dout) / dout.size,
            "A shared weight collects the sum over all places, not the mean.",
        ),
        Mistake(
            lambda x, dout: _wide(x, dout),
            "That is the wide correlation, larger than x. dW has the size of the kernel: narrow.",
        ),
    ],
)
def conv_dW(x, dout):
    (height, width), (rows, columns) = x.shape, dout.shape
    dW = np.zeros((height - rows + 1, width - columns + 1))
    for p in range(rows):
        for q in range(columns):
            dW += dout[p, q] * x[p : p + dW.shape[0], q : q + dW.shape[1]]
    return dW


@exercise(
    cases=lambda rng: (rng.normal(size=(2, 3)), 3),
    hint="np.kron(dout, np.ones((k, k))) copies every error into its window. Does each input get "
    "all of it?",
    mistakes=[
        Mistake(
            lambda dout, k: np.kron(dout, np.ones((k, k))),
            "Every input got the whole error, k·k times too much: divide by the size of a window.",
        ),
        Mistake(
            lambda dout, k: np.kron(dout, np.ones((k, k))) / k,
            "A window has k·k inputs, not k.",
        ),
        Mistake(
            lambda dout, k: np.tile(dout, (k, k)) / k**2,
            "The right shares at the wrong places: repeat every cell, not the whole array.",
        ),
    ],
)
def mean_pool_dx(dout, k):
    return np.kron(dout, np.ones((k, k))) / k**2


def _overlapping(rng):
    """x (5, 5) and the errors (4, 4) of its windows 2×2 with stride 1."""
    return rng.normal(size=(5, 5)), rng.normal(size=(4, 4))


def _route(x, dout, write):
    dx = np.zeros_like(x)
    for p, q in np.ndindex(dout.shape):
        i, j = divmod(int(x[p : p + 2, q : q + 2].argmax()), 2)
        write(dx, (p + i, q + j), dout[p, q])
    return dx


def _shared(x, dout):
    dx = np.zeros_like(x)
    for p, q in np.ndindex(dout.shape):
        dx[p : p + 2, q : q + 2] += dout[p, q] / 4
    return dx


def _corner(x, dout):
    dx = np.zeros_like(x)
    dx[:-1, :-1] = dout
    return dx


@exercise(
    cases=_overlapping,
    hint="For every window: argmax says which of its four inputs won; that input gets the error. "
    "One input can win in several windows.",
    mistakes=[
        Mistake(
            lambda x, dout: _route(x, dout, lambda dx, at, error: dx.__setitem__(at, error)),
            "An input that wins in several windows must collect all their errors: +=, not =.",
        ),
        Mistake(_shared, "That is average pooling. Here the winner takes all."),
        Mistake(_corner, "The error goes to the largest input of the window, not to the first."),
    ],
)
def overlapping_pool_dx(x, dout):
    dx = np.zeros_like(x)
    for p, q in np.ndindex(dout.shape):
        i, j = divmod(int(x[p : p + 2, q : q + 2].argmax()), 2)
        dx[p + i, q + j] += dout[p, q]
    return dx


def _surface(rng):
    """Numbers that make a smooth L(θ) = Σ c·exp(a·θ), a point and a direction."""
    a, c, theta, d = rng.normal(size=(4, 3))
    return a, c, theta, d, 0.1


def _L(a, c, theta):
    return (c * np.exp(a * theta)).sum()


@exercise(
    cases=_surface,
    hint="Go h·d forwards and h·d backwards, and look how much L changed per step.",
    mistakes=[
        Mistake(
            lambda a, c, theta, d, h: (_L(a, c, theta + h * d) - _L(a, c, theta)) / h,
            "That is the forward difference; its error shrinks only with h. Go both ways.",
        ),
        Mistake(
            lambda a, c, theta, d, h: (_L(a, c, theta + h * d) - _L(a, c, theta - h * d)) / h,
            "From θ - hd to θ + hd it is 2h, not h.",
        ),
        Mistake(
            lambda a, c, theta, d, h: (_L(a, c, theta - h * d) - _L(a, c, theta + h * d)) / (2 * h),
            "Right size, wrong sign: forwards minus backwards.",
        ),
    ],
)
def slope_along(a, c, theta, d, h):
    def L(theta):
        return (c * np.exp(a * theta)).sum()

    return (L(theta + h * d) - L(theta - h * d)) / (2 * h)
