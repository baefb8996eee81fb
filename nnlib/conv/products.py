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
    """x with its padding around it, batch last; x itself if there is nothing to pad."""
    if g.padded() == g.size:
        return batch_last(x)
    (height, width), (rows, columns) = g.padded(), g.inside()
    frame = as_images(np.full((height, x.shape[1], width, len(x)), value, x.dtype))
    frame[:, :, rows, columns] = x
    return frame


def shifted_rows(x: np.ndarray, g: Geometry) -> np.ndarray:
    """Every padded row once per kernel column: (H', C, kw, OW, N).

    Entry [h, c, j, q, n] is the pixel of row h that kernel column j meets at position q.
    """
    rows = as_rows(padded(x, g))
    kw, ow = g.k[1], g.out[1]
    shifted = np.empty((rows.shape[0], rows.shape[1], kw, ow, rows.shape[3]), x.dtype)
    for j in range(kw):
        shifted[:, :, j] = rows[:, :, g.steps(1, j)]
    return shifted


def windows(shifted, g):
    """All windows as matrices (OH, kh·C·kw, OW·N): one column per position and image.

    The kh rows of a window lie one after the other in ``shifted``, so this is a view of
    overlapping pieces (a copy only if rows are skipped by dilation).
    """
    height, c, kw, ow, n = shifted.shape
    (kh, _), (stride, _), (dilation, _) = g.k, g.stride, g.dilation
    rows = shifted.reshape(height, c * kw, ow * n)
    stacks = sliding_window_view(rows, (kh - 1) * dilation + 1, axis=0)[::stride, ..., ::dilation]
    return stacks.transpose(0, 3, 1, 2).reshape(len(stacks), kh * c * kw, ow * n)


def correlation(shifted, W, g) -> np.ndarray:
    """out[n, f, p, q] = Σ_{c,i,j} W[f, c, i, j] · x[n, c, p·sh + i·dh, q·sw + j·dw].

    Here x is the padded image, s the stride and d the dilation.
    """
    F, (oh, ow) = len(W), g.out
    filters = W.transpose(0, 2, 1, 3).reshape(F, -1)  # (F, kh·C·kw)
    out = filters @ windows(shifted, g)  # (OH, F, OW·N)
    return as_images(out.reshape(oh, F, ow, -1))


def weight_gradient(shifted, dout, g) -> np.ndarray:
    """dW[f, c, i, j] = Σ_{n,p,q} dout[n, f, p, q] · x[n, c, p·sh + i·dh, q·sw + j·dw]."""
    F, (kh, kw), oh = dout.shape[1], g.k, g.out[0]
    d = as_rows(dout).reshape(oh, F, -1)
    dW = (windows(shifted, g) @ d.transpose(0, 2, 1)).sum(axis=0)  # (kh·C·kw, F)
    return dW.reshape(kh, -1, kw, F).transpose(3, 1, 0, 2)


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
