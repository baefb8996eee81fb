"""The binary adder: an RNN learns to carry, and then adds every pair of 7-bit numbers right."""

import numpy as np

import nnlib as nn

BITS = 8
a, b = np.divmod(np.arange(128 * 128), 128)


def bits(numbers, count=BITS):
    """Lowest bit first, because the carry runs that way."""
    return numbers[:, None] >> np.arange(count, dtype=numbers.dtype) & 1


def pairs(a, b, count=BITS):
    """x (N, T, 2) of ±1 and the bits (N, T, 1) of the sums."""
    x = np.stack([bits(a, count), bits(b, count)], axis=-1)
    return (2 * x - 1).astype(np.float32), bits(a + b, count)[..., None].astype(np.float32)


X, Y = pairs(a, b)


def learn(seed, steps=100, lr=0.04):
    """16 hidden units, Adam, minibatches of 64 random pairs."""
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.RNN(2, 16, rng=rng), nn.Linear(16, 1, rng=rng)).astype(np.float32)
    loss, opt = nn.Logistic(), nn.Adam(net.parameters(), lr=lr)
    for _ in range(steps):
        rows = rng.integers(0, len(X), 64)
        loss(net(X[rows], training=True), Y[rows])
        net.backward(loss.backward())
        opt.step(net.gradients())
    return net


def share_exact(net, x, y):
    """Share of the pairs of which every bit of the sum is right."""
    return np.mean(((net(x) > 0) == y).all(axis=(1, 2)))


def test_adds_all_pairs_right():
    assert sum(share_exact(learn(seed), X, Y) == 1 for seed in range(6)) >= 5


def test_what_it_learned_on_8_bits_holds_for_62():
    big = np.random.default_rng(0).integers(0, 2**61, (2, 200))
    assert share_exact(learn(0, steps=200), *pairs(*big, count=62)) > 0.95


def test_without_memory_it_cannot():
    """The same net with Wh = 0 sees no carry: only sums without one come out right."""
    net = learn(0)
    net[0].Wh[...] = 0
    assert share_exact(net, X, Y) < 0.3


def test_parameters_of_the_classic_adder():
    """W41: 2·16 + 16·16 + 16 weights without biases, 304."""
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.RNN(2, 16, rng=rng, activation=nn.Sigmoid), nn.Linear(16, 1, rng=rng))
    assert sum(W.size for W in net.parameters() if W.ndim == 2) == 304
