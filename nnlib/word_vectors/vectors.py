"""Words as points: what lies near, and what relates to c as b to a."""

from __future__ import annotations

import numpy as np

from ..checks import finite, natural
from .vocabulary import Vocabulary


class Vectors:
    """A vector for every word of a vocabulary; similar means a small angle.

    Parameters
    ----------
    vocabulary : Vocabulary
    W : float array (V, D)
        Row i belongs to word number i; of a SkipGram, a CBOW, or an Embedding you trained.
    """

    def __init__(self, vocabulary: Vocabulary, W: np.ndarray):
        name = type(self).__name__
        if not isinstance(vocabulary, Vocabulary):
            raise TypeError(f"{name} takes a Vocabulary, got {type(vocabulary).__name__}")
        if finite(f"{name} W", W).ndim != 2 or len(W) != len(vocabulary):
            raise ValueError(f"{name} takes W of shape ({len(vocabulary)}, D), got {W.shape}")
        self.vocabulary, self.W = vocabulary, W

    def __getitem__(self, word: str) -> np.ndarray:
        """The vector of a word, (D,)."""
        return self.W[self.vocabulary.number(word)]

    def unit(self) -> np.ndarray:
        """All vectors at length 1, (V, D); their products are the cosines."""
        length = np.linalg.norm(self.W, axis=1, keepdims=True)
        return self.W / np.maximum(length, np.finfo(self.W.dtype).tiny)

    def similarity(self, a: str, b: str) -> float:
        """Cosine of the angle between two words, -1 to 1."""
        unit = self.unit()
        return float(unit[self.vocabulary.number(a)] @ unit[self.vocabulary.number(b)])

    def nearest(self, direction, n, leave_out) -> list:
        """The n words with the largest cosine to a direction, as (word, cosine)."""
        n = natural("n", n)
        cosines = self.unit() @ (direction / max(np.linalg.norm(direction), 1e-30))
        cosines[[self.vocabulary.number(word) for word in leave_out]] = -np.inf
        best = np.argsort(-cosines, kind="stable")[: min(n, len(cosines) - len(leave_out))]
        return [(self.vocabulary.words[i], float(cosines[i])) for i in best]

    def most_similar(self, word: str, n: int = 5) -> list:
        """The n words nearest to ``word``, itself left out: [(word, cosine), ...]."""
        return self.nearest(self[word], n, {word})

    def analogy(self, a: str, b: str, c: str, n: int = 1) -> list:
        """a is to b as c is to ...: the words nearest to b - a + c, these three left out.

        All three vectors are taken at length 1.

        Source: Mikolov et al., Linguistic regularities in continuous space representations, 2013.
        """
        unit = self.unit()
        va, vb, vc = (unit[self.vocabulary.number(word)] for word in (a, b, c))
        return self.nearest(vb - va + vc, n, {a, b, c})
