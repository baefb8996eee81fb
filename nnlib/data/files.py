"""Reading data files a learner has brought along: nothing is trusted before it is checked."""

from __future__ import annotations

import gzip
import os
import zlib

import numpy as np


def folder(name: str, path, advice: str) -> str:
    """``path``, if it is a folder; otherwise an error that says what to fetch."""
    if path is None:
        raise ValueError(f"{name} takes the path of a folder. {advice}")
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{name} takes the path of a folder, got {path!r}")
    if not os.path.isdir(path):
        raise FileNotFoundError(f"{name} found no folder {os.fspath(path)!r}. {advice}")
    return os.fspath(path)


def one_of(name: str, path: str, candidates: list, advice: str) -> str:
    """The first of the candidates that is a file of the folder."""
    for candidate in candidates:
        if os.path.isfile(os.path.join(path, candidate)):
            return os.path.join(path, candidate)
    raise FileNotFoundError(f"{name} found no {candidates[0]} in {path!r}. {advice}")


def read(path: str, most: int) -> bytes:
    """At most ``most`` bytes of a file, unpacked if its name ends in .gz."""
    try:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            return file.read(most)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


# The third byte of an IDX file names the type of its numbers, big end first.
IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_idx(path: str | os.PathLike, most: int = 2**31) -> np.ndarray:
    """The array in an IDX file, the format of MNIST; also packed, as .gz.

    Four bytes 0, 0, type, number of axes; the length of each axis in four bytes, big end
    first; then the numbers, the last axis fastest.

    Parameters
    ----------
    path : str or path
    most : int
        Bytes of numbers to accept.

    Errors
    ------
    FileNotFoundError; ValueError for a file that is no IDX file, too short, too long, damaged.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"read_idx found no file {path!r}")
    head = read(path, 4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in IDX_TYPES or not 0 < head[3] < 9:
        raise ValueError(f"{path} is no IDX file: it starts with bytes {list(head)}")
    dtype, start = np.dtype(IDX_TYPES[head[2]]), 4 + 4 * head[3]
    sizes = read(path, start)[4:]
    if len(sizes) < 4 * head[3]:
        raise ValueError(f"{path} is cut off within its header")
    shape = [int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4)]
    needed = dtype.itemsize
    for length in shape:
        needed *= length
    if needed > most:
        raise ValueError(f"{path} says it holds {needed} bytes of numbers, {most} are accepted")
    body = read(path, start + needed + 1)[start:]
    if len(body) != needed:
        more = "more" if len(body) > needed else f"{len(body)}"
        raise ValueError(f"{path} says it holds {needed} bytes of numbers, got {more}")
    return np.frombuffer(body, dtype).reshape(shape).astype(dtype.newbyteorder("="))
