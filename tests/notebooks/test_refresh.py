"""Refreshing a notebook twice gives the same bytes, and a notebook that fails is left alone."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests import refresh

from .canonical import WIDGET_VIEW, canonical, dumps, is_canonical, read


def written(path, *sources):
    cells = [new_code_cell(source) for source in sources]
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), *cells])
    notebook.metadata["nnlib"] = {"items": ["SCORE-1"]}
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


def test_refresh_is_byte_identical_and_canonical(tmp_path):
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()"
    slider = "import ipywidgets\nipywidgets.IntSlider(3)"
    path = written(tmp_path / "a.ipynb", "6 * 7", plot, slider)
    assert refresh.main(["--check", str(path)]) == 1
    assert refresh.main([str(path)]) == 0
    first = path.read_bytes()
    assert refresh.main([str(path)]) == 0 and path.read_bytes() == first
    assert refresh.main(["--check", str(path)]) == 0

    notebook = json.loads(first)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3]
    assert code[0]["outputs"][0]["data"] == {"text/plain": ["42"]}
    assert "image/png" in code[1]["outputs"][0]["data"]
    assert list(code[2]["outputs"][0]["data"]) == ["text/plain"]
    assert "widgets" not in notebook["metadata"]
    assert notebook["metadata"]["nnlib"] == {"items": ["SCORE-1"]}


def test_a_notebook_that_raises_is_left_alone(tmp_path, capsys):
    path = written(tmp_path / "a.ipynb", "1 / 0")
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    assert path.read_bytes() == before and "ZeroDivisionError" in capsys.readouterr().out


def test_ids_that_are_missing_or_repeated_are_given_once_for_all(tmp_path):
    raw = json.loads(written(tmp_path / "a.ipynb", "1", "2", "3").read_text())
    del raw["cells"][1]["id"]
    raw["cells"][3]["id"] = raw["cells"][2]["id"]
    one, two = (dumps(canonical(read(json.dumps(raw)))) for _ in range(2))
    assert one == two and is_canonical(one)
    ids = [cell["id"] for cell in json.loads(one)["cells"]]
    assert len(set(ids)) == 4 and ids[2] == raw["cells"][2]["id"]


def test_what_differs_from_run_to_run_is_not_canonical(tmp_path):
    text = dumps(canonical(read(written(tmp_path / "a.ipynb", "1").read_text())))
    assert is_canonical(text)
    for spoil in (
        lambda nb: nb["metadata"].update(widgets={"state": {}}),
        lambda nb: nb["metadata"]["language_info"].update(version="3.11.7"),
        lambda nb: nb["cells"][0]["metadata"].update(collapsed=True),
        lambda nb: nb["cells"][1].update(execution_count=7),
        lambda nb: nb["cells"][1].update(execution_count=None),
        lambda nb: nb["cells"][1]["outputs"].append(
            {"output_type": "display_data", "metadata": {}, "data": {WIDGET_VIEW: {}}}
        ),
    ):
        spoiled = json.loads(text)
        spoil(spoiled)
        assert not is_canonical(json.dumps(spoiled, indent=1, ensure_ascii=False) + "\n")
