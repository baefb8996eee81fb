"""The README keeps its promises: its code runs, its links lead somewhere, its picture is fresh."""

import doctest
import re
from pathlib import Path

from tests.notebooks.pictures import LIMIT, difference
from tests.readme_picture import PATH, render

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_code_of_the_readme_runs():
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert failed == 0 and tried >= 7


def test_links_of_the_readme_lead_somewhere():
    targets = re.findall(r"\]\(([^)#\s]+)\)", TEXT)
    assert len(targets) >= 3
    missing = [t for t in targets if not t.startswith("http") and not (ROOT / t).exists()]
    assert not missing


def test_every_notebook_stands_in_the_table():
    notebooks = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    listed = re.findall(r"^\| \[\w+\]\(notebooks/(\w+\.ipynb)\)", TEXT, re.M)
    assert sorted(listed) == notebooks


def test_every_path_of_the_layout_exists():
    layout = re.search(r"```\nnnlib/\n(.*?)```", TEXT, re.S).group(1)
    names = re.findall(r"(?:^| {2,})(\w+(?:\.py|/))", layout, re.M)
    assert len(names) > 10
    assert not [name for name in names if not (ROOT / "nnlib" / name).exists()]


def test_the_picture_is_fresh():
    assert difference(PATH.read_bytes(), render()) < LIMIT
