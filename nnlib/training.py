"""Training: minibatches, the loop, and how often the net is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .checks import finite, generator, natural
from .layer import Layer


def batches(n: int, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Index arrays of one epoch: a shuffle of 0..n-1 cut into pieces of ``size``."""
    n, size = natural("batches n", n), natural("batches size", size)
    order = generator("batches", rng).permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


class Record(NamedTuple):
    """What happened in one step of ``train``."""

    step: int
    epoch: int
    loss: float


def train(net, loss, opt, x, y, *, epochs, batch_size, rng, penalty=None) -> Iterator[Record]:
    """Forward, loss, backward, update, once per minibatch; a generator of records.

    Nothing happens until you iterate, and you may stop at any step::

        for record in nn.train(net, loss, opt, x, y, epochs=5, batch_size=64, rng=rng):
            print(record.step, record.loss)

    Parameters
    ----------
    net : Layer
    loss : Loss
    opt : Optimizer
        Must hold the arrays of ``net.parameters()`` themselves.
    x, y : arrays of N examples and their targets
    epochs, batch_size : int >= 1
    rng : numpy.random.Generator
        Shuffles the examples anew for each epoch.
    penalty : Penalty, optional
        Its value is part of the recorded loss, its gradient is added to dW.
    """
    finite("train x", x)
    epochs, batch_size = natural("train epochs", epochs), natural("train batch_size", batch_size)
    if len(x) != len(y):
        raise ValueError(f"train takes as many x as y, got {len(x)} and {len(y)}")
    mine, held = net.parameters(), opt.params
    if len(mine) != len(held) or any(a is not b for a, b in zip(mine, held)):
        raise ValueError("train takes an optimizer made from net.parameters() of this very net")
    first = first_layer(net)
    first.needs_dx, step = False, 0
    try:
        for epoch in range(epochs):
            for rows in batches(len(x), batch_size, rng):
                L = loss(net(x[rows], training=True), y[rows])
                net.backward(loss.backward())
                if penalty:
                    L += penalty(net)
                    penalty.backward()
                opt.step(net.gradients())
                step += 1
                yield Record(step, epoch, L)
    finally:
        first.needs_dx = True


def first_layer(net: Layer) -> Layer:
    """The layer that sees the data: nobody reads its dx."""
    return first_layer(net[0]) if hasattr(net, "__getitem__") else net


def accuracy(net: Layer, x: np.ndarray, y: np.ndarray) -> float:
    """Share of the examples whose highest score is the true class."""
    return float((net(x).argmax(axis=-1) == y).mean())
