"""The simple recurrent network: one layer of neurons that also sees its own last output."""

from __future__ import annotations

import numpy as np

from .. import init as inits
from ..activations import Identity, ReLU, Sigmoid, Tanh, sigmoid
from .base import Recurrent, rows, swap

# f, and its slope written with h = f(z)
ACTIVATIONS = {
    Tanh: (np.tanh, lambda h: 1 - h**2),
    Sigmoid: (sigmoid, lambda h: h * (1 - h)),
    ReLU: (lambda z: np.maximum(z, 0), lambda h: (h > 0).astype(h.dtype)),
    Identity: (lambda z: z, np.ones_like),
}


class RNN(Recurrent):
    """Elman network: h_t = f(Wx x_t + Wh h_{t-1} + b).

    Backward is back-propagation through time: the gradient of h_t comes from out_t and from
    h_{t+1}, and the same Wh carries it one step further back, again and again.

    Parameters
    ----------
    n_in, n_hidden : int
        D and H, both >= 1.
    rng : numpy.random.Generator
        Draws Wx and Wh.
    activation : Tanh, Sigmoid, ReLU or Identity
        f, as the class itself.
    init : function
        One of ``nnlib.init``; ``xavier`` by default. b starts at zero.

    Shapes
    ------
    x (N, T, D), h0 (N, H), lengths (N,)  ->  out (N, T, H)
    Wx (H, D), Wh (H, H), b (H,)

    ``layer(x, h0=None, lengths=None)`` starts from h0 (zeros) and ends each sequence after
    its length: then the state stands still, so that ``out[:, -1]`` is always the final state,
    and nothing in the padding matters. After a call ``h`` (N, T + 1, H) holds all states from
    h0 on. ``backward(dout, dh=None)`` also takes the gradient of the final state and leaves
    that of h0 in ``dh0``.

    Source: Elman, 1990; back-propagation through time: Werbos, 1990.
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        *,
        rng: np.random.Generator,
        activation=Tanh,
        init=inits.xavier,
    ):
        super().__init__(n_in, n_hidden, rng=rng, init=init)
        if activation not in ACTIVATIONS:
            names = ", ".join(f.__name__ for f in ACTIVATIONS)
            raise ValueError(f"RNN takes activation as one of {names}, got {activation!r}")
        self.activation = activation

    def forward(self, x, h0=None, lengths=None):
        f, _ = ACTIVATIONS[self.activation]
        x = self.begin(x, lengths)
        z = rows(x) @ self.Wx.T  # the input's share of all steps in one product
        z += self.b
        z = z.reshape(*x.shape[:2], -1)
        h = self.track("h", h0, z.dtype)
        WhT = np.ascontiguousarray(self.Wh.T)
        for t in range(len(z)):
            z[t] += h[t] @ WhT
            h[t + 1] = f(z[t])
            self.hold(t, h[t + 1], h[t])
        self.h = swap(h)
        return np.array(self.h[:, 1:], order="C")

    def backward(self, dout, dh=None):
        _, slope = ACTIVATIONS[self.activation]
        h = swap(self.h)
        dz = slope(h[1:])
        dh = self.last("dh", dh, dout)
        for t in reversed(range(len(dz))):
            dh_t = dh + dout[:, t]
            dz[t] *= dh_t
            self.hold(t, dz[t], 0)
            dh = dz[t] @ self.Wh
            self.hold(t, dh, dh_t)
        self.dh0 = dh
        self.dWx = rows(dz).T @ rows(self.x)
        self.dWh = rows(dz).T @ rows(h[:-1])
        self.db = dz.sum(axis=0).sum(axis=0)
        if self.needs_dx:
            return swap(dz @ self.Wx)
