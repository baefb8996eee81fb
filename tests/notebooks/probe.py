"""Questions to a notebook's kernel, answered inside it: the sweep asks, this module looks."""

import asyncio
import gc
import itertools
import os
import pickle
import sys

import numpy as np
from ipywidgets.widgets import widget as ipywidgets_widget

SNAPSHOTS = 8  # how far a training runs to see whether a setting matters


def hurry():
    """Let exhibits come to rest at once; a reader's hand needs the pause, a message does not."""
    if exhibit := sys.modules.get("nnlib.interact.exhibit"):
        exhibit.REST = 0.03


def allow_cache():
    """From now on exhibits may show frames they have drawn before."""
    os.environ.pop("NNLIB_NO_CACHE", None)


def failed_tasks() -> list[str]:
    """Exceptions of tasks that nobody has looked at, nor will before the task is forgotten."""
    tasks = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task)]
    done = [task for task in tasks if task.done() and not task.cancelled()]
    return [repr(task.exception()) for task in done if task.exception() is not None]


def settings() -> dict[str, bool]:
    """For every control that takes effect at the next Start: does its value matter to the run?"""
    live = sys.modules.get("nnlib.interact.live")
    if live is None:
        return {}
    exhibits = [w for w in ipywidgets_widget._instances.values() if isinstance(w, live.Live)]
    return {
        part.model_id: matters(exhibit, name)
        for exhibit in exhibits
        for name in exhibit.settings
        for part in parts(exhibit.controls[name])
    }


def parts(control) -> list:
    """The control itself, or the sliders of a matrix."""
    return list(itertools.chain(*control.cells)) if hasattr(control, "cells") else [control]


def matters(exhibit, name) -> bool:
    """Whether two far-apart values of the setting lead to different snapshots."""
    low, high = extremes(exhibit.controls[name])
    runs = (exhibit.run(**(exhibit._chosen() | {name: value})) for value in (low, high))
    one, two = (pickle.dumps(list(itertools.islice(run, SNAPSHOTS))) for run in runs)
    return one != two


def extremes(control) -> tuple:
    """Two values of a control that are far apart, as the exhibit's functions get them."""
    if hasattr(control, "cells"):
        cells = [[extremes(cell) for cell in line] for line in control.cells]
        return tuple(np.array(cells)[..., end] for end in (0, 1))
    if hasattr(control, "options"):
        values = [value for _, value in control._options_full]
        return values[0], values[-1]
    if hasattr(control, "good"):
        return control.good[0], control.good[-1]
    if isinstance(control.value, bool):
        return False, True
    if hasattr(control, "base"):  # a logarithmic slider's ends are exponents
        return control.base**control.min, control.base**control.max
    return control.min, control.max
