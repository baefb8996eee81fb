"""pytest as an author runs it, over a sound notebook and copies that each went stale in one way."""

import base64
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree

import numpy as np
import pytest
from matplotlib.image import imsave
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests import refresh

from .canonical import dumps
from .kernels import ROOT

EXHIBIT = """\
def draw(ax, margin, wide):
    ax.bar([0, 1], [margin, 2], width=0.9 if wide else 0.4)
    return f"the margin is {margin:.1f}"


explore(draw, margin=(0, 3, 0.5, 1.0), wide=False)"""
CELLS = [
    new_markdown_cell("# Sound"),
    new_code_cell("import matplotlib.pyplot as plt"),
    new_code_cell("total = 2 + 3\ntotal"),
    new_markdown_cell("A picture."),
    new_code_cell('plt.bar(["a", "b"], [total, 1])\nplt.show()'),
    new_markdown_cell("An exhibit."),
    new_code_cell("from nnlib.interact import explore"),
    new_code_cell(EXHIBIT),
]


def stored(source, target, cell, change):
    """A copy of a notebook with one of its cells changed."""
    notebook = json.loads(source.read_text())
    change(notebook["cells"][cell])
    target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def repaint(cell):
    """Another picture in the place of the stored one, of the same size."""
    data = next(output["data"] for output in cell["outputs"] if "data" in output)
    size = np.frombuffer(base64.b64decode(data["image/png"])[16:24], dtype=">u4")
    out = io.BytesIO()
    imsave(out, np.indices(size[::-1]).sum(axis=0) % 90, format="png")
    data["image/png"] = base64.b64encode(out.getvalue()).decode()


STALE = {
    "text": (2, lambda cell: cell["outputs"][0].update(data={"text/plain": ["6"]})),
    "picture": (4, repaint),
    "exhibit": (7, repaint),
    "gone": (2, lambda cell: cell.update(outputs=[])),
    "uncounted": (2, lambda cell: cell.update(outputs=[], execution_count=None)),
    "source": (2, lambda cell: cell.update(source="total = 2 + 4\ntotal")),
    "error": (2, lambda cell: cell.update(source="total = 2 / 0\ntotal")),
    "callback": (7, lambda cell: cell.update(source=EXHIBIT.replace("[margin,", "[1 / margin,"))),
}


def run(folder, *selected):
    """Outcome and text of every test that pytest runs over notebooks of ``folder``."""
    report = folder / "report.xml"
    arguments = ["-c", f"{ROOT / 'pyproject.toml'}", "--rootdir=.", "-p", "tests.notebooks.plugin"]
    subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report.name}", "-n0", *selected],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    outcomes = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        said = [child.text or "" for child in case if child.tag in ("failure", "error")]
        outcomes[case.get("classname").split(".")[0], case.get("name")] = "".join(said)
    return outcomes


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    sound = folder / "sound.ipynb"
    sound.write_text(dumps(new_notebook(cells=CELLS, metadata={"nnlib": {"items": []}})))
    assert refresh.main([str(sound)]) == 0
    for name, (cell, change) in STALE.items():
        stored(sound, folder / f"{name}.ipynb", cell, change)
    with_exhibits, cells_only = {"sound", "callback"}, STALE.keys() - {"callback"}
    names = ({f"{name}.ipynb" for name in group} for group in (with_exhibits, cells_only))
    return run(folder, *next(names)) | run(folder, *next(names), "-k", "Cell")


def failed(outcomes, notebook):
    return {name: said for (book, name), said in outcomes.items() if book == notebook and said}


def test_sound_notebook_passes_whole(outcomes):
    names = [name for book, name in outcomes if book == "sound"]
    assert names == ["static", *(f"Cell {k}" for k in range(5)), "widgets", "solved"]
    assert failed(outcomes, "sound") == {}


@pytest.mark.parametrize(
    ("notebook", "test", "said"),
    [
        ("text", "Cell 1", "Cell outputs differ"),
        ("picture", "Cell 2", "picture 0 is stale"),
        ("exhibit", "Cell 4", "picture 0 is stale"),
        ("gone", "Cell 1", "Unexpected output fields"),
        ("uncounted", "Cell 1", "The cell has no stored run"),
        ("source", "Cell 1", "Cell outputs differ"),
        ("error", "Cell 1", "ZeroDivisionError"),
        ("callback", "widgets", "ZeroDivisionError"),
    ],
)
def test_what_went_stale_fails(outcomes, notebook, test, said):
    assert said in failed(outcomes, notebook)[test]


def test_one_cell_brings_those_it_needs(outcomes, tmp_path):
    path = tmp_path / "sound.ipynb"
    path.write_text(dumps(new_notebook(cells=CELLS[:3], metadata={"nnlib": {"items": []}})))
    assert refresh.main([str(path)]) == 0
    assert list(run(tmp_path, "sound.ipynb::Cell 1")) == [("sound", "Cell 0"), ("sound", "Cell 1")]
