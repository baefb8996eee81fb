"""The server as installed; two notebooks in one window, which do not disturb each other."""

import nbformat
import pytest

from .page import Notebook

pytestmark = pytest.mark.browser

CELLS = (
    """
import asyncio
import numpy as np
from nnlib.interact import explore, live

def draw(ax, height):
    ax.axhline(height)
    ax.set_ylim(-1, 11)
    return f"A line at {height}."

def run(speed):
    for i in range(400):
        yield {"progress": i / 399, "height": 10 * i / 399}
        np.linalg.svd(np.ones((60, 60)))
""",
    "explore(draw, height=(0, 10, 1, 5))",
    "live(run, lambda ax, snapshot: draw(ax, snapshot['height']), speed=(1, 2, 1, 1))",
)


@pytest.fixture
def twins(tmp_path):
    paths = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    for path in paths:
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, path)
    return paths


def test_the_server_loads_its_extension(lab):
    assert "nnlib.lab | extension was successfully loaded" in lab.log.read_text()


def look(nb):
    return [nb.signature(exhibit) for exhibit in nb.exhibits()]


def move(nb):
    """The slider of the first exhibit one step up; what both exhibits show then."""
    first = nb.exhibits()[0]
    nb.show(first)
    slider = nb.controls(first)[0]
    nb.locate(slider).press("ArrowRight")
    nb.rest(first)
    return look(nb)


def start(nb):
    training = nb.exhibits()[1]
    nb.show(training)
    button = next(c for c in nb.controls(training) if c["label"] == "Start")
    nb.locate(button).click()


def test_each_moves_and_trains_alone(lab, browser, twins):
    one, other = twins
    with Notebook(lab, browser, one) as nb:
        nb.run_all()
        nb.rest(nb.exhibits()[0])
        fresh = look(nb)
        nb.switch(other)
        nb.run_all()
        nb.rest(nb.exhibits()[0])
        assert look(nb) == fresh

        start(nb)  # the other one trains while the first one is moved
        nb.switch(one)
        assert look(nb) == fresh
        moved = move(nb)
        assert moved[0] != fresh[0] and moved[1] == fresh[1]

        nb.switch(other)
        nb.rest(nb.exhibits()[1])
        trained = look(nb)
        assert trained[0] == fresh[0] and trained[1] != fresh[1]
        assert move(nb) == [moved[0], trained[1]]
        assert nb.js("() => nn.broken()") == []
        nb.switch(one)
        assert look(nb) == moved
        assert nb.js("() => nn.broken()") == []
        assert nb.console == []
