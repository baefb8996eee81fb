"""Each class of fault, planted in a small notebook, is found; a good notebook has none."""

import re

import nbformat
import pytest

from .inspection import Inspection
from .page import Notebook

pytestmark = pytest.mark.browser

WAVE = """
import time
import ipywidgets as widgets
import numpy as np
from nnlib.interact import explore, live, step_through

def wave(ax, height):
    ax.plot(np.linspace(-1, 1, 50), height * np.ones(50))
    ax.set(ylim=(-3, 3))
    return "A line across the picture."
"""
GOOD = "explore(wave, height=(0, 2, 0.1, 1))"

PLANTED = {
    "not rendered": """
from IPython.display import display
display({"application/vnd.jupyter.widget-view+json":
         {"model_id": "0" * 32, "version_major": 2, "version_minor": 0}}, raw=True)
""",
    "dead control": """
explore(lambda ax, height, idle: wave(ax, height), height=(0, 2, 0.1, 1), idle=(0, 9, 1, 3))
""",
    "dead control, for Play has no Pause": """
exhibit = step_through(lambda ax, step: wave(ax, step / 20), 30)
play = next(part for part in exhibit.children[1].children if isinstance(part, widgets.Play))
play.observe(lambda change: setattr(play, "playing", True), "playing")
exhibit
""",
    "callback error": """
def broken(ax, height):
    return wave(ax, height if height < 1.9 else [height] * 3)
explore(broken, height=(0, 2, 0.1, 1))
""",
    "callback error in the log only": """
exhibit = explore(wave, height=(0, 2, 0.1, 1))
exhibit.controls["height"].observe(lambda change: {}["no such key"], "value")
exhibit
""",
    "height": """
def tall(ax, height):
    return wave(ax, height) + "<br>more" * 3 * (height > 1.5)
explore(tall, height=(0, 2, 0.1, 1))
""",
    "lag": """
def slow(ax, height):
    time.sleep(0.9)
    return wave(ax, height)
explore(slow, height=(0, 2, 0.1, 1))
""",
    "console error": """
from IPython.display import Javascript, display
display(Javascript("console.error('something is wrong')"))
""",
    "request outside": """
from IPython.display import HTML, display
display(HTML("<img src='https://example.invalid/picture.png' width=1 height=1>"))
""",
    "request outside, by the kernel": """
import contextlib, socket
with contextlib.suppress(OSError):
    socket.create_connection(("192.0.2.1", 9), timeout=0.1)
""",
    "no Tab": """
from IPython.display import HTML, display
exhibit = explore(wave, height=(0, 2, 0.1, 1))
page = widgets.HTML("<style onload='setTimeout(() => this.closest(`.nn-exhibit`)"
                    ".querySelector(`.noUi-handle`).tabIndex = -1, 300)'></style>")
exhibit.children = (*exhibit.children, page)
exhibit
""",
    "no name": "explore(wave, height=widgets.FloatSlider(value=1, max=2, description=' '))",
    "keyboard": """
class Plain(widgets.VBox):
    pass
choice = widgets.Dropdown(options=["one", "two"], description="which")
said = widgets.HTML("one")
choice.observe(lambda change: setattr(said, "value", change.new), "value")
Plain([choice, said])
""",
    "contrast": """
exhibit = explore(wave, height=(0, 2, 0.1, 1))
words = widgets.HTML("<p style='color: #999; background: #fff'>faint</p>")
exhibit.children = (*exhibit.children, words)
exhibit
""",
    "contrast in the dark theme": """
exhibit = explore(wave, height=(0, 2, 0.1, 1))
exhibit.children = (*exhibit.children, widgets.HTML("<p style='color: #222'>dim</p>"))
exhibit
""",
    "contrast in a picture": """
def faint(ax, height):
    ax.text(0, -2, "faint", color="#999999")
    return wave(ax, height)
explore(faint, height=(0, 2, 0.1, 1))
""",
    "training": """
def run(speed):
    for i in range(3):
        if i:
            time.sleep(4)
        yield {"progress": i / 2, "height": i}
live(run, lambda ax, snapshot: wave(ax, snapshot["height"]), speed=(1, 3, 1, 1))
""",
    "cell error": "1 / 0",  # Run All ends here
}


ELSEWHERE = {  # faults that name no cell
    "console error": "something is wrong",
    "request outside": "example.invalid",
    "request outside, by the kernel": "192.0.2.1",
    "contrast in a picture": "'faint'",
}
ALONG = {
    "callback error": {"height"},
    "dead control, for Play has no Pause": {"lag"},
    "request outside": {"not rendered"},
}  # what else a plant may bring along


@pytest.fixture(scope="module")
def inspected(lab, browser, tmp_path_factory):
    """All plants in one notebook, inspected once: the faults, and the folder of pictures."""
    folder = tmp_path_factory.mktemp("planted")
    notebook = nbformat.v4.new_notebook()
    sources = [WAVE, GOOD, *PLANTED.values()]
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path = folder / "planted.ipynb"
    nbformat.write(notebook, path)
    with Notebook(lab, browser, path) as nb, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.browser.trial.TRAINING", 2)
        patch.setattr("tests.browser.trial.held_up", lambda: 1)
        return Inspection(nb, folder).faults(), folder


def of_cell(faults, index):
    """The faults whose place is in this cell."""
    return [f for f in faults if re.match(rf"(cell |c){index}\b|c{index}e", f.where)]


def test_a_good_exhibit_has_no_fault(inspected):
    faults, folder = inspected
    assert of_cell(faults, 1) == []
    shots = {path.stem for path in folder.glob("planted-c1e0-*.png")}
    assert shots == {f"planted-c1e0-{name}" for name in ("light-start", "light-moved", "dark")}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found(inspected, planted):
    faults, _ = inspected
    kind = planted.split(" in ")[0].split(",")[0]
    if planted in ELSEWHERE:
        assert any(f.kind == kind and ELSEWHERE[planted] in f.what for f in faults)
    mine = of_cell(faults, 2 + list(PLANTED).index(planted))
    if planted == "contrast in the dark theme":
        assert all("dark theme" in f.where for f in mine)
    here = {f.kind for f in mine}
    assert here - ALONG.get(planted, set()) == ({kind} if planted not in ELSEWHERE else set())
