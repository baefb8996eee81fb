"""LeNet-5, 1998 and today: convolution, subsampling, and again, then dense layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Activation, ReLU
from ..layer import Layer
from .parts import Conv, Count, Dense, Flat, MaxPool, Part, TrainablePool, refuse
from .reading import stands_for

# Which of the 6 maps of S2 each of the 16 maps of C3 sees (LeCun et al., table I).
C3_SEES = [
    "012", "123", "234", "345", "045", "015",
    "0123", "1234", "2345", "0345", "0145", "0125",
    "0134", "1245", "0235", "012345",
]  # fmt: skip
C3_TABLE = np.array([[str(p) in maps for maps in C3_SEES] for p in range(6)], int)

# The digits 0..9 on 7×12 pixels: what the 84 units of F6 should look like.
GLYPHS = """
..###..|...#...|..###..|.#####.|.....#.|#######|...###.|#######|..###..|..###..
.#...#.|..##...|.#...#.|#.....#|....##.|#......|..#....|......#|.#...#.|.#...#.
#.....#|.#.#...|#.....#|......#|...#.#.|#......|.#.....|......#|#.....#|#.....#
#.....#|...#...|......#|......#|..#..#.|#......|#......|.....#.|#.....#|#.....#
#.....#|...#...|......#|.....#.|.#...#.|#.###..|#......|.....#.|.#...#.|#.....#
#.....#|...#...|.....#.|..###..|#....#.|##...#.|#.###..|....#..|..###..|.#...##
#.....#|...#...|....#..|.....#.|#######|......#|##...#.|....#..|.#...#.|..###.#
#.....#|...#...|...#...|......#|.....#.|......#|#.....#|...#...|#.....#|......#
#.....#|...#...|..#....|......#|.....#.|......#|#.....#|...#...|#.....#|......#
#.....#|...#...|.#.....|......#|.....#.|#.....#|#.....#|..#....|#.....#|.....#.
.#...#.|...#...|#......|#.....#|.....#.|.#...#.|.#...#.|..#....|.#...#.|....#..
..###..|.#####.|#######|.#####.|.....#.|..###..|..###..|.#.....|..###..|.###...
"""


def digit_codes() -> np.ndarray:
    """The ten digits as vectors of ±1, (10, 84): one row per class, 7×12 pixels each."""
    rows = [line.split("|") for line in GLYPHS.split()]
    ink = [[[pixel == "#" for pixel in row[k]] for row in rows] for k in range(10)]
    return np.where(np.array(ink).reshape(10, 84), 1.0, -1.0)


class Squash(Activation):
    """out = A·tanh(S·x), A = 1.7159, S = 2/3: f(1) = 1 and f(-1) = -1;  slope S·(A - out²/A).

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """

    def forward(self, x):
        self.out = 1.7159 * np.tanh(2 / 3 * x)
        return self.out

    def slope(self):
        return 2 / 3 * (1.7159 - self.out**2 / 1.7159)


class RBF(Layer):
    """How near x is to the fixed code of each class: out_k = -Σ_j (x_j - W_kj)².

    The radial basis functions at the end of LeNet-5, with the sign turned so that the largest
    score wins. Nothing is learned here.

    Parameters
    ----------
    codes : array (K, D)
        Kept as ``W``, one row per class.

    Shapes
    ------
    x (N, D), W (K, D)  ->  out (N, K)

    Errors
    ------
    ValueError if x is not (N, D).

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """

    state = ("W",)

    def __init__(self, codes: np.ndarray):
        self.W = np.array(codes, float)
        if self.W.ndim != 2 or not np.isfinite(self.W).all():
            raise ValueError(f"RBF codes takes finite numbers (K, D), got shape {self.W.shape}")

    def out_shape(self, shape):
        if tuple(shape) != self.W.shape[1:]:
            self.refuse(shape, f"(N, {self.W.shape[1]})")
        return (len(self.W),)

    def forward(self, x):
        self.gap = x[:, None] - self.W
        return -(self.gap**2).sum(axis=2)

    def backward(self, dout):
        if self.needs_dx:
            return -2 * (dout[:, None] @ self.gap)[:, 0]


@dataclass(frozen=True, repr=False)
class Codes(Part):
    """``RBF``: a fixed number on every connection, no parameter."""

    codes: np.ndarray

    def count(self, shape, axes):
        n_out, n_in = self.codes.shape
        if tuple(shape) != (n_in,):
            refuse(self, shape, f"({n_in},)")
        links = n_in * n_out
        return Count((n_out,), axes, connections=links, macs=links)

    def layer(self, shape, init, rng):
        return RBF(self.codes)


@stands_for(RBF)
def codes(layer):
    return Codes(layer.W)


def lenet5() -> dict:
    """LeNet-5 as published: 60,000 parameters, 340,908 connections, on images (1, 32, 32).

    S2 and S4 learn a coefficient and a bias per map; each map of C3 sees only some of the six
    maps of S2 (``C3_TABLE``), which breaks their symmetry and saves 900 parameters; C5 is a
    convolution over all of its 5×5 input; the output compares F6 with ten fixed pictures.

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """
    return {
        "C1": [Conv(6, 5), Squash],
        "S2": [TrainablePool(2), Squash],
        "C3": [Conv(16, 5, table=C3_TABLE), Squash],
        "S4": [TrainablePool(2), Squash],
        "C5": [Conv(120, 5), Squash, Flat()],
        "F6": [Dense(84), Squash],
        "output": Codes(digit_codes()),
    }


def lenet5_modern(classes: int = 10) -> dict:
    """LeNet-5 as it is built today, 61,706 parameters, on images (1, 32, 32).

    ReLU for the scaled tanh, max pooling without parameters, every map of C3 sees all six, and
    a dense layer of scores for softmax in place of the pictures.
    """
    return {
        "C1": [Conv(6, 5), ReLU],
        "S2": MaxPool(2),
        "C3": [Conv(16, 5), ReLU],
        "S4": MaxPool(2),
        "C5": [Flat(), Dense(120), ReLU],
        "F6": [Dense(84), ReLU],
        "output": Dense(classes),
    }
