"""One JupyterLab and one Chromium for all tests of the browser."""

import pytest

from .lab import Lab, find_chromium
from .page import chromium


@pytest.fixture(scope="session")
def browser():
    pytest.importorskip("playwright", reason="the extra browser: pip install -e '.[browser]'")
    if not find_chromium():
        pytest.skip("no Chromium: install one (Debian: apt install chromium), or set CHROMIUM")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def lab(browser):
    with Lab() as server:
        yield server
