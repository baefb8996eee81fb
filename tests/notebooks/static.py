"""All that can be said of a notebook without running it."""

import subprocess
import sys
from pathlib import Path

import nbformat

from .canonical import is_canonical, read
from .code import code_problems
from .kernels import ROOT
from .prose import prose_problems

BYTES = 600_000


def problems(path: Path) -> list[str]:
    """Everything that is wrong with one notebook, a line each."""
    raw = path.read_text(encoding="utf-8")
    notebook = read(raw)
    found = [*code_problems(notebook), *prose_problems(notebook, path), *ruff_problems(path)]
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as problem:
        found.append(f"not a valid notebook: {str(problem).splitlines()[0]}")
    if (size := len(raw.encode())) > BYTES:
        found.append(f"{size / 1000:.0f} kB, more than {BYTES / 1000:.0f} kB")
    if not is_canonical(raw):
        found.append("not in canonical form: python -m tests.refresh")
    items = notebook.metadata.get("nnlib", {}).get("items")
    if not isinstance(items, list):
        found.append("metadata.nnlib.items does not list the items of the curriculum it covers")
    return found


def ruff_problems(path: Path) -> list[str]:
    """What the project's linter and formatter say of the code cells."""
    found = []
    for command in (["check", "--quiet", "--output-format=concise"], ["format", "--check"]):
        config = f"--config={ROOT / 'pyproject.toml'}"
        ruff = [sys.executable, "-m", "ruff", *command, config, str(path)]
        run = subprocess.run(ruff, capture_output=True, text=True)
        if run.returncode:
            found += [f"ruff: {line}" for line in run.stdout.splitlines()]
    return found
