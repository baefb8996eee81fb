"""The convolution layers: the same few weights at every place."""

from __future__ import annotations

import numpy as np

from .. import init as inits
from ..checks import generator, natural
from ..layer import Layer
from .products import batch_last, correlation, input_gradient, weight_gradients, windows
from .sizes import Window


def group_table(c_in: int, c_out: int, groups: int) -> np.ndarray:
    """Connection table of a grouped convolution: map p reaches map k only within its group.

    Returns a (c_in, c_out) array of 0 and 1 for ``Conv2d(..., table=...)``; ``groups`` must
    divide both. Source: Krizhevsky et al., ImageNet classification, 2012.
    """
    c_in, c_out = natural("group_table c_in", c_in), natural("group_table c_out", c_out)
    groups = natural("group_table groups", groups)
    if c_in % groups or c_out % groups:
        raise ValueError(
            f"group_table groups takes a divisor of {c_in} and of {c_out}, got {groups}"
        )
    block = np.ones((c_in // groups, c_out // groups), int)
    return np.kron(np.eye(groups, dtype=int), block)


def connections(name, table, c_in, c_out) -> np.ndarray:
    """The table T(p, k) as bools; all True for None."""
    if table is None:
        return np.ones((c_in, c_out), bool)
    table = np.asarray(table)
    if table.shape != (c_in, c_out) or not np.isin(table, (0, 1)).all():
        raise ValueError(
            f"{name} table takes 0s and 1s of shape (c_in, c_out) = ({c_in}, {c_out}), "
            f"got shape {table.shape} with values {np.unique(table)[:4]}"
        )
    if not table.any(axis=0).all():
        raise ValueError(f"{name} table takes an input for every output map, got a column of 0s")
    return table.astype(bool)


class Conv2d(Layer):
    """Slide F filters over C feature maps: one new feature map per filter (二维卷积).

    out[n, f, p, q] = b[f] + Σ_{c,i,j} W[f, c, i, j] · x[n, c, p·s + i·d, q·s + j·d]

    with x padded, s the stride and d the dilation. Mathematicians call it cross-correlation.

    Parameters
    ----------
    c_in, c_out : int >= 1
        C feature maps in, F out.
    k, stride, dilation : int >= 1 or pair (rows, columns)
        Size of the kernel, cells per step, distance between the cells of the kernel.
    pad : int >= 0, (rows, columns), ((top, bottom), (left, right)), "same" or "valid"
        Zeros around the image. "same": output size ⌈input / stride⌉, an odd row or column at
        the end. "valid": none.
    table : array (c_in, c_out) of 0 and 1, optional
        T(p, k) = 1 where output map k sees input map p; W is held at zero elsewhere. LeNet-5's
        C3 has one, and groups are a special case (``group_table``).
    init : function
        One of ``nnlib.init``; ``he`` by default. b starts at zero.
    rng : numpy.random.Generator
        Draws W.

    Shapes
    ------
    x (N, C, H, W), W (F, C, kh, kw), b (F,)  ->  out (N, F, H', W'), sizes by ``conv_size``

    After a call ``geometry`` holds the window positions and the padding used.

    Errors
    ------
    ValueError if x does not have C maps or the padded image is smaller than the kernel.

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """

    params = "W", "b"

    def __init__(
        self,
        c_in: int,
        c_out: int,
        k: int | tuple,
        stride: int | tuple = 1,
        pad: int | tuple | str = 0,
        dilation: int | tuple = 1,
        *,
        table: np.ndarray | None = None,
        init=inits.he,
        rng: np.random.Generator,
    ):
        c_in, c_out = natural("Conv2d c_in", c_in), natural("Conv2d c_out", c_out)
        self.window = Window("Conv2d", k, stride, pad, dilation)
        self.table = connections("Conv2d", table, c_in, c_out)
        kh, kw = self.window.k
        links = self.table.sum() * kh * kw
        shape = c_out, c_in, kh, kw
        self.W = init(shape, links / c_out, links / c_in, generator("Conv2d", rng))
        self.everywhere = self.table.all()
        self.W = self.joined(self.W)
        self.b = np.zeros(c_out)

    def joined(self, W):
        """W where the table joins two maps, 0 elsewhere."""
        return W if self.everywhere else W * self.table.T[:, :, None, None]

    def out_shape(self, shape):
        c_out, c_in, *_ = self.W.shape
        if len(shape) != 3 or shape[0] != c_in:
            self.refuse(shape, f"(N, {c_in}, H, W)")
        return (c_out, *self.window.on(*shape[1:]).out)

    def forward(self, x):
        self.geometry = self.window.on(*x.shape[2:])
        self.columns, self.filters = windows(x, self.geometry), self.joined(self.W)
        return correlation(self.columns, self.filters, self.b, self.geometry)

    def backward(self, dout):
        dout = batch_last(dout)
        dW, self.db = weight_gradients(self.columns, dout, self.geometry)
        self.dW = self.joined(dW)
        if self.needs_dx:
            return input_gradient(dout, self.filters, self.geometry)


class Conv1d(Layer):
    """Slide F filters along a sequence (一维卷积).

    out[n, t, f] = b[f] + Σ_{c,j} W[f, c, j] · x[n, t·s + j·d, c], s the stride, d the dilation.

    Parameters
    ----------
    c_in, c_out : int >= 1
        C features per step in, F out.
    k, stride, dilation : int >= 1
    pad : int >= 0, (before, after), "same" or "valid"
        Zeros around the sequence, as in ``conv_size``; (k - 1, 0) never looks ahead.
    init : function
        One of ``nnlib.init``; ``he`` by default. b starts at zero.
    rng : numpy.random.Generator
        Draws W.

    Shapes
    ------
    x (N, T, C), W (F, C, k), b (F,)  ->  out (N, T', F), as all sequences in nnlib

    Errors
    ------
    ValueError if x does not have C features or the padded sequence is shorter than the kernel.
    """

    params = "W", "b"

    def __init__(
        self,
        c_in: int,
        c_out: int,
        k: int,
        stride: int = 1,
        pad: int | tuple | str = 0,
        dilation: int = 1,
        *,
        init=inits.he,
        rng: np.random.Generator,
    ):
        c_in, c_out = natural("Conv1d c_in", c_in), natural("Conv1d c_out", c_out)
        self.window = Window("Conv1d", (1, k), (1, stride), (0, pad), (1, dilation))
        self.W = init((c_out, c_in, k), c_in * k, c_out * k, generator("Conv1d", rng))
        self.b = np.zeros(c_out)

    def out_shape(self, shape):
        c_out, c_in, _ = self.W.shape
        if len(shape) != 2 or shape[1] != c_in:
            self.refuse(shape, f"(N, T, {c_in})")
        return self.window.on(1, shape[0]).out[1], c_out

    def forward(self, x):
        self.geometry = self.window.on(1, x.shape[1])
        self.columns = windows(as_strip(x), self.geometry)
        out = correlation(self.columns, self.W[:, :, None], self.b, self.geometry)
        return as_sequence(out)

    def backward(self, dout):
        dout = batch_last(as_strip(dout))
        dW, self.db = weight_gradients(self.columns, dout, self.geometry)
        self.dW = dW[:, :, 0]
        if self.needs_dx:
            return as_sequence(input_gradient(dout, self.W[:, :, None], self.geometry))


def as_strip(x):
    """View sequences (N, T, C) as images of one row, (N, C, 1, T)."""
    return x.transpose(0, 2, 1)[:, :, None]


def as_sequence(strip):
    """View images of one row, (N, C, 1, T), as sequences (N, T, C)."""
    return strip[:, :, 0].transpose(0, 2, 1)


class ConvTranspose2d(Layer):
    """A convolution run backwards: every pixel stamps its template into a larger image.

    out[n, f, p·s + i·d, q·s + j·d] += x[n, c, p, q] · W[c, f, i, j], then the border ``pad``
    is cut off and b[f] added. It is the transpose of the matrix of a ``Conv2d`` from F to C
    maps with the same W: what is dx there is out here. It undoes the shape, not the values.

    Parameters
    ----------
    c_in, c_out : int >= 1
    k, stride, dilation : int >= 1 or pair (rows, columns)
        Size of a template, distance between stamps, distance between the cells of a template.
    pad : int >= 0, (rows, columns) or ((top, bottom), (left, right))
        Rows and columns cut off the result. ((1, 0), (1, 0)) with k = 3, stride = 2 doubles.
    init : function
        One of ``nnlib.init``; ``he`` by default. b starts at zero.
    rng : numpy.random.Generator
        Draws W.

    Shapes
    ------
    x (N, C, H, W), W (C, F, kh, kw), b (F,)  ->  out (N, F, H', W')
    with H' = (H - 1)·stride + (kh - 1)·dilation + 1 - top - bottom

    W[c] is the template of input map c, as in the convolution it transposes.

    Errors
    ------
    ValueError if x does not have C maps or nothing is left after cutting.

    Source: Zeiler et al., Deconvolutional networks, 2010.
    """

    params = "W", "b"

    def __init__(
        self,
        c_in: int,
        c_out: int,
        k: int | tuple,
        stride: int | tuple = 1,
        pad: int | tuple = 0,
        dilation: int | tuple = 1,
        *,
        init=inits.he,
        rng: np.random.Generator,
    ):
        name = "ConvTranspose2d"
        c_in, c_out = natural(f"{name} c_in", c_in), natural(f"{name} c_out", c_out)
        self.window = Window(name, k, stride, pad, dilation)
        if "same" in self.window.pad:
            raise ValueError(f'{name} pad takes numbers, got "same"')
        (kh, kw), (sh, sw) = self.window.k, self.window.stride
        stamps = kh * kw / (sh * sw)  # that meet at one pixel of the output
        shape = c_in, c_out, kh, kw
        self.W = init(shape, c_in * stamps, c_out * kh * kw, generator(name, rng))
        self.b = np.zeros(c_out)

    def out_shape(self, shape):
        c_in, c_out, *_ = self.W.shape
        if len(shape) != 3 or shape[0] != c_in:
            self.refuse(shape, f"(N, {c_in}, H, W)")
        w = self.window
        sizes = [
            (n - 1) * stride + (k - 1) * dilation + 1 - sum(pad)
            for n, k, stride, pad, dilation in zip(shape[1:], w.k, w.stride, w.pad, w.dilation)
        ]
        if min(sizes) < 1:
            raise ValueError(f"ConvTranspose2d pad leaves no pixel of the output: {tuple(sizes)}")
        return (c_out, *sizes)

    def forward(self, x):
        self.geometry = self.window.on(*self.out_shape(x.shape[1:])[1:])
        self.x = batch_last(x)
        out = input_gradient(self.x, self.W, self.geometry)
        out += self.b[:, None, None]
        return out

    def backward(self, dout):
        columns = windows(dout, self.geometry)
        self.dW, _ = weight_gradients(columns, self.x, self.geometry)
        self.db = dout.sum(axis=(0, 2, 3))
        if self.needs_dx:
            return correlation(columns, self.W, 0, self.geometry)
