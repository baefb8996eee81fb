"""One displayed widget under test: its controls, its pictures, and whatever was wrong."""

import html
import re
import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from . import domains, machine
from .frontend import Frontend, Seen
from .pictures import difference, is_blank

SLOW = 2.0  # seconds for one drawing: a ceiling for busy machines; the benchmark has the budget
SAME = 0.01  # largest change between two drawings of one state
NOT_A_NUMBER = re.compile(r"(?<![\w./-])[-+−]?(nan|inf|NaN|Infinity)(?![\w.])")
DELIBERATE = re.compile(r"<code>.*?</code>|<style.*?</style>", re.S)
TAGS = re.compile(r"<[^>]*>")
TEXTS = {"HTMLModel", "HTMLMathModel", "LabelModel"}


class Shown(NamedTuple):
    """A widget that a cell displayed, and whether a still picture came with it."""

    cell: int
    root: str
    still: bool


@dataclass
class Report:
    """What the sweep of one notebook found, and how much it did."""

    problems: list[str] = field(default_factory=list)
    controls: int = 0
    actions: int = 0
    slowest: tuple[float, str] = (0.0, "")

    def add(self, problem: str):
        if problem not in self.problems:
            self.problems.append(problem)


class Unit:
    """An exhibit on the page and everything inside it.

    Attributes
    ----------
    controls : dict of model id -> (trait, values to try)
    start : dict of model id -> value the control began with
    buttons : dict of label -> model id
    """

    def __init__(self, front: Frontend, report: Report, shown: Shown):
        self.front, self.report, self.cell, self.root = front, report, shown.cell, shown.root
        self.inside = front.beneath(self.root)
        kinds = {model: front.models[model].kind for model in self.inside}
        self.images = [model for model, kind in kinds.items() if kind == "ImageModel"]
        self.texts = [model for model, kind in kinds.items() if kind in TEXTS]
        self.buttons, self.controls = {}, {}
        for model, kind in kinds.items():
            if kind == "ButtonModel":
                self._add_button(model)
            else:
                self._add_control(model)
            operable = kind == "ButtonModel" or model in self.controls
            if operable and kind not in domains.PAGES and not front.models[model].label:
                self.problem(f"{front.name(model)}: a control needs a description")
        self.start = {m: self.state(m)[trait] for m, (trait, _) in self.controls.items()}
        self.captions = [m for m in self.texts if self.has_class(m, "nn-caption")]
        self.changed, self.blank = set(), {}
        if self.images and self.has_class(self.root, "nn-exhibit") and not shown.still:
            self.problem("no still picture is stored for those who see no widgets")
        report.controls += len(self.controls) + len(self.buttons)
        self.examine_page()
        self.first_look = self.look()

    def _add_button(self, model):
        label = self.front.models[model].label
        if label in self.buttons:
            self.problem(f"two buttons are called {label!r}")
        self.buttons[label] = model

    def _add_control(self, model):
        try:
            if found := domains.domain(self.front.models[model]):
                self.controls[model] = found
        except domains.Unknown as problem:
            self.problem(str(problem))

    def state(self, model: str) -> dict:
        return self.front.models[model].state

    def look_back(self):
        """After everything was moved: did the picture and its caption ever follow?"""
        if self.controls or self.buttons:
            if not {*self.images} <= self.changed:
                self.problem("a picture never changed")
            if self.images and not {*self.captions} <= self.changed:
                self.problem("the caption never changed; it says in words what the picture shows")

    def has_class(self, model: str, name: str) -> bool:
        return name in self.front.models[model].classes

    def problem(self, text: str):
        self.report.add(f"cell {self.cell}: {text}")

    # ---- acting, with eyes open ----

    def move(self, *moves) -> Seen:
        """Move controls: pairs of a model id and a value."""
        full = [(model, self.controls[model][0], value) for model, value in moves]
        back = [(model, trait, self.state(model)[trait]) for model, trait, _ in full]
        seen = self.front.move(*full)
        if seen.seconds > SLOW * len(full):  # was it the drawing, or the machine? look again
            self.front.move(*back)
            seen.seconds = min(seen.seconds, self.front.move(*full).seconds)
        return self.examine(seen, len(full))

    def click(self, button: str) -> Seen:
        return self.examine(self.front.click(button))

    def rest(self, seen: Seen) -> Seen:
        """Wait for the sharp picture; what comes until then is looked at too."""
        rest = self.front.rest(Seen(seen.action))
        seen.changes += rest.changes
        self.examine(rest)
        return seen

    def to_start(self) -> Seen:
        moves = [(m, v) for m, v in self.start.items() if self.state(m)[self.controls[m][0]] != v]
        return self.rest(self.move(*moves))

    def examine(self, seen: Seen, moves: int = 1) -> Seen:
        """Whatever an action may not bring about."""
        self.report.actions += 1
        seconds = seen.seconds / max(moves, 1)
        self.report.slowest = max(self.report.slowest, (seconds, seen.action))
        if seconds > SLOW * machine.load():
            self.problem(f"{seen.action}: took {seconds:.1f} s, more than {SLOW:g} s")
        for error in seen.errors:
            self.problem(f"{seen.action}: a callback raised {error}")
        if seen.stderr:
            self.problem(f"{seen.action}: stderr says {seen.stderr.strip()[-300:]!r}")
        if seen.printed:
            self.problem(f"{seen.action}: a callback printed {seen.printed[:80]!r}")
        for model, trait, value in seen.changes:
            if trait == "value":
                self._examine_value(seen.action, model, value)
        return seen

    def examine_page(self):
        """What stands there before anything is touched must be sound as well."""
        for model in self.images + self.texts:
            self._examine_value("at the start", model, self.state(model)["value"])
        for caption in self.captions:
            if self.images and not plain(self.state(caption)["value"]):
                self.problem("the caption is empty; it says the picture in words")
        self.changed.clear()

    def _examine_value(self, action, model, value):
        self.changed.add(model)
        if model not in self.inside:
            self.problem(f"{action}: changes another exhibit")
        elif isinstance(value, bytes):
            if value not in self.blank:
                self.blank[value] = is_blank(value)
            if self.blank[value]:
                self.problem(f"{action}: the picture is blank")
        elif self.has_class(model, "nn-error") and value:
            self.problem(f"{action}: the exhibit shows {plain(value)[-200:]!r}")
        elif isinstance(value, str) and (found := NOT_A_NUMBER.search(plain(value))):
            self.problem(f"{action}: the text shows {found[0]!r}; meant so? put it in <code>")

    # ---- comparing ----

    def look(self) -> dict:
        """All that the exhibit shows: its pictures and its lines of text."""
        return {m: self.state(m)["value"] for m in self.images + self.texts if self.shown(m)}

    def shown(self, model) -> bool:
        return not self.has_class(model, "nn-error")

    def compare(self, then: dict, why: str):
        """A problem if the exhibit does not look as it did."""
        for model, value in self.look().items():
            if value == then[model]:
                continue
            if isinstance(value, str):
                self.problem(f"{why}: the text is {plain(value)!r}, was {plain(then[model])!r}")
            elif then[model] and difference(value, then[model]) > SAME:
                self.problem(f"{why}: the picture is another one (hidden state?)")


def plain(markup: str) -> str:
    """What a reader sees of a line of HTML, without what is marked as deliberate."""
    return html.unescape(TAGS.sub("", DELIBERATE.sub("", markup))).strip()


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    return struct.unpack(">II", png[16:24]) if len(png) > 24 else (0, 0)
