"""The perceptron: one threshold neuron and the first learning rule (感知机)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .checks import finite, labels, natural, real


class Perceptron:
    """out = 1 if w·x + b > 0, else 0: a straight line between two classes.

    Learning rule, for one example after the other: w ← w + η(y - out)x, b ← b + η(y - out).
    A right answer changes nothing. If some line separates the classes, the rule finds one
    after finitely many mistakes; if none does (XOR), it never comes to rest.

    Parameters
    ----------
    n_in : int >= 1
        D inputs.
    lr : float > 0
        η. From w = 0 it only scales w and b and changes no answer.

    Shapes
    ------
    x (N, D), W (D,), b (1,)  ->  out (N,) of 0 and 1

    W and b start at zero.

    Source: Rosenblatt, 1958; the bound on the mistakes: Novikoff, 1962.
    """

    def __init__(self, n_in: int, lr: float = 1.0):
        self.W, self.b = np.zeros(natural("Perceptron n_in", n_in)), np.zeros(1)
        self.lr = real("Perceptron lr", lr, 0, open_low=True)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if finite("Perceptron x", x).ndim != 2 or x.shape[1] != len(self.W):
            raise ValueError(f"Perceptron takes x of shape (N, {len(self.W)}), got {x.shape}")
        return (x @ self.W + self.b > 0).astype(int)

    def update(self, x: np.ndarray, y: int) -> bool:
        """The rule for one example x (D,) with class y; True if the answer was wrong."""
        error = y - self(x[None])[0]
        self.W += self.lr * error * x
        self.b += self.lr * error
        return bool(error)

    def learn(self, x: np.ndarray, y: np.ndarray, epochs: int) -> Iterator[int]:
        """Yield the number of mistakes of each epoch; the epoch without one is the last.

        Examples come in the order given. Stop iterating whenever you like.
        """
        self(x)
        y = labels("Perceptron", y, (len(x),), 2)
        for _ in range(natural("Perceptron epochs", epochs)):
            mistakes = sum(self.update(*example) for example in zip(x, y))
            yield mistakes
            if not mistakes:
                return
