"""Races of SkipGram and CBOW against gensim's, one pass over the same pairs, one thread."""

import numpy as np

import nnlib as nn

from .harness import race

try:
    from gensim.models import Word2Vec
except ImportError:
    Word2Vec = None

D, WINDOW, NEGATIVES, WORDS = 100, 5, 5, 10_000


def text():
    """2,000 sentences of 20 words, word k as frequent as 1/k."""
    share = 1 / np.arange(1, WORDS + 1)
    words = np.random.default_rng(0).choice(WORDS, p=share / share.sum(), size=(2_000, 20))
    return [[f"w{word}" for word in sentence] for sentence in words]


def contest(kind):
    sentences = text()
    vocabulary = nn.Vocabulary(sentences)
    model = kind(vocabulary, D, NEGATIVES, rng=np.random.default_rng(0))
    windows = vocabulary.windows(sentences, WINDOW)
    peer = Word2Vec(
        vector_size=D, window=WINDOW, shrink_windows=False, negative=NEGATIVES, min_count=1,
        sg=kind is nn.SkipGram, sample=0, workers=1,
    )  # fmt: skip
    peer.build_vocab(sentences)

    def ours():
        run = model.learn(*windows, epochs=1, batch_size=64, lr=0.05, rng=np.random.default_rng(0))
        for _ in run:
            pass

    def theirs():
        peer.train(sentences, total_examples=len(sentences), epochs=1)

    return ours, theirs


if Word2Vec:
    race("skip-gram against gensim", (1.5, 2.0), nn.SkipGram)(contest)
    race("CBOW against gensim", (4.0, 4.0), nn.CBOW)(contest)
