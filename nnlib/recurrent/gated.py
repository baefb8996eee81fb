"""Gated cells: sigmoid gates decide what the state keeps, takes in and shows."""

from __future__ import annotations

import numpy as np

from .. import init as inits
from ..activations import sigmoid
from ..checks import real
from .base import Recurrent, rows, swap


class LSTM(Recurrent):
    """Long short-term memory: a cell state c, read and written through gates.

    i, f, o = σ(Wx x_t + Wh h_{t-1} + b)        input, forget and output gate
    g       = tanh(Wx x_t + Wh h_{t-1} + b)     candidate, each with its own rows
    c_t = f c_{t-1} + i g                       f = 1 keeps, f = 0 forgets
    h_t = o tanh(c_t)

    The gradient of c_t reaches c_{t-1} multiplied by f alone, so that an open forget gate
    carries it over many steps.

    Parameters
    ----------
    n_in, n_hidden : int
        D and H, both >= 1.
    rng : numpy.random.Generator
        Draws Wx and Wh.
    forget_bias : float
        Start of b in the rows of f; the other biases start at zero. At 1 a fresh cell
        remembers for some steps: f = σ(1) = 0.73.
    init : function
        One of ``nnlib.init``; ``xavier`` by default.

    Shapes
    ------
    x (N, T, D), h0 and c0 (N, H), lengths (N,)  ->  out (N, T, H)
    Wx (4H, D), Wh (4H, H), b (4H,), rows in the order i, f, g, o

    ``layer(x, h0=None, c0=None, lengths=None)`` starts from h0 and c0 (zeros) and ends each
    sequence after its length: then both states stand still. After a call ``i f g o``
    (N, T, H) hold the gates and ``h c`` (N, T + 1, H) all states from h0 and c0 on.
    ``backward(dout, dh=None, dc=None)`` also takes the gradients of the final states and
    leaves those of h0 and c0 in ``dh0`` and ``dc0``.

    Source: Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000.
    """

    gates = "i", "f", "g", "o"
    states = "h", "c"

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        *,
        rng: np.random.Generator,
        forget_bias: float = 1.0,
        init=inits.xavier,
    ):
        super().__init__(n_in, n_hidden, rng=rng, init=init)
        self.b[n_hidden : 2 * n_hidden] = real("LSTM forget_bias", forget_bias)

    def forward(self, x, h0=None, c0=None, lengths=None):
        x, W = self.begin(x, lengths), self.joined()
        h, c = self.track("h", h0, x.dtype), self.track("c", c0, x.dtype)
        n_in, WT = x.shape[2], np.ascontiguousarray(W.transpose(0, 2, 1))
        self.xh1 = np.ones((*x.shape[:2], W.shape[2]), x.dtype)  # b is a weight on the last 1
        gates, tanh_c = np.empty((4, *h[1:].shape), x.dtype), np.empty_like(h[1:])
        for t in range(len(x)):
            self.xh1[t, :, :n_in], self.xh1[t, :, n_in:-1] = x[t], h[t]
            z = self.xh1[t] @ WT
            gates[:, t] = sigmoid(z)
            gates[2, t] = np.tanh(z[2])  # g, which may be negative
            i, f, g, o = gates[:, t]
            c[t + 1] = f * c[t] + i * g
            self.hold(t, c[t + 1], c[t])
            np.tanh(c[t + 1], out=tanh_c[t])
            h[t + 1] = o * tanh_c[t]
            self.hold(t, h[t + 1], h[t])
        self.h, self.c, self.tanh_c = swap(h), swap(c), swap(tanh_c)
        self.i, self.f, self.g, self.o = map(swap, gates)
        return np.array(self.h[:, 1:], order="C")

    def backward(self, dout, dh=None, dc=None):
        W, n_in = self.joined(), self.Wx.shape[1]
        c, tanh_c = swap(self.c), swap(self.tanh_c)
        gates = [swap(gate) for gate in (self.i, self.f, self.g, self.o)]
        dz, dx = np.empty((4, *tanh_c.shape), c.dtype), np.empty_like(self.x)
        dh, dc = self.last("dh", dh, dout), self.last("dc", dc, dout)
        for t in reversed(range(len(dx))):
            i, f, g, o = (gate[t] for gate in gates)
            di, df, dg, do = dz[:, t]
            dh_t = dh + dout[:, t]
            dc_t = dc + dh_t * o * (1 - tanh_c[t] ** 2)
            di[...] = dc_t * g * i * (1 - i)
            df[...] = dc_t * c[t] * f * (1 - f)
            dg[...] = dc_t * i * (1 - g**2)
            do[...] = dh_t * tanh_c[t] * o * (1 - o)
            self.hold(t, dz[:, t], 0)
            dxh1 = (dz[:, t] @ W).sum(axis=0)
            dx[t], dh = dxh1[:, :n_in], dxh1[:, n_in:-1]
            self.hold(t, dh, dh_t)
            dc_t *= f
            self.hold(t, dc_t, dc)
            dc = dc_t
        self.dh0, self.dc0 = dh, dc
        dW = (rows(dz).transpose(0, 2, 1) @ rows(self.xh1)).reshape(len(self.b), -1)
        self.dWx, self.dWh, self.db = dW[:, :n_in].copy(), dW[:, n_in:-1].copy(), dW[:, -1].copy()
        if self.needs_dx:
            return swap(dx)

    def joined(self):
        """[Wx, Wh, b], each gate by itself, (4, H, D + H + 1): meets [x_t, h_{t-1}, 1] at once."""
        return self.blocks(np.column_stack([self.Wx, self.Wh, self.b]))


class GRU(Recurrent):
    """Gated recurrent unit: two gates and no separate cell state.

    r, z = σ(Wx x_t + Wh h_{t-1} + b)              reset and update gate
    n    = tanh(Wx x_t + b + r (Wh h_{t-1}))       candidate, each with its own rows
    h_t  = (1 - z) n + z h_{t-1}                   z = 1 keeps the old state

    r stands outside the product with Wh, so that one product serves all three; the first
    paper has Wh (r h_{t-1}).

    Parameters
    ----------
    n_in, n_hidden : int
        D and H, both >= 1.
    rng : numpy.random.Generator
        Draws Wx and Wh.
    init : function
        One of ``nnlib.init``; ``xavier`` by default. b starts at zero.

    Shapes
    ------
    x (N, T, D), h0 (N, H), lengths (N,)  ->  out (N, T, H)
    Wx (3H, D), Wh (3H, H), b (3H,), rows in the order r, z, n

    ``layer(x, h0=None, lengths=None)`` and ``backward(dout, dh=None)`` as in ``RNN``. After a
    call ``r z n`` (N, T, H) hold the gates, ``memory`` (N, T, H) the term Wh h_{t-1} of n, and
    ``h`` (N, T + 1, H) all states from h0 on.

    Source: Cho et al., 2014.
    """

    gates = "r", "z", "n"

    def forward(self, x, h0=None, lengths=None):
        a = rows(self.begin(x, lengths)) @ self.blocks(self.Wx).transpose(0, 2, 1)
        a += self.b.reshape(3, 1, -1)
        h = self.track("h", h0, a.dtype)
        memory, a = np.empty_like(h[1:]), a.reshape(3, *h[1:].shape)
        WhT = np.ascontiguousarray(self.blocks(self.Wh).transpose(0, 2, 1))
        for t in range(len(memory)):
            r, z, n = a[:, t]
            u_r, u_z, memory[t] = h[t] @ WhT
            r[...], z[...] = sigmoid(r + u_r), sigmoid(z + u_z)
            n[...] = np.tanh(n + r * memory[t])
            h[t + 1] = (1 - z) * n + z * h[t]
            self.hold(t, h[t + 1], h[t])
        self.h, self.memory = swap(h), swap(memory)
        self.r, self.z, self.n = map(swap, a)
        return np.array(self.h[:, 1:], order="C")

    def backward(self, dout, dh=None):
        h, kept = swap(self.h), [swap(array) for array in (self.r, self.z, self.n, self.memory)]
        Wx, Wh = self.blocks(self.Wx), self.blocks(self.Wh)
        da = np.empty((3, *kept[0].shape), h.dtype)  # gradient of Wx x + b
        du = np.empty_like(da)  # gradient of Wh h
        dh = self.last("dh", dh, dout)
        for t in reversed(range(len(self.x))):
            r, z, n, memory = (array[t] for array in kept)
            dr, dz, dn = da[:, t]
            dh_t = dh + dout[:, t]
            dn[...] = dh_t * (1 - z) * (1 - n**2)
            dz[...] = dh_t * (h[t] - n) * z * (1 - z)
            dr[...] = dn * memory * r * (1 - r)
            self.hold(t, da[:, t], 0)
            du[0, t], du[1, t], du[2, t] = dr, dz, dn * r
            dh = (du[:, t] @ Wh).sum(axis=0) + dh_t * z
            self.hold(t, dh, dh_t)
        self.dh0 = dh
        self.db = da.sum(axis=1).sum(axis=1).reshape(-1)
        da, du = rows(da), rows(du)
        self.dWx = (da.transpose(0, 2, 1) @ rows(self.x)).reshape(self.Wx.shape)
        self.dWh = (du.transpose(0, 2, 1) @ rows(h[:-1])).reshape(self.Wh.shape)
        if self.needs_dx:
            return swap((da @ Wx).sum(axis=0).reshape(self.x.shape))
