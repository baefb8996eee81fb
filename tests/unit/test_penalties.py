"""Penalties: the numbers of W9, their gradients, and that biases and data stay out of it."""

import numpy as np
import pytest

import nnlib as nn


def net_with(weights):
    net = nn.Linear(4, 1, rng=np.random.default_rng(0))
    net.W[...], net.b[...] = weights, 7
    return net


@pytest.mark.parametrize(
    ("weights", "l2", "l1"), [([1, 0, 0, 0], 1, 1), ([0.25] * 4, 0.25, 1), ([1, -2, 0, 0], 5, 3)]
)
def test_equal_scores_different_penalties(weights, l2, l1):
    """W9: both score 1 on (1, 1, 1, 1), but L2 prefers the weights spread out."""
    net = net_with(weights)
    assert nn.L2(1.0)(net) == l2 and nn.L1(1.0)(net) == l1
    assert nn.L2(0.5)(net) == l2 / 2


@pytest.mark.parametrize("penalty", [nn.L1(0.3), nn.L2(0.3)])
def test_gradient_is_added_to_every_weight_matrix(penalty):
    rng = np.random.default_rng(1)
    net = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 2, rng=rng))
    out = net(rng.standard_normal((5, 3)))
    net.backward(np.ones_like(out))
    before = net.gradients()
    penalty(net)
    penalty.backward()
    for (_, layer, name), old, new in zip(
        net.named_parameters(), before, net.gradients(), strict=True
    ):
        W = getattr(layer, name)
        numeric = nn.numeric_gradient(lambda: penalty(net), W)
        np.testing.assert_allclose(new - old, numeric, atol=1e-9)
        assert numeric.any() == (W.ndim > 1)


def test_slope_of_l1_at_zero_is_zero():
    net = net_with([1, 0, -2, 0])
    net.backward(0 * net(np.ones((1, 4))))
    penalty = nn.L1(0.5)
    penalty(net)
    penalty.backward()
    np.testing.assert_array_equal(net.dW, [[0.5, 0, -0.5, 0]])


def test_float32_stays_float32():
    net = net_with([1, 2, 3, 4]).astype(np.float32)
    net.backward(np.ones_like(net(np.ones((1, 4), np.float32))))
    for penalty in (nn.L1(0.1), nn.L2(0.1)):
        assert type(penalty(net)) is float
        penalty.backward()
        assert net.dW.dtype == np.float32
