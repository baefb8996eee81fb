"""MNIST, from the official files, if you have them."""

from __future__ import annotations

import os

import numpy as np

from .digits import Split
from .files import folder, one_of, read_idx

ADVICE = (
    "Fetch the four files train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
    "t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz from 'THE MNIST DATABASE of "
    "handwritten digits' (LeCun, Cortes, Burges; yann.lecun.com/exdb/mnist) or a mirror, into "
    "one folder; nnlib fetches nothing itself. nn.data.digits() is there without any file."
)


def mnist(path: str | os.PathLike | None = None, dtype=np.float32) -> Split:
    """The 70,000 handwritten digits of MNIST, 28×28 pixels, or data in the same files.

    Parameters
    ----------
    path : str or path
        Folder with the four official files, packed (.gz) or not. Fashion-MNIST fits too.
    dtype : float dtype

    Returns
    -------
    Split
        ``x_train`` (60000, 1, 28, 28), ``x_test`` (10000, 1, 28, 28) with pixels 0 (paper) to
        1 (ink); ``y_train``, ``y_test`` the digits 0..9.

    Errors
    ------
    ValueError, FileNotFoundError that say what to fetch; ValueError for a damaged file.

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"mnist takes a float dtype, got {np.dtype(dtype)}")
    path, parts = folder("mnist", path, ADVICE), []
    for part in ("train", "t10k"):
        images = load(path, f"{part}-images", 3)
        labels = load(path, f"{part}-labels", 1)
        if images.shape[1:] != (28, 28) or len(images) != len(labels) or not len(labels):
            raise ValueError(
                f"mnist takes as many {part} images (N, 28, 28) as labels (N,), "
                f"got {images.shape} and {labels.shape}"
            )
        if labels.max() > 9:
            raise ValueError(f"mnist takes labels 0..9, got {labels.max()} in {part}-labels")
        parts += [images[:, None].astype(dtype) / np.dtype(dtype).type(255), labels.astype(int)]
    return Split(*parts)


def load(path, stem, axes) -> np.ndarray:
    """One of the four files, under any of the names it goes by."""
    names = [f"{stem}{dash}idx{axes}-ubyte{end}" for dash in "-." for end in (".gz", "")]
    file = one_of("mnist", path, names, ADVICE)
    array = read_idx(file)
    if array.ndim != axes or array.dtype != np.uint8:
        raise ValueError(f"{file} takes bytes along {axes} axes, got {array.dtype} {array.shape}")
    return array
