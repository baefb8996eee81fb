"""The pytest plugin: each notebook is run by nbval in its own kernel, then looked at further.

A notebook is a row of tests: what can be said without running it, its code cells (strict nbval,
with the pictures compared), and a sweep over its widgets in the kernel the cells leave behind.
"""

import os
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from . import kernels, network, pictures, solved, static
from .canonical import WIDGET_VIEW
from .sweep import Shown, sweep


def pytest_configure(config):
    kernels.prepare(NNLIB_NO_CACHE="1")
    network.block()


def pytest_xdist_auto_num_workers(config):
    """One notebook or test file needs no second process; more of them share the cores."""
    one_file = len(config.args) == 1 and "." in Path(config.args[0].partition("::")[0]).name
    return 0 if one_file else min(os.cpu_count() or 1, 4)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [
        Notebook.from_parent(parent, path=file.path) if type(file) is IPyNbFile else file
        for file in found
    ]


class Notebook(IPyNbFile):
    """One notebook: nbval's cells, and the tests that need them or stand beside them."""

    def collect(self):
        self.cells = [
            Cell.from_parent(
                self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options
            )
            for cell in super().collect()
        ]
        return [
            Static.from_parent(self, name="static"),
            *self.cells,
            Sweep.from_parent(self, name="widgets"),
            Solved.from_parent(self, name="solved"),
        ]


class Cell(IPyNbCell):
    """A code cell of nbval's that also compares pictures and never passes unseen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.output_timeout = kernels.CELL_TIMEOUT  # nbval waits 5 s, too little on a busy machine

    def runtest(self):
        if self.cell.execution_count is None:  # nbval would run the cell and compare nothing
            self.raise_cell_error("The cell has no stored run: python -m tests.refresh")
        super().runtest()

    def compare_outputs(self, test, ref, skip_compare=None):
        """nbval's comparison, which leaves out pictures, then the pictures."""
        if not super().compare_outputs(test, ref, skip_compare):
            return False
        fresh, stored = ([png for output in outs for png in pngs(output)] for outs in (test, ref))
        if len(fresh) != len(stored):
            self.comparison_traceback.append(f"{len(stored)} pictures stored, {len(fresh)} drawn")
            return False
        for place, (new, old) in enumerate(zip(fresh, stored)):
            if (change := pictures.difference(new, old)) > pictures.LIMIT:
                self.comparison_traceback.append(
                    f"picture {place} is stale: a block differs by {change:.2f}, "
                    f"more than {pictures.LIMIT}: python -m tests.refresh"
                )
                return False
        return True


def pngs(output) -> list[str]:
    return [output["data"]["image/png"]] if "image/png" in output.get("data", {}) else []


class Look(pytest.Item):
    """A further look at a notebook, which finds problems or none."""

    def runtest(self):
        if problems := self.problems():
            raise Problems("\n".join(problems))

    def repr_failure(self, excinfo):
        problems = isinstance(excinfo.value, Problems)
        return str(excinfo.value) if problems else super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}::{self.name}"


class Static(Look):
    """All that can be said without running it."""

    def problems(self):
        return static.problems(self.path)


class Sweep(Look):
    """All widgets that the cells displayed, swept in the kernel they live in."""

    def problems(self):
        if any(cell.test_outputs is None for cell in self.parent.cells):
            pytest.skip("not all cells ran")
        shown = [
            Shown(cell.cell_num, output["data"][WIDGET_VIEW]["model_id"], bool(pngs(output)))
            for cell in self.parent.cells
            for output in cell.test_outputs
            if WIDGET_VIEW in output.get("data", {})
        ]
        if not shown:
            pytest.skip("no widgets")
        report = sweep(self.parent.kernel.kc, shown)
        slowest = f"slowest {1000 * report.slowest[0]:.0f} ms: {report.slowest[1]}"
        self.add_report_section(
            "call", "sweep", f"{report.controls} controls, {report.actions} actions, {slowest}"
        )
        return report.problems


class Solved(Look):
    """The whole notebook once more, with the key in the place of every exercise."""

    def problems(self):
        if not solved.exercise_cells(self.parent.nb):
            pytest.skip("no exercises")
        return solved.problems(self.path)


class Problems(Exception):
    """What is wrong with a notebook, a line each."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session):
    """Cells depend on those above: whatever -k, --lf or ``x.ipynb::Cell 3`` chose, run them all.

    This hook runs after every deselection and before xdist reports the tests it found.
    """
    chosen, complete = list(session.items), set()
    session.items.clear()
    for item in chosen:
        if isinstance(item, Cell | Sweep) and item.parent not in complete:
            complete.add(item.parent)
            session.items += item.parent.cells
        if not isinstance(item, Cell):
            session.items.append(item)
