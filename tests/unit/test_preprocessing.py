"""Preprocessing: what it promises about the training data, scikit-learn, bad input."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.preprocessing import center, pca, standardize, whiten


def rng(seed=0):
    return np.random.default_rng(seed)


def skewed(n=200, d=5):
    """Correlated data, far from the origin."""
    return 3 + rng(1).standard_normal((n, d)) @ rng(2).standard_normal((d, d))


def test_center_moves_each_number_or_each_channel():
    x = rng().random((10, 3, 4, 5))
    by_pixel, by_channel = center(x), center(x, axis=(0, 2, 3))
    np.testing.assert_allclose(by_pixel(x).mean(axis=0), 0, atol=1e-15)
    assert by_pixel.mean.shape == (3, 4, 5) and by_channel.mean.shape == (3, 1, 1)
    np.testing.assert_allclose(by_channel(x).mean(axis=(0, 2, 3)), 0, atol=1e-15)
    assert np.abs(by_channel(x).mean(axis=0)).max() > 0.1
    other = rng(5).random((3, 3, 4, 5))
    np.testing.assert_allclose(by_pixel(other), other - x.mean(axis=0))
    np.testing.assert_allclose(by_pixel.inverse(by_pixel(other)), other)


def test_standardize_gives_mean_0_and_variance_1_and_keeps_constants_at_0():
    x = rng().random((50, 4))
    x[:, 2] = 0.1  # whose mean rounds
    scale = standardize(x)
    z = scale(x)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(z.std(axis=0), [1, 1, 0, 1], atol=1e-14)
    np.testing.assert_allclose(scale.inverse(z), x)
    test = rng(1).random((3, 4))
    np.testing.assert_allclose(scale(test)[:, 0], (test[:, 0] - x[:, 0].mean()) / x[:, 0].std())


def test_pca_turns_to_the_directions_of_most_variance():
    x = skewed()
    turn = pca(x)
    z = turn(x)
    covariance = np.cov(z.T)
    np.testing.assert_allclose(covariance, np.diag(turn.variances), atol=1e-10)
    assert (np.diff(turn.variances) < 0).all()
    assert turn.variances.sum() == pytest.approx(np.cov(x.T).trace())
    np.testing.assert_allclose(turn.W @ turn.W.T, np.eye(5), atol=1e-12)
    np.testing.assert_allclose(turn.inverse(z), x)
    two = pca(x, 2)
    np.testing.assert_allclose(two(x), z[:, :2])
    lost = ((two.inverse(two(x)) - x) ** 2).sum() / (len(x) - 1)
    assert lost == pytest.approx(turn.variances[2:].sum())  # what the other directions held
    assert (turn.W[np.arange(5), np.abs(turn.W).argmax(axis=1)] > 0).all()


def test_whitening_gives_the_identity_covariance():
    x = skewed()
    for rotate_back in (False, True):
        white = whiten(x, rotate_back=rotate_back)
        np.testing.assert_allclose(np.cov(white(x).T), np.eye(5), atol=1e-10)
        np.testing.assert_allclose(white.inverse(white(x)), x)
    np.testing.assert_allclose(white.W, white.W.T, atol=1e-10)  # ZCA is symmetric
    damped = whiten(x, eps=2.0)
    np.testing.assert_allclose(
        np.cov(damped(x).T), np.diag(damped.variances / (damped.variances + 2)), atol=1e-10
    )
    assert whiten(x, 2, rotate_back=True)(x).shape == x.shape


def test_images_count_as_vectors_and_dead_directions_are_left_out():
    x = nn.data.digits().x_train
    turn = pca(x)
    assert turn.W.shape == (61, 64) and turn(x).shape == (1438, 61)  # 3 pixels never have ink
    assert turn(x).dtype == np.float32 and turn.inverse(turn(x)).shape == x.shape
    np.testing.assert_allclose(turn.inverse(turn(x)), x, atol=1e-5)
    assert whiten(x).W.shape == (61, 64)
    assert whiten(x, 64, eps=1e-2).W.shape == (64, 64)
    test = nn.data.digits().x_test
    np.testing.assert_allclose(np.cov(whiten(x)(x).T), np.eye(61), atol=2e-3)
    assert np.abs(whiten(x)(test).mean(axis=0)).max() > 0.05  # the test data keeps its own mean


def test_nothing_is_written_into_and_float32_stays():
    x = skewed().astype(np.float32)
    before = x.copy()
    for fit in (center, standardize, pca, whiten):
        transform = fit(x)
        assert transform(x).dtype == transform.inverse(transform(x)).dtype == np.float32
        np.testing.assert_allclose(transform.inverse(transform(x)), x, atol=1e-4)
    assert np.array_equal(x, before)


def test_same_numbers_as_scikit_learn():
    theirs = pytest.importorskip("sklearn.decomposition")
    scaling = pytest.importorskip("sklearn.preprocessing")
    d = nn.data.digits(np.float64)
    train, test = d.x_train.reshape(1438, 64), d.x_test.reshape(359, 64)
    peer = scaling.StandardScaler().fit(train)
    np.testing.assert_allclose(standardize(train)(test), peer.transform(test), atol=1e-12)
    for data, k in ((train, 20), (skewed(), 5)):
        other = data[::3]
        for peer, mine in (
            (theirs.PCA(k, svd_solver="full"), pca(data, k)),
            (theirs.PCA(k, svd_solver="full", whiten=True), whiten(data, k)),
        ):
            peer.fit(data)
            np.testing.assert_allclose(mine.variances, peer.explained_variance_, rtol=1e-9)
            np.testing.assert_allclose(mine(other), peer.transform(other), atol=1e-8)


X = np.ones((4, 3))
BAD = [
    (lambda: center([[1.0]]), TypeError, "center x takes an array"),
    (lambda: center(np.ones((4, 3), int)), TypeError, "center x takes an array of floats"),
    (lambda: center(np.ones(4)), ValueError, r"center takes x of shape \(N, \.\.\.\)"),
    (lambda: center(np.ones((0, 3))), ValueError, "N >= 1"),
    (lambda: center(X * np.nan), ValueError, "finite"),
    (lambda: center(X, axis=1), ValueError, "center axis"),
    (lambda: center(X, axis=(0, 2)), ValueError, "center axis"),
    (lambda: center(X, axis=(0, 0)), ValueError, "center axis"),
    (lambda: center(X, axis="N"), TypeError, "center axis"),
    (lambda: standardize(X, axis=-1), ValueError, "standardize axis"),
    (lambda: standardize(X * np.inf), ValueError, "finite"),
    (lambda: pca(np.ones((1, 3))), ValueError, "N >= 2"),
    (lambda: pca(X, 0), ValueError, "pca k"),
    (lambda: pca(X, 4), ValueError, r"pca k takes 1\.\.3"),
    (lambda: pca(X, 1.5), TypeError, "pca k"),
    (lambda: pca(X), ValueError, "pca takes data that varies, got 4 equal examples"),
    (lambda: whiten(X), ValueError, "varies"),
    (lambda: whiten(X, 2), ValueError, "varies"),
    (lambda: whiten(skewed(), eps=-1), ValueError, "whiten eps"),
    (lambda: whiten(skewed(), rotate_back=1), TypeError, "rotate_back"),
    (lambda: center(X)(np.ones((2, 4))), ValueError, r"takes x of shape \(N, \*\(3,\)\)"),
    (lambda: center(X)(np.full((2, 3), np.nan)), ValueError, "finite"),
    (lambda: center(X)(np.ones((2, 3), int)), TypeError, "floats"),
    (lambda: pca(skewed(), 2).inverse(np.ones((2, 5))), ValueError, "inverse takes z"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
