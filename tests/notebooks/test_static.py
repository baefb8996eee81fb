"""The rules for stored notebooks find each breach of theirs, and nothing in a sound notebook."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from . import static
from .canonical import WIDGET_VIEW, canonical, dumps

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


def text(data):
    return new_output("execute_result", {"text/plain": data}, execution_count=1)


def sound():
    cells = [
        new_markdown_cell("# A notebook\n\nOne formula, $L_i = -\\ln p_y$, and `$code$`."),
        new_code_cell("import numpy as np\n\nimport nnlib as nn"),
        new_code_cell("np.random.default_rng(0).integers(9)", outputs=[text("7")]),
        new_markdown_cell("## Further\n\nBack to [the beginning](#A-notebook), which says more."),
        new_code_cell(
            "def mean_loss(losses): ...\n\n\nnn.exercises.check(mean_loss)",
            metadata={"tags": ["exercise"]},
            outputs=[new_output("stream", name="stdout", text="… not attempted yet\n")],
        ),
    ]
    notebook = new_notebook(cells=cells, metadata={"nnlib": {"items": ["SCORE-1"]}})
    return canonical(notebook)


def prose(words):
    return lambda nb: nb.cells[3].update(source=f"## Further\n\n{words}")


def code(source):
    return lambda nb: nb.cells[2].update(source=source)


def output(*outputs):
    return lambda nb: nb.cells[2].update(outputs=list(outputs))


def cells(*more):
    return lambda nb: nb.cells.extend(more)


BREACHES = {
    "no title": (lambda nb: nb.cells[0].update(source="text"), "one title"),
    "two titles": (prose("# Another"), "one title .* there are 2"),
    "level": (prose("#### Deep"), "the level jumps from 2 to 4 at 'Deep'"),
    "same headings": (prose("## Further"), "two headings 'Further'"),
    "long prose": (prose("word " * 121), "12[0-9] words, more than 120"),
    "empty prose": (lambda nb: nb.cells[3].update(source=""), "the cell is empty"),
    "unknown macro": (prose("$\\fraq{1}{2}$"), r"unknown macro \\fraq"),
    "missing brace": (prose("$\\frac{1}{2$"), "a } is missing"),
    "extra brace": (prose("$x}$"), "a } too many"),
    "left alone": (prose("$$\\left( x$$"), "left and .right do not match"),
    "environment": (prose("$$\\begin{matrix} 1$$"), "without its .end"),
    "stray &": (prose("$$a & b$$"), "& outside an environment"),
    "lonely $": (prose("It costs $x for all."), r"a \$ without its partner"),
    "broken link": (prose("See [the next one](nowhere.ipynb)."), "broken link: nowhere.ipynb"),
    "broken anchor": (prose("See [the next part](#Nowhere)."), "no such heading: #Nowhere"),
    "vague link": (prose("Click [here](#A-notebook)."), "link text 'here' says nothing"),
    "insecure link": (prose("See [a site](http://example.org)."), "use https"),
    "lost picture": (prose("![A bar chart](bars.png)"), "bars.png is missing"),
    "picture without alt": (prose("![](bars.png)"), "no alt text"),
    "img without alt": (prose('<img src="data:x">'), "<img> without alt"),
    "path in prose": (prose("It is in /home/me/course now."), "a path of one machine"),
    "import": (code("import scipy.stats"), "imports scipy.stats"),
    "import from": (code("from torch import nn"), "imports torch"),
    "standard library": (code("import os"), "imports os"),
    "interact": (code("interact(print, x=3)"), r"interact\(\) has no place"),
    "clear_output": (code("display.clear_output()"), r"clear_output\(\) has no place"),
    "legacy random": (code("np.random.seed(0)"), "use numpy.random.default_rng"),
    "no seed": (code("np.random.default_rng()"), "without a seed"),
    "magic": (code("%matplotlib inline"), "magic"),
    "shell": (code("!pip install x"), "magic or a shell"),
    "semicolon": (code("np.ones(3);"), "a ; at the end"),
    "syntax": (code("def f(:"), "syntax error in line 1"),
    "nbval looks away": (code("# NBVAL_IGNORE_OUTPUT\n1"), "nbval is told to look away"),
    "global": (code("def f():\n    global x\n    x = 1"), "global"),
    "empty code": (code(""), "the cell is empty"),
    "long code": (code("x = 1\n" * 21), "21 lines, more than 20"),
    "median": (
        lambda nb: [c.update(source="x = 1\n" * 6) for c in nb.cells if c.cell_type == "code"],
        "the median code cell has 6 lines",
    ),
    "code in a row": (cells(*(new_code_cell("1") for _ in range(3))), "4 code cells in a row"),
    "raw": (cells(nbformat.v4.new_raw_cell("x")), "raw cells"),
    "ruff": (code("unused = lambda x:x"), "ruff:"),
    "tag": (lambda nb: nb.cells[2].metadata.update(tags=["raises-exception"]), "unknown tag"),
    "error": (output(new_output("error", ename="ValueError")), "stores the error ValueError"),
    "warning": (output(new_output("stream", name="stderr", text="careful")), "stores a warning"),
    "address": (output(text("<x at 0x7fc28fdffb50>")), "a memory address"),
    "path in output": (output(text("/usr/lib/x.py")), "a path of one machine"),
    "time": (output(text("done at 12:30:01")), "a time of day"),
    "decimals": (output(text("0.1234567890123")), "more than 8 decimals"),
    "widget view": (
        output(new_output("display_data", {WIDGET_VIEW: {"model_id": "x"}})),
        "stores a widget view",
    ),
    "large output": (output(text("x" * 300_000)), "300 kB of output"),
    "large notebook": (
        output(*(new_output("display_data", {"image/png": PNG * 2000}) for _ in range(4))),
        "kB, more than 600 kB",
    ),
    "no count": (lambda nb: nb.cells[2].update(execution_count=None), "count None, expected 2"),
    "count": (lambda nb: nb.cells[2].update(execution_count=9), "count 9, expected 2"),
    "stripped": (
        lambda nb: [c.update(outputs=[]) for c in nb.cells if c.cell_type == "code"],
        "no output is stored at all",
    ),
    "solved": (
        lambda nb: nb.cells[4].update(outputs=[new_output("stream", text="✓ right")]),
        "stored solved",
    ),
    "items": (lambda nb: nb.metadata.pop("nnlib"), "does not list the items"),
    "not canonical": (lambda nb: nb.metadata.update(widgets={}), "not in canonical form"),
}


def found(notebook, folder, edit=str):
    path = folder / "notebook.ipynb"
    path.write_text(edit(dumps(notebook)), encoding="utf-8")
    return static.problems(path)


def test_sound_notebook_is_left_in_peace(tmp_path):
    assert found(sound(), tmp_path) == []


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_found(name, tmp_path):
    spoil, expected = BREACHES[name]
    notebook = sound()
    spoil(notebook)
    problems = found(notebook, tmp_path)
    assert any(re.search(expected, problem) for problem in problems), problems


@pytest.mark.parametrize(
    "fine",
    [
        "A table is looked up:\n" + "\n| a | b |" * 130,
        "Prices: 3 \\$ and more; `x$y` is code.",
        "```python\n$ no formula\n```",
        "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$",
        "Ratio $\\partial L/\\partial W$, and 3/4/5, and either/or/both.",
        "See [the title above](#A-notebook) and [a paper](https://example.org/a/b).",
    ],
)
def test_what_is_fine_is_not_blamed(fine, tmp_path):
    notebook = sound()
    prose(fine)(notebook)
    assert found(notebook, tmp_path) == []


def test_missing_and_repeated_ids_are_found(tmp_path):
    notebook = sound()
    one, two = notebook.cells[1].id, notebook.cells[2].id
    for edit in (lambda t: t.replace(one, two), lambda t: t.replace(f'   "id": "{one}",\n', "")):
        assert any("not in canonical form" in p for p in found(notebook, tmp_path, edit))


def test_rows_stay_where_they_are(tmp_path):
    """A breach is named with the id of its cell, so that an author finds it."""
    notebook = sound()
    code("import os")(notebook)
    assert found(notebook, tmp_path)[0].startswith(f"cell {notebook.cells[2].id}: ")
    assert json.loads(dumps(notebook))["cells"][2]["id"] == notebook.cells[2].id
