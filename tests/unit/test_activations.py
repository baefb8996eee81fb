"""Activations: known values, slopes, and what happens far from zero."""

import math
import warnings

import numpy as np
import pytest

import nnlib as nn

LAYERS = {
    "Identity": nn.Identity(),
    "Sigmoid": nn.Sigmoid(),
    "HardSigmoid": nn.HardSigmoid(),
    "Tanh": nn.Tanh(),
    "Softsign": nn.Softsign(),
    "ReLU": nn.ReLU(),
    "LeakyReLU": nn.LeakyReLU(),
    "ELU": nn.ELU(),
    "SELU": nn.SELU(),
    "Softplus": nn.Softplus(),
    "GELU": nn.GELU(),
    "Swish": nn.Swish(1.5),
    "SiLU": nn.SiLU(),
    "Mish": nn.Mish(),
    "Softmax": nn.Softmax(),
    "LogSoftmax": nn.LogSoftmax(),
}


def at(layer, *x):
    """(values, slopes) of an elementwise layer at a few numbers."""
    out = layer(np.array([x], float))[0]
    return out, layer.backward(np.ones((1, len(x))))[0]


# f and f' written out once more, from the papers, for one number
FORMULAS = {
    "Identity": (lambda x: x, lambda x: 1),
    "Sigmoid": (
        lambda x: 1 / (1 + math.exp(-x)),
        lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    ),
    "HardSigmoid": (lambda x: max(0, min(6, x + 3)) / 6, lambda x: (-3 < x < 3) / 6),
    "Tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "Softsign": (lambda x: x / (1 + abs(x)), lambda x: (1 + abs(x)) ** -2),
    "ReLU": (lambda x: max(x, 0), lambda x: x > 0),
    "LeakyReLU": (lambda x: x if x > 0 else 0.01 * x, lambda x: 1 if x > 0 else 0.01),
    "ELU": (lambda x: x if x > 0 else math.exp(x) - 1, lambda x: 1 if x > 0 else math.exp(x)),
    "SELU": (
        lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * (math.exp(x) - 1)),
        lambda x: 1.0507009873554805 * (1 if x > 0 else 1.6732632423543772 * math.exp(x)),
    ),
    "Softplus": (lambda x: math.log(1 + math.exp(x)), lambda x: 1 / (1 + math.exp(-x))),
    "Swish": (lambda x: x / (1 + math.exp(-1.5 * x)), None),
    "SiLU": (lambda x: x / (1 + math.exp(-x)), None),
    "Mish": (lambda x: x * math.tanh(math.log(1 + math.exp(x))), None),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_values_and_slopes_are_the_formula(name):
    f, slope = FORMULAS[name]
    points = [-8.0, -3.1, -2.9, -1.0, -0.3, 0.2, 1.0, 2.9, 3.1, 8.0]
    values, slopes = at(LAYERS[name], *points)
    np.testing.assert_allclose(values, [f(x) for x in points], rtol=1e-10, atol=1e-14)
    if slope:
        np.testing.assert_allclose(slopes, [slope(x) for x in points], rtol=1e-9, atol=1e-14)


def test_gelu_stays_close_to_the_exact_one():
    x = np.linspace(-6, 6, 1201)
    exact = np.array([v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x])
    error = np.abs(at(nn.GELU(), *x)[0] - exact).max()
    assert 1e-4 < error < 5e-4


def test_swish_lies_between_half_the_line_and_relu():
    x = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(at(nn.Swish(0), *x)[0], x / 2)
    np.testing.assert_allclose(at(nn.Swish(200), *x)[0], np.maximum(x, 0), atol=1e-12)
    np.testing.assert_array_equal(at(nn.Swish(), *x)[0], at(nn.SiLU(), *x)[0])


def test_selu_keeps_mean_and_variance():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2000, 200))
    for _ in range(5):
        x = nn.SELU()(x @ (rng.standard_normal((200, 200)) / math.sqrt(200)))
    assert abs(x.mean()) < 0.1 and x.var() == pytest.approx(1, abs=0.1)


def test_slopes_at_the_kinks():
    assert at(nn.ReLU(), 0)[1] == 0
    assert at(nn.LeakyReLU(0.2), 0)[1] == 0.2
    assert at(nn.ELU(1), 0)[1] == 1
    assert at(nn.HardSigmoid(), -3, 3)[1].tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LAYERS)
def test_far_from_zero(name, dtype):
    layer = LAYERS[name]
    x = np.array([[-1e4, -100, -1, 0, 1, 100, 1e4], [1e4] * 7, [-1e4] * 7, [0] * 7], dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        out = layer(x)
        dx = layer.backward(np.ones_like(x))
    assert np.isfinite(out).all() and np.isfinite(dx).all()
    assert out.dtype == dx.dtype == dtype
    if name not in ("Softmax", "LogSoftmax"):
        far_left = {"Identity": 1, "LeakyReLU": 0.01}.get(name, 0)
        flat = dict.fromkeys(("Sigmoid", "HardSigmoid", "Tanh", "Softsign"), 0)
        assert dx[2, 0] == pytest.approx(far_left, abs=1e-7)
        right = ({"SELU": nn.SELU.scale} | flat).get(name, 1)
        assert dx[1, 0] == pytest.approx(right, abs=1e-7)


def test_W10_the_slope_of_sigmoid_is_at_most_a_quarter():
    _, slopes = at(nn.Sigmoid(), 0, 2.5, -2.5)
    assert slopes[0] == 0.25 and f"{slopes[1]:.4f}" == "0.0701" == f"{slopes[2]:.4f}"
    assert f"{at(nn.Sigmoid(), 5)[0][0]:.5f}" == "0.99331"
    assert at(nn.Tanh(), 0)[1] == 1
    x = np.linspace(-9, 9, 181)
    assert at(nn.Sigmoid(), *x)[1].max() == 0.25 and at(nn.Tanh(), *x)[1].max() == 1
    powers = {1: 0.25, 2: 0.0625, 3: 0.015625, 4: 0.00390625, 5: 9.77e-4, 10: 9.54e-7}
    for depth, bound in powers.items():
        net = nn.Sequential(*(nn.Sigmoid() for _ in range(depth)))
        net(np.zeros((1, 1)))
        dx = net.backward(np.ones((1, 1))).item()
        assert slopes[0] ** depth == pytest.approx(bound, rel=1e-3) and dx <= slopes[0] ** depth


def test_softmax_family_works_on_the_last_axis():
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    p, log_p = nn.Softmax()(x), nn.LogSoftmax()(x)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(np.exp(log_p), p)
    e = np.exp(x)
    np.testing.assert_allclose(p, e / e.sum(axis=2, keepdims=True))
    assert nn.LogSoftmax()(np.array([[0.0, 1000]]))[0].tolist() == [-1000, 0]


@pytest.mark.parametrize("name", LAYERS)
def test_agrees_with_torch(name):
    torch = pytest.importorskip("torch")
    F = torch.nn.functional
    peers = {
        "Identity": lambda x: x * 1, "Sigmoid": torch.sigmoid, "HardSigmoid": F.hardsigmoid,
        "Tanh": torch.tanh, "Softsign": F.softsign, "ReLU": F.relu, "LeakyReLU": F.leaky_relu,
        "ELU": F.elu, "SELU": F.selu, "Softplus": F.softplus, "SiLU": F.silu, "Mish": F.mish,
        "GELU": lambda x: F.gelu(x, approximate="tanh"),
        "Swish": lambda x: x * torch.sigmoid(1.5 * x),
        "Softmax": lambda x: torch.softmax(x, -1),
        "LogSoftmax": lambda x: torch.log_softmax(x, -1),
    }  # fmt: skip
    rng = np.random.default_rng(0)
    x, d = 3 * rng.standard_normal((6, 7)), rng.standard_normal((6, 7))
    layer, X = LAYERS[name], torch.tensor(x, requires_grad=True)
    out, theirs = layer(x), peers[name](X)
    theirs.backward(torch.tensor(d))
    np.testing.assert_allclose(out, theirs.detach().numpy(), atol=1e-7)  # torch cuts softplus at 20
    np.testing.assert_allclose(layer.backward(d), X.grad.numpy(), atol=1e-7)
