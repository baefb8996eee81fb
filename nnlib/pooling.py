"""Pooling: a feature map shrinks, each window keeps one number (池化).

Cell (i, j) of all windows together is one strided view of x, so each layer here is a loop
over the k·k cells of a window, not over the windows. Memory lies as in ``conv.products``.
"""

from __future__ import annotations

import numpy as np

from .checks import generator, natural
from .conv.products import as_images, batch_last, padded
from .conv.sizes import Window
from .layer import Layer


def cells(x: np.ndarray, g) -> list:
    """Cell 0, 1, ... of every window of the padded x, row by row; each is (N, C, H', W')."""
    kh, kw = g.k
    return [x[:, :, g.steps(0, i), g.steps(1, j)] for i in range(kh) for j in range(kw)]


class Pooling(Layer):
    """What the pooling layers share: the window, and the way back into it."""

    def __init__(
        self, k: int | tuple, stride: int | tuple | None = None, pad: int | tuple | str = 0
    ):
        name = type(self).__name__
        self.window = Window(name, k, k if stride is None else stride, pad)
        for k_axis, pad_axis in zip(self.window.k, self.window.pad):
            if pad_axis != "same" and max(pad_axis) >= k_axis:
                raise ValueError(f"{name} pad takes less than k = {k_axis}, got {max(pad_axis)}")

    def out_shape(self, shape):
        if len(shape) != 3:
            self.refuse(shape, "(N, C, H, W)")
        return (shape[0], *self.window.on(*shape[1:]).out)

    def gather(self, x, outside=0):
        """The cells of all windows of x, with ``outside`` as the value of the padding."""
        self.geometry = self.window.on(*x.shape[2:])
        return cells(padded(x, self.geometry, outside), self.geometry)

    def scatter(self, dout, slopes):
        """dx = Σ dout · slope over the cells of all windows, slope = ∂out/∂cell."""
        g, (n, c, _, _), dout = self.geometry, dout.shape, batch_last(dout)
        (height, width), (rows, columns) = g.padded(), g.inside()
        tiles = g.tiles()  # each pixel is met exactly once: nothing to begin with, or to add up
        dx = as_images((np.empty if tiles else np.zeros)((height, c, width, n), dout.dtype))
        for dcell, slope in zip(cells(dx, g), slopes, strict=True):
            if tiles:
                np.multiply(dout, slope, out=dcell)
            else:
                dcell += dout * slope
        return dx[:, :, rows, columns]


class MaxPool2d(Pooling):
    """out = the largest number of each window; its gradient goes to that number alone.

    Of equal numbers the first wins, row by row. Padding counts as -∞: it never wins.

    Parameters
    ----------
    k : int >= 1 or pair (rows, columns)
    stride : int >= 1 or pair, optional
        k by default: windows side by side. With less than k they overlap.
    pad : int >= 0, (rows, columns), ((top, bottom), (left, right)), "same" or "valid"
        Less than k on each side, so that every window sees a pixel.

    Shapes
    ------
    x (N, C, H, W)  ->  out (N, C, H', W'), map by map, sizes by ``conv_size``

    After a call ``winner`` (N, C, H', W') tells which cell won, 0..kh·kw - 1 row by row.

    Errors
    ------
    ValueError if the window is larger than the padded x.

    Source: Ranzato et al., Unsupervised learning of invariant feature hierarchies, 2007.
    """

    def forward(self, x):
        out, *others = self.gather(x, outside=-np.inf)
        index = np.min_scalar_type(len(others)).type
        self.winner = np.zeros_like(out, index)
        for i, cell in enumerate(others, start=1):
            before, out = out, np.maximum(out, cell)
            np.maximum(self.winner, index(i) * (out > before), out=self.winner)
        return out

    def backward(self, dout):
        return self.scatter(dout, (self.winner == i for i in range(np.prod(self.geometry.k))))


class AveragePool2d(Pooling):
    """out = mean of each window; its gradient is shared out in equal parts.

    Parameters
    ----------
    k, stride, pad
        As ``MaxPool2d``; the padding is zeros.
    count_pad : bool
        True divides by kh·kw everywhere; False by the number of pixels inside the image, so
        that a constant image stays constant up to its border.

    Shapes and errors as ``MaxPool2d``. After a call ``count`` holds the divisor.
    """

    def __init__(
        self,
        k: int | tuple,
        stride: int | tuple | None = None,
        pad: int | tuple | str = 0,
        count_pad: bool = True,
    ):
        super().__init__(k, stride, pad)
        if not isinstance(count_pad, bool):
            raise TypeError(f"{type(self).__name__} count_pad takes a bool, got {count_pad!r}")
        self.count_pad = count_pad

    def forward(self, x):
        total = sum(self.gather(x))
        pixels = padded(np.ones((1, 1, *x.shape[2:]), x.dtype), self.geometry, self.count_pad)
        self.count = sum(cells(pixels, self.geometry))
        return total / self.count

    def backward(self, dout):
        return self.scatter(dout, [1 / self.count] * np.prod(self.geometry.k))


class TrainablePool2d(AveragePool2d):
    """LeNet's subsampling: out = W[c] · (mean of the window) + b[c], two numbers per map.

    LeNet-5 multiplies the sum of the window instead: its coefficient is W[c] / (kh·kw).

    Parameters
    ----------
    c : int >= 1
        Number of maps C.
    k, stride, pad
        As ``AveragePool2d`` with padding counted.

    Shapes
    ------
    x (N, C, H, W), W (C,), b (C,)  ->  out (N, C, H', W')

    W starts at 1 and b at 0: average pooling. After a call ``down`` holds the means.

    Errors
    ------
    ValueError if x does not have C maps or is smaller than the window.

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """

    params = "W", "b"

    def __init__(
        self,
        c: int,
        k: int | tuple,
        stride: int | tuple | None = None,
        pad: int | tuple | str = 0,
    ):
        super().__init__(k, stride, pad)
        self.W = np.ones(natural("TrainablePool2d c", c))
        self.b = np.zeros(c)

    def out_shape(self, shape):
        if len(shape) != 3 or shape[0] != len(self.W):
            self.refuse(shape, f"(N, {len(self.W)}, H, W)")
        return super().out_shape(shape)

    def forward(self, x):
        self.down = super().forward(x)
        return self.W[:, None, None] * self.down + self.b[:, None, None]

    def backward(self, dout):
        self.dW = (self.down * dout).sum(axis=(0, 2, 3))
        self.db = dout.sum(axis=(0, 2, 3))
        if self.needs_dx:
            return super().backward(self.W[:, None, None] * dout)


class StochasticPool2d(Pooling):
    """Training: out = a number of the window drawn with probability p = a / Σ a, a = max(x, 0).

    Inference: out = Σ p·a, the expectation. A large number wins often, but not always: between
    max and average. Negative numbers count as zero; in a window of zeros p is uniform.

    Parameters
    ----------
    k, stride, pad
        As ``MaxPool2d``; the padding is zeros, which are not drawn beside a positive number.
    rng : numpy.random.Generator
        Draws the winners.

    Shapes and errors as ``MaxPool2d``. After a call ``p`` (kh·kw, N, C, H', W') holds the
    probabilities, and in training ``winner`` (N, C, H', W') the cells drawn.

    Source: Zeiler and Fergus, Stochastic pooling, 2013.
    """

    def __init__(
        self,
        k: int | tuple,
        stride: int | tuple | None = None,
        pad: int | tuple | str = 0,
        *,
        rng: np.random.Generator,
    ):
        super().__init__(k, stride, pad)
        self.rng = generator("StochasticPool2d", rng)

    def forward(self, x):
        self.x_cells = np.stack(self.gather(x))
        self.a = np.maximum(self.x_cells, 0)
        weight = np.where(self.a.any(axis=0), self.a, 1)
        self.total = weight.sum(axis=0)
        self.p = weight / self.total
        if not self.training:
            self.out = (self.p * self.a).sum(axis=0)
            return self.out
        u = 1 - self.rng.random(self.total.shape)  # in (0, 1], so a cell of weight 0 never wins
        cumulated = weight.cumsum(axis=0)
        self.winner = (cumulated < u * cumulated[-1]).sum(axis=0)
        return np.take_along_axis(self.a, self.winner[None], axis=0)[0]

    def backward(self, dout):
        if self.training:
            slopes = (self.winner == i for i in range(len(self.a)))
        else:
            slopes = (2 * self.a - self.out) / self.total  # d(Σ a² / Σ a)/da
        counts = self.x_cells >= 0
        return self.scatter(dout, (slope * c for slope, c in zip(slopes, counts)))


class GlobalAveragePool2d(Layer):
    """One number per map, its mean: (N, C, H, W) -> (N, C), for images of any size.

    Errors
    ------
    ValueError if x is not (N, C, H, W).

    Source: Lin et al., Network in network, 2013.
    """

    def out_shape(self, shape):
        if len(shape) != 3 or 0 in shape:
            self.refuse(shape, "(N, C, H, W)")
        return tuple(shape[:1])

    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, dout):
        _, _, height, width = self.shape
        return np.full(self.shape, dout[:, :, None, None] / (height * width), dout.dtype)
