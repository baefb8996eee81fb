"""Cross-correlation and its two gradients, as matrix products over all windows.

Memory: shapes say (N, C, H, W), the bytes lie as (H, C, W, N), the batch last. One row of
all images is then one matrix, and k rows in a row are one too: half of im2col is a view.
"""

import numpy as np

from .sizes import Geometry

CACHED = 2**16  # numbers that fit into the cache
SMALL = 10**6  # multiplications: up to here OpenBLAS does not rearrange the matrices first


def batch_last(x: np.ndarray) -> np.ndarray:
    """The same images (N, C, H, W), in memory as (H, C, W, N); no copy if they already are."""
    return as_images(np.ascontiguousarray(as_rows(x)))


def as_rows(x):
    """View images (N, C, H, W) as rows (H, C, W, N)."""
    return x.transpose(2, 1, 3, 0)


def as_images(rows):
    """View rows (H, C, W, N) as images (N, C, H, W)."""
    return rows.transpose(3, 1, 0, 2)


def padded(x: np.ndarray, g: Geometry, value=0) -> np.ndarray:
    """x with its padding around it, batch last; no copy if it is and there is nothing to pad."""
    if g.padded() == g.size:
        return batch_last(x)
    (height, width), (rows, columns) = g.padded(), g.inside()
    frame = as_images(np.full((height, x.shape[1], width, len(x)), value, x.dtype))
    frame[:, :, rows, columns] = x
    return frame


def parts(m: int, k: int, length: int) -> int:
    """Into how many equal parts to cut a long product, (m, k) @ (k, length), so that each is SMALL.

    At most 4, else 1: a large product is worth the copying.
    """
    fitting = (p for p in (1, 2, 3, 4) if length % p == 0 and m * k * length <= p * SMALL)
    return next(fitting, 1)


def cut(a: np.ndarray, count: int) -> np.ndarray:
    """View (..., R, L) as (..., count, R, L / count): the columns in equal parts."""
    return a.reshape(*a.shape[:-1], count, -1).swapaxes(-3, -2)


def windows(x: np.ndarray, g: Geometry) -> np.ndarray:
    """Every window of x as a column: matrices (OH, kh·(C·kw + 1), OW·N), one per output row.

    ``rows`` holds each row of x once per kernel column, shifted to where that column meets
    it, and below them a 1 for the bias. The kh rows of a window lie one after the other, so
    the result is a view of overlapping pieces (a copy only where dilation skips rows).
    """
    x_rows = as_rows(padded(x, g))
    height, c, _, n = x_rows.shape
    (kh, kw), ow = g.k, g.out[1]
    rows = np.empty((height, c * kw + 1, ow * n), x.dtype)
    rows[:, -1] = 1
    shifted = rows[:, :-1].reshape(height, c, kw, ow, n)
    for j in range(kw):
        shifted[:, :, j] = x_rows[:, :, g.steps(1, j)]
    oh, (down, *rest) = g.out[0], rows.strides
    apart = g.stride[0] * down, g.dilation[0] * down, *rest  # windows, rows in a window, ...
    stacks = np.ndarray((oh, kh, *rows.shape[1:]), x.dtype, buffer=rows, strides=apart)
    return stacks.reshape(oh, -1, ow * n)


def correlation(columns, W, b, g) -> np.ndarray:
    """out[n, f, p, q] = b[f] + Σ_{c,i,j} W[f, c, i, j] · x[n, c, p·sh + i·dh, q·sw + j·dw].

    ``columns`` are the windows of x; x here counts its padding, s is the stride, d the
    dilation. The bias is one more weight, on the 1 below the first row of a window.
    """
    F, C, kh, kw = W.shape
    filters = np.zeros((F, kh, C * kw + 1), W.dtype)
    filters[:, :, :-1] = W.transpose(0, 2, 1, 3).reshape(F, kh, C * kw)
    filters[:, 0, -1] = b
    oh, k, length = columns.shape
    out, count = np.empty((oh, F, length), np.result_type(W, columns)), parts(F, k, length)
    np.matmul(filters.reshape(F, k), cut(columns, count), out=cut(out, count))
    return as_images(out.reshape(oh, F, g.out[1], -1))


def weight_gradients(columns, dout, g) -> tuple:
    """dW[f, c, i, j] = Σ_{n,p,q} dout[n, f, p, q] · x[n, c, p·sh + i·dh, q·sw + j·dw], and db."""
    F, (kh, kw), (oh, k, length) = dout.shape[1], g.k, columns.shape
    count = parts(F, k, length)
    columns, d = cut(columns, count), cut(as_rows(dout).reshape(oh, F, length), count)
    dfilters = np.zeros((k, F), np.result_type(columns, d))
    at_once = max(1, CACHED // (k * F))  # rows of the output; all of them take much memory
    for top in range(0, oh, at_once):
        band = slice(top, top + at_once)
        dfilters += (columns[band] @ d[band].swapaxes(-2, -1)).sum(axis=(0, 1))
    dfilters = dfilters.reshape(kh, -1, F)
    dW = dfilters[:, :-1].reshape(kh, -1, kw, F).transpose(3, 1, 0, 2)
    return dW, dfilters[0, -1]


def input_gradient(dout, W, g) -> np.ndarray:
    """dx[n, c, p·sh + i·dh, q·sw + j·dw] += W[f, c, i, j] · dout[n, f, p, q], over f, i, j, p, q.

    Every output pixel hands its gradient back to the window it came from; this is also the
    forward pass of a transposed convolution. The output rows that see one row of x lie one
    after the other, the first of them through the last row of the kernel: one matrix again.
    """
    n, F, oh, ow = dout.shape
    C, kw, height, width = W.shape[1], g.k[1], g.size[0], g.padded()[1]
    filters, count = upside_down(W, g), parts(C * kw, g.k[0] * F, ow * n)
    d = cut(as_rows(dout).reshape(oh * F, ow * n), count)
    dx = np.zeros((height, C, width, n), np.result_type(dout, W))
    at_once = max(1, CACHED // (C * kw * ow * n))  # rows of dx; all of them take much memory
    dshifted = np.empty((min(at_once, height), C * kw, ow * n), dx.dtype)
    for top in range(0, height, at_once):
        band = dx[top : top + at_once]
        for r, row in enumerate(cut(dshifted[: len(band)], count), start=top):
            seen, by = g.seen_by(r)
            d_seen = d[:, seen.start * F : seen.stop * F]
            np.matmul(filters[:, by].reshape(C * kw, -1), d_seen, out=row)
        pieces = dshifted[: len(band)].reshape(-1, C, kw, ow, n)
        for j in range(kw):
            band[:, :, g.steps(1, j)] += pieces[:, :, j]
    return as_images(dx[:, :, g.inside()[1]])


def upside_down(W, g) -> np.ndarray:
    """The kernels (C·kw, reach, F), last row first, with rows of 0 where dilation skips some."""
    F, C, kh, kw = W.shape
    filters = np.zeros((C, kw, (kh - 1) * g.dilation[0] + 1, F), W.dtype)
    filters[:, :, :: g.dilation[0]] = W[:, :, ::-1].transpose(1, 3, 2, 0)
    return filters.reshape(C * kw, -1, F)
