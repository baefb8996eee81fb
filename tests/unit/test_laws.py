"""Four laws for every layer: gradient, purity, dtype, shape. Add a new layer to CASES first."""

import numpy as np
import pytest

import nnlib as nn

from .recurrent_cases import RECURRENT


def rng(seed=0):
    return np.random.default_rng(seed)


# name: (layer, shape of x, or x itself where it holds whole numbers).
# Keep the shapes small: every entry is checked by differences.
CASES = {
    "linear": (nn.Linear(4, 3, rng=rng()), (5, 4)),
    "linear over time": (nn.Linear(4, 3, rng=rng()), (2, 5, 4)),
    "flatten": (nn.Flatten(), (2, 3, 4)),
    "sigmoid": (nn.Sigmoid(), (5, 4)),
    "tanh": (nn.Tanh(), (5, 4)),
    "relu": (nn.ReLU(), (5, 4)),
    "softmax": (nn.Softmax(), (5, 4)),
    "softmax over time": (nn.Softmax(), (2, 3, 4)),
    "log-softmax": (nn.LogSoftmax(), (2, 3, 4)),
    "identity": (nn.Identity(), (5, 4)),
    "leaky relu": (nn.LeakyReLU(0.3), (5, 4)),
    "elu": (nn.ELU(0.7), (5, 4)),
    "selu": (nn.SELU(), (5, 4)),
    "softplus": (nn.Softplus(), (5, 4)),
    "softsign": (nn.Softsign(), (5, 4)),
    "hard sigmoid": (nn.HardSigmoid(), (8, 8)),
    "gelu": (nn.GELU(), (5, 4)),
    "swish": (nn.Swish(1.7), (5, 4)),
    "silu": (nn.SiLU(), (5, 4)),
    "mish": (nn.Mish(), (5, 4)),
    "conv": (nn.Conv2d(2, 3, 3, rng=rng()), (2, 2, 6, 5)),
    "conv 1x1": (nn.Conv2d(3, 2, 1, rng=rng()), (2, 3, 3, 2)),
    "conv overlap, pad": (nn.Conv2d(2, 3, 3, stride=2, pad=1, rng=rng()), (2, 2, 7, 6)),
    "conv stride > kernel": (nn.Conv2d(2, 2, 2, stride=3, rng=rng()), (2, 2, 8, 6)),
    "conv rectangular": (
        nn.Conv2d(2, 3, (2, 4), stride=(3, 1), pad=(0, 2), rng=rng()),
        (2, 2, 6, 5),
    ),
    "conv asymmetric pad": (nn.Conv2d(2, 2, 3, pad=((2, 0), (1, 3)), rng=rng()), (2, 2, 4, 3)),
    "conv same, even kernel": (nn.Conv2d(1, 2, (2, 4), 2, pad="same", rng=rng()), (2, 1, 5, 7)),
    "conv dilated": (nn.Conv2d(2, 2, (3, 2), dilation=(2, 3), pad=1, rng=rng()), (2, 2, 6, 7)),
    "conv dilated, stride": (nn.Conv2d(1, 2, 3, 2, 2, (2, 1), rng=rng()), (2, 1, 7, 5)),
    "conv drops pixels": (nn.Conv2d(1, 2, 3, stride=4, rng=rng()), (2, 1, 9, 6)),
    "conv kernel = image, N = 1": (nn.Conv2d(2, 3, (4, 3), rng=rng()), (1, 2, 4, 3)),
    "conv pad >= kernel": (nn.Conv2d(1, 1, 2, pad=3, rng=rng()), (2, 1, 2, 3)),
    "conv table": (
        nn.Conv2d(3, 4, 2, table=[[1, 0, 0, 1], [1, 1, 0, 1], [0, 1, 1, 1]], rng=rng()),
        (2, 3, 4, 3),
    ),
    "conv groups": (
        nn.Conv2d(4, 6, 2, table=nn.group_table(4, 6, 2), rng=rng()),
        (2, 4, 3, 3),
    ),
    "conv1d": (nn.Conv1d(3, 4, 2, rng=rng()), (2, 5, 3)),
    "conv1d causal, dilated": (nn.Conv1d(2, 3, 3, 1, (4, 0), 2, rng=rng()), (2, 6, 2)),
    "conv1d same, stride": (nn.Conv1d(2, 3, 4, 3, "same", rng=rng()), (2, 7, 2)),
    "conv1d one step": (nn.Conv1d(2, 3, 1, rng=rng()), (1, 1, 2)),
    "transposed conv": (nn.ConvTranspose2d(2, 3, 3, rng=rng()), (2, 2, 3, 2)),
    "transposed conv, stride, pad": (
        nn.ConvTranspose2d(3, 2, (3, 2), (2, 3), ((1, 0), (0, 1)), (1, 2), rng=rng()),
        (2, 3, 3, 2),
    ),
    "max pool": (nn.MaxPool2d(2), (2, 2, 6, 4)),
    "max pool overlap": (nn.MaxPool2d(3, 2), (2, 2, 7, 6)),
    "max pool rectangular, pad": (
        nn.MaxPool2d((2, 3), (3, 1), ((1, 0), (2, 1))),
        (2, 2, 6, 5),
    ),
    "max pool same": (nn.MaxPool2d(3, 2, "same"), (2, 1, 5, 6)),
    "max pool, N = 1": (nn.MaxPool2d(3, 1), (1, 2, 3, 4)),
    "average pool": (nn.AveragePool2d(2), (2, 2, 5, 4)),
    "average pool overlap, pad": (nn.AveragePool2d(3, (2, 1), (1, 2)), (2, 2, 6, 5)),
    "average pool of the inside": (
        nn.AveragePool2d(3, 2, ((2, 0), (1, 1)), count_pad=False),
        (2, 2, 6, 5),
    ),
    "global average pool": (nn.GlobalAveragePool2d(), (2, 3, 4, 3)),
    "stochastic pool": (nn.StochasticPool2d(2, rng=rng(3)), (2, 2, 6, 4)),
    "stochastic pool overlap, pad": (
        nn.StochasticPool2d((3, 2), 2, ((1, 0), (0, 1)), rng=rng(3)),
        (2, 2, 6, 5),
    ),
    "trainable pool": (nn.TrainablePool2d(3, 2), (2, 3, 4, 6)),
    "trainable pool overlap, pad": (nn.TrainablePool2d(2, (3, 2), 2, 1), (2, 2, 5, 4)),
    "batch norm": (nn.BatchNorm(3), (5, 3)),
    "batch norm over time": (nn.BatchNorm(3, rho=0.5, eps=0.1), (2, 4, 3)),
    "batch norm of images": (nn.BatchNorm(3), (2, 3, 4, 2)),
    "batch norm of one image": (nn.BatchNorm(2), (1, 2, 3, 3)),
    "layer norm": (nn.LayerNorm(4), (5, 4)),
    "layer norm over time": (nn.LayerNorm(4, eps=0.1), (2, 3, 4)),
    "layer norm, N = 1": (nn.LayerNorm(5), (1, 5)),
    "lrn": (nn.LRN(3, 1.5, 0.4, 0.75), (2, 5, 2, 3)),
    "lrn wider than the maps": (nn.LRN(7, 0.5, 0.3, 1.2), (1, 2, 3, 2)),
    "dropout": (nn.Dropout(0.4, rng=rng(3)), (5, 6)),
    "dropout of maps": (nn.Dropout(0.7, rng=rng(3)), (2, 3, 4, 2)),
    "embedding": (nn.Embedding(5, 3, rng=rng()), np.array([[0, 4, 4], [1, 0, 4]])),
    "embedding of 8-bit words": (
        nn.Embedding(200, 2, rng=rng()),
        np.array([[199, 130], [0, 199]], np.uint8),
    ),
    "words to scores": (
        nn.Sequential(nn.Embedding(4, 3, rng=rng()), nn.Flatten(), nn.Linear(6, 2, rng=rng(1))),
        np.array([[0, 3], [1, 1], [3, 0]]),
    ),
    "cnn": (
        nn.Sequential(
            nn.Conv2d(1, 2, 3, pad=1, rng=rng()),
            nn.Tanh(),
            nn.AveragePool2d(2),
            nn.Conv2d(2, 3, 2, rng=rng(1)),
            nn.ReLU(),
            nn.MaxPool2d(2, 1),
            nn.Flatten(),
            nn.Linear(3, 2, rng=rng(2)),
        ),
        (2, 1, 6, 6),
    ),
    "concat of convolutions": (
        nn.Concat(nn.Conv2d(2, 3, 3, pad=1, rng=rng()), nn.Conv2d(2, 1, 1, rng=rng(1))),
        (2, 2, 4, 3),
    ),
    "residual convolution": (
        nn.Residual(nn.Conv2d(2, 2, 3, pad="same", rng=rng()), nn.ReLU()),
        (2, 2, 4, 3),
    ),
    "sequential": (
        nn.Sequential(nn.Linear(4, 5, rng=rng()), nn.Tanh(), nn.Linear(5, 3, rng=rng(1))),
        (3, 4),
    ),
    "residual": (nn.Residual(nn.Linear(4, 4, rng=rng()), nn.Tanh()), (3, 4)),
    "residual with shortcut": (
        nn.Residual(nn.Linear(4, 3, rng=rng()), nn.Tanh(), shortcut=nn.Linear(4, 3, rng=rng(1))),
        (3, 4),
    ),
    "rbm": (nn.RBM(4, 3, rng=rng()), (5, 4)),
    "squash": (nn.models.Squash(), (5, 4)),
    "rbf": (nn.models.RBF(rng().standard_normal((3, 4))), (5, 4)),
    "concat": (nn.Concat(nn.Linear(4, 3, rng=rng()), nn.Linear(4, 2, rng=rng(1))), (3, 4)),
    **RECURRENT,
}
for layer, _ in CASES.values():
    for array in layer.parameters():  # away from W = 1 and b = 0, which would hide mistakes
        array += 0.3 * rng(7).standard_normal(array.shape)
EVERY_LAYER = pytest.mark.parametrize("name", CASES)


def point(shape, seed):
    """The x of a case: normal numbers, or its own whole ones."""
    return shape if isinstance(shape, np.ndarray) else rng(seed).standard_normal(shape)


def memory_orders(x):
    """The same values laid out in C order, with the batch last, and walked backwards."""
    batch_last = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)
    return x, batch_last, np.ascontiguousarray(x[:, ::-1])[:, ::-1]


@EVERY_LAYER
def test_gradient_law(name):
    layer, shape = CASES[name]
    errors = nn.gradcheck(layer, point(shape, 9))
    assert errors and max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if isinstance(case[1], tuple)])
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
    words = isinstance(shape, np.ndarray)
    for x in memory_orders(shape if words else point(shape, 9).astype(dtype)):
        run, x_before = layer.astype(dtype), x.copy()
        out = run(x, training=True)
        out_before = out.copy()
        dout = rng(8).standard_normal(out.shape).astype(dtype)
        dout_before = dout.copy()
        dx = run.backward(dout)
        assert np.array_equal(x, x_before) and np.array_equal(dout, dout_before)
        assert np.array_equal(out, out_before)
        assert out.shape == (len(x), *run.out_shape(x.shape[1:]))
        assert out.dtype == dtype
        if words:
            assert dx is None
        else:
            assert dx.dtype == dtype and dx.shape == x.shape
        for array, gradient in zip(run.parameters(), run.gradients(), strict=True):
            assert array.shape == gradient.shape and array.dtype == gradient.dtype == dtype
        results = (out, *run.gradients()) if words else (out, dx, *run.gradients())
        first = first or results
        tolerance = 1e-5 if dtype == np.float32 else 1e-12
        for mine, theirs in zip(results, first, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance)


@EVERY_LAYER
def test_skipping_dx_changes_no_other_gradient(name):
    layer, shape = CASES[name]
    x = point(shape, 9)
    full, lean = layer.astype(np.float64), layer.astype(np.float64)
    lean.needs_dx = False
    dout = rng(8).standard_normal(full(x, training=True).shape)
    full.backward(dout)
    lean(x, training=True)
    lean.backward(dout)
    for mine, theirs in zip(lean.gradients(), full.gradients(), strict=True):
        assert np.array_equal(mine, theirs)
