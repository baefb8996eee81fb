"""CIFAR-10, from the official binary files, if you have them."""

from __future__ import annotations

import os

import numpy as np

from ..checks import natural
from .digits import Split
from .files import folder, one_of, read

CIFAR10_CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
ADVICE = (
    "Fetch 'CIFAR-10 binary version' from 'The CIFAR-10 dataset' (Krizhevsky, Nair, Hinton; "
    "www.cs.toronto.edu/~kriz/cifar.html), unpack it and give the folder with data_batch_1.bin "
    "to data_batch_5.bin and test_batch.bin; nnlib fetches nothing itself. The 'python version' "
    "consists of pickles, which can run code when they are loaded, and is not read."
)
RECORD, RECORDS = 1 + 3 * 32 * 32, 10_000  # bytes: the class, then red, green, blue, row by row


def cifar10(path: str | os.PathLike | None = None, batches: int = 5, dtype=np.float32) -> Split:
    """The 60,000 colour photographs of CIFAR-10, 32×32 pixels, ten classes.

    Parameters
    ----------
    path : str or path
        Folder of the binary version, unpacked.
    batches : int, 1 to 5
        Training files to read, 10,000 images each; five take 614 MB in float32.
    dtype : float dtype

    Returns
    -------
    Split
        ``x_train`` (10000·batches, 3, 32, 32), ``x_test`` (10000, 3, 32, 32), channels red,
        green, blue from 0 (dark) to 1 (bright); ``y_train``, ``y_test`` numbers into
        ``CIFAR10_CLASSES``.

    Errors
    ------
    ValueError, FileNotFoundError that say what to fetch; ValueError for a damaged file.

    Source: Krizhevsky, Learning multiple layers of features from tiny images, 2009.
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"cifar10 takes a float dtype, got {np.dtype(dtype)}")
    if natural("cifar10 batches", batches) > 5:
        raise ValueError(f"cifar10 batches takes 1 to 5, got {batches}")
    path = folder("cifar10", path, ADVICE)
    here = set(os.listdir(path))
    if "test_batch" in here and "test_batch.bin" not in here:
        raise ValueError(f"cifar10 takes the binary version, {path!r} holds pickles. {ADVICE}")
    train = [load(path, f"data_batch_{i}.bin") for i in range(1, batches + 1)]
    return Split(*joined(train, dtype), *joined([load(path, "test_batch.bin")], dtype))


def load(path, name) -> np.ndarray:
    """One file as bytes (10000, 3073)."""
    file = one_of("cifar10", path, [name], ADVICE)
    content = read(file, RECORD * RECORDS + 1)
    if len(content) != RECORD * RECORDS:
        raise ValueError(f"{file} takes {RECORD * RECORDS:,} bytes, got {os.path.getsize(file):,}")
    records = np.frombuffer(content, np.uint8).reshape(RECORDS, RECORD)
    if records[:, 0].max() > 9:
        raise ValueError(f"{file} takes classes 0..9, got {records[:, 0].max()}")
    return records


def joined(files, dtype) -> tuple:
    """Images and classes of several files."""
    records = np.concatenate(files)
    images = records[:, 1:].reshape(-1, 3, 32, 32).astype(dtype)
    images /= 255
    return images, records[:, 0].astype(int)
