"""Recurrent layers: the same cell at every step of a sequence, with a state that remembers.

All of them take x (N, T, D), N sequences of T steps, and return out (N, T, H), the hidden
state after every step. Stack them with ``Sequential``.
"""

from .base import Recurrent
from .bidirectional import Bidirectional
from .gated import GRU, LSTM
from .rnn import RNN

__all__ = ["GRU", "LSTM", "RNN", "Bidirectional", "Recurrent"]
