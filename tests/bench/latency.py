"""How long from a learner's key or click to new pixels, in the real JupyterLab in Chromium.

    python -m tests.bench.latency                      all of notebooks/
    python -m tests.bench.latency notebooks/02*.ipynb  some
    python -m tests.bench.latency --beside-training    while a second notebook trains

For each control the median and the 95th percentile of some twenty movements, with the cache of
pictures off. The same drawing by three means, in the same run, is the yardstick: by ``explore``,
by ``ipywidgets.interact`` with an inline figure, and by a canvas of the page's own, which asks no
kernel and is the floor. The last table is the README's.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from ..browser.drive import to_the_end, value
from ..browser.lab import Lab, find_chromium
from ..browser.page import Notebook, chromium
from ..browser.trial import held_up

MOVES = 20
PAUSE = 0.06  # seconds between the answer to one key and the next key
PRESS = 80  # milliseconds a person's finger stays on the button; the click comes with its release
EVENTS = {"slider": "keydown", "range": "keydown", "select": "change"}  # others: click
DRAW = """
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import interact
from nnlib.interact import explore

t = np.linspace(0, 6, 300)
def draw(ax, frequency):
    ax.plot(t, np.sin(frequency * t))
    ax.set(ylim=(-1.2, 1.2), xlabel="t", ylabel="sin", title="A wave")
    return f"{frequency:g} waves."
"""
EXPLORE = "explore(draw, frequency=(0.5, 6, 0.05, 1))"
INTERACT = """
@interact(frequency=(0.5, 6, 0.05))
def wave(frequency=1):
    fig, ax = plt.subplots(figsize=(8, 3.4))
    draw(ax, frequency)
    plt.show()
"""
CANVAS = """
from IPython.display import HTML
HTML('''<input type=range min=0.5 max=6 step=0.05 value=1 aria-label=frequency
  data-lm-suppress-shortcuts=true oninput="
  const canvas = this.nextElementSibling, pen = canvas.getContext('2d');
  pen.clearRect(0, 0, 800, 340);
  pen.beginPath();
  for (let x = 0; x < 800; x++) pen.lineTo(x, 170 - 140 * Math.sin(this.value * 6 * x / 800));
  pen.stroke();
"><canvas width=800 height=340></canvas>''')
"""
TRAINING = """
import numpy as np
import nnlib as nn
rng = np.random.default_rng(0)
x, y = rng.normal(size=(2000, 256)), rng.integers(10, size=2000)
net = nn.Sequential(nn.Linear(256, 256, rng=rng), nn.ReLU(), nn.Linear(256, 10, rng=rng))
opt = nn.SGD(net.parameters(), lr=0.01)
for _ in nn.train(net, nn.SoftmaxCrossEntropy(), opt, x, y, epochs=10**6, batch_size=64, rng=rng):
    pass
"""


def movements(nb, control):
    """Functions, each of which moves the control once; endless."""
    place, kind, count = nb.locate(control), control["kind"], control["options"]
    step = 0
    while True:
        step += 1
        if kind == "range":
            yield lambda: place.press("ArrowRight")
        elif kind == "slider":
            now, low, high = value(nb, control)
            if now >= high or now <= low:
                key = "ArrowLeft" if now >= high else "ArrowRight"
            elif step == 1:
                key = "ArrowRight"
            yield lambda key=key: place.press(key)
        elif kind == "select":
            yield lambda step=step: place.select_option(index=step % count)
        elif kind in ("toggles", "radio"):
            one = place.locator("button" if kind == "toggles" else "input").nth(step % count)
            yield lambda one=one: one.click(delay=PRESS)
        else:
            yield lambda: place.click(delay=PRESS)


def measure(nb, exhibit, control, moves) -> list[float]:
    """Milliseconds from the event to the first frame with a new picture, for each movement."""
    taken, silent, least, event = [], 0, 0, EVENTS.get(control["kind"], "click")
    for move in movements(nb, control):
        nb.js("id => nn.watch(id)", exhibit["id"])
        move()
        nb.js("limit => nn.more(0, limit)", 1500)
        seen = nb.js("() => nn.unwatch()")
        begin = next((when for kind, when in seen["events"] if kind == event), None)
        after = (mark for mark in seen["marks"] if begin and mark[0] >= begin)
        first, picture = next(after, (0, "0x0"))
        width = int(picture.split("x")[0])
        if first:
            least = min(width, least or width)
        if first and width == least:
            taken.append(first - begin)
            silent = 0
        else:  # nothing new, or only the sharper copy of what is there
            silent += 1
        if silent == 3:  # it changes nothing here
            return []
        if len(taken) == moves:
            return taken
        time.sleep(PAUSE)


def p95(values):
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def report(nb, exhibit, control, title, moves=MOVES):
    """Measure one control, print its line, and return what was taken."""
    nb.show(exhibit)
    nb.rest(exhibit)
    taken = measure(nb, exhibit, control, moves)
    for other in [] if taken else nb.controls(exhibit):  # a rate matters only after a step, say
        if other["id"] != control["id"] and to_the_end(nb, other):
            nb.rest(exhibit)
            taken = measure(nb, exhibit, control, moves)
            if taken:
                break
    numbers = f"{statistics.median(taken):6.0f} {p95(taken):6.0f}" if taken else "     -      -"
    name = f"{control['kind']} {control['label']}"
    print(f"{title:28.28} {name:34.34} {len(taken):3} {numbers}", flush=True)
    return taken


def yardstick(lab, browser, folder):
    """The same drawing by our exhibit, by interact, and by the page alone."""
    path = written(folder / "yardstick.ipynb", DRAW, EXPLORE, INTERACT, CANVAS)
    with Notebook(lab, browser, path) as nb:
        nb.run_all()
        for exhibit, title in zip(nb.exhibits(), ("explore", "interact, inline figure")):
            report(nb, exhibit, nb.controls(exhibit)[0], title)
        nb.js(
            """() => { const node = nn.output(3); node.setAttribute('data-nn', 'canvas');
                       node.querySelector('input').setAttribute('data-nn', 'range'); }"""
        )
        control = {"id": "range", "kind": "range", "label": "frequency", "options": 0}
        report(nb, {"id": "canvas", "cell": 3}, control, "canvas, no kernel")


def written(path, *sources):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)
    return path


@contextlib.contextmanager
def training(lab, browser, folder):
    """A second notebook, whose kernel trains until the end."""
    path = written(folder / "training.ipynb", TRAINING)
    with Notebook(lab, browser, path) as nb:
        nb.js("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        nb.page.wait_for_timeout(3000)
        if nb.js("() => nn.status()") != "connected busy":
            raise RuntimeError(f"the training ended: {nb.cells()[0]['errors']}")
        yield


def one_notebook(lab, browser, path, moves):
    """Every control of a notebook that has a place to be moved to."""
    found = []
    with Notebook(lab, browser, path) as nb:
        nb.run_all()
        for exhibit in nb.exhibits():
            for control in nb.controls(exhibit) if exhibit["kind"] == "exhibit" else []:
                usable = control["shown"] and not control["disabled"]
                if usable and control["kind"] not in ("button", "text", "play", "board"):
                    title = f"{path.stem} {exhibit['id']}"
                    found.append(report(nb, exhibit, control, title, moves))
    return [taken for taken in found if taken]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--beside-training", action="store_true")
    parser.add_argument("--moves", type=int, default=MOVES, help="of each control")
    given = parser.parse_args()
    if not find_chromium():
        parser.exit(2, "no Chromium on the PATH (or in the variable CHROMIUM)\n")
    paths = given.notebooks or sorted(Path("notebooks").glob("*.ipynb"))
    rows = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(Lab(NNLIB_NO_CACHE="1"))
        browser = stack.enter_context(chromium())
        if given.beside_training:
            stack.enter_context(training(lab, browser, folder))
        print(f"beside other programs, this one takes {held_up():.1f} times as long as alone")
        print(f"{'':28} {'control':34} {'n':>3} {'p50':>6} {'p95':>6}  ms")
        yardstick(lab, browser, folder)
        for path in paths:
            found = one_notebook(lab, browser, path, given.moves)
            if found:
                every = [ms for taken in found for ms in taken]
                worst = max(p95(taken) for taken in found)
                rows.append((path.stem, len(found), statistics.median(every), worst))
    print("\n| notebook | controls | median, ms | worst p95, ms |\n|---|--:|--:|--:|")
    for stem, count, median, worst in rows:
        print(f"| {stem} | {count} | {median:.0f} | {worst:.0f} |")


if __name__ == "__main__":
    main()
