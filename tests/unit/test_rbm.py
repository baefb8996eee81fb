"""RBM: exact numbers by counting every picture, contrastive divergence, pre-training."""

import copy
from itertools import product

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def machine(V=4, H=3, seed=1):
    """A small RBM with weights that matter."""
    rbm = nn.RBM(V, H, rng=rng(seed))
    for array in rbm.parameters():
        array += rng(seed + 1).standard_normal(array.shape)
    return rbm


def probabilities(rbm):
    """P(v, h) for every pair, straight from the energy: (2^V, 2^H), and the pictures."""
    pictures = np.array(list(product([0.0, 1.0], repeat=len(rbm.a))))
    features = np.array(list(product([0.0, 1.0], repeat=len(rbm.b))))
    energy = -(pictures @ rbm.a)[:, None] - features @ rbm.b - pictures @ rbm.W.T @ features.T
    weight = np.exp(-energy)
    return weight / weight.sum(), np.log(weight.sum()), pictures, features


def test_every_number_against_the_joint_distribution():
    rbm = machine()
    p, log_z, pictures, features = probabilities(rbm)
    assert rbm.log_z() == pytest.approx(log_z)
    np.testing.assert_allclose(np.exp(-rbm.free_energy(pictures) - log_z), p.sum(axis=1))
    assert rbm.log_likelihood(pictures[:5]) == pytest.approx(np.log(p.sum(axis=1)[:5]).mean())
    given_v = p / p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(rbm.hidden(pictures), given_v @ features)
    np.testing.assert_allclose(rbm(pictures), given_v @ features)
    given_h = (p / p.sum(axis=0)).T
    np.testing.assert_allclose(rbm.visible(features), given_h @ pictures)


def test_exact_gradient_is_the_slope_of_the_likelihood():
    rbm, v = machine(), rng().integers(2, size=(6, 4)).astype(float)
    rbm.exact(v)
    for name in rbm.params:
        numeric = nn.numeric_gradient(lambda: -rbm.log_likelihood(v), getattr(rbm, name))
        assert nn.relative_error(getattr(rbm, "d" + name), numeric) < 1e-8


def test_contrastive_divergence_tends_to_the_exact_gradient():
    """Many steps forget the data; averaged over a large batch the noise is small."""
    rbm = machine()
    v = np.repeat(rng().integers(2, size=(6, 4)).astype(float), 3000, axis=0)
    exact = copy.deepcopy(rbm)
    exact.exact(v)
    for persistent in (0, 18_000):
        rbm.contrast(v, k=30, persistent=persistent)
        for mine, right in zip(rbm.gradients(), exact.gradients()):
            np.testing.assert_allclose(mine, right, atol=0.02)


def test_one_step_of_divergence_does_not_get_away_from_the_data():
    """A model of 0000 and 1111 in equal shares; the data is 1111 alone. CD-1 sees no error."""
    rbm, v = nn.RBM(4, 1, rng=rng()), np.ones((1000, 4))
    rbm.W[...], rbm.b[...], rbm.a[...] = 8, -16, -4
    rbm.exact(v)
    assert (rbm.dW < -0.4).all()
    rbm.contrast(v, k=1)
    assert (np.abs(rbm.dW) < 0.1).all()


def test_gibbs_sampling_keeps_the_distribution():
    rbm = machine()
    p, _, pictures, _ = probabilities(rbm)
    start = pictures[rng().choice(16, p=p.sum(axis=1), size=20_000)]
    after = rbm.gibbs(start, 3)
    number = after @ [8, 4, 2, 1]
    share = np.bincount(number.astype(int), minlength=16) / 20_000
    np.testing.assert_allclose(share, p.sum(axis=1), atol=0.012)


def test_persistent_chains_wander_on():
    rbm, v = machine(), np.zeros((2, 4))
    rbm.contrast(v, persistent=5)
    first = rbm.chain
    expected = copy.deepcopy(rbm).gibbs(first, 2)
    rbm.contrast(v, k=2, persistent=5)
    assert first.shape == (5, 4) and np.array_equal(rbm.chain, expected)
    rbm.contrast(v)
    assert rbm.chain.shape == (2, 4)


@pytest.mark.parametrize("options", [{"k": 10, "lr": 0.1}, {"k": 5, "lr": 0.05, "persistent": 100}])
def test_bars_and_stripes_are_learned_to_within_the_optimum(options):
    v = nn.data.bars_and_stripes(3)
    best = -np.log(14)
    for seed in range(2):
        rbm = nn.RBM(9, 12, rng=rng(seed))
        before = rbm.log_likelihood(v)
        assert before == pytest.approx(-9 * np.log(2), abs=0.01)
        records = list(rbm.learn(v, epochs=3000, batch_size=14, **options))
        assert best - 0.6 < rbm.log_likelihood(v) < best
        assert records[-1].step == 3000 and records[-1].loss < 0.1 < records[0].loss
    pictures = rbm.gibbs(rng().integers(2, size=(200, 9)).astype(float), 200)
    valid = (pictures[:, None] == v).all(axis=2).any(axis=1).mean()
    assert valid > 0.6  # of 512 pictures 14 are valid: 2.7 % by chance


def test_corrupted_pictures_are_cleaned():
    v = nn.data.bars_and_stripes(3)
    rbm = nn.RBM(9, 20, rng=rng(2))
    for _ in rbm.learn(v, epochs=2500, batch_size=14, lr=0.1, k=5):
        pass
    energy = rbm.free_energy(v).mean()
    wrong = v.copy()
    wrong[:, 4] = 1 - wrong[:, 4]
    assert rbm.free_energy(wrong).mean() > energy + 2


def test_deep_belief_net_pretrains_layer_by_layer():
    d = nn.data.digits()
    x, y = d.x_train.reshape(-1, 64)[:300], d.y_train[:300]
    net = nn.deep_belief_net(64, [30, 20], 10, rng=rng()).astype(np.float32)
    before = [layer.W.copy() for layer in net]
    seen = [which for which, _ in nn.pretrain(net, x, epochs=3, batch_size=20)]
    assert seen == [0] * 45 + [1] * 45
    assert all(not np.array_equal(layer.W, w) for layer, w in zip(net[:2], before))
    assert np.array_equal(net[2].W, before[2])
    by_hand = nn.deep_belief_net(64, [30, 20], 10, rng=rng()).astype(np.float32)
    list(by_hand[0].learn(x, epochs=3, batch_size=20))
    list(by_hand[1].learn(by_hand[0](x), epochs=3, batch_size=20))
    assert np.array_equal(net[1].W, by_hand[1].W) and np.array_equal(net[1].a, by_hand[1].a)
    opt = nn.Adam(net.parameters(), lr=1e-2)
    run = nn.train(net, nn.SoftmaxCrossEntropy(), opt, x, y, epochs=25, batch_size=20, rng=rng())
    losses = [record.loss for record in run]
    assert losses[-1] < 0.3 * losses[0] and nn.accuracy(net, x, y) > 0.9
    assert net[0].W.dtype == np.float32


def test_pretrained_net_beats_the_same_random_start_when_deep():
    """Five layers of sigmoids from Normal(0, 0.01²): no gradient arrives at the first."""
    d = nn.data.digits()
    x, y = d.x_train.reshape(-1, 64)[::5], d.y_train[::5]
    first = {}
    for trained in (False, True):
        net = nn.deep_belief_net(64, [40] * 5, 10, rng=rng()).astype(np.float32)
        if trained:
            for _ in nn.pretrain(net, x, epochs=10, batch_size=20):
                pass
        loss = nn.SoftmaxCrossEntropy()
        loss(net(x), y)
        net.backward(loss.backward())
        first[trained] = np.linalg.norm(net[0].dW)
    assert first[True] > 1000 * first[False]


R = machine()
V = np.zeros((3, 4))
BAD = [
    (lambda: nn.RBM(0, 3, rng=rng()), ValueError, "RBM n_visible"),
    (lambda: nn.RBM(3, 2.0, rng=rng()), TypeError, "RBM n_hidden"),
    (lambda: nn.RBM(3, 2, rng=1), TypeError, "RBM takes rng"),
    (lambda: R(np.zeros((3, 5))), ValueError, r"RBM takes x of shape \(N, 4\), got \(N, 5\)"),
    (lambda: R.contrast(np.zeros((3, 5))), ValueError, r"RBM.contrast takes v of shape \(N, 4\)"),
    (lambda: R.contrast(V[:0]), ValueError, "takes v of shape"),
    (lambda: R.contrast(V - 1), ValueError, r"numbers 0\.\.1, got -1\.\.-1"),
    (lambda: R.contrast(V + 255), ValueError, r"numbers 0\.\.1"),
    (lambda: R.contrast(V * np.nan), ValueError, "finite"),
    (lambda: R.contrast(V.astype(int)), TypeError, "floats"),
    (lambda: R.contrast(V, k=0), ValueError, "RBM.gibbs steps"),
    (lambda: R.contrast(V, persistent=-1), ValueError, "RBM.contrast persistent"),
    (lambda: R.contrast(V, persistent=True), TypeError, "RBM.contrast persistent"),
    (lambda: R.gibbs(V, 1.5), TypeError, "RBM.gibbs steps"),
    (lambda: R.free_energy(V[0]), ValueError, "RBM.free_energy"),
    (lambda: nn.RBM(17, 2, rng=rng()).log_z(), ValueError, "at most 16 pixels, got 17"),
    (lambda: R.log_likelihood([[0, 1, 0, 1]]), TypeError, "array of floats"),
    (lambda: list(R.learn(V, epochs=0)), ValueError, "RBM.learn epochs"),
    (lambda: list(R.learn(V, epochs=1, lr=-1)), ValueError, "lr"),
    (lambda: list(R.learn(V, epochs=1, mu=1)), ValueError, "mu"),
    (lambda: list(R.learn(V, epochs=1, batch_size=0)), ValueError, "size"),
    (lambda: list(nn.pretrain(nn.Sequential(nn.Tanh()), V, epochs=1)), ValueError, "RBMs in it"),
    (lambda: list(nn.pretrain(nn.Tanh(), V, epochs=1)), TypeError, "pretrain takes a Sequential"),
    (lambda: nn.deep_belief_net(4, [3, 0], 2, rng=rng()), ValueError, "n_hidden"),
    (lambda: nn.deep_belief_net(4, 3, 2, rng=rng()), TypeError, "hidden"),
]  # fmt: skip


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
