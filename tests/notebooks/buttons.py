"""Buttons under test: each does something, Reset resets, a training stops, a quiz judges."""

import time
from collections import defaultdict

from . import machine
from .frontend import Seen, Unanswered
from .unit import Unit, plain, size

STOP = 0.5  # seconds from Stop to rest
PATIENCE = 20  # seconds for two pictures of a training


def press_buttons(unit: Unit):
    """Every button but those of a training: from the start, or else from the far end."""
    plain_buttons = {k: v for k, v in unit.buttons.items() if k not in {"Start", "Stop"}}
    if "Reset" in plain_buttons:
        check_reset(unit, plain_buttons.pop("Reset"))
    for label, button in plain_buttons.items():
        if unit.state(button).get("disabled"):
            continue
        seen = unit.rest(unit.click(button))
        if not seen.changes:
            to_the_end(unit)
            seen = unit.rest(unit.click(button))
        if not seen.changes:
            unit.problem(f"button {label!r} does nothing")
        unit.to_start()


def to_the_end(unit: Unit) -> Seen:
    moves = ((model, values[-1]) for model, (_, values) in unit.controls.items() if values)
    return unit.rest(unit.move(*moves))


def check_reset(unit: Unit, button: str):
    """Reset brings back every control and the very picture of the start."""
    unit.to_start()
    before = unit.look()
    to_the_end(unit)
    unit.rest(unit.click(button))
    for model, value in unit.start.items():
        if unit.state(model)[unit.controls[model][0]] != value:
            unit.problem(f"Reset leaves {unit.front.name(model)} where it was")
    if unit.look() != unit.first_look:  # a training begins anew; new data may stay
        unit.compare(before, "after Reset")


def sweep_training(unit: Unit):
    """Start brings at least two pictures; Stop ends it within half a second."""
    if not {"Start", "Stop"} <= unit.buttons.keys():
        return
    seconds = start_and_stop(unit)
    if seconds > STOP:  # was it the training, or the machine? look again
        seconds = min(seconds, start_and_stop(unit))
    if seconds > STOP * machine.load():
        unit.problem(f"training: {seconds:.2f} s from Stop to rest, more than {STOP} s")
    for model, (_, values) in unit.controls.items():  # the trained net under every view
        for value in [*values, unit.start[model]]:
            unit.move((model, value))
    unit.to_start()


def start_and_stop(unit: Unit) -> float:
    """Train until two pictures have come; the seconds from Stop to rest."""
    front, root = unit.front, unit.state(unit.root)
    seen = unit.click(unit.buttons["Start"])
    try:
        front.listen(seen, lambda: pictures(unit, seen) >= 2 or not root["busy"], PATIENCE)
    except Unanswered:
        unit.problem(f"training: no two pictures in {PATIENCE} s after Start")
    if pictures(unit, seen) < 2 and not root["busy"]:
        unit.problem("training: it ended before two pictures were drawn")
    stop = unit.click(unit.buttons["Stop"])
    began = time.perf_counter() - stop.seconds
    try:
        front.listen(stop, lambda: not root["busy"], PATIENCE)
    except Unanswered:
        unit.problem("training: Stop is ignored")
        raise
    seconds = time.perf_counter() - began
    for part in (seen, stop):
        part.seconds = 0
        unit.examine(part)
    return seconds


def pictures(unit: Unit, seen: Seen) -> int:
    """How many different pictures of one size came."""
    found = defaultdict(set)
    for model, _, value in seen.changes:
        if model in unit.images:
            found[model, size(value)].add(value)
    return max(map(len, found.values()), default=0)


def sweep_quiz(unit: Unit):
    """Check answers even when nothing is chosen, and exactly one answer is right."""
    front = unit.front
    (choice,) = unit.controls
    (button,) = unit.buttons.values()
    right = 0
    for index in [None, *range(len(unit.state(choice)["_options_labels"]))]:
        if unit.state(choice)["index"] != index:
            unit.rest(unit.move((choice, index)))
        unit.rest(unit.click(button))
        said = plain(unit.state(unit.texts[-1])["value"])
        if not said:
            unit.problem(f"{front.name(choice)}: Check says nothing to answer {index}")
        right += said.startswith("✓")
    if right != 1:
        unit.problem(f"{front.name(choice)}: {right} right answers, there must be one")
    unit.to_start()
