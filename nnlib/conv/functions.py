"""Convolution and cross-correlation of plain arrays, as mathematics and as CNNs define them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x: np.ndarray, w: np.ndarray, mode: str = "valid") -> np.ndarray:
    """Slide w over x, multiply what lies on top of each other, add up (互相关).

    y[i, j] = Σ_{u,v} w[u, v] · x[i + u, j + v]; what a CNN calls convolution.

    Parameters
    ----------
    x, w : arrays of real numbers, both 1-D or both 2-D
    mode : "valid", "same" or "full"
        "valid" (narrow): only where w lies inside x, n - m + 1 entries. "full" (wide):
        wherever they touch, n + m - 1. "same": as many as x, with zeros around x, an odd one
        at the end.

    Returns
    -------
    array, 1-D or 2-D; integers stay integers.

    Errors
    ------
    ValueError if w is larger than x in mode "valid", or the dimensions differ.
    """
    x, w = numbers("correlate x", x), numbers("correlate w", w)
    if x.ndim != w.ndim:
        raise ValueError(f"correlate w takes {x.ndim} dimensions like x, got shape {w.shape}")
    x = np.pad(x, [mode_pad("correlate", mode, m) for m in w.shape])
    if any(m > n for m, n in zip(w.shape, x.shape)):
        raise ValueError(f"correlate w takes at most the shape of x {x.shape}, got {w.shape}")
    return np.tensordot(sliding_window_view(x, w.shape), w, axes=w.ndim)


def convolve(x: np.ndarray, f: np.ndarray, mode: str = "valid") -> np.ndarray:
    """The mathematical convolution: correlation with the kernel turned by 180° (数学卷积).

    y[s, t] = Σ_{u,v} f[u, v] · x[s - u, t - v]. In mode "full" x and f may change places.

    Parameters, result and errors as ``correlate``, except that "same" is the middle of "full",
    ⌊(m - 1) / 2⌋ entries cut off in front, so for even m the odd zero stands at the beginning.
    """
    x, f = numbers("convolve x", x), numbers("convolve f", f)
    if x.ndim != f.ndim:
        raise ValueError(f"convolve f takes {x.ndim} dimensions like x, got shape {f.shape}")
    if mode == "same":
        middle = tuple(slice((m - 1) // 2, (m - 1) // 2 + n) for m, n in zip(f.shape, x.shape))
        return convolve(x, f, "full")[middle]
    mode_pad("convolve", mode, 1)
    if mode == "valid" and any(m > n for m, n in zip(f.shape, x.shape)):
        raise ValueError(f"convolve f takes at most the shape of x {x.shape}, got {f.shape}")
    return correlate(x, np.flip(f), mode)


def numbers(name, x) -> np.ndarray:
    """x as an array of floats or of 64-bit integers, which do not overflow."""
    x = np.asarray(x)
    if x.dtype.kind not in "fiu":
        raise TypeError(f"{name} takes real numbers, got {x.dtype}")
    if x.ndim not in (1, 2) or x.size == 0:
        raise ValueError(f"{name} takes a vector or a matrix, not empty, got shape {x.shape}")
    return x if x.dtype.kind == "f" else x.astype(np.int64)


def mode_pad(name, mode, m) -> tuple:
    """Zeros before and after an axis on which the kernel has m entries."""
    if mode not in ("valid", "same", "full"):
        raise ValueError(f'{name} mode takes "valid", "same" or "full", got {mode!r}')
    return {"valid": (0, 0), "same": ((m - 1) // 2, m // 2), "full": (m - 1, m - 1)}[mode]
