"""Handwritten digits, 8×8 pixels, shipped with the library. Source and licence: DIGITS.md."""

import os
from typing import NamedTuple

import numpy as np


class Split(NamedTuple):
    """Training and test examples."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def digits(dtype=np.float32) -> Split:
    """1,797 handwritten digits in a fixed, stratified split: four fifths train, one fifth test.

    Parameters
    ----------
    dtype : float dtype
        float32, as training wants it, or float64 for exact checks.

    Returns
    -------
    Split
        ``x_train`` (1438, 1, 8, 8) and ``x_test`` (359, 1, 8, 8) with pixels 0 (paper) to 1
        (ink); ``y_train`` and ``y_test`` the digits 0..9. Every digit has the same share in
        both parts. The split is the same on every machine.

    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998.
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"digits takes a float dtype, got {np.dtype(dtype)}")
    with np.load(os.path.join(os.path.dirname(__file__), "digits.npz")) as stored:
        images, labels = stored["images"], stored["labels"].astype(np.int64)
    x = (images[:, None] / 16).astype(dtype)
    test = np.zeros(len(labels), bool)
    for digit in range(10):
        test[np.flatnonzero(labels == digit)[2::5]] = True  # every fifth one of each digit
    return Split(x[~test], labels[~test], x[test], labels[test])
