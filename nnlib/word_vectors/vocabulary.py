"""Words as numbers, and the pairs of words that stand near each other."""

from __future__ import annotations

import numpy as np

from ..checks import natural


class Vocabulary:
    """The different words of a text, the most frequent first.

    Parameters
    ----------
    sentences : list of lists of str
    least : int >= 1
        Words that occur less often are left out, here and in ``pairs`` and ``windows``.

    Attributes
    ----------
    words : list of V str, by frequency, then by the alphabet
    counts : array (V,)
        How often each occurs.
    """

    def __init__(self, sentences: list, least: int = 1):
        least, counts = natural("Vocabulary least", least), {}
        for sentence in sentences:
            if not isinstance(sentence, (list, tuple)):
                raise TypeError(f"Vocabulary takes sentences as lists of words, got {sentence!r}")
            for word in sentence:
                if not isinstance(word, str):
                    raise TypeError(f"Vocabulary takes words as str, got {word!r}")
                counts[word] = counts.get(word, 0) + 1
        kept = sorted((-count, word) for word, count in counts.items() if count >= least)
        if len(kept) < 2:
            raise ValueError(f"Vocabulary takes at least 2 different words, got {len(kept)}")
        self.words = [word for _, word in kept]
        self.counts = np.array([-count for count, _ in kept])
        self.index = {word: i for i, word in enumerate(self.words)}

    def __len__(self):
        return len(self.words)

    def __contains__(self, word):
        return word in self.index

    def __repr__(self):
        return f"Vocabulary({len(self)} words, {self.counts.sum()} in the text)"

    def number(self, word: str) -> int:
        """The number of a word."""
        if word not in self.index:
            raise ValueError(f"the vocabulary has no word {word!r}")
        return self.index[word]

    def numbers(self, sentences: list) -> tuple:
        """The text as one array of numbers, and for each the number of its sentence."""
        known = [[self.index[w] for w in s if w in self.index] for s in sentences]
        ids = np.array([i for sentence in known for i in sentence], int)
        return ids, np.repeat(np.arange(len(known)), list(map(len, known)))

    def windows(self, sentences: list, window: int = 5) -> tuple:
        """Every word and what stands around it, for ``SkipGram`` and ``CBOW``.

        Returns
        -------
        center : int array (P,)
        context : int array (P, 2·window)
            The words before and after, in order; -1 where the sentence has ended.
        """
        window = natural("windows window", window)
        ids, sentence = self.numbers(sentences)
        context = np.full((len(ids), 2 * window), -1)
        for d in range(1, min(window, len(ids) - 1) + 1):
            together = sentence[d:] == sentence[:-d]
            context[d:, window - d][together] = ids[:-d][together]
            context[:-d, window + d - 1][together] = ids[d:][together]
        some = (context >= 0).any(axis=1)
        if not some.any():
            raise ValueError("windows takes sentences in which two known words meet")
        return ids[some], context[some]

    def pairs(self, sentences: list, window: int = 5) -> tuple:
        """Every word with every word at most ``window`` places away, one pair at a time.

        Returns
        -------
        center, context : int arrays (P,)
        """
        center, context = self.windows(sentences, natural("pairs window", window))
        there = context >= 0
        return np.repeat(center, there.sum(axis=1)), context[there]
