"""Is the backward pass right? Ask the forward pass: move one number, see what L does."""

import copy

import numpy as np

from .checks import finite
from .layer import Layer


def numeric_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """(f(x + h) - f(x - h)) / 2h for every entry of x in turn.

    ``f()`` must read ``x`` itself; x is put back exactly as it was. The truncation error
    shrinks with h², the round-off grows with 1/h; 1e-5 balances them in float64.
    """
    gradient = np.empty_like(x)
    for k in np.ndindex(x.shape):
        old = x[k]
        x[k] = old + h
        above = f()
        x[k] = old - h
        below = f()
        x[k] = old
        gradient[k] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b) -> float:
    """max |a - b| / max(|a|, |b|, 1e-8), over whole arrays: 1e-7 is right, 1e-2 is a bug."""
    scale = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0), 1e-8)
    return float(np.abs(a - b).max(initial=0) / scale)


def gradcheck(
    layer: Layer, x: np.ndarray, *, loss=None, y=None, training: bool = True, h: float = 1e-5
) -> dict:
    """Compare every gradient of ``layer`` at ``x`` with central differences, in float64.

    With a ``loss`` and labels ``y`` the number watched is L = loss(layer(x), y); without one
    it is L = Σ out·dout for a fixed random dout. Layers that draw random numbers are copied
    with their generator for every evaluation, so each draws the same.

    Parameters
    ----------
    layer : Layer
        A layer or a whole net; it is copied, not changed.
    x : float array (N, ...)
    loss, y : Loss and its targets, optional
    training : bool
    h : float > 0
        Step of the central difference.

    Returns
    -------
    dict : name -> relative error, "x" first, then every parameter by its dotted name.
    """
    x = finite("gradcheck x", np.asarray(x)).astype(np.float64)
    layer = layer.astype(np.float64)
    run = copy.deepcopy(layer)
    for part in run.walk():
        part.needs_dx = True
    out = run(x, training)
    weight = np.random.default_rng(0).standard_normal(out.shape)

    def L():
        out = copy.deepcopy(layer)(x, training)
        return copy.copy(loss)(out, y) if loss else float((out * weight).sum())

    if loss:
        loss(out, y)
    dx = run.backward(loss.backward() if loss else weight)
    errors = {} if dx is None else {"x": relative_error(dx, numeric_gradient(L, x, h))}
    theirs = layer.named_parameters()
    for (name, mine, attr), (_, owner, _) in zip(run.named_parameters(), theirs, strict=True):
        numeric = numeric_gradient(L, getattr(owner, attr), h)
        errors[name] = relative_error(getattr(mine, "d" + attr), numeric)
    return errors
