"""Pooling against loops, the curriculum's worked numbers, and what chance may and may not do."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def windows(x, k, stride, pads, outside):
    """Every window of x, one at a time: its place in the output, its pixels, its place in x."""
    padded = np.pad(x, ((0, 0), (0, 0), *pads), constant_values=outside)
    sizes = [(padded.shape[2 + a] - k[a]) // stride[a] + 1 for a in (0, 1)]
    for n, c, p, q in np.ndindex(*x.shape[:2], *sizes):
        top, left = p * stride[0], q * stride[1]
        window = padded[n, c, top : top + k[0], left : left + k[1]]
        yield (n, c, p, q), window, (top - pads[0][0], left - pads[1][0])


SETTINGS = {
    "side by side": ((2, 2), (2, 2), ((0, 0), (0, 0))),
    "overlap": ((3, 3), (2, 2), ((0, 0), (0, 0))),
    "rectangle": ((2, 3), (1, 2), ((0, 0), (0, 0))),
    "gaps": ((2, 2), (3, 4), ((0, 0), (0, 0))),
    "gaps in one axis": ((2, 3), (3, 1), ((0, 0), (0, 0))),
    "four pads": ((3, 4), (2, 3), ((1, 0), (2, 3))),
    "bottom pad": ((2, 2), (2, 2), ((0, 1), (0, 0))),
}
EVERY_SETTING = pytest.mark.parametrize("name", SETTINGS)


@EVERY_SETTING
def test_max_pool_is_the_formula_and_sends_gradients_to_the_first_maximum(name):
    k, stride, pads = SETTINGS[name]
    x = rng(1).integers(-3, 2, (2, 2, 7, 8)).astype(float)  # small numbers: many ties
    pool = nn.MaxPool2d(k, stride, pads)
    out = pool(x)
    dout, dx = rng(2).standard_normal(out.shape), np.zeros_like(x)
    for place, window, (top, left) in windows(x, k, stride, pads, -np.inf):
        assert out[place] == window.max()
        i, j = np.unravel_index(window.argmax(), k)
        assert pool.winner[place] == i * k[1] + j
        dx[place[0], place[1], top + i, left + j] += dout[place]
    np.testing.assert_allclose(pool.backward(dout), dx, atol=1e-12)


@EVERY_SETTING
@pytest.mark.parametrize("count_pad", [True, False])
def test_average_pool_is_the_formula(name, count_pad):
    k, stride, pads = SETTINGS[name]
    x = rng(1).standard_normal((2, 2, 7, 8))
    pool = nn.AveragePool2d(k, stride, pads, count_pad=count_pad)
    out = pool(x)
    for place, window, _ in windows(x, k, stride, pads, np.nan):
        count = window.size if count_pad else np.isfinite(window).sum()
        assert out[place] == pytest.approx(np.nansum(window) / count)
    dout = rng(2).standard_normal(out.shape)
    assert (x * pool.backward(dout)).sum() == pytest.approx((out * dout).sum(), rel=1e-12)


def test_a_constant_image_keeps_its_border_only_without_counted_padding():
    x = np.ones((1, 1, 4, 4))
    assert nn.AveragePool2d(3, 1, 1, count_pad=False)(x).min() == 1
    counted = nn.AveragePool2d(3, 1, 1)(x)[0, 0]
    assert [counted[0, 0], counted[0, 1], counted[1, 1]] == [4 / 9, 6 / 9, 1]


def test_padding_never_wins():
    x = np.full((1, 1, 3, 3), -5.0)
    pool = nn.MaxPool2d(2, 1, 1)
    assert (pool(x) == -5).all()
    assert pool.backward(np.ones((1, 1, 4, 4))).sum() == 16


def test_a_large_window_counts_its_cells():
    """More than 256 cells do not fit an 8-bit number."""
    x = np.zeros((1, 1, 17, 17), np.float32)
    x[0, 0, 16, 15] = 1
    pool = nn.MaxPool2d(17)
    assert pool(x).item() == 1 and pool.winner.item() == 16 * 17 + 15
    assert np.array_equal(pool.backward(np.ones((1, 1, 1, 1), np.float32)), x)


def test_pooling_follows_scipy_filters():
    ndimage = pytest.importorskip("scipy.ndimage")
    x = rng(1).standard_normal((9, 8))
    for layer, peer in (
        (nn.MaxPool2d(3, 1), ndimage.maximum_filter),
        (nn.AveragePool2d(3, 1), ndimage.uniform_filter),
    ):
        np.testing.assert_allclose(layer(x[None, None])[0, 0], peer(x, 3)[1:-1, 1:-1], atol=1e-12)


def test_W20_pooling_two_edge_maps():
    maps = np.array(
        [[[1, -1, 2], [1, -1, 2], [1, -2, 2]], [[-1, -1, 0], [1, 1, 0], [1, 0, 0]]], float
    )
    out = nn.MaxPool2d(2, 1)(maps[None])
    assert out[0].tolist() == [[[1, 2], [1, 2]], [[1, 1], [1, 1]]]
    assert nn.Flatten()(out).tolist() == [[1, 2, 1, 2, 1, 1, 1, 1]]
    mean = nn.AveragePool2d(2, 1)(maps[None])[0]
    assert mean.tolist() == [[[0, 0.5], [-0.25, 0.25]], [[0, 0], [0.75, 0.25]]]


W28 = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], float)[None, None]


def test_W28_max_mean_and_stochastic_pooling():
    assert nn.MaxPool2d(2)(W28)[0, 0].tolist() == [[6, 8], [3, 4]]
    assert nn.AveragePool2d(2)(W28)[0, 0].tolist() == [[3.25, 5.25], [2, 2]]
    pool = nn.StochasticPool2d(2, rng=rng())
    expected = pool(W28)[0, 0]
    np.testing.assert_allclose(pool.p[:, 0, 0, 0, 0], np.array([1, 1, 5, 6]) / 13)
    assert expected[0, 0] == pytest.approx(63 / 13) and f"{expected[0, 0]:.3f}" == "4.846"
    draws = np.array([pool(W28, training=True)[0, 0] for _ in range(4000)])
    assert set(draws[:, 0, 0]) == {1, 5, 6} and set(draws[:, 1, 0]) == {1, 2, 3}
    np.testing.assert_allclose(draws.mean(axis=0), expected, atol=0.1)
    assert (draws[:, 0, 0] == 6).mean() == pytest.approx(6 / 13, abs=0.03)


def test_stochastic_pool_counts_negatives_as_zero():
    x = np.array([[-9.0, 2, -1, -2], [-3, 4, -3, -4]])[None, None]
    pool = nn.StochasticPool2d(2, rng=rng())
    assert pool(x)[0, 0].tolist() == [[pytest.approx(20 / 6), 0]]
    np.testing.assert_allclose(pool.p[:, 0, 0, 0, 0], [0, 1 / 3, 0, 2 / 3])
    np.testing.assert_allclose(pool.p[:, 0, 0, 0, 1], 0.25)
    winners = []
    for _ in range(400):
        out = pool(x, training=True)
        assert out[0, 0, 0, 0] in (2, 4) and out[0, 0, 0, 1] == 0
        winners.append(pool.winner[0, 0, 0])
        dx = pool.backward(np.array([[[[1.0, 1.0]]]]))
        assert dx[0, 0].ravel()[[0, 1, 4, 5][winners[-1][0]]] == 1 and dx.sum() == 1
    left, right = np.array(winners).T
    assert set(left) == {1, 3} and set(right) == {0, 1, 2, 3}
    assert np.bincount(right).min() > 60


def test_stochastic_pool_of_zeros_sends_the_gradient_to_its_choice():
    pool = nn.StochasticPool2d(2, rng=rng())
    assert pool(np.zeros((1, 1, 2, 2)), training=True).item() == 0
    dx = pool.backward(np.ones((1, 1, 1, 1)))
    assert dx.sum() == 1 and dx.ravel()[pool.winner.item()] == 1


def test_stochastic_pool_is_checked_in_inference_too():
    pool = nn.StochasticPool2d((2, 3), (2, 1), ((0, 1), (1, 0)), rng=rng())
    errors = nn.gradcheck(pool, rng(1).standard_normal((2, 2, 5, 4)), training=False)
    assert errors["x"] < 1e-8


def test_the_same_generator_draws_the_same_winners():
    x = np.abs(rng(1).standard_normal((2, 3, 6, 6)))
    runs = [nn.StochasticPool2d(2, rng=rng(5))(x, training=True) for _ in range(2)]
    assert np.array_equal(*runs)
    half = nn.StochasticPool2d(2, rng=rng(5))(x.astype(np.float32), training=True)
    np.testing.assert_allclose(half, runs[0], rtol=1e-6)


def test_trainable_pool_is_lenets_sum_with_a_quarter_of_the_coefficient():
    pool = nn.TrainablePool2d(2, 2)
    pool.W[...], pool.b[...] = (4, -2), (0.5, 1)
    x = rng(1).standard_normal((1, 2, 4, 4))
    sums = x.reshape(1, 2, 2, 2, 2, 2).sum(axis=(3, 5))
    np.testing.assert_allclose(pool(x)[0, 0], 1 * sums[0, 0] + 0.5, atol=1e-12)
    np.testing.assert_allclose(pool(x)[0, 1], -0.5 * sums[0, 1] + 1, atol=1e-12)
    assert sum(p.size for p in nn.TrainablePool2d(6, 2).parameters()) == 12  # S2 of LeNet-5


def test_trainable_pool_starts_as_average_pool_and_skips_dx():
    x = rng(1).standard_normal((2, 3, 5, 4))
    pool = nn.TrainablePool2d(3, 2)
    assert np.array_equal(pool(x), nn.AveragePool2d(2)(x))
    pool.needs_dx = False
    assert pool.backward(np.ones((2, 3, 2, 2))) is None and pool.dW.any()


def test_global_average_pool():
    x = rng(1).standard_normal((2, 3, 4, 5))
    pool = nn.GlobalAveragePool2d()
    np.testing.assert_allclose(pool(x), x.reshape(2, 3, 20).mean(axis=2))
    dx = pool.backward(np.array([[20.0, 40, 60], [0, -20, 20]]))
    assert dx[0, 1].tolist() == np.full((4, 5), 2).tolist() and dx.flags.writeable


@pytest.mark.parametrize("k,stride,pad", [(2, 2, 0), (3, 2, 1), ((3, 2), (1, 2), (1, 1))])
def test_agrees_with_torch(k, stride, pad):
    torch = pytest.importorskip("torch")
    x = rng(1).integers(-3, 3, (2, 3, 9, 8)).astype(float)
    average = torch.nn.functional.avg_pool2d
    for layer, peer in (
        (nn.MaxPool2d(k, stride, pad), torch.max_pool2d),
        (nn.AveragePool2d(k, stride, pad), average),
        (
            nn.AveragePool2d(k, stride, pad, count_pad=False),
            lambda *args: average(*args, count_include_pad=False),
        ),
    ):
        out = layer(x)
        d = rng(2).standard_normal(out.shape)
        dx, X = layer.backward(d), torch.tensor(x, requires_grad=True)
        theirs = peer(X, k, stride, pad)
        theirs.backward(torch.tensor(d))
        np.testing.assert_allclose(out, theirs.detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(dx, X.grad.numpy(), atol=1e-12)
