"""The digits, the photograph, and the point generators."""

import numpy as np
import pytest

import nnlib as nn

POINTS = [nn.data.blobs, nn.data.moons, nn.data.circles, nn.data.spiral, nn.data.xor]


def test_digits_are_all_there_scaled_and_split():
    d = nn.data.digits()
    assert d.x_train.shape == (1438, 1, 8, 8) and d.x_test.shape == (359, 1, 8, 8)
    x = np.concatenate([d.x_train, d.x_test])
    assert x.dtype == np.float32 and x.min() == 0 and x.max() == 1
    assert np.array_equal(x * 16, np.round(x * 16))
    # sums over the whole set, as scikit-learn's copy has them
    assert (x * 16).sum() == 561718
    counts = np.bincount(np.concatenate([d.y_train, d.y_test]))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_stratified_and_the_same_every_time():
    a, b = nn.data.digits(), nn.data.digits(np.float64)
    shares = np.bincount(a.y_test) / np.bincount(np.concatenate([a.y_train, a.y_test]))
    assert np.abs(shares - 0.2).max() < 0.005
    assert np.array_equal(a.x_test, b.x_test) and b.x_test.dtype == np.float64
    both = np.concatenate([a.x_train, a.x_test]).reshape(1797, -1)
    assert len(np.unique(both, axis=0)) == 1797  # no image stands in both parts


def test_digits_match_scikit_learn():
    sklearn = pytest.importorskip("sklearn.datasets")
    theirs = sklearn.load_digits()
    d = nn.data.digits()
    mine = np.concatenate([d.x_train, d.x_test]).reshape(1797, 64) * 16
    order, other = np.lexsort(mine.T), np.lexsort(theirs.data.T)
    assert np.array_equal(mine[order], theirs.data[other])
    labels = np.concatenate([d.y_train, d.y_test])
    assert np.array_equal(labels[order], theirs.target[other])


def test_photo_is_square_in_colour_and_averaged():
    small, large = nn.data.photo(64), nn.data.photo(128)
    assert small.shape == (3, 64, 64) and large.shape == (3, 128, 128)
    assert small.dtype == np.float32 and 0 <= small.min() < small.max() <= 1
    halves = large.reshape(3, 64, 2, 64, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(halves, small, atol=1e-6)
    assert np.ptp(small.mean(axis=(1, 2))) > 0.05  # the channels differ: it has colours


@pytest.mark.parametrize("make", POINTS)
def test_points_come_in_equal_shares_and_from_the_seed(make):
    x, y = make(50, rng=np.random.default_rng(1))
    again, _ = make(50, rng=np.random.default_rng(1))
    other, _ = make(50, rng=np.random.default_rng(2))
    assert x.shape == (50, 2) and y.shape == (50,) and x.dtype == np.float64
    assert y.dtype.kind == "i" and np.ptp(np.bincount(y)) <= 1
    assert np.array_equal(x, again) and not np.array_equal(x, other)


def test_points_have_the_shape_their_name_says():
    rng = np.random.default_rng(0)
    x, y = nn.data.circles(400, noise=0, rng=rng)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y == 0, 0.4, 1))
    x, y = nn.data.xor(400, rng=rng)
    assert np.array_equal(y == 1, x[:, 0] * x[:, 1] < 0)
    x, y = nn.data.blobs(3000, noise=0.3, rng=rng)
    assert all(abs(np.linalg.norm(x[y == k].mean(axis=0)) - 1.5) < 0.05 for k in range(3))
    x, y = nn.data.moons(400, noise=0, rng=rng)
    assert x[y == 0, 1].min() >= -0.25 and x[y == 1, 1].max() <= 0.25
    x, y = nn.data.spiral(300, noise=0, turns=0.5, rng=rng)
    radius = np.linalg.norm(x, axis=1)
    angle = 2 * np.pi * (0.5 * radius + y / 3)
    np.testing.assert_allclose(x, radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


BAD = [
    (lambda: nn.data.blobs(2, rng=np.random.default_rng(0)), ValueError, "n takes"),
    (lambda: nn.data.blobs(9, classes=0, rng=np.random.default_rng(0)), ValueError, "classes"),
    (lambda: nn.data.moons(9, noise=-1, rng=np.random.default_rng(0)), ValueError, "noise"),
    (lambda: nn.data.moons(9.5, rng=np.random.default_rng(0)), TypeError, "n takes"),
    (lambda: nn.data.xor(9, rng=3), TypeError, "rng"),
    (lambda: nn.data.spiral(9, turns=np.nan, rng=np.random.default_rng(0)), ValueError, "turns"),
    (lambda: nn.data.photo(4), ValueError, "size"),
    (lambda: nn.data.photo(1000), ValueError, "size"),
    (lambda: nn.data.digits(int), TypeError, "float dtype"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
