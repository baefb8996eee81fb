"""Cross-correlation and its two gradients, as matrix products over all windows.

Memory: shapes say (N, C, H, W), the bytes lie as (H, C, W, N), the batch last. One row of
all images is then one matrix, and k rows in a row are one too: half of im2col is a view.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .sizes import Geometry


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


def windows(x: np.ndarray, g: Geometry) -> np.ndarray:
    """Every window of x as a column: matrices (OH, kh·(C·kw + 1), OW·N), one per output row.

    ``rows`` holds each row of x once per kernel column, shifted to where that column meets
    it, and below them a 1 for the bias. The kh rows of a window lie one after the other, so
    the result is a view of overlapping pieces (a copy only where dilation skips rows).
    """
    x_rows = as_rows(padded(x, g))
    height, c, _, n = x_rows.shape
    (kh, kw), ow = g.k, g.out[1]
    rows = np.ones((height, c * kw + 1, ow * n), x.dtype)
    shifted = rows[:, :-1].reshape(height, c, kw, ow, n)
    for j in range(kw):
        shifted[:, :, j] = x_rows[:, :, g.steps(1, j)]
    reach = (kh - 1) * g.dilation[0] + 1
    stacks = sliding_window_view(rows, reach, axis=0)[:: g.stride[0], ..., :: g.dilation[0]]
    return stacks.transpose(0, 3, 1, 2).reshape(len(stacks), -1, ow * n)


def correlation(columns, W, b, g) -> np.ndarray:
    """out[n, f, p, q] = b[f] + Σ_{c,i,j} W[f, c, i, j] · x[n, c, p·sh + i·dh, q·sw + j·dw].

    ``columns`` are the windows of x; x here counts its padding, s is the stride, d the
    dilation. The bias is one more weight, on the 1 below the first row of a window.
    """
    F, C, kh, kw = W.shape
    filters = np.zeros((F, kh, C * kw + 1), W.dtype)
    filters[:, :, :-1] = W.transpose(0, 2, 1, 3).reshape(F, kh, C * kw)
    filters[:, 0, -1] = b
    out = filters.reshape(F, -1) @ columns  # (OH, F, OW·N)
    return as_images(out.reshape(*out.shape[:2], g.out[1], -1))


def weight_gradients(columns, dout, g) -> tuple:
    """dW[f, c, i, j] = Σ_{n,p,q} dout[n, f, p, q] · x[n, c, p·sh + i·dh, q·sw + j·dw], and db."""
    F, (kh, kw), oh = dout.shape[1], g.k, g.out[0]
    d = as_rows(dout).reshape(oh, F, -1)
    dfilters = (columns @ d.transpose(0, 2, 1)).sum(axis=0).reshape(kh, -1, F)
    dW = dfilters[:, :-1].reshape(kh, -1, kw, F).transpose(3, 1, 0, 2)
    return dW, dfilters[0, -1]


def input_gradient(dout, W, g) -> np.ndarray:
    """dx[n, c, p·sh + i·dh, q·sw + j·dw] += W[f, c, i, j] · dout[n, f, p, q], over f, i, j, p, q.

    Every output pixel hands its gradient back to the window it came from; this is also the
    forward pass of a transposed convolution.
    """
    n, F, oh, ow = dout.shape
    (kh, kw), C, (height, width) = g.k, W.shape[1], g.padded()
    d = as_rows(dout).reshape(oh, F, ow * n)
    filters = W.transpose(2, 1, 3, 0).reshape(-1, F)  # (kh·C·kw, F)
    dtype = np.result_type(dout, W)
    dshifted = np.zeros((height, C * kw, ow * n), dtype)
    for p in range(oh):
        start, end = p * g.stride[0], p * g.stride[0] + kh * g.dilation[0]
        dshifted[start : end : g.dilation[0]] += (filters @ d[p]).reshape(kh, C * kw, ow * n)
    dshifted = dshifted.reshape(height, C, kw, ow, n)
    dx = np.zeros((height, C, width, n), dtype)
    for j in range(kw):
        dx[:, :, g.steps(1, j)] += dshifted[:, :, j]
    rows, columns = g.inside()
    return as_images(dx[rows, :, columns])
