"""Word vectors: words that keep the same company lie near each other (词向量)."""

from .models import CBOW, NegativeSampling, SkipGram, unigram
from .vectors import Vectors
from .vocabulary import Vocabulary

__all__ = ["CBOW", "NegativeSampling", "SkipGram", "Vectors", "Vocabulary", "unigram"]
