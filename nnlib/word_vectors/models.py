"""Word vectors, learned by telling real neighbours from drawn ones (负采样)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..activations import sigmoid
from ..checks import generator, natural, real
from ..training import Record, batches
from .vectors import Vectors
from .vocabulary import Vocabulary


def unigram(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """P(w) = count(w)^¾ / Σ count^¾: rare words are drawn somewhat more often than they occur."""
    weight = np.asarray(counts, float) ** power
    return weight / weight.sum()


def softplus(z):
    """ln(1 + exp(z)); in float32 ten times as fast as ``nnlib.softplus``."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


class NegativeSampling(Vectors):
    """What SkipGram and CBOW share: h predicts words w, against drawn words.

    ℓ = -Σ_w [ ln σ(u_w·h) + (K/M)·Σ_m ln σ(-u_m·h) ]

    u are the rows of C. The M words of the inner sum are drawn from P(w) ~ count^¾, anew for
    every call but once for all of its examples, so that everything is a matrix product; K/M
    makes them count as K per pair. Where m = w it is left out. Softmax over the vocabulary
    would need all V scores for each pair instead of 1 + K.

    ``L = model(center, context)`` takes the windows of ``Vocabulary.windows`` and returns the
    mean loss per pair. Train with ``learn``, or with ``backward`` and any optimizer made from
    ``parameters()``.

    Parameters
    ----------
    vocabulary : Vocabulary
    d : int >= 1
        Numbers per vector.
    negatives : int >= 1
        K, drawn words per pair, on average.
    rng : numpy.random.Generator
        Draws W, and the negatives at every call.
    dtype : float dtype

    Attributes
    ----------
    W (V, D), C (V, D)
        The word vectors, and the vectors of words as something predicted. W starts small and
        random, C at zero; V·D parameters each.
    negative (M,), each (P,)
        The words drawn in the last call, and the loss ℓ of each of its windows.

    Errors
    ------
    TypeError, ValueError for words that are no whole numbers of the vocabulary, and for
    windows without a word.
    """

    drawn = 32  # M
    params = "W", "C"

    def __init__(
        self,
        vocabulary: Vocabulary,
        d: int,
        negatives: int = 5,
        *,
        rng: np.random.Generator,
        dtype=np.float32,
    ):
        name = type(self).__name__
        if not isinstance(vocabulary, Vocabulary):
            raise TypeError(f"{name} takes a Vocabulary, got {type(vocabulary).__name__}")
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"{name} takes a float dtype, got {np.dtype(dtype)}")
        self.rng, self.negatives = generator(name, rng), natural(f"{name} negatives", negatives)
        shape = len(vocabulary), natural(f"{name} d", d)
        super().__init__(vocabulary, ((rng.random(shape) - 0.5) / d).astype(dtype))
        self.C = np.zeros(shape, dtype)
        self.cumulated = unigram(vocabulary.counts).cumsum()

    def roles(self, center, context) -> tuple:
        """(given, wanted): which words make h, and which h predicts."""
        raise NotImplementedError

    def __call__(self, center: np.ndarray, context: np.ndarray) -> float:
        """Mean loss per pair; draws new negatives."""
        return self.forward(*self.checked(center, context))

    def forward(self, center, context):
        given, wanted = self.roles(center[:, None], context)
        u = self.rng.random(self.drawn)
        self.negative = self.cumulated.searchsorted(u * self.cumulated[-1])
        self.in_rows, A = self.incidence(given)
        self.out_rows, N = self.incidence(wanted, self.negative)
        self.A = A / A.sum(axis=1, keepdims=True)
        pairs = N.sum(axis=1, keepdims=True)
        times = (self.out_rows[:, None] == self.negative).sum(axis=1)  # each word was drawn
        Q = (self.negatives / self.drawn * times).astype(N.dtype) * (pairs - N)
        self.h, self.u = self.A @ self.W[self.in_rows], self.C[self.out_rows]
        S = self.h @ self.u.T
        both = N + Q
        self.each = (both * softplus(S) - N * S).sum(axis=1)  # softplus(-s) = softplus(s) - s
        self.dS, self.pairs = both * sigmoid(S) - N, pairs.sum()
        return float(self.each.sum() / self.pairs)

    def incidence(self, words, others=-1) -> tuple:
        """The U different words, and how often each stands in each row of ``words``, (P, U)."""
        seen = np.zeros(len(self.vocabulary) + 1, bool)  # one more, where -1 points
        seen[words], seen[others] = True, True
        seen[-1] = False
        rows = seen.nonzero()[0]
        column = np.zeros(len(seen), int)
        column[rows] = np.arange(len(rows))
        example, place = (words >= 0).nonzero()
        flat = example * len(rows) + column[words[example, place]]
        count = np.bincount(flat, minlength=len(words) * len(rows))
        return rows, count.reshape(len(words), len(rows)).astype(self.W.dtype)

    def row_gradients(self) -> dict:
        """{"W": (rows, gradients), "C": ...} of the summed loss; all other rows have none."""
        dh, dC = self.dS @ self.u, self.dS.T @ self.h
        return {"W": (self.in_rows, self.A.T @ dh), "C": (self.out_rows, dC)}

    def backward(self):
        """Leave dW and dC, the gradients of the mean loss."""
        if not hasattr(self, "each"):
            raise ValueError(f"{type(self).__name__}.backward needs a call first")
        for name, (rows, g) in self.row_gradients().items():
            gradient = np.zeros_like(getattr(self, name))
            gradient[rows] = g / self.pairs
            setattr(self, "d" + name, gradient)

    def parameters(self) -> list:
        """[W, C]; an optimizer writes into them."""
        return [self.W, self.C]

    def gradients(self) -> list:
        """[dW, dC], as the last ``backward`` left them."""
        if not hasattr(self, "dW"):
            raise ValueError(f"{type(self).__name__}.gradients needs backward first")
        return [self.dW, self.dC]

    def checked(self, center, context) -> tuple:
        """Both, if they are numbers of words and fit each other."""
        name, last = type(self).__name__, len(self.vocabulary) - 1
        center, context = np.asarray(center), np.asarray(context)
        if center.ndim != 1 or context.ndim != 2 or not 0 < len(center) == len(context):
            raise ValueError(
                f"{name} takes center (P,) and context (P, n), got {center.shape}, {context.shape}"
            )
        for what, words, least in (("center", center, 0), ("context", context, -1)):
            if words.dtype.kind not in "iu":
                raise TypeError(f"{name} {what} takes numbers of words, got {words.dtype}")
            if words.size and not least <= words.min() <= words.max() <= last:
                raise ValueError(
                    f"{name} {what} takes words {least}..{last}, got {words.min()}..{words.max()}"
                )
        if not (context >= 0).any(axis=1).all():
            raise ValueError(f"{name} context takes a word in every row, got a row of -1")
        return center, context

    def learn(
        self, center: np.ndarray, context: np.ndarray, *, epochs: int, batch_size: int = 128,
        lr: float = 0.3, rng: np.random.Generator,
    ) -> Iterator[Record]:  # fmt: skip
        """Train with Adagrad; a generator of records, as ``nnlib.train``.

        Only rows of words that occur are touched. For Adagrad that changes nothing, as a row
        without gradient stays where it is: ``nnlib.Adagrad`` gives the same vectors, later.

        Parameters
        ----------
        center, context : arrays of ``Vocabulary.windows``
        epochs, batch_size : int >= 1
            A minibatch is a run of windows that follow each other in the text: they share
            most of their words, and so most of the work.
        lr : float >= 0
        rng : numpy.random.Generator
            Shuffles the runs anew for each epoch.
        """
        center, context = self.checked(center, context)
        lr, size, step = real("learn lr", lr, 0), natural("learn batch_size", batch_size), 0
        squares = {name: np.zeros_like(getattr(self, name)) for name in self.params}
        for epoch in range(natural("learn epochs", epochs)):
            for (run,) in batches(-(-len(center) // size), 1, rng):
                some = slice(run * size, (run + 1) * size)
                L = self.forward(center[some], context[some])
                for name, (rows, g) in self.row_gradients().items():
                    g /= self.pairs
                    n = squares[name][rows] + g * g
                    squares[name][rows] = n
                    getattr(self, name)[rows] -= lr * g / (np.sqrt(n) + 1e-8)
                step += 1
                yield Record(step, epoch, L, lr=lr)


class SkipGram(NegativeSampling):
    """A word predicts each word around it: h is the row of W of the word in the centre.

    Loss, call, parameters and attributes as ``NegativeSampling``::

        vocabulary = nn.Vocabulary(sentences)
        model = nn.SkipGram(vocabulary, 24, rng=rng)
        for record in model.learn(*vocabulary.windows(sentences), epochs=5, rng=rng):
            ...
        model.analogy("king", "queen", "man")

    Sources: Mikolov et al., Distributed representations of words and phrases, 2013; shared
    negatives: Ji et al., Parallelizing word2vec, 2016.
    """

    def roles(self, center, context):
        return center, context


class CBOW(NegativeSampling):
    """The words around predict the word in the centre: h is the mean of their rows of W.

    One pair per word of the text, where SkipGram has one per neighbour.

    Loss, call, parameters and attributes as ``NegativeSampling``.

    Source: Mikolov et al., Efficient estimation of word representations, 2013.
    """

    def roles(self, center, context):
        return context, center
