"""Pictures of a notebook as a learner sees it, for its author to look at.

    python -m tests.browser.shots NOTEBOOK [--dark] [--out DIR]

opens the notebook in the real JupyterLab, runs all cells and saves every cell's output, and every
exhibit at the start and then with one control after another moved to its far end (largest value,
last option).
"""

import argparse
import re
from pathlib import Path

from .drive import to_the_end
from .lab import Lab, find_chromium
from .page import Notebook, chromium


def outputs(nb, out):
    """One picture per cell that shows something."""
    for cell in nb.cells():
        if not cell["outputs"]:
            continue
        index = cell["index"]
        nb.js("i => nn.output(i).setAttribute('data-nn', 'out' + i)", index)
        thing = {"cell": index, "id": f"out{index}"}
        nb.show(thing)
        yield nb.shoot(thing, out / f"{nb.path.stem}-cell{index:02}.png")


def exhibit_shots(nb, exhibit, out):
    """The exhibit at the start, then with one control after another set to its far end."""
    stem = f"{nb.path.stem}-{exhibit['id']}"
    nb.show(exhibit)
    nb.rest(exhibit)
    yield nb.shoot(exhibit, out / f"{stem}-start.png")
    for control in nb.controls(exhibit):
        if control["disabled"] or not control["shown"] or not to_the_end(nb, control):
            continue
        nb.rest(exhibit)
        name = re.sub(r"\W+", "_", control["label"]).strip("_") or control["id"]
        yield nb.shoot(exhibit, out / f"{stem}-{name}.png")


def problems(nb):
    """What an author should read before looking at the pictures."""
    for cell in nb.cells():
        yield from (f"cell {cell['index']} raised {error}" for error in cell["errors"])
        yield from (f"cell {cell['index']} warned {said[:300]}" for said in cell["stderr"])
    yield from (f"cell {index}: {said}" for index, said in nb.js("() => nn.broken()"))
    yield from (f"console: {said}" for said in nb.console)
    if "Traceback" in nb.log():
        yield "the kernel logged: ..." + nb.log()[-600:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--dark", action="store_true", help="in JupyterLab's dark theme")
    parser.add_argument("--out", type=Path, default=Path("ci-output/shots"), help="folder")
    given = parser.parse_args()
    if not find_chromium():
        parser.exit(2, "no Chromium on the PATH (or in the variable CHROMIUM)\n")
    with (
        Lab() as lab,
        chromium() as browser,
        Notebook(lab, browser, given.notebook, given.dark) as nb,
    ):
        nb.run_all()
        for file in outputs(nb, given.out):
            print(file)
        for exhibit in nb.exhibits():
            for file in exhibit_shots(nb, exhibit, given.out):
                print(file)
        for said in problems(nb):
            print("PROBLEM", said)


if __name__ == "__main__":
    main()
