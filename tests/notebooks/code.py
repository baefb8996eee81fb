"""Rules for the code cells of a notebook and for the outputs stored with them."""

import ast
import itertools
import json
import re
import statistics

from .canonical import WIDGET_VIEW
from .prose import ABSOLUTE

LINES, MEDIAN_LINES, IN_A_ROW = 20, 5, 3
OUTPUT_BYTES = 200_000  # of one cell
IMPORTS = {"numpy", "matplotlib", "nnlib"}
RANDOM = {"np.random.default_rng", "np.random.Generator", "np.random.SeedSequence"}
FORBIDDEN = {"interact", "interactive", "interactive_output", "Output", "clear_output", "input",
             "open", "exec", "eval"}  # fmt: skip
TAGS = {"exercise"}
UNSTABLE = {
    "a memory address": re.compile(r"\bat 0x[0-9a-fA-F]{6,}"),
    "a path of one machine": ABSOLUTE,
    "a time of day": re.compile(r"\b\d{1,2}:\d\d:\d\d\b|\b20\d\d-\d\d-\d\d\b"),
    "more than 8 decimals": re.compile(r"(?<![\d.])\d+\.\d{9,}"),
}


def code_problems(notebook) -> list[str]:
    """What is wrong with the code, its rhythm, and the outputs."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = rhythm_problems(notebook, cells)
    for count, cell in enumerate(cells, 1):
        problems = [*source_problems(cell), *output_problems(cell)]
        if cell.execution_count != count:
            problems.append(f"count {cell.execution_count}, expected {count}: run all, in order")
        found += [f"cell {cell.id}: {problem}" for problem in problems]
    if cells and not any(cell.outputs for cell in cells):
        found.append("no output is stored at all: python -m tests.refresh")
    return found


def lines(cell) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def rhythm_problems(notebook, cells) -> list[str]:
    found = [
        f"cell {cell.id}: {lines(cell)} lines, more than {LINES}"
        for cell in cells
        if lines(cell) > LINES
    ]
    if cells and (median := statistics.median(map(lines, cells))) > MEDIAN_LINES:
        found.append(f"the median code cell has {median:g} lines, more than {MEDIAN_LINES}")
    for kind, group in itertools.groupby(notebook.cells, key=lambda cell: cell.cell_type):
        row = list(group)
        if kind == "code" and len(row) > IN_A_ROW:
            found.append(f"{len(row)} code cells in a row from {row[0].id}, at most {IN_A_ROW}")
        if kind == "raw":
            found.append(f"cell {row[0].id}: raw cells are not shown to readers")
    return found


def source_problems(cell) -> list[str]:
    found = [f"unknown tag {tag!r}" for tag in cell.metadata.get("tags", []) if tag not in TAGS]
    if not cell.source.strip():
        return [*found, "the cell is empty"]
    if re.search(r"^\s*[%!]", cell.source, re.M):
        return [*found, "magic or a shell command"]
    if "NBVAL" in cell.source:
        found.append("nbval is told to look away")
    if ABSOLUTE.search(cell.source):
        found.append("a path of one machine")
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as problem:
        return [*found, f"syntax error in line {problem.lineno}"]
    if cell.source.rstrip().endswith(";"):
        found.append("a ; at the end, which does not silence nbval: assign to _ instead")
    return found + [problem for node in ast.walk(tree) for problem in node_problems(node)]


def node_problems(node) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        inside = isinstance(node, ast.ImportFrom)
        modules = [node.module or "."] if inside else [name.name for name in node.names]
        return [f"imports {m}" for m in modules if m.split(".")[0] not in IMPORTS]
    if isinstance(node, ast.Global):
        return ["global: a cell's callbacks write no globals"]
    if isinstance(node, ast.Attribute):
        name = ast.unparse(node)
        legacy = name in {f"{np}.random.{node.attr}" for np in ("np", "numpy")} - RANDOM
        return [f"{name}: use numpy.random.default_rng(seed)"] if legacy else []
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).split(".")[-1]
        if name == "default_rng" and not (node.args or node.keywords):
            return ["default_rng() without a seed"]
        return [f"{name}() has no place in a notebook"] if name in FORBIDDEN else []
    return []


def output_problems(cell) -> list[str]:
    found = []
    for output in cell.outputs:
        if output.output_type == "error":
            found.append(f"stores the error {output.ename}")
        if output.output_type == "stream" and output.name == "stderr":
            found.append(f"stores a warning: {output.text[:60]!r}")
        data = output.get("data", {})
        if WIDGET_VIEW in data:
            found.append("stores a widget view")
        texts = [output.get("text", ""), *(v for k, v in data.items() if k.startswith("text/"))]
        for what, pattern in UNSTABLE.items():
            if shown := pattern.search("\n".join(texts)):
                found.append(f"the output holds {what}: {shown[0]!r}")
    if (size := len(json.dumps(cell.outputs))) > OUTPUT_BYTES:
        found.append(f"{size / 1000:.0f} kB of output, more than {OUTPUT_BYTES / 1000:.0f}")
    exercise = "exercise" in cell.metadata.get("tags", [])
    if exercise and "not attempted yet" not in json.dumps(cell.outputs):
        found.append("the exercise is stored solved, or is not checked")
    return found


def functions(notebook) -> dict[str, str]:
    """Every function of more than two lines at the top of a cell: what it does -> its name."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 2:
                    found["\n".join(map(ast.dump, node.body))] = node.name
    return found
