"""Every notebook in the real JupyterLab: opened, run, each control moved, restarted, run again."""

from pathlib import Path

import pytest

from .drive import moves_of, watching
from .inspection import Inspection
from .page import Notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(lab, browser, request):
    """A notebook, opened once; the tests below come to it in their order."""
    with Notebook(lab, browser, request.param) as nb:
        yield nb


def trouble(nb):
    """Cells that failed, widgets that are not there, errors that exhibits show."""
    cells = [c for c in nb.cells() if "raises-exception" not in c["tags"]]
    return [(c["index"], e) for c in cells for e in c["errors"]] + nb.js("() => nn.broken()")


def pictures(nb):
    """What every exhibit shows at rest, by its place."""
    shown = {}
    for exhibit in nb.exhibits():
        nb.show(exhibit)
        shown[exhibit["id"]] = nb.rest(exhibit)
    return shown


def answers(nb, exhibit):
    """Whether the exhibit follows the first of its controls that has something to move."""
    nb.show(exhibit)
    controls = nb.controls(exhibit)
    if exhibit["kind"] == "predict":  # it answers to its button
        controls.sort(key=lambda control: control["kind"] != "button")
    for control in controls:
        if control["shown"] and not control["disabled"]:
            with watching(nb, exhibit) as watch:
                for act in moves_of(nb, control):
                    if act() is not False and watch.answered():
                        return True
    return False


def test_opened_and_not_run_it_shows_its_stored_pictures(notebook):
    for cell in notebook.cells():
        if cell["outputs"]:
            notebook.show({"cell": cell["index"], "id": ""})
            stored, shown = notebook.js("i => nn.images(i)", cell["index"])
            assert shown == stored, f"cell {cell['index']} shows {shown} of {stored} pictures"
    assert trouble(notebook) == []
    assert notebook.exhibits() == []


def test_every_control(notebook):
    faults = Inspection(notebook, ROOT / "ci-output" / "browser").faults()
    assert not faults, "\n" + "\n".join(map(str, faults))


def test_restarted_and_run_then_its_exhibits_once_more_backwards(notebook):
    notebook.restart()
    notebook.run_all()
    assert trouble(notebook) == []
    first = pictures(notebook)
    for index in sorted({exhibit["cell"] for exhibit in notebook.exhibits()}, reverse=True):
        notebook.run_cell(index)
    assert pictures(notebook) == first
    silent = [e["id"] for e in notebook.exhibits() if not answers(notebook, e)]
    assert silent == []
    assert trouble(notebook) == []
