"""The notebooks together: each item of the curriculum has one home, the index knows them all."""

import itertools
import re
from pathlib import Path

import nbformat
import pytest

from .code import functions
from .kernels import ROOT
from .prose import linked_notebooks

NOTEBOOKS = {
    path.stem: nbformat.read(str(path), as_version=4)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
INDEX = "00_start_here"
PLAN = {
    name: items.split()
    for name, items in re.findall(
        r"^(\w+): (.*)$", Path(__file__).with_name("curriculum.txt").read_text(), re.M
    )
}


def items(name):
    return NOTEBOOKS[name].metadata["nnlib"]["items"]


def test_plan_names_each_item_once():
    planned = list(itertools.chain(*PLAN.values()))
    assert len(planned) == len(set(planned)) == 274


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_covers_what_is_planned_for_it(name):
    assert name == INDEX or name in PLAN, "the curriculum knows no such notebook"
    assert sorted(items(name)) == sorted(PLAN.get(name, []))


def test_index_links_every_notebook():
    linked = set(linked_notebooks(NOTEBOOKS[INDEX]))
    assert {f"{name}.ipynb" for name in NOTEBOOKS if name != INDEX} <= linked


def test_every_notebook_leads_on():
    """Each says where to go next; nobody is left at a dead end."""
    assert all(linked_notebooks(notebook) for name, notebook in NOTEBOOKS.items() if name != INDEX)


def test_no_function_is_written_in_two_notebooks():
    seen = {}
    for name, notebook in NOTEBOOKS.items():
        for body, function in functions(notebook).items():
            assert body not in seen, f"{function} in {name} repeats {seen[body]}"
            seen[body] = f"{function} in {name}"
