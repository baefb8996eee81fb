"""The tests are tested: every planted fault is found, and nothing else is."""

import re

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel

from . import machine
from .canonical import WIDGET_VIEW
from .planted import CLEAR, FAULTS, HEALTHY, PRELUDE
from .sweep import Shown, sweep


@pytest.fixture(scope="module")
def kernel():
    kernel = RunningKernel(CURRENT_ENV_KERNEL_NAME)
    display(kernel, PRELUDE)
    yield kernel
    kernel.stop()


def display(kernel, source) -> list[Shown]:
    """Run a cell; the widgets it displays."""
    shown, errors = [], []

    def output(message):
        content = message["content"]
        if message["msg_type"] == "error":
            errors.append("\n".join(content["traceback"]))
        if WIDGET_VIEW in (data := content.get("data", {})):
            shown.append(Shown(0, data[WIDGET_VIEW]["model_id"], "image/png" in data))

    kernel.kc.execute_interactive(source, output_hook=output, timeout=60)
    assert not errors, errors[0]
    return shown


def problems(kernel, source) -> list[str]:
    """What the sweep says of the widgets of a cell."""
    display(kernel, CLEAR)
    shown = display(kernel, source)
    assert shown, "the cell displays no widget"
    return sweep(kernel.kc, shown).problems


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found(kernel, name, monkeypatch):
    monkeypatch.setattr(machine, "load", lambda: 1.0)
    source, expected = FAULTS[name]
    found = problems(kernel, source)
    assert any(re.search(expected, problem, re.S) for problem in found), found


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_exhibit_is_left_in_peace(kernel, name):
    assert problems(kernel, HEALTHY[name]) == []
