"""What the sweep tries: ends, middle, options, and every pair of values in few rows."""

import itertools

import pytest

from .domains import Unknown, domain, ends_and_middle, pairwise
from .frontend import Model
from .sweep import few


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("IntSliderModel", {"min": 0, "max": 9, "step": 1}, ("value", [0, 4, 9])),
        ("FloatSliderModel", {"min": 0.0, "max": 1.0, "step": 0.4}, ("value", [0.0, 0.4, 1.0])),
        ("BoundedFloatTextModel", {"min": -1.0, "max": 1.0, "step": None}, ("value", [-1, 0, 1])),
        (
            "FloatLogSliderModel",
            {"min": -2.0, "max": 0.0, "step": 1.0, "base": 10.0},
            ("value", [0.01, 0.1, 1.0]),
        ),
        ("DropdownModel", {"_options_labels": ["a", "b"]}, ("index", [0, 1])),
        ("CheckboxModel", {}, ("value", [True, False])),
        ("TextModel", {"value": "x", "good": ["1", "2"], "bad": ["?"]}, ("value", ["1", "2"])),
        ("CheckboxModel", {"disabled": True}, None),
        ("HTMLModel", {"value": "x"}, None),
        ("VBoxModel", {"children": []}, None),
    ],
)
def test_domain(kind, state, expected):
    assert domain(Model(kind, state)) == expected


def test_a_control_nobody_knows_is_no_silence():
    with pytest.raises(Unknown, match="ColorPickerModel without samples"):
        domain(Model("ColorPickerModel", {"value": "red"}))


def test_the_middle_is_a_value_a_slider_can_have():
    low, middle, high = ends_and_middle({"min": 1, "max": 4, "step": 2})
    assert (low, middle, high) == (1, 3, 4) or (low, middle, high) == (1, 1, 4)


@pytest.mark.parametrize("sizes", [[2, 2], [2] * 15, [3, 4, 2, 5], [1, 6]])
def test_every_pair_occurs_in_few_rows(sizes):
    rows = pairwise([list(range(size)) for size in sizes])
    for (i, a), (j, b) in itertools.combinations(enumerate(sizes), 2):
        seen = {(row[i], row[j]) for row in rows}
        assert seen == set(itertools.product(range(a), range(b)))
    largest = sorted(sizes)[-2:]
    assert len(rows) <= 2 * largest[0] * largest[1] + 6


def test_pairs_are_the_same_in_every_run():
    assert pairwise([[0, 1], [2, 3], [4, 5]]) == pairwise([[0, 1], [2, 3], [4, 5]])


@pytest.mark.parametrize(
    ("values", "most", "expected"),
    [("abc", 2, "ac"), ("abcdefghi", 5, "acegi"), ("ab", 5, "ab"), ("a", 5, "a"), ("", 2, "")],
)
def test_few_keeps_the_ends(values, most, expected):
    assert "".join(few(list(values), most)) == expected
