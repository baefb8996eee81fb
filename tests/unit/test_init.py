"""How weights start: the spread each rule promises, and what it is for."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("start", "std"),
    [(nn.init.normal, 0.01), (nn.init.xavier, (2 / 700) ** 0.5), (nn.init.he, (2 / 300) ** 0.5)],
)
def test_spread(start, std):
    W = start((400, 300), 300, 400, rng())
    assert W.shape == (400, 300) and abs(W.mean()) < 0.01 * std**0.5
    assert W.std() == pytest.approx(std, rel=0.01)
    assert nn.init.normal((400, 300), 300, 400, rng(), std=2.0).std() == pytest.approx(2, rel=0.01)


def test_zeros():
    assert not nn.init.zeros((3, 4), 4, 3, rng()).any()


def test_linear_tells_its_fans():
    wide = nn.Linear(900, 100, rng=rng())
    assert wide.W.std() == pytest.approx((2 / 900) ** 0.5, rel=0.01)
    wide = nn.Linear(900, 100, rng=rng(), init=nn.init.xavier)
    assert wide.W.std() == pytest.approx((2 / 1000) ** 0.5, rel=0.01)


@pytest.mark.parametrize(("start", "kept"), [(nn.init.he, True), (nn.init.xavier, False)])
def test_he_keeps_the_signal_through_twenty_relu_layers(start, kept):
    """xavier loses half of the mean square in every one of them: 2⁻²⁰ of it is left."""
    chance = rng()
    rows = [nn.Linear(300, 300, rng=chance, init=start) for _ in range(20)]
    net = nn.Sequential(*(part for row in rows for part in (row, nn.ReLU())))
    x = rng(1).standard_normal((200, 300))
    left = (net(x) ** 2).mean() / (x**2).mean()
    assert 0.3 < left < 3 if kept else left < 1e-5
