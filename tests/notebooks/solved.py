"""A notebook as it is when the learner has solved every exercise: it must run to its end."""

import ast
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from nnlib.exercises import load_all, solution

from .kernels import execute


def exercise_cells(notebook) -> list:
    return [cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])]


def problems(path: Path) -> list[str]:
    """What goes wrong with the keys filled in."""
    notebook = nbformat.read(str(path), as_version=4)
    found, cells = [], exercise_cells(notebook)
    for cell in cells:
        cell.source, names = filled(cell.source)
        if not names:
            found.append(f"cell {cell.id}: no function here is an exercise with a key")
    try:
        execute(notebook, path.parent)
    except CellExecutionError as problem:
        return [*found, f"with the keys filled in: {problem}"]
    for cell in cells:
        said = "".join(output.get("text", "") for output in cell.outputs)
        if "✓" not in said or "✗" in said or "…" in said:
            found.append(f"cell {cell.id}: check says of the key {said!r}")
    return found


def filled(source: str) -> tuple[str, list[str]]:
    """The cell with its stubs replaced by the keys, and the names of these."""
    lines, names = source.splitlines(), []
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and node.name in load_all():
            key = solution(node.name).data.removeprefix("```python\n").removesuffix("```")
            mine, theirs = (ast.unparse(f.args) for f in (node, ast.parse(key).body[0]))
            if mine != theirs:
                raise ValueError(f"{node.name}: the stub takes ({mine}), the key ({theirs})")
            lines[node.lineno - 1 : node.end_lineno] = key.rstrip().splitlines()
            names.append(node.name)
    return "\n".join(lines), names
