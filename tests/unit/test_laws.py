"""Four laws for every layer: gradient, purity, dtype, shape. Add a new layer to CASES first."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


# name: (layer, shape of x). Keep the shapes small: every entry is checked by differences.
CASES = {
    "linear": (nn.Linear(4, 3, rng=rng()), (5, 4)),
    "linear over time": (nn.Linear(4, 3, rng=rng()), (2, 5, 4)),
    "flatten": (nn.Flatten(), (2, 3, 4)),
    "sigmoid": (nn.Sigmoid(), (5, 4)),
    "tanh": (nn.Tanh(), (5, 4)),
    "relu": (nn.ReLU(), (5, 4)),
    "softmax": (nn.Softmax(), (5, 4)),
    "sequential": (
        nn.Sequential(nn.Linear(4, 5, rng=rng()), nn.Tanh(), nn.Linear(5, 3, rng=rng(1))),
        (3, 4),
    ),
    "residual": (nn.Residual(nn.Linear(4, 4, rng=rng()), nn.Tanh()), (3, 4)),
    "concat": (nn.Concat(nn.Linear(4, 3, rng=rng()), nn.Linear(4, 2, rng=rng(1))), (3, 4)),
}
EVERY_LAYER = pytest.mark.parametrize("name", CASES)


def memory_orders(x):
    """The same values laid out in C order, with the batch last, and walked backwards."""
    batch_last = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)
    return x, batch_last, np.ascontiguousarray(x[:, ::-1])[:, ::-1]


@EVERY_LAYER
def test_gradient_law(name):
    layer, shape = CASES[name]
    errors = nn.gradcheck(layer, rng(9).standard_normal(shape))
    assert errors and max(errors.values()) < 1e-6, errors


@EVERY_LAYER
def test_gradient_along_random_directions(name):
    """One number per direction checks all entries together, with a fresh x."""
    layer, shape = CASES[name]
    x, h = rng(10).standard_normal(shape), 1e-5

    def L(x):
        return (layer.astype(np.float64)(x, training=True) * weight).sum()

    run = layer.astype(np.float64)
    weight = rng(11).standard_normal(run(x, training=True).shape)
    dx = run.backward(weight)
    for seed in range(3):
        v = rng(seed).standard_normal(shape)
        numeric = (L(x + h * v) - L(x - h * v)) / (2 * h)
        assert numeric == pytest.approx((dx * v).sum(), rel=1e-6, abs=1e-7)


@EVERY_LAYER
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_purity_dtype_and_shape_laws(name, dtype):
    layer, shape = CASES[name]
    first = None
    for x in memory_orders(rng(9).standard_normal(shape).astype(dtype)):
        run, x_before = layer.astype(dtype), x.copy()
        out = run(x, training=True)
        out_before = out.copy()
        dout = rng(8).standard_normal(out.shape).astype(dtype)
        dout_before = dout.copy()
        dx = run.backward(dout)
        assert np.array_equal(x, x_before) and np.array_equal(dout, dout_before)
        assert np.array_equal(out, out_before)
        assert out.shape == (len(x), *run.out_shape(x.shape[1:]))
        assert out.dtype == dx.dtype == dtype and dx.shape == x.shape
        for array, gradient in zip(run.parameters(), run.gradients(), strict=True):
            assert array.shape == gradient.shape and array.dtype == gradient.dtype == dtype
        first = first or (out, dx)
        tolerance = 1e-5 if dtype == np.float32 else 1e-12
        for mine, theirs in zip((out, dx), first, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance)


@EVERY_LAYER
def test_skipping_dx_changes_no_other_gradient(name):
    layer, shape = CASES[name]
    x = rng(9).standard_normal(shape)
    full, lean = layer.astype(np.float64), layer.astype(np.float64)
    lean.needs_dx = False
    dout = rng(8).standard_normal(full(x, training=True).shape)
    full.backward(dout)
    lean(x, training=True)
    lean.backward(dout)
    for mine, theirs in zip(lean.gradients(), full.gradients(), strict=True):
        assert np.array_equal(mine, theirs)
