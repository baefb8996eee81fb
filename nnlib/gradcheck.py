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
    layer: Layer,
    x: np.ndarray,
    *,
    loss=None,
    y=None,
    training: bool = True,
    h: float = 1e-5,
    **inputs,
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
    **inputs
        Further arguments of the layer, such as ``h0=`` or ``lengths=``. Arrays of floats are
        compared too: the gradient of ``h0`` is the layer's ``dh0``.

    Returns
    -------
    dict : name -> relative error, "x" first, then the inputs, then every parameter by its
    dotted name.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "iu":  # words stay whole numbers: an embedding has no dx
        x = finite("gradcheck x", x).astype(np.float64)
    layer = layer.astype(np.float64)
    run = copy.deepcopy(layer)
    for part in run.walk():
        part.needs_dx = True
    inputs = {name: as_float64(value) for name, value in inputs.items()}
    out = run(x, training, **inputs)
    weight = np.random.default_rng(0).standard_normal(out.shape)

    def L():
        out = copy.deepcopy(layer)(x, training, **inputs)
        return copy.copy(loss)(out, y) if loss else float((out * weight).sum())

    if loss:
        loss(out, y)
    dx = run.backward(loss.backward() if loss else weight)
    errors = {} if dx is None else {"x": relative_error(dx, numeric_gradient(L, x, h))}
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            errors[name] = relative_error(getattr(run, "d" + name), numeric_gradient(L, value, h))
    theirs = layer.named_parameters()
    for (name, mine, attr), (_, owner, _) in zip(run.named_parameters(), theirs, strict=True):
        numeric = numeric_gradient(L, getattr(owner, attr), h)
        errors[name] = relative_error(getattr(mine, "d" + attr), numeric)
    return errors


def as_float64(value):
    """Float arrays as fresh float64 arrays, anything else as it is."""
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.float64) if is_float else value
