"""Every loss: its gradient by differences, its laws, and numbers worked by hand."""

import copy
import warnings

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def class_labels(shape, classes=4):
    y = rng(5).integers(0, classes, shape)
    y.flat[0], y.flat[-1] = 0, classes - 1
    return y


def padded(shape):
    y = class_labels(shape)
    y.flat[1] = -1
    return y


def log_p(shape):
    return np.log(nn.softmax(rng(1).standard_normal(shape)))


def normal(shape):
    return 2 * rng(1).standard_normal(shape)


def inside(shape):
    return rng(2).uniform(0.05, 0.95, shape)


def plus_or_minus(shape):
    return 2 * class_labels(shape, 2) - 1


SETTINGS = {"weights": [1.0, 0.5, 2.0, 3.0], "smoothing": 0.2, "ignore": -1}
# name: (loss, draw scores of a shape, draw y of a shape, whether scores have K entries per y)
CLASSIFICATION = {
    "hinge": (nn.Hinge(), normal, class_labels),
    "hinge, margin": (nn.Hinge(margin=2.5), normal, class_labels),
    "squared hinge": (nn.SquaredHinge(), normal, class_labels),
    "softmax": (nn.SoftmaxCrossEntropy(), normal, class_labels),
    "softmax, weights": (nn.SoftmaxCrossEntropy(weights=[1, 0.5, 2, 3]), normal, class_labels),
    "softmax, smoothing": (nn.SoftmaxCrossEntropy(smoothing=0.3), normal, class_labels),
    "softmax, ignore": (nn.SoftmaxCrossEntropy(ignore=-1), normal, padded),
    "softmax, all": (nn.SoftmaxCrossEntropy(**SETTINGS), normal, padded),
    "nll": (nn.NLL(), log_p, class_labels),
    "nll, all": (nn.NLL(**SETTINGS), log_p, padded),
}
ELEMENTWISE = {
    "mse": (nn.MSE(), normal, inside),
    "mae": (nn.MAE(), normal, inside),
    "huber": (nn.Huber(), normal, inside),
    "huber, delta": (nn.Huber(delta=0.3), normal, inside),
    "log-cosh": (nn.LogCosh(), normal, inside),
    "msle": (nn.MSLE(), lambda shape: normal(shape) ** 2, inside),
    "mape": (nn.MAPE(), normal, inside),
    "mape, negative y": (nn.MAPE(), normal, lambda shape: -inside(shape)),
    "logistic": (nn.Logistic(), normal, lambda shape: class_labels(shape, 2)),
    "logistic, soft": (nn.Logistic(), normal, inside),
    "binary cross-entropy": (nn.BinaryCrossEntropy(), inside, lambda s: class_labels(s, 2)),
    "binary cross-entropy, soft": (nn.BinaryCrossEntropy(), inside, lambda s: inside(s) ** 2),
    "binary hinge": (nn.BinaryHinge(), normal, plus_or_minus),
    "binary hinge, margin": (nn.BinaryHinge(margin=0.2), normal, plus_or_minus),
    "exponential": (nn.Exponential(), normal, plus_or_minus),
}
CASES = [
    *((name, loss, draw((*s, 4)), y(s)) for name, (loss, draw, y) in CLASSIFICATION.items()
      for s in [(3,), (2, 3), (2, 1, 3)]),
    *((name, loss, draw(s), y(s)) for name, (loss, draw, y) in ELEMENTWISE.items()
      for s in [(5,), (3, 2), (2, 3, 2)]),
]  # fmt: skip
EVERY_LOSS = pytest.mark.parametrize(
    ("name", "loss", "scores", "y"), CASES, ids=[f"{c[0]} {c[2].shape}" for c in CASES]
)


@EVERY_LOSS
def test_gradient_is_the_slope_of_the_mean(name, loss, scores, y):
    scores, loss = scores.copy(), copy.copy(loss)
    numeric = nn.numeric_gradient(lambda: copy.copy(loss)(scores, y), scores)
    loss(scores, y)
    assert np.abs(numeric).max() > 1e-3
    assert nn.relative_error(loss.backward(), numeric) < 1e-7


@EVERY_LOSS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shape_dtype_and_purity(name, loss, scores, y, dtype):
    scores, loss = scores.astype(dtype), copy.copy(loss)
    before = scores.copy(), y.copy()
    L = loss(scores, y)
    each = loss.each.copy()
    gradient = loss.backward()
    assert type(L) is float and loss.each.shape == y.shape and loss.each.dtype == dtype
    assert gradient.shape == scores.shape and gradient.dtype == dtype
    assert np.array_equal(scores, before[0]) and np.array_equal(y, before[1])
    assert np.array_equal(loss.backward(), gradient) and np.array_equal(loss.each, each)
    assert (loss.each >= 0).all() and L > 0


@EVERY_LOSS
def test_mean_runs_over_each(name, loss, scores, y):
    """One entry alone, its L_i known from the batch: no example sees another."""
    loss = copy.copy(loss)
    L = loss(scores, y)
    each = loss.each
    if not hasattr(loss, "share"):
        assert pytest.approx(each.mean()) == L
    else:
        counts = y != loss.ignore
        share = counts if loss.weights is None else loss.weights[y] * counts
        assert pytest.approx(each.sum() / share.sum()) == L
        assert (each[~counts] == 0).all()
    if y.flat[-1] != getattr(loss, "ignore", None):
        loss(scores.reshape(y.size, -1)[-1:].reshape(1, *scores.shape[y.ndim :]), y.flat[-1:])
        np.testing.assert_allclose(loss.each[0], each.flat[-1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, 88.5, 1e-30, 0.0])
def test_huge_scores_neither_warn_nor_overflow(dtype, size):
    scores = np.array([[size, -size, 0.0], [-size, size, size / 2]], dtype)
    y, bits = np.array([0, 0]), np.array([[1, 0, 1], [1, 0, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for loss in (nn.Hinge(), nn.SquaredHinge(), nn.SoftmaxCrossEntropy(smoothing=0.1)):
            assert np.isfinite(loss(scores, y)) and np.isfinite(loss.backward()).all()
        for loss in (nn.MSE(), nn.MAE(), nn.Huber(), nn.LogCosh(), nn.Logistic()):
            assert np.isfinite(loss(scores, bits)) and np.isfinite(loss.backward()).all()
        positive = np.abs(scores) + 1
        for loss in (nn.MSLE(), nn.MAPE()):
            assert np.isfinite(loss(positive, positive + bits))
            assert np.isfinite(loss.backward()).all()
        loss = nn.BinaryHinge()
        assert np.isfinite(loss(scores, 2 * bits - 1)) and np.isfinite(loss.backward()).all()


def test_huge_scores_give_the_exact_loss():
    scores = np.array([[1e4, -1e4]])
    assert nn.SoftmaxCrossEntropy()(scores, [0]) == 0
    assert nn.SoftmaxCrossEntropy()(scores, [1]) == 2e4
    assert nn.Logistic()(scores, [[1, 0]]) == 0 and nn.Logistic()(scores, [[0, 1]]) == 1e4
    assert nn.LogCosh()(scores, [[0, 0]]) == pytest.approx(1e4 - np.log(2))
    assert nn.Logistic()(np.array([40.0]), [1]) == pytest.approx(np.exp(-40), rel=1e-12)


def test_a_loss_beyond_the_dtype_is_an_error_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"Exponential takes scores whose loss fits .*-1000"):
            nn.Exponential()(np.array([-1e3]), [1])
        loss = nn.MSE()
        with pytest.raises(ValueError, match="MSE takes scores whose loss fits into float32"):
            loss(np.array([1e30], np.float32), [0])
        with pytest.raises(ValueError, match="needs a call first"):
            loss.backward()


class TestClassification:
    """W3-W8: the cat, the car and the frog."""

    scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    y = np.array([0, 1, 2])

    def test_softmax_of_the_cat(self):
        loss = nn.SoftmaxCrossEntropy()
        loss(self.scores, self.y)
        np.testing.assert_allclose(loss.p[0], [0.12998, 0.86905, 0.00097], atol=5e-6)
        np.testing.assert_allclose(loss.each, [2.0404, 0.0791, 6.1565], atol=5e-5)
        assert loss.each.mean() == pytest.approx(2.7587, abs=5e-5)
        gradient = 3 * loss.backward()[0]
        np.testing.assert_allclose(gradient, [-0.8700, 0.8690, 0.0010], atol=5e-5)

    def test_natural_logarithm(self):
        assert nn.NLL()(np.log([[0.13, 0.87]]), [0]) == pytest.approx(2.0402, abs=5e-5)

    @pytest.mark.parametrize(
        ("margin", "each"),
        [
            (0, [1.9, 0, 10.9]),
            (0.5, [2.4, 0, 11.9]),
            (1, [2.9, 0, 12.9]),
            (2, [3.9, 0, 14.9]),
            (3, [4.9, 0.1, 16.9]),
        ],
    )
    def test_hinge_at_several_margins(self, margin, each):
        loss = nn.Hinge(margin=margin)
        assert loss(self.scores, self.y) == pytest.approx(np.mean(each))
        np.testing.assert_allclose(loss.each, each, atol=1e-12)

    def test_squared_hinge(self):
        loss = nn.SquaredHinge()
        loss(self.scores, self.y)
        np.testing.assert_allclose(loss.each, [8.41, 0, 83.25], atol=1e-12)

    def test_equal_scores_cost_what_guessing_costs(self):
        for classes in (3, 10):
            zeros = np.zeros((1, classes))
            assert nn.Hinge()(zeros, [0]) == classes - 1
            assert nn.SoftmaxCrossEntropy()(zeros, [0]) == pytest.approx(np.log(classes))

    def test_svm_against_softmax(self):
        W = np.array([[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0, -0.45, -0.2, 0.03]])
        s = W @ np.array([-15, 22, -44, 56]) + [0, 0.2, -0.3]
        np.testing.assert_allclose(s, [-2.85, 0.86, 0.28], atol=1e-12)
        assert nn.Hinge()(s[None], [2]) == pytest.approx(1.58)
        loss = nn.SoftmaxCrossEntropy()
        assert loss(s[None], [2]) == pytest.approx(1.0402, abs=5e-5)
        np.testing.assert_allclose(loss.p[0], [0.0154, 0.6312, 0.3534], atol=5e-5)
        assert nn.Hinge(margin=10)(np.array([[13.0, -7, 11]]), [0]) == 8

    def test_one_l_i_is_a_sum_over_classes(self):
        """W47: the mean over entries would be a third of it, and negative when perfect."""
        p = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
        assert nn.NLL()(np.log(p), [0, 1, 2]) == pytest.approx(0.363548, abs=5e-7)

    def test_sequences_count_only_what_is_not_padding(self):
        scores, y = normal((2, 3, 4)), np.array([[1, 2, 0], [3, -1, -1]])
        loss, plain = nn.SoftmaxCrossEntropy(ignore=-1), nn.SoftmaxCrossEntropy()
        used = y != -1
        assert loss(scores, y) == pytest.approx(plain(scores[used], y[used]))
        np.testing.assert_allclose(loss.backward()[used], plain.backward())
        assert not loss.backward()[~used].any() and not loss.each[~used].any()

    def test_an_ignored_label_may_be_any_number(self):
        scores, y = normal((3, 4)), np.array([1, 2, 0])
        for ignore in (-100, 0, 3, 255):
            mixed = np.array([1, 2, ignore])
            assert nn.SoftmaxCrossEntropy(ignore=ignore)(scores, mixed) == pytest.approx(
                nn.SoftmaxCrossEntropy()(scores[:2], y[:2])
            )

    def test_class_weights_repeat_examples(self):
        """A class of weight 3 counts like three copies of each of its examples."""
        scores, y = normal((3, 4)), np.array([0, 1, 1])
        weighted = nn.SoftmaxCrossEntropy(weights=[1, 3, 1, 1])(scores, y)
        copies = [0, 1, 1, 1, 2, 2, 2]
        assert weighted == pytest.approx(nn.SoftmaxCrossEntropy()(scores[copies], y[copies]))

    def test_smoothing_is_a_mixture_of_labels(self):
        scores, loss = normal((1, 4)), nn.SoftmaxCrossEntropy()
        mixture = 0.8 * loss(scores, [2]) + 0.2 * np.mean([loss(scores, [k]) for k in range(4)])
        assert nn.SoftmaxCrossEntropy(smoothing=0.2)(scores, [2]) == pytest.approx(mixture)

    def test_probabilities_stay_on_the_loss(self):
        loss = nn.SoftmaxCrossEntropy(weights=[1, 2, 3, 4], smoothing=0.1)
        scores = normal((3, 4))
        loss(scores, [0, 1, 2])
        np.testing.assert_allclose(loss.p, nn.softmax(scores))


class TestBinary:
    margins = np.array([-2.0, -1, 0, 1, 2])

    @pytest.mark.parametrize(
        ("loss", "each"),
        [
            (nn.Logistic(), [2.1269, 1.3133, 0.6931, 0.3133, 0.1269]),
            (nn.BinaryHinge(), [3, 2, 1, 0, 0]),
            (nn.Exponential(), [7.3891, 2.7183, 1, 0.3679, 0.1353]),
        ],
    )
    def test_of_margins(self, loss, each):
        """W48, from both sides: the label is +1, or it is the other one and s changes sign."""
        other = 0 if isinstance(loss, nn.Logistic) else -1
        loss(self.margins, np.ones(5))
        np.testing.assert_allclose(loss.each, each, atol=5e-5)
        loss(-self.margins, np.full(5, other))
        np.testing.assert_allclose(loss.each, each, atol=5e-5)

    def test_logistic_is_cross_entropy_of_the_sigmoid(self):
        s, y = normal((6,)), inside((6,))
        logistic, entropy = nn.Logistic(), nn.BinaryCrossEntropy()
        assert logistic(s, y) == pytest.approx(entropy(nn.sigmoid(s), y))
        np.testing.assert_allclose(logistic.p, nn.sigmoid(s))

    def test_certainty_costs_nothing_if_right_and_much_if_wrong(self):
        loss = nn.BinaryCrossEntropy(eps=1e-7)
        loss(np.array([0.0, 1.0, 0.0, 1.0], np.float32), [0, 1, 1, 0])
        np.testing.assert_allclose(loss.each, [0, 0, 16.118, 16.118], rtol=1e-4)
        assert np.isfinite(loss.backward()).all()
        np.testing.assert_array_equal(np.sign(loss.backward()), [1, -1, -1, 1])

    def test_squared_error_stalls_where_cross_entropy_learns(self):
        """W49: one sigmoid neuron, x = 1, y = 0, η = 0.15, w = b = 2."""

        def outputs(loss, steps, layer):
            w = np.array([2.0, 2.0])
            for _ in range(steps):
                s = w.sum(keepdims=True)
                loss(layer(s[None])[0] if layer else s, np.zeros(1))
                g = layer.backward(loss.backward()[None])[0] if layer else loss.backward()
                w -= 0.15 * g
            return nn.sigmoid(w.sum())

        class HalfMSE(nn.MSE):
            def backward(self):
                return super().backward() / 2

        assert outputs(HalfMSE(), 150, nn.Sigmoid()) == pytest.approx(0.9334, abs=5e-5)
        assert outputs(HalfMSE(), 300, nn.Sigmoid()) == pytest.approx(0.2028, abs=5e-5)
        assert outputs(nn.Logistic(), 150, None) == pytest.approx(0.0257, abs=5e-5)
        assert outputs(nn.Logistic(), 300, None) == pytest.approx(0.0120, abs=5e-5)


class TestRegression:
    y, p = np.array([1.0, 2, 3, 4]), np.array([1.1, 1.9, 3.2, 3.8])

    def test_worked_numbers(self):
        """W46: one outlier multiplies the MSE by 1000 and the MAE by 17."""
        for loss, L in [(nn.MSE(), 0.025), (nn.MAE(), 0.15), (nn.MSLE(), 0.0018942)]:
            assert loss(self.p, self.y) == pytest.approx(L, rel=1e-4)
        assert nn.MAPE()(self.p, self.y) == pytest.approx(6.6667, abs=5e-5)
        outlier = np.array([1.1, 1.9, 3.2, 14])
        assert nn.MSE()(outlier, self.y) == pytest.approx(25.015)
        assert nn.MAE()(outlier, self.y) == pytest.approx(2.6)

    def test_best_constant_is_the_mean_or_the_median(self):
        y, c = np.array([1, 1.1, 0.9, 1.05, 10]), np.linspace(0, 10, 10001)
        assert c[np.argmin([nn.MSE()(np.full(5, v), y) for v in c])] == pytest.approx(2.81)
        assert c[np.argmin([nn.MAE()(np.full(5, v), y) for v in c])] == pytest.approx(1.05)

    def test_huber_joins_parabola_and_line(self):
        loss = nn.Huber(delta=2.0)
        loss(np.array([-5.0, -2, -1, 0, 1, 2, 5]), np.zeros(7))
        np.testing.assert_allclose(loss.each, [8, 2, 0.5, 0, 0.5, 2, 8])
        np.testing.assert_allclose(7 * loss.backward(), [-2, -2, -1, 0, 1, 2, 2])

    def test_log_cosh_by_its_definition(self):
        loss, errors = nn.LogCosh(), np.linspace(-5, 5, 11)
        loss(errors, np.zeros(11))
        np.testing.assert_allclose(loss.each, np.log(np.cosh(errors)), atol=1e-12)

    def test_gradient_at_the_kink_is_zero(self):
        for loss in (nn.MAE(), nn.MAPE()):
            loss(self.y.copy(), self.y)
            assert not loss.backward().any()


def torch_pairs(F, t):
    s, y, bits, w = normal((6, 4)), class_labels(6), inside((6, 4)), [1.0, 0.5, 2.0, 3.0]
    y[2] = 3
    T, c = t.tensor, t.tensor(y)
    w_t, pm = T(w, dtype=t.float64), plus_or_minus((6, 4)).astype(float)
    return [
        (nn.MSE(), s, bits, lambda z: F.mse_loss(z, T(bits))),
        (nn.MAE(), s, bits, lambda z: F.l1_loss(z, T(bits))),
        (nn.Huber(0.7), s, bits, lambda z: F.huber_loss(z, T(bits), delta=0.7)),
        (nn.Huber(), s, bits, lambda z: F.smooth_l1_loss(z, T(bits))),
        (nn.Logistic(), s, bits, lambda z: F.binary_cross_entropy_with_logits(z, T(bits))),
        (nn.BinaryHinge(), s, pm, lambda z: F.relu(1 - T(pm) * z).mean()),
        (nn.Hinge(), s, y, lambda z: 4 * F.multi_margin_loss(z, c)),
        (nn.SquaredHinge(), s, y, lambda z: 4 * F.multi_margin_loss(z, c, p=2)),
        (nn.NLL(weights=w), -np.abs(s), y, lambda z: F.nll_loss(z, c, weight=w_t)),
        (
            nn.SoftmaxCrossEntropy(w, 0.2, ignore=3), s, y,
            lambda z: F.cross_entropy(z, c, weight=w_t, label_smoothing=0.2, ignore_index=3),
        ),
    ]  # fmt: skip


def test_against_torch():
    torch = pytest.importorskip("torch")
    for loss, scores, y, theirs in torch_pairs(torch.nn.functional, torch):
        z = torch.tensor(scores, requires_grad=True)
        L = theirs(z)
        L.backward()
        assert loss(scores, y) == pytest.approx(L.item(), rel=1e-12), loss
        np.testing.assert_allclose(loss.backward(), z.grad.numpy(), rtol=1e-10, atol=1e-14)
