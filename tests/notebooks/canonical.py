"""The one form in which a notebook is stored: the same bytes from every run of every machine.

Executed in order (counts 1..n), every cell with an id, no widget views or widget state (their
ids are random), no editor's metadata. What a reader sees without a kernel is kept: text, HTML,
pictures.
"""

import hashlib
import json

import nbformat

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT_CELL_METADATA = {"tags"}


def read(text: str) -> nbformat.NotebookNode:
    """The notebook in ``text``; cells that lack an id, or repeat one, get one from their place."""
    raw, seen = json.loads(text), set()
    raw["nbformat"], raw["nbformat_minor"] = 4, 5
    for place, cell in enumerate(raw["cells"]):
        if cell.get("id") in seen | {None}:
            cell["id"] = hashlib.sha1(f"{place} {cell['source']}".encode()).hexdigest()[:8]
        seen.add(cell["id"])
    return nbformat.reads(json.dumps(raw), as_version=4)


def canonical(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop, in place, all that differs from run to run or from machine to machine."""
    kept = {"nnlib": notebook.metadata["nnlib"]} if "nnlib" in notebook.metadata else {}
    notebook.metadata = nbformat.from_dict(
        kept | {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    count = 0
    for cell in notebook.cells:
        for key in set(cell.metadata) - KEPT_CELL_METADATA:
            del cell.metadata[key]
        cell.source = cell.source.rstrip()
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if "data" in output:
                output.data.pop(WIDGET_VIEW, None)
                for kind, value in output.data.items():
                    if kind.startswith("image/") and isinstance(value, str):
                        output.data[kind] = value.strip()
    return notebook


def dumps(notebook: nbformat.NotebookNode) -> str:
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def is_canonical(text: str) -> bool:
    return dumps(canonical(read(text))) == text
