"""Batch norm, layer norm and LRN: known values, what is remembered, what it depends on."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def test_W60_four_numbers():
    x = np.array([[1.0], [2], [3], [4]])
    norm = nn.BatchNorm(1, eps=1e-12)
    np.testing.assert_allclose(
        norm(x, training=True)[:, 0], [-1.3416, -0.4472, 0.4472, 1.3416], atol=5e-5
    )
    assert norm.std.item() ** 2 == pytest.approx(1.25)
    assert norm.running_mean.item() == pytest.approx(0.1 * 2.5)
    assert norm.running_var.item() == pytest.approx(0.9 + 0.1 * 5 / 3)  # divided by m - 1


SHAPES = {"vectors": (6, 3), "sequences": (4, 5, 3), "images": (4, 3, 5, 2)}


@pytest.mark.parametrize("kind", SHAPES)
def test_batch_norm_standardizes_every_feature_over_all_the_rest(kind):
    x = 5 + 3 * rng(1).standard_normal(SHAPES[kind])
    norm = nn.BatchNorm(3, eps=1e-9)
    out = norm(x, training=True)
    feature_last = np.moveaxis(out, 1, -1) if kind == "images" else out
    rows = feature_last.reshape(-1, 3)
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(rows.std(axis=0), 1, atol=1e-8)
    norm.gamma[...], norm.beta[...] = (1, 2, 3), (-1, 0, 1)
    scaled = norm(x, training=True)
    scaled = np.moveaxis(scaled, 1, -1) if kind == "images" else scaled
    np.testing.assert_allclose(scaled, feature_last * [1, 2, 3] + [-1, 0, 1], atol=1e-12)


@pytest.mark.parametrize("kind", SHAPES)
def test_inference_uses_what_training_remembered(kind):
    x = 5 + 3 * rng(1).standard_normal(SHAPES[kind])
    norm = nn.BatchNorm(3, rho=0.7)
    assert np.allclose(norm(x), x, atol=1e-4)  # nothing remembered yet: mean 0, variance 1
    for _ in range(60):
        norm(x, training=True)
    rows = (np.moveaxis(x, 1, -1) if kind == "images" else x).reshape(-1, 3)
    np.testing.assert_allclose(norm.running_mean, rows.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(norm.running_var, rows.var(axis=0, ddof=1), rtol=1e-6)
    np.testing.assert_array_equal(norm(x)[:1], norm(x[:1]))  # one example is enough
    before = norm.running_mean.copy()
    norm(10 * x)
    assert np.array_equal(norm.running_mean, before)


@pytest.mark.parametrize("kind", SHAPES)
def test_gradients_in_inference(kind):
    norm = nn.BatchNorm(3)
    norm.running_mean[...], norm.running_var[...] = (1, -1, 0.5), (0.5, 2, 3)
    norm.gamma[...] = 1.5, -0.7, 0.2
    errors = nn.gradcheck(norm, rng(1).standard_normal(SHAPES[kind]), training=False)
    assert max(errors.values()) < 1e-8


def test_batch_norm_of_one_number_per_feature():
    norm = nn.BatchNorm(3)
    assert norm(np.ones((1, 3))).shape == (1, 3)
    for shape in ((1, 3), (1, 1, 3), (1, 3, 1, 1)):
        with pytest.raises(ValueError, match="at least 2 numbers per feature in training"):
            norm(np.ones(shape), training=True)
    assert norm.running_mean.tolist() == [0, 0, 0]
    two = norm(np.array([[1.0, 1, 1], [3, 3, 3]]), training=True)  # two are enough
    np.testing.assert_allclose(two, [[-1, -1, -1], [1, 1, 1]], rtol=1e-4)


def test_a_constant_feature_becomes_its_beta():
    norm = nn.BatchNorm(2)
    norm.beta[...] = 3, 4
    out = norm(np.full((5, 2), 7, np.float32).astype(np.float64), training=True)
    assert (out == [3, 4]).all() and np.isfinite(norm.backward(np.ones((5, 2)))).all()


def test_state_is_written_in_place_and_follows_astype():
    norm = nn.BatchNorm(2)
    mean, var = norm.running_mean, norm.running_var
    norm(rng().standard_normal((4, 2)), training=True)
    assert norm.running_mean is mean and norm.running_var is var
    assert nn.BatchNorm.state == ("running_mean", "running_var")
    single = norm.astype(np.float32)
    assert single(rng().standard_normal((4, 2)).astype(np.float32), True).dtype == np.float32
    assert single.running_var.dtype == np.float32


def test_batch_norm_skips_dx():
    norm = nn.BatchNorm(2)
    norm.needs_dx = False
    norm(rng().standard_normal((4, 2)), training=True)
    assert norm.backward(np.ones((4, 2))) is None and norm.dbeta.tolist() == [4, 4]


def test_layer_norm_is_batch_norm_turned_round():
    x = rng(1).standard_normal((4, 6))
    turned = nn.BatchNorm(4)(x.T, training=True).T
    np.testing.assert_allclose(nn.LayerNorm(6)(x), turned, atol=1e-12)
    norm = nn.LayerNorm(6)
    np.testing.assert_array_equal(norm(x)[:1], norm(x[:1], training=True))
    sequences = rng(2).standard_normal((2, 3, 6))
    np.testing.assert_allclose(norm(sequences)[1, 2], norm(sequences[1, 2:])[0], atol=1e-12)
    norm.gamma[...], norm.beta[...] = np.arange(6), 1
    np.testing.assert_allclose(norm(x), norm.x_hat * np.arange(6) + 1)


@pytest.mark.parametrize("n,maps", [(1, 3), (3, 5), (5, 5), (7, 2)])
def test_lrn_is_the_formula(n, maps):
    x = 3 * rng(1).standard_normal((2, maps, 2, 3))
    out = nn.LRN(n, 1.5, 0.2, 0.6)(x)
    for c in range(maps):
        near = range(max(0, c - n // 2), min(maps, c + n // 2 + 1))
        s = 1.5 + 0.2 * sum(x[:, j] ** 2 for j in near)
        np.testing.assert_allclose(out[:, c], x[:, c] / s**0.6, atol=1e-12)


def test_lrn_starts_with_alexnets_numbers():
    lrn = nn.LRN()
    assert (lrn.n, lrn.k, lrn.alpha, lrn.beta) == (5, 2, 1e-4, 0.75)


def test_agrees_with_torch():
    torch = pytest.importorskip("torch")
    x, d = rng(1).standard_normal((4, 6, 3, 2)), rng(2).standard_normal((4, 6, 3, 2))
    X = torch.tensor(x, requires_grad=True)
    mine, theirs = nn.BatchNorm(6), torch.nn.BatchNorm2d(6).double()
    out = mine(x, training=True)
    peer = theirs(X)
    peer.backward(torch.tensor(d))
    np.testing.assert_allclose(out, peer.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(mine.backward(d), X.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(mine.running_mean, theirs.running_mean.numpy(), atol=1e-12)
    np.testing.assert_allclose(mine.running_var, theirs.running_var.numpy(), atol=1e-12)
    lrn = torch.nn.LocalResponseNorm(5, alpha=5 * 0.3, beta=0.75, k=2.0)(torch.tensor(x))
    np.testing.assert_allclose(nn.LRN(5, 2, 0.3, 0.75)(x), lrn.numpy(), atol=1e-12)
    layer = torch.nn.functional.layer_norm(torch.tensor(x), (2,))
    np.testing.assert_allclose(nn.LayerNorm(2)(x), layer.numpy(), atol=1e-12)
