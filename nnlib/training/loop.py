"""The loop: forward, loss, backward, update, once per minibatch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from ..checks import finite, generator, natural, real
from ..layer import Layer
from ..losses.loss import Loss, Overflow
from ..optimizers import Optimizer
from ..recurrent import Bidirectional, Recurrent
from .gradients import clip_gradients, gradient_norm
from .position import Position


def batches(n: int, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Index arrays of one epoch: a shuffle of 0..n-1 cut into pieces of ``size``."""
    n, size = natural("batches n", n), natural("batches size", size)
    order = generator("batches", rng).permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


class Record(NamedTuple):
    """What happened in one step of ``train``: steps count from 1, epochs from 0.

    ``loss`` and ``metrics`` are those of the minibatch, before the update; ``gradient_norm``
    is the length of the whole gradient, before it was clipped.
    """

    step: int
    epoch: int
    loss: float
    gradient_norm: float = float("nan")
    lr: float = float("nan")
    metrics: dict | None = None


def train(
    net: Layer,
    loss: Loss,
    opt: Optimizer,
    x: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    penalty=None,
    schedule: Callable | None = None,
    clip: float | None = None,
    metrics: dict | None = None,
    bptt: int | None = None,
    lengths: np.ndarray | None = None,
    position: Position | None = None,
) -> Iterator[Record]:
    """Forward, loss, backward, update, once per minibatch; a generator of records.

    Nothing is learned until you iterate, and you may stop after any step::

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
    schedule : function of the step, optional
        Sets ``opt.lr`` before each update, the first being step 0; see ``nnlib.schedules``.
    clip : float > 0, optional
        Longest gradient allowed; see ``clip_gradients``.
    metrics : dict of functions of (scores, y), optional
        Evaluated on each minibatch: ``{"accuracy": nn.share_correct}``.
    bptt : int >= 1, optional
        Truncated back-propagation through time, for x (N, T, ...) and y (N, T, ...): one
        update per piece of ``bptt`` steps. The next piece starts from the states the last one
        ended with, but no gradient flows back into it.
    lengths : N whole numbers, optional
        Where the sequences end, for recurrent layers; give the padding an ignored label.
    position : Position, optional
        Goes on from there, and is moved on with every update; with ``save`` and ``load`` a
        run continues exactly where it stopped.

    Errors
    ------
    ValueError if the optimizer holds other arrays, if shapes do not fit, and if the scores or
    the gradient become NaN or infinite: that update is not made.
    """
    y = check_run(net, loss, opt, x, y, penalty, schedule, metrics)
    epochs, batch_size = natural("train epochs", epochs), natural("train batch_size", batch_size)
    generator("train", rng)
    clip = None if clip is None else real("train clip", clip, 0, open_low=True)
    pieces, cells = [slice(None)], []
    if bptt is not None:
        pieces, cells = cut_in_time(x, y, lengths, natural("train bptt", bptt)), carrying(net)
    if lengths is not None and not net.takes_lengths:
        raise ValueError("train takes lengths only for nets with a recurrent layer in the row")
    if lengths is not None and len(lengths) != len(x):
        raise ValueError(f"train takes as many lengths as x, got {len(lengths)} and {len(x)}")
    position = Position() if position is None else position
    position.enter(len(x), batch_size, len(pieces))

    def learn(rows, piece):
        at = (rows, piece) if bptt else rows
        ends = {} if lengths is None else {"lengths": np.asarray(lengths)[rows]}
        for cell, start in zip(cells, position.carried or [None] * len(cells)):
            cell.start = start
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                scores, L, norm = update(net, loss, opt, x[at], y[at], penalty, clip, **ends)
        finally:
            for cell in cells:
                cell.start = None
        position.carried = [cell.final_state() for cell in cells]
        measured = {name: f(scores, y[at]) for name, f in (metrics or {}).items()}
        return Record(position.step + 1, position.epoch, L, norm, opt.lr, measured)

    def records():
        minibatches = -(-len(x) // batch_size)
        while position.epoch < epochs:
            order = batches(len(x), batch_size, position.generator(rng))
            for rows in islice(order, position.batch, None):
                for piece in islice(pieces, position.piece, None):
                    if schedule:
                        opt.lr = schedule(position.step)
                    record = learn(rows, piece)
                    position.advance(len(pieces), minibatches)
                    yield record

    return records()


def update(net, loss, opt, x, y, penalty, clip, **ends) -> tuple:
    """One forward pass, one backward pass, one step; (scores, L, length of the gradient)."""
    scores = net(x, training=True, **ends)
    if not np.isfinite(scores).all():
        raise diverged("scores", opt)
    try:
        L = loss(scores, y)
    except Overflow:
        raise diverged("loss", opt) from None
    first = first_layer(net)
    first.needs_dx = False
    try:
        net.backward(loss.backward())
    finally:
        first.needs_dx = True
    if penalty:
        L += penalty(net)
        penalty.backward()
    gradients = net.gradients()
    norm = gradient_norm(gradients)
    if not np.isfinite(norm):
        raise diverged("gradient", opt)
    opt.step(gradients if clip is None else clip_gradients(gradients, clip))
    return scores, L, norm


def check_run(net, loss, opt, x, y, penalty, schedule, metrics) -> np.ndarray:
    """y as an array, if all that ``train`` was given belongs together."""
    for name, value, kind in (("net", net, Layer), ("loss", loss, Loss), ("opt", opt, Optimizer)):
        if not isinstance(value, kind):
            raise TypeError(
                f"train takes {name} of class {kind.__name__}, got {type(value).__name__}"
            )
    for name, value in (("penalty", penalty), ("schedule", schedule)):
        if value is not None and not callable(value):
            raise TypeError(f"train takes {name} as something to call, got {value!r}")
    if metrics is not None and not isinstance(metrics, dict):
        raise TypeError(f"train takes metrics as a dict of functions, got {metrics!r}")
    net.check_input(x[:1] if isinstance(x, np.ndarray) else x)
    if x.dtype.kind == "f":
        finite("train x", x)
    y = np.asarray(y)
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"train takes as many x as y, got shapes {x.shape} and {y.shape}")
    mine, held = net.parameters(), opt.params
    if len(mine) != len(held) or any(a is not b for a, b in zip(mine, held)):
        raise ValueError("train takes opt made from net.parameters() of this very net")
    return y


def diverged(what: str, opt: Optimizer) -> ValueError:
    """The error of a run that has left the numbers, with the usual reason."""
    return ValueError(
        f"train: the {what} became NaN or infinite in step {opt.t + 1}. Most likely the learning "
        f"rate lr = {opt.lr:g} is too large: try a tenth of it, or clip=1.0; "
        "else x is not scaled, or the weights start too large"
    )


def first_layer(net: Layer) -> Layer:
    """The layer that sees the data: nobody reads its dx."""
    return first_layer(net[0]) if hasattr(net, "__getitem__") else net


def cut_in_time(x, y, lengths, length: int) -> list:
    """Slices of ``length`` steps, in order, for truncated back-propagation through time."""
    if lengths is not None:
        raise ValueError("train takes either bptt or lengths, got both")
    if x.ndim < 2 or y.ndim < 2 or x.shape[:2] != y.shape[:2]:
        raise ValueError(
            "train takes x (N, T, ...) and y (N, T, ...) when bptt is given, "
            f"got shapes {x.shape} and {y.shape}"
        )
    return [slice(t, t + length) for t in range(0, x.shape[1], length)]


def carrying(net: Layer) -> list:
    """The recurrent layers of the net, whose states go from one piece to the next."""
    layers = list(net.walk())
    if any(isinstance(layer, Bidirectional) for layer in layers):
        raise ValueError("train takes bptt only for nets that read forwards, got a Bidirectional")
    return [layer for layer in layers if isinstance(layer, Recurrent)]
