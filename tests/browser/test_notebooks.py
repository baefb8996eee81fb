"""Every notebook in the real JupyterLab: each control moved, each picture looked at."""

from pathlib import Path

import pytest

from .inspection import Inspection
from .page import Notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_control(lab, browser, path):
    with Notebook(lab, browser, path) as nb:
        faults = Inspection(nb, ROOT / "ci-output" / "browser").faults()
    assert not faults, "\n" + "\n".join(map(str, faults))
