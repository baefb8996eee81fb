"""Rules for the markdown of a notebook: headings, length, links, pictures, formulas."""

import itertools
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat

from . import tex
from .canonical import read

WORDS = 120  # in one cell
VAGUE = {"here", "click here", "link", "this", "this page", "这里", "链接"}
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.I)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)[^)]*\)")
ABSOLUTE = re.compile(r"(?<![\w.:/<)\]}])/\w+/\w|\b[A-Z]:\\")


def prose_problems(notebook: nbformat.NotebookNode, path: Path) -> list[str]:
    """What is wrong with the text; ``path`` is where its links start from."""
    found = heading_problems(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            problems = [*cell_problems(cell), *link_problems(cell, path)]
            found += [f"cell {cell.id}: {problem}" for problem in problems]
    return found


def headings(notebook) -> list[tuple[int, int, str]]:
    """(place of the cell, level, text) of every heading."""
    return [
        (place, len(found[1]), found[2])
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for found in re.finditer(r"^(#{1,6})\s+(.+?)\s*$", tex.FENCED.sub("", cell.source), re.M)
    ]


def anchor(heading: str) -> str:
    """The name by which JupyterLab finds a heading."""
    return re.sub(r"\s+", "-", re.sub(r"[`*]", "", heading).strip())


def heading_problems(notebook) -> list[str]:
    found, heads = [], headings(notebook)
    tops = [place for place, level, _ in heads if level == 1]
    if tops != [0]:
        found.append(f"one title (# ...) in the first cell is wanted, there are {len(tops)}")
    for (_, above, _), (_, level, text) in itertools.pairwise(heads):
        if level > above + 1:
            found.append(f"the level jumps from {above} to {level} at {text!r}")
    names = [anchor(text) for _, _, text in heads]
    found += [f"two headings {name!r}" for name in sorted(set(names)) if names.count(name) > 1]
    return found


def words(markdown: str) -> int:
    """Words of prose: a formula counts as one, a table as none (it is looked up, not read)."""
    text = tex.SPAN.sub("formula", tex.FENCED.sub("", markdown))
    text = re.sub(r"^\s*\|.*$", "", text, flags=re.M)
    text = LINK.sub(r"\1", text)
    return sum(any(char.isalnum() for char in token) for token in text.split())


def cell_problems(cell) -> list[str]:
    found = tex.problems(cell.source)
    if not cell.source.strip():
        found.append("the cell is empty")
    if (count := words(cell.source)) > WORDS:
        found.append(f"{count} words, more than {WORDS}")
    if path := ABSOLUTE.search(tex.without_code(cell.source)):
        found.append(f"a path of one machine: {path[0]!r}")
    for tag in IMAGE_TAG.findall(cell.source):
        if not re.search(r"alt\s*=\s*[\"'][^\"']{5,}", tag):
            found.append("an <img> without alt text")
    return found


def link_problems(cell, path: Path) -> list[str]:
    found, text = [], tex.without_code(cell.source)
    for alt, target in IMAGE.findall(text):
        if len(alt.strip()) < 5:
            found.append(f"the picture {target} has no alt text")
        if (
            not re.match(r"(https?:|data:)", target)
            and not (path.parent / unquote(target)).exists()
        ):
            found.append(f"the picture {target} is missing")
    for label, target in LINK.findall(text):
        if label.strip().lower() in VAGUE:
            found.append(f"the link text {label!r} says nothing")
        if target.startswith("http:"):
            found.append(f"{target}: use https")
        if not re.match(r"(https?:|mailto:)", target) and (problem := broken(target, path)):
            found.append(f"{problem}: {target}")
    return found


def broken(target: str, path: Path) -> str | None:
    """Why a relative link leads nowhere."""
    file, _, fragment = unquote(target).partition("#")
    goal = path.parent / file if file else path
    if not goal.exists():
        return "broken link"
    if fragment and goal.suffix == ".ipynb":
        there = headings(read(goal.read_text(encoding="utf-8")))
        if fragment not in {anchor(text) for _, _, text in there}:
            return "no such heading"
    return None


def linked_notebooks(notebook) -> list[str]:
    """File names of the notebooks that a notebook links to."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = (unquote(target).partition("#")[0] for t in texts for _, target in LINK.findall(t))
    return [target for target in targets if target.endswith(".ipynb")]
