"""Every control of every exhibit, moved as a reader would move it and watched closely.

First, from the kernel's main shell, each control through its ends, middle and options, every
picture drawn afresh. Then, from a subshell, a covering array of pairs; a fast drag; and the values
of before once more, out of the cache of frames, which must give the same pictures. Everything back
at its start must look as it did. Last the buttons and training, from either shell.
"""

import ast
from collections import defaultdict

from . import domains
from .buttons import press_buttons, sweep_quiz, sweep_training
from .frontend import Frontend, Seen, Unanswered
from .unit import Report, Shown, Unit, plain, size

PAIRED = 3  # options of one control in the covering array: first, middle, last; a slider has 2
DRAG = 12  # values of a fast drag
PROBE = "__import__('tests.notebooks.probe', fromlist=['probe'])"


def sweep(client, shown: list[Shown]) -> Report:
    """Sweep the widgets that the cells of a live kernel displayed."""
    report = Report()
    try:
        front = Frontend(client)
        front.ask(Seen("probe"), f"{PROBE}.hurry()")
        settings = ast.literal_eval(front.ask(Seen("probe"), f"{PROBE}.settings()"))
        once = {display.root: display for display in shown}.values()
        units = [Unit(front, report, display) for display in once]
        quizzes = [unit for unit in units if unit.has_class(unit.root, "nn-predict")]
        units = [unit for unit in units if unit not in quizzes]
        fresh = [try_each_control(unit, settings) for unit in units]
        front.on_subshell = True
        for unit in units:
            try_pairs(unit)
            drag(unit)
        front.ask(Seen("probe"), f"{PROBE}.allow_cache()")
        for unit, pictures in zip(units, fresh):
            compare_with_cache(unit, pictures)
        for front.on_subshell in (False, True):
            for unit in units:
                press_buttons(unit)
                sweep_training(unit)
            for unit in quizzes:
                sweep_quiz(unit)
        for unit in units:
            unit.look_back()
        for error in ast.literal_eval(front.ask(Seen("probe"), f"{PROBE}.failed_tasks()")):
            report.add(f"a task ended with {error}, and nobody was told")
    except Unanswered as silence:
        report.add(str(silence))
    return report


def try_each_control(unit: Unit, settings: dict[str, bool]) -> dict:
    """One control at a time; returns the pictures of every value."""
    pictures = {}
    for model, (_, values) in unit.controls.items():
        looks = defaultdict(set)
        for value in [*values, unit.start[model]]:
            seen = unit.move((model, value))
            if "busy" not in unit.state(unit.root):
                unit.rest(seen)
            for where, trait, now in seen.changes:
                if where != model:
                    picture = isinstance(now, bytes)
                    looks[where, trait, picture and size(now)].add(now if picture else repr(now))
            pictures[model, repr(value)] = shown(unit)
        alive = any(len(values) > 1 for values in looks.values()) or settings.get(model)
        if not alive and unit.front.models[model].kind not in domains.PAGES:
            unit.problem(f"{unit.front.name(model)}: no value of this control changes anything")
        if "bad" in unit.state(model):
            try_bad_samples(unit, model)
    unit.to_start()
    unit.compare(unit.first_look, "after each control, all back at the start")
    return pictures


def shown(unit: Unit) -> dict:
    """The pictures on the page now; only those of one size are comparable."""
    pictures = {image: unit.state(image)["value"] for image in unit.images}
    return {(image, size(picture)): picture for image, picture in pictures.items()}


def differ(some: dict, others: dict) -> bool:
    return any(some[place] != others[place] for place in some.keys() & others.keys())


def try_bad_samples(unit: Unit, model: str):
    """Bad input is answered with words of its own, and never with a traceback."""
    good, bad = unit.state(model)["good"], unit.state(model)["bad"]
    if not (good and bad):
        unit.problem(f"{unit.front.name(model)}: needs samples, good = [...] and bad = [...]")
    answers = set()
    for value in good:
        unit.rest(unit.move((model, value)))
        answers.add(words(unit))
    for value in bad:
        unit.rest(unit.move((model, value)))
        if words(unit) in answers | {""}:
            unit.problem(f"{unit.front.name(model)}: no message for the bad input {value!r}")
    unit.to_start()


def words(unit: Unit) -> str:
    return " ".join(plain(unit.state(m)["value"]) for m in unit.texts if unit.shown(m)).strip()


def try_pairs(unit: Unit):
    """All pairs of extremes of all pairs of controls, in few rows."""
    joint = {
        model: few(values, PAIRED if kind not in domains.SLIDERS else 2)
        for model, (_, values) in unit.controls.items()
        if (kind := unit.front.models[model].kind) not in domains.PAGES | {"PlayModel"}
    }
    if len(joint) > 1:
        for row in domains.pairwise(list(joint.values())):
            moves = zip(joint, row)
            changed = [(m, v) for m, v in moves if unit.state(m)[unit.controls[m][0]] != v]
            unit.move(*changed)
        unit.to_start()
        unit.compare(unit.first_look, "after all pairs, all back at the start")


def few(values: list, most: int) -> list:
    """At most ``most`` of the values, evenly spread, the first and the last among them."""
    count = min(len(values), most)
    return [values[k * (len(values) - 1) // max(count - 1, 1)] for k in range(count)]


def compare_with_cache(unit: Unit, fresh: dict):
    """Frames out of the cache are those drawn afresh for the same values."""
    first = {(m, size(v)): v for m, v in unit.first_look.items() if m in unit.images}
    for model, (_, values) in unit.controls.items():
        start = fresh[model, repr(unit.start[model])]
        for value in [*values, unit.start[model]]:
            expected = fresh[model, repr(value)]
            unit.move((model, value))
            what = f"{unit.front.name(model)} = {value!r} with the cache"
            if differ(now := shown(unit), expected):
                unit.problem(f"{what}: the picture differs from the fresh one")
            if differ(expected, start) and now.items() <= first.items() and unit.images:
                unit.problem(f"{what}: the picture is the one of the start")
    unit.to_start()
    unit.compare(unit.first_look, "on a subshell, all back at the start")


def drag(unit: Unit):
    """However fast the values come, the last one is what remains on the page."""
    for model, (_, values) in unit.controls.items():
        if unit.front.models[model].kind in {"IntSliderModel", "FloatSliderModel"}:
            path = [values[k % len(values)] for k in range(DRAG)] + [unit.start[model]]
            unit.rest(unit.move(*((model, value) for value in path)))
            unit.compare(unit.first_look, f"after a fast drag of {unit.front.name(model)}")
            return
