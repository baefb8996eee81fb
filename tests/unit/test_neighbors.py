"""k nearest neighbours and the perceptron."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.neighbors import euclidean, manhattan


def rng(seed=0):
    return np.random.default_rng(seed)


def test_distances_by_hand_and_by_definition():
    a, b = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [1.0, 1.0], [0.0, -2.0]])
    assert euclidean(a, b)[0].tolist() == [5, np.sqrt(2), 2]
    assert manhattan(a, b).tolist() == [[7, 2, 2], [5, 0, 4]]
    a, b = rng().random((7, 5)), rng(1).random((6, 5))
    gap = a[:, None] - b
    np.testing.assert_allclose(euclidean(a, b), np.sqrt((gap**2).sum(axis=2)))
    np.testing.assert_allclose(manhattan(a, b), np.abs(gap).sum(axis=2))
    assert euclidean(a + 1e4, a + 1e4).min() == 0  # no root of a number rounded below 0


def test_five_steps_on_a_line():
    x, y = np.array([[0.0], [1.0], [2.0], [10.0]]), np.array([0, 2, 2, 0])
    knn = nn.KNearestNeighbors(x, y, k=3)
    np.testing.assert_allclose(knn(np.array([[1.9], [9.0]])), [[1 / 3, 0, 2 / 3]] * 2)
    assert knn.nearest.tolist() == [[2, 1, 0], [3, 2, 1]]
    np.testing.assert_allclose(knn.distances, [[0.1, 0.9, 1.9], [1, 7, 8]])
    assert knn.predict(np.array([[1.9], [9.0]])).tolist() == [2, 2]
    assert nn.KNearestNeighbors(x, y, k=1).predict(np.array([[9.0]])).tolist() == [0]


def test_ties_go_to_the_earlier_example_and_the_smaller_class():
    x, y = np.array([[1.0], [-1.0], [1.0]]), np.array([1, 0, 2])
    knn = nn.KNearestNeighbors(x, y, k=1)
    assert knn.predict(np.zeros((1, 1))).tolist() == [1] and knn.nearest.tolist() == [[0]]
    assert nn.KNearestNeighbors(x, y, k=2).predict(np.zeros((1, 1))).tolist() == [0]
    many = nn.KNearestNeighbors(np.tile([[2.0], [1.0]], (100, 1)), np.arange(200), k=5)
    many(np.zeros((1, 1)))
    assert many.nearest.tolist() == [[1, 3, 5, 7, 9]]


def test_the_distance_decides():
    x, y = np.array([[3.0, 0.0], [2.0, 2.0]]), np.array([0, 1])  # L2: 3, 2.83; L1: 3, 4
    origin = np.zeros((1, 2))
    assert nn.KNearestNeighbors(x, y).predict(origin).tolist() == [1]
    assert nn.KNearestNeighbors(x, y, distance=manhattan).predict(origin).tolist() == [0]


def test_digits_accuracy_and_pieces():
    d = nn.data.digits()
    accuracy = {k: nn.accuracy(nn.KNearestNeighbors(d.x_train, d.y_train, k), d.x_test, d.y_test)
                for k in (1, 3, 5)}  # fmt: skip
    assert {k: round(a * 359) for k, a in accuracy.items()} == {1: 356, 3: 354, 5: 355}
    whole = nn.KNearestNeighbors(d.x_train, d.y_train, 5)
    scores = whole(d.x_test)  # 359 rows are searched in several pieces
    single = np.concatenate([whole(d.x_test[i : i + 1]) for i in range(0, 359, 50)])
    assert np.array_equal(scores[::50], single)


def test_same_predictions_as_scikit_learn():
    neighbors = pytest.importorskip("sklearn.neighbors")
    d = nn.data.digits(np.float64)
    train, test = d.x_train.reshape(1438, 64), d.x_test.reshape(359, 64)
    for k in (1, 3, 4, 7):
        peer = neighbors.KNeighborsClassifier(k, algorithm="brute").fit(train, d.y_train)
        mine = nn.KNearestNeighbors(train, d.y_train, k)
        assert np.array_equal(mine.predict(test), peer.predict(test))
        np.testing.assert_allclose(mine.distances, peer.kneighbors(test)[0], atol=1e-7)


def test_the_number_of_scikit_learns_own_digits_exercise():
    """First nine tenths of the images train, the rest tests: .961111 with its default k = 5."""
    images, y = pytest.importorskip("sklearn.datasets").load_digits(return_X_y=True)
    for k, expected in ((1, "0.966667"), (5, "0.961111")):
        knn = nn.KNearestNeighbors(images[:1617] / 16, y[:1617], k)
        assert f"{nn.accuracy(knn, images[1617:] / 16, y[1617:]):.6f}" == expected


GATES = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    "name, y, epochs, W, b",
    [
        ("AND", [0, 0, 0, 1], 6, [2, 1], -2),
        ("OR", [0, 1, 1, 1], 4, [1, 1], 0),
        ("NAND", [1, 1, 1, 0], 6, [-2, -1], 3),
    ],
)
def test_perceptron_learns_the_separable_gates(name, y, epochs, W, b):
    neuron = nn.Perceptron(2)
    mistakes = list(neuron.learn(GATES, np.array(y), 100))
    assert len(mistakes) == epochs and mistakes[-1] == 0 and min(mistakes[:-1]) > 0
    assert neuron.W.tolist() == W and neuron.b.tolist() == [b]
    assert neuron(GATES).tolist() == y


def test_perceptron_never_learns_xor():
    mistakes = list(nn.Perceptron(2).learn(GATES, np.array([0, 1, 1, 0]), 1000))
    assert len(mistakes) == 1000 and min(mistakes) > 0


def test_perceptron_keeps_novikoffs_bound_and_the_rate_only_scales():
    x = rng().standard_normal((200, 2))
    side = x @ [1.0, 2.0] / np.sqrt(5) + 0.3
    x, side = x[np.abs(side) > 0.2], side[np.abs(side) > 0.2]
    y = (side > 0).astype(int)
    one, tenth = nn.Perceptron(2), nn.Perceptron(2, lr=0.125)
    mistakes = list(one.learn(x, y, 500))
    assert mistakes[-1] == 0 and np.array_equal(one(x), y)
    extended = np.column_stack([x, np.ones(len(x))])
    radius, reach = np.linalg.norm(extended, axis=1).max(), np.sqrt(1 + 0.3**2)
    assert sum(mistakes) <= (radius * reach / 0.2) ** 2
    assert list(tenth.learn(x, y, 500)) == mistakes
    np.testing.assert_allclose(tenth.W, one.W / 8)


X, Y = np.ones((4, 3)), np.array([0, 1, 0, 1])
KNN, P = nn.KNearestNeighbors, nn.Perceptron
BAD = [
    (lambda: KNN([[1.0]], [0]), TypeError, "KNearestNeighbors x"),
    (lambda: KNN(X.astype(np.uint8), Y), TypeError, "floats"),
    (lambda: KNN(np.ones(4), Y), ValueError, r"shape \(N, \.\.\.\)"),
    (lambda: KNN(np.ones((0, 3)), Y[:0]), ValueError, r"shape \(N, \.\.\.\)"),
    (lambda: KNN(X * np.nan, Y), ValueError, "finite"),
    (lambda: KNN(X, Y[:3]), ValueError, "labels"),
    (lambda: KNN(X, Y / 2), TypeError, "labels"),
    (lambda: KNN(X, -Y), ValueError, "labels"),
    (lambda: KNN(X, np.eye(4, dtype=int)), ValueError, "labels"),
    (lambda: KNN(X, Y, 0), ValueError, "KNearestNeighbors k"),
    (lambda: KNN(X, Y, 5), ValueError, "at most 4"),
    (lambda: KNN(X, Y, 1.0), TypeError, "KNearestNeighbors k"),
    (lambda: KNN(X, Y)(np.ones((2, 4))), ValueError, r"shape \(M, 3\), got \(2, 4\)"),
    (lambda: KNN(X, Y)(np.ones((0, 3))), ValueError, r"shape \(M, 3\)"),
    (lambda: KNN(X, Y).predict(np.full((1, 3), np.inf)), ValueError, "finite"),
    (lambda: P(0), ValueError, "Perceptron n_in"),
    (lambda: P(2, lr=0), ValueError, "Perceptron lr"),
    (lambda: P(2, lr="1"), TypeError, "Perceptron lr"),
    (lambda: P(2)(X), ValueError, r"Perceptron takes x of shape \(N, 2\), got \(4, 3\)"),
    (lambda: P(3)(X.astype(int)), TypeError, "floats"),
    (lambda: list(P(3).learn(X, Y + 1, 2)), ValueError, r"class indices 0\.\.1"),
    (lambda: list(P(3).learn(X, Y * 1.0, 2)), TypeError, "labels"),
    (lambda: list(P(3).learn(X, Y, 0)), ValueError, "epochs"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
