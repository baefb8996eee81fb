"""Dropout: how much falls away, what stays in the mean, and what the generator decides."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("p", [0, 0.1, 0.5, 0.9])
def test_a_share_p_is_dropped_and_the_mean_stays(p):
    x = np.full((200, 500), 3.0)
    drop = nn.Dropout(p, rng=rng())
    out = drop(x, training=True)
    assert (out == 0).mean() == pytest.approx(p, abs=0.01)
    assert out.mean() == pytest.approx(3, rel=0.03)
    np.testing.assert_allclose(np.unique(out[out != 0]), 3 / (1 - p))
    np.testing.assert_array_equal(drop.backward(np.full_like(x, 3)), out)


def test_inference_changes_nothing():
    x = rng(1).standard_normal((3, 4))
    drop = nn.Dropout(0.5, rng=rng())
    drop(x, training=True)
    assert np.array_equal(drop(x), x) and np.array_equal(drop.backward(2 * x), 2 * x)


def test_every_call_draws_anew_and_the_seed_repeats_it():
    x = np.ones((8, 50))
    drop, again = nn.Dropout(0.5, rng=rng(4)), nn.Dropout(0.5, rng=rng(4))
    first, second = drop(x, training=True), drop(x, training=True)
    assert not np.array_equal(first, second)
    assert np.array_equal(first, again(x, training=True))
    half = nn.Dropout(0.5, rng=rng(4))(x.astype(np.float32), training=True)
    assert half.dtype == np.float32 and np.array_equal(half, first)
