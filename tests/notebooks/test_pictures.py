"""The comparison of pictures sees other data and overlooks a hair's breadth."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .pictures import LIMIT, difference, is_blank, pixels


def drawn(heights, width=2.0, size=(4, 3)):
    figure, out = Figure(figsize=size), io.BytesIO()
    axes = figure.subplots()
    axes.plot(heights, linewidth=width)
    axes.set_ylim(0, 10)
    FigureCanvasAgg(figure).print_png(out)
    return out.getvalue()


def test_same_picture_and_a_hair_differ_little():
    picture = drawn([1, 5, 3])
    assert difference(picture, picture) == 0
    assert 0 < difference(picture, drawn([1, 5, 3], width=2.2)) < LIMIT


@pytest.mark.parametrize("other", [drawn([1, 6, 3]), drawn([9, 2, 4]), drawn([])])
def test_other_data_is_another_picture(other):
    assert difference(drawn([1, 5, 3]), other) > LIMIT


def test_another_size_is_another_picture():
    assert difference(drawn([1]), drawn([1], size=(4, 4))) == np.inf


def test_a_change_in_the_last_rows_counts(monkeypatch):
    """Sizes that are no multiple of the block keep their margin."""
    white, marked = np.ones((12, 12, 3)), np.ones((12, 12, 3))
    marked[8:, 8:] = 0
    monkeypatch.setattr("tests.notebooks.pictures.pixels", lambda picture: picture)
    assert difference(white, marked) > LIMIT


def test_blank():
    out = io.BytesIO()
    FigureCanvasAgg(Figure()).print_png(out)
    assert is_blank(out.getvalue()) and is_blank(b"no picture") and is_blank(b"")
    assert not is_blank(drawn([1]))
    assert pixels(drawn([1])).shape == (300, 400, 3)
