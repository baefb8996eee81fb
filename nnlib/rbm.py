"""Restricted Boltzmann machine, and deep belief networks made of them (受限玻尔兹曼机)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from .activations import sigmoid, softplus
from .checks import finite, generator, natural
from .layer import Layer, Sequential
from .linear import Linear
from .optimizers import Momentum
from .training import Record, batches


class RBM(Layer):
    """A probability for every binary picture v, through hidden features h.

    E(v, h) = -a·v - b·h - hᵀWv,  P(v, h) = exp(-E) / Z

    No connection within v or within h, so that each side is independent given the other:
    P(h_j = 1 | v) = σ(b_j + W_j·v) and P(v_i = 1 | h) = σ(a_i + Σ_j W_ji h_j).

    As a layer it is a Linear and a Sigmoid, out = P(h = 1 | v): a stack of them is a network,
    to be trained further by backpropagation.

    Parameters
    ----------
    n_visible, n_hidden : int >= 1
        V pixels and H features.
    rng : numpy.random.Generator
        Draws W from Normal(0, 0.01²), and every sample later on.

    Shapes
    ------
    v (N, V), W (H, V), b (H,), a (V,)  ->  out (N, H)

    ``contrast(v)`` leaves the gradients dW, db, da of contrastive divergence, for any
    optimizer made from ``parameters()``; after it ``chain`` (n, V) holds the fantasies the
    model was judged by. ``backward`` leaves those of a network's loss; da is then zero.

    Errors
    ------
    ValueError if v is not (N, V), or holds anything outside 0..1 where it is modelled.

    Source: Smolensky, 1986; Hinton, Training products of experts by minimizing contrastive
    divergence, 2002; persistent chains: Tieleman, 2008.
    """

    params = "W", "b", "a"
    chain = None

    def __init__(self, n_visible: int, n_hidden: int, *, rng: np.random.Generator):
        V, H = natural("RBM n_visible", n_visible), natural("RBM n_hidden", n_hidden)
        self.rng = generator("RBM", rng)
        self.W = 0.01 * rng.standard_normal((H, V))
        self.b, self.a = np.zeros(H), np.zeros(V)

    def out_shape(self, shape):
        if tuple(shape) != self.a.shape:
            self.refuse(shape, f"(N, {len(self.a)})")
        return self.b.shape

    def forward(self, x):
        self.x, self.h = x, self.hidden(x)
        return self.h

    def backward(self, dout):
        dz = dout * self.h * (1 - self.h)
        self.dW, self.db, self.da = dz.T @ self.x, dz.sum(axis=0), np.zeros_like(self.a)
        if self.needs_dx:
            return dz @ self.W

    def hidden(self, v: np.ndarray) -> np.ndarray:
        """P(h = 1 | v), (N, V) -> (N, H)."""
        return sigmoid(v @ self.W.T + self.b)

    def visible(self, h: np.ndarray) -> np.ndarray:
        """P(v = 1 | h), (N, H) -> (N, V)."""
        return sigmoid(h @ self.W + self.a)

    def sample(self, p: np.ndarray) -> np.ndarray:
        """1 with probability p, else 0."""
        return (self.rng.random(p.shape) < p).astype(p.dtype)

    def gibbs(self, v: np.ndarray, steps: int = 1) -> np.ndarray:
        """v after so many rounds of drawing h given v and v given h."""
        v = self.pictures("RBM.gibbs", v)
        for _ in range(natural("RBM.gibbs steps", steps)):
            v = self.sample(self.visible(self.sample(self.hidden(v))))
        return v

    def free_energy(self, v: np.ndarray) -> np.ndarray:
        """F(v) = -a·v - Σ_j ln(1 + exp(b_j + W_j·v)), so that P(v) = exp(-F(v)) / Z; (N,)."""
        v = self.pictures("RBM.free_energy", v)
        return -v @ self.a - softplus(v @ self.W.T + self.b).sum(axis=1)

    def statistics(self, v, weight) -> tuple:
        """-∂F/∂W, -∂F/∂b, -∂F/∂a, summed over the rows of v with their weights."""
        h = weight[:, None] * self.hidden(v)
        return h.T @ v, h.sum(axis=0), weight @ v

    def descend(self, data, model):
        """Gradients of the mean of -ln P: what the model has too much minus too little of."""
        self.dW, self.db, self.da = (m - d for d, m in zip(data, model, strict=True))

    def contrast(self, v: np.ndarray, k: int = 1, persistent: int = 0):
        """Contrastive divergence: estimate the gradients of the mean of -ln P(v).

        The exact gradient compares the data with the model's own pictures. CD-k takes instead
        what k Gibbs steps make of the data; the persistent kind lets ``persistent`` pictures
        wander on from call to call, and so reaches places far from the data.

        Parameters
        ----------
        v : float array (N, V), 0 to 1
            Grey counts as the probability of ink.
        k : int >= 1
        persistent : int >= 0
            Number of pictures in the chain; 0 starts at the data every time.
        """
        v = self.pictures("RBM.contrast", v)
        if natural("RBM.contrast persistent", persistent, 0):
            if self.chain is None or len(self.chain) != persistent:
                self.chain = self.sample(np.full((persistent, v.shape[1]), 0.5, v.dtype))
            self.chain = self.gibbs(self.chain, k)
        else:
            self.chain = self.gibbs(v, k)
        self.descend(self.statistics(v, even(v)), self.statistics(self.chain, even(self.chain)))

    def every_picture(self) -> np.ndarray:
        """All 2^V pictures, for models small enough to be exact."""
        V = len(self.a)
        if V > 16:
            raise ValueError(f"RBM counts all pictures of at most 16 pixels, got {V}")
        return ((np.arange(2**V)[:, None] >> np.arange(V)) & 1).astype(self.W.dtype)

    def log_z(self) -> float:
        """ln Z = ln Σ_v exp(-F(v)), over all 2^V pictures."""
        return float(np.logaddexp.reduce(-self.free_energy(self.every_picture())))

    def log_likelihood(self, v: np.ndarray) -> float:
        """Mean of ln P(v), exact; for at most 16 pixels."""
        return float(-self.free_energy(v).mean() - self.log_z())

    def exact(self, v: np.ndarray):
        """Leave the exact gradients of the mean of -ln P(v), by counting all pictures."""
        v, pictures = self.pictures("RBM.exact", v), self.every_picture()
        p = np.exp(-self.free_energy(pictures) - self.log_z())
        self.descend(self.statistics(v, even(v)), self.statistics(pictures, p))

    def pictures(self, name, v) -> np.ndarray:
        """v, if it is (N, V) with numbers 0..1."""
        if finite(f"{name} v", v).ndim != 2 or v.shape[1] != len(self.a) or not len(v):
            raise ValueError(f"{name} takes v of shape (N, {len(self.a)}), got {v.shape}")
        if v.min() < 0 or v.max() > 1:
            raise ValueError(f"{name} takes v of numbers 0..1, got {v.min():g}..{v.max():g}")
        return v

    def learn(
        self, v: np.ndarray, *, epochs: int, batch_size: int = 20, lr: float = 0.1, mu: float = 0.5,
        k: int = 1, persistent: int = 0,
    ) -> Iterator[Record]:  # fmt: skip
        """Train by contrastive divergence with momentum; a generator of records, as ``train``.

        The recorded loss is the mean squared error of a reconstruction v -> h -> v. It is easy
        to follow, but it is not what training minimises.

        Parameters
        ----------
        v, k, persistent
            As ``contrast``.
        epochs, batch_size : int >= 1
        lr, mu : float
            Rate and momentum.
        """
        opt, step = Momentum(self.parameters(), lr, mu), 0
        v = self.pictures("RBM.learn", v)
        for epoch in range(natural("RBM.learn epochs", epochs)):
            for rows in batches(len(v), batch_size, self.rng):
                self.contrast(v[rows], k, persistent)
                opt.step(self.gradients())
                step += 1
                gap = self.visible(self.hidden(v[rows])) - v[rows]
                yield Record(step, epoch, float((gap**2).mean()), lr=lr)


def even(v):
    """The weights of a plain mean."""
    return np.full(len(v), 1 / len(v), v.dtype)


def pretrain(net: Sequential, x: np.ndarray, **options) -> Iterator[tuple]:
    """Train the RBMs of a net one after the other, each on the features of the one below.

    Yields (number of the RBM, Record); ``options`` are those of ``RBM.learn``::

        net = nn.deep_belief_net(64, [100, 100], 10, rng=rng)
        for which, record in nn.pretrain(net, x, epochs=10):
            ...
        opt = nn.Adam(net.parameters())     # then fine-tune with labels: nn.train(net, ...)

    Layers that are no RBM are passed through; what follows the last RBM is not touched.

    Source: Hinton, Osindero and Teh, A fast learning algorithm for deep belief nets, 2006.
    """
    if not isinstance(net, Sequential):
        raise TypeError(f"pretrain takes a Sequential, got {type(net).__name__}")
    last = max((i for i, layer in enumerate(net) if isinstance(layer, RBM)), default=None)
    if last is None:
        raise ValueError("pretrain takes a Sequential with RBMs in it")
    for i, layer in enumerate(net[: last + 1]):
        if isinstance(layer, RBM):
            for record in layer.learn(x, **options):
                yield i, record
        x = layer(x)


def deep_belief_net(
    n_in: int, hidden: list, classes: int, *, rng: np.random.Generator
) -> Sequential:
    """RBMs of ``hidden`` features one above the other, and a Linear layer of scores on top."""
    if not isinstance(hidden, (list, tuple)):
        raise TypeError(f"deep_belief_net hidden takes a list of sizes, got {hidden!r}")
    sizes = [n_in, *hidden]
    rbms = [RBM(*pair, rng=rng) for pair in pairwise(sizes)]
    return Sequential(*rbms, Linear(sizes[-1], classes, rng=rng))
