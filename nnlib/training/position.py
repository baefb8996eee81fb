"""Where a run stands, so that it can be left and taken up again."""

from __future__ import annotations

import numpy as np


class Position:
    """Where a run stands, so that it can go on from there; ``train`` moves it.

    Attributes
    ----------
    step : int
        Updates done.
    epoch, batch, piece : int
        Epochs done, minibatches of this epoch done, pieces of this minibatch done (``bptt``).
    shuffle : dict or None
        State of the generator before this epoch's shuffle.
    carried : list of tuples of arrays
        States the recurrent layers start the next piece from.
    cut : list or None
        Number of examples, of those in a minibatch, and of pieces of a minibatch.
    """

    def __init__(self):
        self.step = self.epoch = self.batch = self.piece = 0
        self.shuffle, self.carried, self.cut = None, [], None

    def enter(self, *cut):
        """Go on with a run cut like this; in the midst of an epoch it must be the same cut."""
        if self.shuffle is not None and self.cut != list(cut):
            raise ValueError(
                f"train takes position in the midst of an epoch cut as (examples, batch_size, "
                f"pieces) = {tuple(self.cut)}, got {cut}"
            )
        self.cut = list(cut)

    def generator(self, rng: np.random.Generator) -> np.random.Generator:
        """What shuffles this epoch: rng, or rng as it was when the epoch was begun before."""
        if self.shuffle is None:
            self.shuffle = rng.bit_generator.state
            return rng
        earlier = np.random.Generator(type(rng.bit_generator)())
        earlier.bit_generator.state = self.shuffle
        return earlier

    def advance(self, pieces: int, minibatches: int):
        """One update on: into the next piece, minibatch or epoch."""
        self.step, self.piece = self.step + 1, self.piece + 1
        if self.piece == pieces:
            self.batch, self.piece, self.carried = self.batch + 1, 0, []
        if self.batch == minibatches:
            self.epoch, self.batch, self.shuffle = self.epoch + 1, 0, None
