"""Sequences and patterns drawn by a generator."""

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def test_binary_addition_adds():
    x, y = nn.data.binary_addition(500, 8, rng=rng())
    assert x.shape == (500, 8, 2) and y.shape == (500, 8) and y.dtype.kind == "i"
    value = 2 ** np.arange(8)
    a, b = x[:, :, 0] @ value, x[:, :, 1] @ value
    assert np.array_equal(a + b, y @ value)
    assert a.max() == 127 and a.min() == 0 and (y @ value).max() > 127
    assert nn.data.bits_of(np.array([6]), 4).tolist() == [[0, 1, 1, 0]]
    x, y = nn.data.binary_addition(5, 62, rng=rng())
    assert set(np.unique(x)) == {0.0, 1.0}


def test_adding_problem_marks_one_number_in_each_half():
    x, y = nn.data.adding_problem(2000, 9, rng=rng())
    values, mark = x[:, :, 0], x[:, :, 1]
    assert x.shape == (2000, 9, 2) and values.min() >= 0 and values.max() < 1
    assert (mark[:, :4].sum(axis=1) == 1).all() and (mark[:, 4:].sum(axis=1) == 1).all()
    assert (mark.sum(axis=0) > 0).all()
    np.testing.assert_allclose(y, (values * mark).sum(axis=1))
    assert ((y - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.1)


def test_copy_task_repeats_after_the_signal():
    x, y = nn.data.copy_task(50, length=3, delay=4, symbols=5, rng=rng())
    assert x.shape == (50, 10, 7) and y.shape == (50, 10)
    assert (x.sum(axis=2) == 1).all()
    tokens = x.argmax(axis=2)
    assert np.array_equal(tokens[:, :3], y[:, 7:]) and not y[:, :7].any()
    assert (tokens[:, 6] == 6).all() and not tokens[:, 3:6].any() and not tokens[:, 7:].any()
    assert set(np.unique(y[:, 7:])) == {1, 2, 3, 4, 5}


def test_delayed_recall_asks_for_the_first_symbol():
    x, y = nn.data.delayed_recall(200, delay=6, symbols=3, rng=rng())
    assert x.shape == (200, 7, 6) and (x.sum(axis=2) == 1).all()
    tokens = x.argmax(axis=2)
    assert np.array_equal(tokens[:, 0], y) and set(y) == {0, 1, 2}
    assert set(np.unique(tokens[:, 1:])) == {3, 4, 5}


def test_sequences_come_from_their_generator():
    for make in (
        nn.data.binary_addition, nn.data.adding_problem, nn.data.copy_task,
        nn.data.delayed_recall,
    ):  # fmt: skip
        (x, y), (again, _), (other, _) = (make(20, rng=rng(s)) for s in (0, 0, 1))
        assert np.array_equal(x, again) and not np.array_equal(x, other) and len(y) == 20
        assert x.dtype == np.float64


def test_bars_and_stripes_are_all_there_once():
    for side in (1, 2, 3, 4):
        x = nn.data.bars_and_stripes(side)
        count = 2 * 2**side - 2
        assert x.shape == (count, side**2) and len(np.unique(x, axis=0)) == count
        pictures = x.reshape(-1, side, side)
        bars = (pictures == pictures[:, :1]).all(axis=(1, 2))
        stripes = (pictures == pictures[:, :, :1]).all(axis=(1, 2))
        assert (bars | stripes).all() and (bars & stripes).sum() == 2
    assert nn.data.bars_and_stripes(3, np.float32).dtype == np.float32


R = rng()
BAD = [
    (lambda: nn.data.binary_addition(0, rng=R), ValueError, "binary_addition n"),
    (lambda: nn.data.binary_addition(5, 1, rng=R), ValueError, "binary_addition bits"),
    (lambda: nn.data.binary_addition(5, 63, rng=R), ValueError, "2 to 62"),
    (lambda: nn.data.binary_addition(5, rng=7), TypeError, "rng"),
    (lambda: nn.data.bits_of(np.ones(3, int), 0), ValueError, "bits"),
    (lambda: nn.data.bits_of(np.ones(3), 4), TypeError, "whole numbers"),
    (lambda: nn.data.bits_of(np.array([-1]), 4), ValueError, "whole numbers"),
    (lambda: nn.data.adding_problem(5, 1, rng=R), ValueError, "adding_problem steps"),
    (lambda: nn.data.adding_problem(5.0, rng=R), TypeError, "adding_problem n"),
    (lambda: nn.data.adding_problem(5, rng=np.random), TypeError, "rng"),
    (lambda: nn.data.copy_task(5, length=0, rng=R), ValueError, "copy_task length"),
    (lambda: nn.data.copy_task(5, delay=0, rng=R), ValueError, "copy_task delay"),
    (lambda: nn.data.copy_task(5, symbols=0, rng=R), ValueError, "copy_task symbols"),
    (lambda: nn.data.copy_task(5, rng=None), TypeError, "rng"),
    (lambda: nn.data.delayed_recall(5, symbols=1, rng=R), ValueError, "delayed_recall symbols"),
    (lambda: nn.data.delayed_recall(5, delay=True, rng=R), TypeError, "delayed_recall delay"),
    (lambda: nn.data.delayed_recall(5, rng="0"), TypeError, "rng"),
    (lambda: nn.data.bars_and_stripes(0), ValueError, "side"),
    (lambda: nn.data.bars_and_stripes(11), ValueError, "1 to 10"),
    (lambda: nn.data.bars_and_stripes(3, int), TypeError, "float dtype"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
