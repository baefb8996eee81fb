"""Cells on which the sweep is tried: sound ones, and ones with a fault each.

Every cell ends in the widget it displays. ``panel`` is a plain ipywidgets panel without any of
nnlib's safety; the others are exhibits.
"""

from .exhibits import EXHIBITS
from .panels import PANELS

FAULTS = PANELS | EXHIBITS

PRELUDE = """\
import asyncio
import threading
import time
import warnings

import ipywidgets as W
import numpy as np

from nnlib.exercises import predict
from nnlib.interact import Exhibit, Matrix, TextField, explore, live, png, step_through


def bars(*heights):
    pixels = np.full((64, 16 * len(heights), 4), 255, np.uint8)
    for k, height in enumerate(heights):
        pixels[64 - int(height) :, 16 * k + 4 : 16 * k + 12] = 60
    return png(pixels)


def slider(name="a", top=3):
    return W.IntSlider(1, 0, top, description=name)


def panel(update, *controls):
    image, text = W.Image(), W.HTML()

    def redraw(_=None):
        heights, said = update(*(control.value for control in controls))
        image.value, text.value = bars(*heights), said

    redraw()
    for control in controls:
        control.observe(redraw, "value")
    return W.VBox([*controls, image, text])


def column(ax, a, **others):
    ax.bar([0, 1], [a, 1 + len(str(sorted(others.items())))])
    ax.set(ylim=(0, 90))
    return f"the columns are {a} and {others} high"


def counting(lr=1.0):
    for step in range(150):
        yield {"step": step * lr, "progress": step / 150}
        time.sleep(0.01)


def count(ax, snapshot, wide=False):
    ax.bar([0, 1], [150 * snapshot["progress"], snapshot["step"]], width=0.9 if wide else 0.4)
    ax.set(ylim=(0, 160))
    return f"step {snapshot['step']:.0f}: the first column grows with the steps"


KEPT = {*globals(), "KEPT"}
"""

CLEAR = """\
import gc
import os

W.Widget.close_all()
os.environ["NNLIB_NO_CACHE"] = "1"
for name in {*globals()} - KEPT - {"KEPT", "gc", "os"}:
    del globals()[name]
gc.collect();
"""

HEALTHY = {
    "a plain panel": """\
panel(lambda a, b: ((5 + 9 * a, 20 * b), f"{a} {b}"), slider(), W.Checkbox(description="b"))""",
    "an exhibit of every control": """\
def draw(ax, W, word, shape, power, tick):
    ax.imshow(W * power + tick, vmin=-2, vmax=3)
    if not word:
        return "Type at least one letter."
    return f"{word} in a {shape}, the sum is {W.sum() * power + tick:.2f}; naive: <code>nan</code>"


explore(
    draw,
    W=Matrix(np.eye(2), -1, 1, 0.5, ["cat", "car"], ["u", "v"]),
    word=TextField("Tim", good=["Bob", "Al"], bad=[""]),
    shape=["circle", "square", "star"],
    power=(0.5, 2.0, 0.1, 1.0),
    tick=False,
    actions={"Nudge": lambda W, **_: {"W": tuple(map(tuple, W * 0.5))}},
)""",
    "steps": "step_through(lambda ax, step, bold: column(ax, step, bold=bold), 5, bold=True)",
    "training": "live(counting, count, lr=(0.1, 1.0, 0.1, 0.5), wide=False)",
    "a question": 'predict("Which is more?", {"1": "No, 2 is.", "2": "It is."}, lambda: "2")',
}
