"""Training to the end, epoch by epoch, with a line of text for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..checks import labels
from ..layer import Layer
from .loop import train
from .position import Position


def share_correct(scores: np.ndarray, y: np.ndarray) -> float:
    """Share of the rows whose highest score is the true class."""
    y = labels("share_correct", y, scores.shape[:-1], scores.shape[-1])
    return float((scores.argmax(axis=-1) == y).mean())


def accuracy(net: Layer, x: np.ndarray, y: np.ndarray) -> float:
    """Share of the examples whose highest score is the true class."""
    return share_correct(net(x), y)


class Epoch(NamedTuple):
    """One epoch of ``fit``: means over its minibatches, and what came out on ``valid`` after it."""

    epoch: int
    loss: float
    metrics: dict
    valid_loss: float | None = None
    valid_metrics: dict | None = None

    def __str__(self):
        values = {"loss": self.loss, **self.metrics}
        if self.valid_loss is not None:
            held_out = {"loss": self.valid_loss, **self.valid_metrics}
            values |= {f"valid {name}": value for name, value in held_out.items()}
        shown = "  ".join(f"{name} {value:.4g}" for name, value in values.items())
        return f"epoch {self.epoch + 1}  {shown}"


def fit(
    net: Layer,
    loss,
    opt,
    x: np.ndarray,
    y: np.ndarray,
    *,
    valid: tuple | None = None,
    metrics: dict | None = None,
    progress: Callable | None = print,
    position: Position | None = None,
    **options,
) -> list:
    """``train`` to the end, and tell after every epoch how it went.

    Parameters
    ----------
    net, loss, opt, x, y, **options
        As for ``train``: epochs, batch_size, rng, penalty, schedule, clip, bptt,
        lengths.
    valid : (x, y) or (x, y, lengths), optional
        Held-out examples, evaluated after each epoch without training on them.
    metrics : dict of functions of (scores, y), optional
        Evaluated on the minibatches and on ``valid``: ``{"accuracy": nn.share_correct}``.
    progress : function of a line of text, or None
        What to do with "epoch 1  loss 0.31  accuracy 0.92"; prints it by default.
    position : Position, optional
        As for ``train``.

    Returns
    -------
    list of Epoch : one for each epoch, the means weighted alike for every minibatch
    """
    if valid is not None and not (isinstance(valid, tuple) and len(valid) in (2, 3)):
        raise TypeError(f"fit takes valid as (x, y) or (x, y, lengths), got {type(valid).__name__}")
    metrics, position = metrics or {}, position or Position()
    history, seen = [], []
    run = train(net, loss, opt, x, y, metrics=metrics, position=position, **options)
    for record in run:
        seen.append(record)
        if position.epoch == record.epoch:
            continue
        means = {name: float(np.mean([r.metrics[name] for r in seen])) for name in metrics}
        entry = Epoch(record.epoch, float(np.mean([r.loss for r in seen])), means)
        if valid is not None:
            x_held, y_held, *lengths = valid
            scores = net(x_held, **({"lengths": lengths[0]} if lengths else {}))
            measured = {name: f(scores, y_held) for name, f in metrics.items()}
            entry = entry._replace(valid_loss=loss(scores, y_held), valid_metrics=measured)
        history.append(entry)
        seen = []
        if progress:
            progress(str(entry))
    return history
