"""What the recurrent layers share: weights, initial states, the ends of sequences.

In memory the step comes first, (T, N, H), and each gate is an array of its own, (G, T, N, H);
outside, the example comes first, (N, T, H), as everywhere.
"""

from __future__ import annotations

import numpy as np

from .. import init as inits
from ..checks import generator, natural
from ..layer import Layer


def swap(a: np.ndarray) -> np.ndarray:
    """(N, T, ...) seen as (T, N, ...), and back."""
    return a.swapaxes(0, 1)


def rows(a: np.ndarray) -> np.ndarray:
    """(..., T, N, H) -> (..., T·N, H): every step of every example is a row."""
    return a.reshape(*a.shape[:-3], -1, a.shape[-1])


class Recurrent(Layer):
    """A cell with hidden state h, applied to every step of a sequence.

    Attributes
    ----------
    Wx (G·H, D), Wh (G·H, H), b (G·H,)
        Weights of input and state, G blocks of rows, one for each of ``gates``.
    h (N, T + 1, H)
        The hidden states of the last call; ``h[:, 0]`` is h0, ``h[:, -1]`` the final state.
    start : tuple of arrays or None
        Initial states of calls that give none; ``train`` sets it for truncated BPTT.
    """

    params = "Wx", "Wh", "b"
    gates = ("h",)
    states = ("h",)
    start = None
    takes_lengths = True

    def __init__(self, n_in: int, n_hidden: int, *, rng: np.random.Generator, init=inits.xavier):
        name = type(self).__name__
        n_in, H = natural(f"{name} n_in", n_in), natural(f"{name} n_hidden", n_hidden)
        generator(name, rng)
        self.Wx = np.concatenate([init((H, n_in), n_in, H, rng) for _ in self.gates])
        self.Wh = np.concatenate([init((H, H), H, H, rng) for _ in self.gates])
        self.b = np.zeros(len(self.Wx))

    def out_shape(self, shape):
        n_in, H = self.Wx.shape[1], self.Wh.shape[1]
        if len(shape) != 2 or shape[0] < 1 or shape[1] != n_in:
            self.refuse(shape, f"(N, T, {n_in}) with T >= 1")
        return shape[0], H

    def final_state(self) -> tuple:
        """Copies of the states after the last step, to start the next piece of a sequence."""
        if self.seen_shape is None:
            raise ValueError(f"{type(self).__name__}.final_state needs a forward pass first")
        return tuple(getattr(self, name)[:, -1].copy() for name in self.states)

    def blocks(self, W) -> np.ndarray:
        """(G·H, D) -> (G, H, D): the rows of each gate by themselves."""
        return W.reshape(len(self.gates), -1, W.shape[1])

    def begin(self, x, lengths) -> np.ndarray:
        """A copy of x by step, (T, N, D), padding zeroed; keeps it, and where sequences end."""
        self.ended = self.past_the_end(lengths, len(x), x.shape[1])
        self.x = np.array(swap(x), dtype=np.result_type(x, self.Wx), order="C")
        if self.ended is not None:
            np.copyto(self.x, 0, where=self.ended)
        return self.x

    def track(self, name: str, given, dtype) -> np.ndarray:
        """Room (T + 1, N, H) for the state ``name``, with its initial value in front."""
        steps, n, _ = self.x.shape
        track = np.empty((steps + 1, n, self.Wh.shape[1]), dtype)
        if given is None and self.start is not None:
            given = self.start[self.states.index(name)]
        track[0] = 0 if given is None else self.state_like(name + "0", given, n)
        return track

    def state_like(self, name: str, given, n: int) -> np.ndarray:
        """``given``, if it is one state for each of n examples."""
        given, wanted = np.asarray(given), (n, self.Wh.shape[1])
        if given.shape != wanted or given.dtype.kind != "f":
            raise ValueError(
                f"{type(self).__name__} takes {name} as floats of shape {wanted}, "
                f"got {given.dtype} of shape {given.shape}"
            )
        return given

    def past_the_end(self, lengths, n: int, steps: int):
        """(T, N, 1), true where the sequence is over; None without lengths."""
        if lengths is None:
            return None
        lengths = np.asarray(lengths)
        wanted = f"{type(self).__name__} takes lengths as {n} whole numbers in 1..{steps}"
        if lengths.dtype.kind not in "iu" or lengths.shape != (n,):
            raise ValueError(f"{wanted}, got {lengths.dtype} of shape {lengths.shape}")
        if lengths.min() < 1 or lengths.max() > steps:
            raise ValueError(f"{wanted}, got {lengths.min()}..{lengths.max()}")
        return np.arange(steps)[:, None, None] >= lengths[:, None]

    def hold(self, t: int, new, old):
        """In sequences that are over at step t, overwrite new with old."""
        if self.ended is not None:
            np.copyto(new, old, where=self.ended[t])

    def last(self, name: str, given, dout) -> np.ndarray:
        """Gradient of a final state, (N, H): zeros unless the caller has one."""
        n, _, H = dout.shape
        if given is None:
            return np.zeros((n, H), dout.dtype)
        return self.state_like(name, given, n).astype(dout.dtype)
