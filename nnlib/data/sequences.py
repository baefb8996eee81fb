"""Tasks along time, drawn by a generator: what a recurrent network has to remember.

Sequences are float arrays x (n, T, D); every function takes ``rng``, a
``numpy.random.Generator``.
"""

from __future__ import annotations

import numpy as np

from ..checks import generator, natural


def one_hot(tokens: np.ndarray, symbols: int) -> np.ndarray:
    """Numbers (n, T) as rows with a single 1, (n, T, symbols)."""
    return np.eye(symbols)[tokens]


def bits_of(numbers: np.ndarray, bits: int) -> np.ndarray:
    """The binary digits of whole numbers, lowest first: (n,) -> (n, bits) of 0 and 1."""
    numbers = np.asarray(numbers)
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"bits_of takes whole numbers (n,), got {numbers.dtype}")
    if numbers.ndim != 1 or numbers.min(initial=0) < 0:
        raise ValueError(f"bits_of takes whole numbers >= 0 (n,), got {numbers}")
    return (numbers[:, None] >> np.arange(natural("bits_of bits", bits))) & 1


def binary_addition(n: int, bits: int = 8, *, rng: np.random.Generator) -> tuple:
    """Add two numbers bit by bit, the lowest bit first; the net must carry.

    Returns
    -------
    x : (n, bits, 2) of 0.0 and 1.0
        Bit t of both numbers; each is below 2^(bits - 1), so that the sum has room.
    y : int (n, bits)
        Bit t of the sum.
    """
    n, bits = natural("binary_addition n", n), natural("binary_addition bits", bits, 2)
    if bits > 62:
        raise ValueError(f"binary_addition bits takes 2 to 62, got {bits}")
    a, b = generator("binary_addition", rng).integers(2 ** (bits - 1), size=(2, n))
    x = np.stack([bits_of(a, bits), bits_of(b, bits)], axis=2)
    return x.astype(float), bits_of(a + b, bits)


def adding_problem(n: int, steps: int = 50, *, rng: np.random.Generator) -> tuple:
    """Add the two marked numbers of a long sequence.

    Returns
    -------
    x : (n, steps, 2)
        A number from [0, 1), and a mark: 1 at one step of each half, else 0.
    y : (n,)
        Sum of the two marked numbers. Always answering 1 has a mean squared error of 1/6.

    Source: Hochreiter and Schmidhuber, Long short-term memory, 1997.
    """
    n, steps = natural("adding_problem n", n), natural("adding_problem steps", steps, 2)
    values = generator("adding_problem", rng).random((n, steps))
    mark, half = np.zeros((n, steps)), steps // 2
    mark[np.arange(n), rng.integers(half, size=n)] = 1
    mark[np.arange(n), rng.integers(half, steps, size=n)] = 1
    return np.stack([values, mark], axis=2), (values * mark).sum(axis=1)


def copy_task(
    n: int, length: int = 5, delay: int = 10, symbols: int = 8, *, rng: np.random.Generator
) -> tuple:
    """See ``length`` symbols, wait, and repeat them when the go signal comes.

    Returns
    -------
    x : (n, T, symbols + 2), T = 2·length + delay
        One-hot: the symbols are 1..``symbols``, 0 is blank, ``symbols`` + 1 is go, at the
        last step of the delay. Steps: ``length`` symbols, ``delay`` blanks, ``length`` blanks.
    y : int (n, T)
        0 until the end of the delay, then the symbols in their order.

    Source: Hochreiter and Schmidhuber, 1997; in this form Arjovsky et al., 2016.
    """
    n, length = natural("copy_task n", n), natural("copy_task length", length)
    delay, symbols = natural("copy_task delay", delay), natural("copy_task symbols", symbols)
    seen = generator("copy_task", rng).integers(1, symbols + 1, size=(n, length))
    tokens, y = np.zeros((2, n, 2 * length + delay), int)
    tokens[:, :length], y[:, length + delay :] = seen, seen
    tokens[:, length + delay - 1] = symbols + 1
    return one_hot(tokens, symbols + 2), y


def delayed_recall(n: int, delay: int = 20, symbols: int = 4, *, rng: np.random.Generator) -> tuple:
    """Name the first symbol of a sequence at its end, after ``delay`` others.

    Returns
    -------
    x : (n, delay + 1, 2·symbols)
        One-hot: the first symbol is one of the first ``symbols``, the distractors that follow
        are drawn from the others.
    y : int (n,)
        The first symbol, 0..symbols - 1.
    """
    n, delay = natural("delayed_recall n", n), natural("delayed_recall delay", delay)
    symbols = natural("delayed_recall symbols", symbols, 2)
    tokens = generator("delayed_recall", rng).integers(symbols, size=(n, delay + 1))
    y = tokens[:, 0].copy()
    tokens[:, 1:] += symbols
    return one_hot(tokens, 2 * symbols), y
