"""Residual, Concat and Flatten around convolutions: shapes, order, gradients that add up."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def test_residual_adds_x_back():
    x = rng(1).standard_normal((2, 3, 5, 4))
    body = nn.Conv2d(3, 3, 3, pad=1, rng=rng())
    block = nn.Residual(body)
    np.testing.assert_allclose(block(x), body(x) + x)
    dout = rng(2).standard_normal(x.shape)
    dx = block.backward(dout)
    np.testing.assert_allclose(dx, body.backward(dout) + dout)
    body.W[...] = 0
    assert np.array_equal(block(x), x)


def test_concat_keeps_the_order_of_its_branches():
    x = rng(1).standard_normal((2, 3, 4, 4))
    wide, narrow = nn.Conv2d(3, 5, 3, pad=1, rng=rng()), nn.Conv2d(3, 2, 1, rng=rng())
    both = nn.Concat(wide, nn.MaxPool2d(3, 1, 1), narrow)
    out = both(x)
    assert out.shape == (2, 10, 4, 4) == (2, *both.out_shape((3, 4, 4)))
    assert np.array_equal(out[:, :5], wide(x)) and np.array_equal(out[:, 8:], narrow(x))
    dout = np.zeros_like(out)
    dout[:, 8:] = 1
    both.backward(dout)
    assert not wide.dW.any() and narrow.dW.any()


def test_flatten_goes_channel_by_channel_in_any_memory_order():
    x = np.arange(48.0).reshape(2, 2, 3, 4)
    batch_last = np.ascontiguousarray(x.transpose(2, 1, 3, 0)).transpose(3, 1, 0, 2)
    for order in (x, batch_last, np.asfortranarray(x)):
        flat = nn.Flatten()
        assert np.array_equal(flat(order), np.arange(48.0).reshape(2, 24))
        assert np.array_equal(flat.backward(np.arange(48.0).reshape(2, 24)), x)


def test_joins_say_what_does_not_fit():
    with pytest.raises(
        ValueError, match="Residual takes x of shape that its body leaves unchanged"
    ):
        nn.Residual(nn.Conv2d(3, 3, 3, rng=rng()))(np.ones((1, 3, 5, 5)))
    with pytest.raises(ValueError, match="Concat takes branches that agree behind the channels"):
        nn.Concat(nn.MaxPool2d(2), nn.MaxPool2d(3))(np.ones((1, 3, 6, 6)))
    conv = nn.Conv2d(3, 3, 1, rng=rng())
    with pytest.raises(ValueError, match="appears twice"):
        nn.Sequential(conv, nn.Residual(conv))
