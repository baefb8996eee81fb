"""Embedding: a look-up is a product with one-hot rows, and so is its gradient."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int32, np.int64, np.uint64])
@pytest.mark.parametrize("shape", [(1,), (7,), (4, 5), (2, 3, 4)])
def test_a_look_up_is_a_product_with_one_hot_rows(shape, dtype):
    embed = nn.Embedding(100, 6, rng=rng())
    x = rng(1).integers(0, 100, shape).astype(dtype)
    one_hot = np.eye(100)[x.astype(int)]
    out = embed(x)
    np.testing.assert_allclose(out, one_hot @ embed.W)
    dout = rng(2).standard_normal(out.shape)
    assert embed.backward(dout) is None
    dW = one_hot.reshape(-1, 100).T @ dout.reshape(-1, 6)
    np.testing.assert_allclose(embed.dW, dW, atol=1e-12)
    assert not embed.dW[np.setdiff1d(np.arange(100), x)].any()


def test_out_is_not_a_view_of_the_table():
    embed = nn.Embedding(3, 2, rng=rng())
    out = embed(np.array([0, 1]))
    out[...] = 9
    assert embed.W.max() < 9


def test_starts_standard_normal():
    W = nn.Embedding(1000, 50, rng=rng()).W
    assert abs(W.mean()) < 0.02 and W.std() == pytest.approx(1, abs=0.02)


def test_a_net_on_words_learns():
    """Which of four words came first: the sum of the gradients of repeated words counts."""
    x = rng(1).integers(0, 4, (256, 3))
    net = nn.Sequential(
        nn.Embedding(4, 3, rng=rng()), nn.Flatten(), nn.Linear(9, 4, rng=rng(2))
    ).astype(np.float32)
    loss, opt = nn.SoftmaxCrossEntropy(), nn.Adam(net.parameters(), lr=0.05)
    for _ in range(100):
        loss(net(x, training=True), x[:, 0])
        net.backward(loss.backward())
        opt.step(net.gradients())
    assert nn.accuracy(net, x, x[:, 0]) == 1
