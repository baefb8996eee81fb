"""Two cells on one sequence: one reads it forwards, the other backwards."""

from __future__ import annotations

import numpy as np

from ..layer import Layer
from .base import Recurrent


class Bidirectional(Layer):
    """out_t = [h_t forwards, h_t backwards]: every step knows what comes before and after.

    It needs the whole sequence, so it cannot predict while the sequence still arrives; and
    twice the parameters and memory of one direction.

    Parameters
    ----------
    ahead, back : RNN, LSTM or GRU
        Two cells of their own weights; ``back`` reads from the last step to the first.

    Shapes
    ------
    x (N, T, D), lengths (N,)  ->  out (N, T, H_ahead + H_back)

    ``layer(x, lengths=None)``: with lengths, ``back`` starts at the last step of each
    sequence, never on padding. After a call ``ahead.h`` and ``back.h`` hold the states, those
    of ``back`` in the order it read them.

    Source: Schuster and Paliwal, 1997.
    """

    takes_lengths = True

    def __init__(self, ahead: Recurrent, back: Recurrent):
        for name, cell in (("ahead", ahead), ("back", back)):
            if not isinstance(cell, Recurrent):
                raise TypeError(
                    f"Bidirectional takes {name}, an RNN, LSTM or GRU, got {type(cell).__name__}"
                )
        if ahead is back:
            raise ValueError("Bidirectional takes ahead and back as two layers, got one twice")
        if ahead.Wx.shape[1] != back.Wx.shape[1]:
            raise ValueError(
                "Bidirectional takes ahead and back with inputs of one size, "
                f"got {ahead.Wx.shape[1]} and {back.Wx.shape[1]}"
            )
        self.ahead, self.back = ahead, back

    def sublayers(self):
        return self.ahead, self.back

    def out_shape(self, shape):
        steps, H = self.ahead.out_shape(shape)
        return steps, H + self.back.out_shape(shape)[1]

    def turn(self, a):
        """a with each sequence reversed in time, its padding left behind it."""
        return np.take_along_axis(a, self.order, axis=1)

    def forward(self, x, lengths=None):
        steps = np.arange(x.shape[1])
        ends = np.full(len(x), len(steps)) if lengths is None else np.asarray(lengths)
        out = self.ahead(x, self.training, lengths=lengths)
        mirrored = ends[:, None] - 1 - steps
        self.order = np.where(mirrored >= 0, mirrored, steps)[:, :, None]
        back = self.back(self.turn(x), self.training, lengths=lengths)
        return np.concatenate([out, self.turn(back)], axis=2)

    def backward(self, dout):
        H = self.ahead.Wh.shape[1]
        self.ahead.needs_dx = self.back.needs_dx = self.needs_dx
        dx = self.ahead.backward(dout[:, :, :H])
        dx_back = self.back.backward(self.turn(dout[:, :, H:]))
        if self.needs_dx:
            return dx + self.turn(dx_back)
