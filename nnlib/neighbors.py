"""k nearest neighbours: no training, the data is the model (K 近邻)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .checks import finite, labels, natural


def euclidean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """L2: √Σ (a - b)², between every row of a (N, D) and every row of b (M, D): (N, M)."""
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(square, 0))  # |a|² + |b|² - 2ab may round to less than 0


def manhattan(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """L1: Σ |a - b|, between every row of a (N, D) and every row of b (M, D): (N, M)."""
    return np.array([np.abs(row - b).sum(axis=1) for row in a])


class KNearestNeighbors:
    """Score of a class = share of the k nearest training examples that belong to it.

    1. measure the distance from x to every training example, 2. sort, 3. keep the k nearest,
    4. count their classes; 5. the most frequent one (``predict``) is the answer.

    Of equal distances the earlier example counts as nearer; of equal votes the smaller class
    wins.

    Parameters
    ----------
    x : float array (N, ...)
        Training examples, kept.
    y : int array (N,)
        Their classes 0..K-1.
    k : int in 1..N
    distance : function (N, D), (M, D) -> (N, M)
        ``euclidean``, ``manhattan`` or your own.

    ``knn(x)`` gives the shares (M, K), so that ``nn.accuracy(knn, x, y)`` works. After a call
    ``nearest`` (M, k) holds the indices of the neighbours and ``distances`` (M, k) how far
    they are, both nearest first.

    Errors
    ------
    ValueError if x to classify has another shape than the training examples.

    Source: Fix and Hodges, 1951; Cover and Hart, Nearest neighbor pattern classification, 1967.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, k: int = 1, distance: Callable = euclidean):
        if finite("KNearestNeighbors x", x).ndim < 2 or len(x) == 0:
            raise ValueError(f"KNearestNeighbors takes x of shape (N, ...), got {x.shape}")
        y = np.asarray(y)
        self.classes = int(y.max(initial=0)) + 1 if y.dtype.kind in "iu" else 1
        self.x, self.y = x, labels("KNearestNeighbors", y, (len(x),), self.classes)
        self.k, self.distance = natural("KNearestNeighbors k", k), distance
        if k > len(x):
            raise ValueError(f"KNearestNeighbors k takes at most {len(x)} neighbours, got {k}")

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if finite("KNearestNeighbors x", x).shape[1:] != self.x.shape[1:] or len(x) == 0:
            wanted = ", ".join(map(str, ("M", *self.x.shape[1:])))
            raise ValueError(f"KNearestNeighbors takes x of shape ({wanted}), got {x.shape}")
        known = self.x.reshape(len(self.x), -1).astype(np.float64)
        rows = max(1, 10_000_000 // known.size)  # a piece at a time, to bound the memory
        pieces = (x[i : i + rows] for i in range(0, len(x), rows))
        found = [self.search(piece.reshape(len(piece), -1), known) for piece in pieces]
        self.nearest = np.concatenate([nearest for nearest, _ in found])
        self.distances = np.concatenate([distances for _, distances in found])
        votes = self.y[self.nearest]
        return (votes[:, :, None] == np.arange(self.classes)).mean(axis=1)

    def search(self, x, known):
        """Indices of the k nearest rows of ``known`` and their distances, nearest first."""
        distances = self.distance(x.astype(np.float64), known)
        nearest = distances.argsort(axis=1, kind="stable")[:, : self.k]
        return nearest, np.take_along_axis(distances, nearest, axis=1)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """The class with most votes for each x: (M, ...) -> (M,)."""
        return self(x).argmax(axis=1)
