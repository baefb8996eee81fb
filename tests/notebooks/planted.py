"""Cells with one fault each, and what must be said of it; the sweep is tried on them.

Every cell ends in the widget it displays. ``panel`` is a plain ipywidgets panel without any of
nnlib's safety; the others are exhibits.
"""

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
    return "the first column grows with the steps"


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

FAULTS = {
    "a callback raises": (
        'panel(lambda a: ((a, [5, 5, 9][a]), f"{a}"), slider())',
        r"a=3: a callback raised IndexError|value=3: a callback raised IndexError",
    ),
    "a callback raises inside an Output": (
        """\
a, out = slider(), W.Output()


def move(change):
    with out:
        1 / (change.new - 3)


a.observe(move, "value")
W.VBox([a, out, panel(lambda a: ((a,), f"{a}"), a)])""",
        r"value=3: a callback raised ZeroDivisionError",
    ),
    "a button raises": (
        """\
button = W.Button(description="Go")
button.on_click(lambda _: {}["key"])
W.VBox([button, panel(lambda a: ((9 * a, 9), f"{a}"), slider())])""",
        r"click Go: a callback raised KeyError",
    ),
    "a task raises": (
        """\
async def work():
    raise ValueError("in a task")


button, tasks = W.Button(description="Go"), []
button.on_click(lambda _: tasks.append(asyncio.get_running_loop().create_task(work())))
W.VBox([button, panel(lambda a: ((9 * a, 9), f"{a}"), slider())])""",
        r"a task ended with ValueError\('in a task'\)",
    ),
    "a task raises and is forgotten": (
        """\
async def work():
    raise ValueError("in a task")


button = W.Button(description="Go")
button.on_click(lambda _: [asyncio.get_running_loop().create_task(work())].clear())
W.VBox([button, panel(lambda a: ((9 * a, 9), f"{a}"), slider())])""",
        r"click Go: stderr says .*ValueError: in a task",
    ),
    "a drawing raises where two extremes meet": (
        "explore(lambda ax, a, b: column(ax, 1 // (a + b), b=b), a=(0, 3, 1, 1), b=(0, 3, 1, 1))",
        r"the exhibit shows .*ZeroDivisionError",
    ),
    "a callback raises on a subshell only": (
        """\
def update(a):
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("wrong thread")
    return (9 * a, 9), f"{a}"


panel(update, slider())""",
        r"a callback raised RuntimeError: wrong thread",
    ),
    "the text says nan": (
        'panel(lambda a: ((9 * a, 9), f"loss {np.float64(a) * 0 if a < 3 else np.nan}"), slider())',
        r"value=3: the text shows 'nan'",
    ),
    "the text says inf from the start": (
        'panel(lambda a: ((9 * a, 9), f"loss {-np.inf} at {a}"), slider())',
        r"at the start: the text shows '-inf'",
    ),
    "a blank picture": (
        'panel(lambda a: ((9 * a, 9) if a < 3 else (0, 0), f"{a}"), slider())',
        r"value=3: the picture is blank",
    ),
    "a dead control": (
        'explore(lambda ax, a, b: column(ax, a), a=(0, 3, 1, 1), b=["one", "two"])',
        r"b: no value of this control changes anything",
    ),
    "a control without a label": (
        'panel(lambda a: ((9 * a, 9), f"{a}"), slider(""))',
        r"IntSlider without a label: a control needs a description",
    ),
    "a button without a label": (
        'W.VBox([W.Button(), panel(lambda a: ((9 * a, 9), f"{a}"), slider())])',
        r"Button without a label: a control needs a description",
    ),
    "a control of a kind nobody knows": (
        'W.VBox([W.ColorPicker(description="c"), panel(lambda a: ((9 * a, 9), f"{a}"), slider())])',
        r"a ColorPickerModel without samples",
    ),
    "hidden state in the picture": (
        """\
calls = []


def update(a):
    calls.append(a)
    return (9 * a, len(calls)), f"{a}"


panel(update, slider())""",
        r"all back at the start: the picture is another one",
    ),
    "hidden state in the text": (
        """\
largest = [0]


def update(a):
    largest.append(max(a, largest[-1]))
    return (9 * a, 9), f"largest so far {largest[-1]}"


panel(update, slider())""",
        r"all back at the start: the text is 'largest so far 3', was 'largest so far 1'",
    ),
    "a slow drawing": (
        """\
once = [2.1]


def update(a):
    if a == 3 and once:
        time.sleep(once.pop())
    return (9 * a, 9), f"{a}"


panel(update, slider())""",
        r"value=3: took 2\.\d s",
    ),
    "a warning": (
        'panel(lambda a: (warnings.warn(f"a is {a}"), ((9 * a, 9), f"{a}"))[1], slider())',
        r"stderr says .*UserWarning: a is",
    ),
    "a callback prints": (
        'panel(lambda a: (print("moved"), ((9 * a, 9), f"{a}"))[1], slider())',
        r"a callback printed 'moved",
    ),
    "a picture that never changes": (
        'panel(lambda a: ((9, 18), f"{a}"), slider())',
        r"a picture never changed",
    ),
    "a control that changes another exhibit": (
        """\
from IPython.display import display

a = slider()
image = W.Image(value=bars(9, 18))
a.observe(lambda change: setattr(image, "value", bars(change.new, 18)), "value")
display(panel(lambda a: ((9 * a, 9), f"{a}"), a))
W.VBox([image])""",
        r"changes the picture of another exhibit",
    ),
    "a good text sample raises": (
        """\
def draw(ax, a):
    return column(ax, float(a))


explore(draw, a=TextField("1", good=["2", "two"], bad=["x"]))""",
        r"'two': the exhibit shows .*ValueError",
    ),
    "a bad text sample raises": (
        """\
def draw(ax, a):
    return column(ax, int(a) if a != "?" else len(a) / 0)


explore(draw, a=TextField("1", good=["2", "3"], bad=["?"]))""",
        r"'\?': the exhibit shows .*ZeroDivisionError",
    ),
    "a bad text sample passes in silence": (
        """\
def draw(ax, a):
    return column(ax, int(a) if a.isdigit() else 2)


explore(draw, a=TextField("1", good=["2", "3"], bad=["?"]))""",
        r"no message for the bad input '\?'",
    ),
    "a text without samples": (
        'explore(lambda ax, a: column(ax, int(a)), a=TextField("1", good=[], bad=[]))',
        r"a: needs samples",
    ),
    "a cache that ignores a control": (
        """\
class Forgetful(Exhibit):
    def _key(self, scale):
        return scale, self.controls["a"].value


Forgetful(column, {"a": (0, 3, 1, 1), "b": (0, 80, 1, 1)})""",
        r"b = \d+ with the cache: the picture",
    ),
    "Stop is ignored": (
        """\
exhibit = live(counting, count, wide=False)
exhibit.stop_button._click_handlers.callbacks.clear()
exhibit""",
        r"training: \d\.\d+ s from Stop to rest",
    ),
    "training raises": (
        """\
def training():
    for step, snapshot in enumerate(counting()):
        yield snapshot
        if step == 5:
            raise ArithmeticError("it diverged")


live(training, count, wide=False)""",
        r"the exhibit shows .*ArithmeticError",
    ),
    "training shows nothing": (
        """\
def still(ax, snapshot, wide):
    return count(ax, {"step": 1, "progress": 0.5}, wide)


live(counting, still, wide=False)""",
        r"training: (no two pictures|it ended before two pictures)",
    ),
    "a setting that training ignores": (
        """\
def training(lr, mu):
    yield from counting(lr)


live(training, count, lr=(0.1, 1.0, 0.1, 0.5), mu=(0.1, 1.0, 0.1, 0.5))""",
        r"mu: no value of this control changes anything",
    ),
    "a button that does nothing": (
        'explore(column, a=(0, 3, 1, 1), actions={"Nothing": lambda a: {"a": a}})',
        r"button 'Nothing' does nothing",
    ),
    "Reset forgets a control": (
        """\
exhibit = explore(column, a=(0, 3, 1, 1), b=(0, 3, 1, 1))
del exhibit.start["b"]
exhibit""",
        r"Reset leaves b where it was",
    ),
    "a question with no right answer": (
        'predict("Which is more?", {"1": "No.", "2": "No."}, lambda: "3")',
        r"0 right answers, there must be one",
    ),
}
