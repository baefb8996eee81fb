"""A notebook inspected as a learner uses it; what is wrong with it, in words."""

import re
import time
from typing import NamedTuple

from . import look
from .drive import (
    Seen,
    drag,
    moves_of,
    options,
    settle,
    to_the_end,
    value,
    watching,
)

LAG = 0.5  # seconds after a drag until the picture must show where the slider stands
TRAINING = 150  # seconds a training button may take to its end
CHOICES = ("select", "toggles", "radio", "checkbox", "toggle")


class Fault(NamedTuple):
    """One thing that is wrong: its class, where it is, and what was seen."""

    kind: str
    where: str
    what: str

    def __str__(self):
        return f"{self.kind}: {self.where}: {self.what}"


class Inspection:
    """``Inspection(nb, folder).faults()`` runs the notebook and drives all of it.

    Parameters
    ----------
    nb : Notebook
        Opened, not yet run.
    folder : Path
        Where the pictures of every exhibit go.
    """

    def __init__(self, nb, folder):
        self.nb, self.folder, self.found, self.read = nb, folder, {}, 0

    def fault(self, kind, where, what):
        self.found.setdefault(Fault(kind, where, what))

    def faults(self) -> list[Fault]:
        nb = self.nb
        nb.ask("keep_figures()")
        nb.run_all()
        self.ran()
        exhibits = nb.exhibits()
        for exhibit in exhibits:
            self.drive(exhibit)
        nb.theme(dark=True)
        for exhibit in exhibits:
            nb.show(exhibit)
            self.shoot(exhibit, "dark-start")
            self.contrast(exhibit)
            if exhibit["kind"] == "exhibit":
                next((c for c in nb.controls(exhibit) if to_the_end(nb, c)), None)
                nb.rest(exhibit)
                self.shoot(exhibit, "dark-moved")
        for said, ratio in nb.ask(f"faint_text({look.RATIO})"):
            self.fault("contrast", "a picture", f"{said!r} {ratio}:1")
        self.ended()
        return list(self.found)

    # ---- the notebook as a whole -------------------------------------------------------------

    def ran(self):
        for cell in self.nb.cells():
            where = f"cell {cell['index']}"
            if "raises-exception" not in cell["tags"]:
                for error in cell["errors"]:
                    self.fault("cell error", where, error)
            if cell["type"] == "code" and cell["source"].strip() and not cell["count"]:
                self.fault("cell error", where, "was not executed")
        self.rendered("Run All")

    def rendered(self, where):
        for index, said in self.nb.js("() => nn.broken()"):
            kind = "callback error" if "exhibit says" in said else "not rendered"
            self.fault(kind, f"cell {index}, {where}", said)
        for said in self.nb.js("() => nn.said.splice(0)"):
            self.fault("callback error", where, said[-300:])
        log = self.nb.log()
        new, self.read = re.sub(r"\x1b\[[\d;]*m", "", log[self.read :]), len(log)
        for error in re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b.*", new, re.M):
            self.fault("callback error", where, error[:300])

    def ended(self):
        for said in self.nb.console:
            self.fault("console error", self.nb.path.name, said)
        for address in self.nb.outside:
            self.fault("request outside", "the page", address)
        for said in self.nb.lab.left_the_machine(self.nb.asked_before):
            self.fault("request outside", "server or kernel", said)

    # ---- one exhibit -------------------------------------------------------------------------

    def drive(self, exhibit):
        nb = self.nb
        nb.show(exhibit)
        controls = nb.controls(exhibit)
        base = nb.rest(exhibit)
        self.shoot(exhibit, "light-start")
        self.contrast(exhibit)
        for said in look.nameless(nb, exhibit):
            self.fault("no name", exhibit["id"], said)
        for control in look.unreachable(nb, exhibit, controls):
            self.fault("no Tab", self.where(control), "the Tab key does not come here")
        self.exhibit, self.controls, self.base = exhibit, controls, base
        self.height, self.reset = Seen(), self.button("Reset")
        if exhibit["kind"] == "predict":
            return self.predict()
        dragged = False
        for control in controls:
            if control["disabled"] or not control["shown"] or control["label"] == "Reset":
                continue
            self.shot = control is controls[0]
            seen = self.move(control)
            if not seen.changed and not self.alive_elsewhere(control):
                self.fault("dead control", self.where(control), "moved, and no pixel changed")
            if control["kind"] == "slider" and not dragged:
                dragged = True
                if not self.follows(control, 0.3) and not (
                    self.follows(control, 0.45) and self.follows(control, 0.6)
                ):  # once may be the machine
                    self.fault("lag", self.where(control), f"it lags {LAG:g} s behind a fast drag")
            if control["kind"] in ("select", "radio") and look.stolen(nb, exhibit, control):
                self.fault("keyboard", self.where(control), "an arrow key moves the cell cursor")
            self.put_back()
            self.rendered(self.where(control))
        if exhibit["kind"] == "exhibit" and self.height.high - self.height.low > 1:
            low, high = self.height.low, self.height.high
            self.fault("height", exhibit["id"], f"between {low:.0f} and {high:.0f} pixels")
        settle(nb, exhibit)
        self.rendered(exhibit["id"])

    def predict(self):
        """Every answer, each with a click on Check, is commented upon."""
        choice, check = next(c for c in self.controls if c["kind"] == "radio"), self.button("Check")
        if look.stolen(self.nb, self.exhibit, choice):
            self.fault("keyboard", self.where(choice), "an arrow key moves the cell cursor")
        for position in range(choice["options"]):
            with self.watch(Seen()) as watch:
                self.choose(choice, position)
                self.nb.wait_idle(10, 0.05)
                watch.count = self.nb.js("() => nn.seen.marks.length")
                self.nb.locate(check).click()
                if not watch.answered():
                    self.fault("dead control", self.where(check), f"silent on answer {position}")
        self.shoot(self.exhibit, "light-moved")
        self.rendered(self.where(check))

    def where(self, control):
        return f"{control['exhibit']} {control['kind']} {control['label']!r}"

    def shoot(self, exhibit, name):
        self.nb.shoot(exhibit, self.folder / f"{self.nb.path.stem}-{exhibit['id']}-{name}.png")

    def contrast(self, exhibit):
        theme = "dark" if self.nb.dark else "light"
        for said in look.faint(self.nb, exhibit):
            self.fault("contrast", f"{exhibit['id']}, {theme} theme", said)

    def button(self, label):
        return next((c for c in self.controls if c["label"] == label), None)

    def put_back(self):
        """Press Reset, when the exhibit has one and does not show its first picture."""
        nb = self.nb
        if not self.reset:
            return settle(nb, self.exhibit)
        nb.locate(self.reset).click()
        end = time.monotonic() + 2
        while nb.signature(self.exhibit) != self.base and time.monotonic() < end:
            time.sleep(0.02)

    def watch(self, seen):
        return watching(self.nb, self.exhibit, seen)

    def move(self, control) -> Seen:
        """Every movement of one control, each followed by a look at the picture."""
        if control["label"] == "Start":
            return self.train(control)
        seen = Seen()
        for patient in (False, True):
            with self.watch(seen) as watch:
                for act in moves_of(self.nb, control):
                    if act() is not False:
                        watch.answered()
                    if patient:  # a picture shown before comes back sharp, a new one does not
                        settle(self.nb, self.exhibit)
                if control["kind"] == "play":
                    self.nb.page.wait_for_timeout(1500)
                    self.nb.locate(control).locator("button").first.click()
                if self.shot:
                    self.nb.rest(self.exhibit)
                    self.shoot(self.exhibit, "light-moved")
            if seen.changed:
                break
        self.grew(seen)
        if control["kind"] != "text":  # there a bad value may be refused in words
            for said in seen.errors:
                self.fault("callback error", self.where(control), said[-300:])
        return seen

    def grew(self, seen):
        self.height.low = min(self.height.low, seen.low)
        self.height.high = max(self.height.high, seen.high)

    def alive_elsewhere(self, control) -> bool:
        """Some controls do something only under another choice, or away from the start."""
        nb = self.nb
        if self.button("Start") and control["kind"] != "button":
            return self.trains_differently(control)
        for other in self.controls:
            if other["id"] == control["id"] or other["disabled"] or not other["shown"]:
                continue
            if other["kind"] in CHOICES:
                tries = options(other) if other["kind"] in CHOICES[:3] else [0]
            elif other["kind"] == "slider":
                tries = ["End"]
            else:
                continue
            for position in tries:
                self.choose(other, position)
                settle(nb, self.exhibit)
                if self.move(control).changed:
                    self.put_back()
                    return True
                self.put_back()
        return False

    def choose(self, control, position):
        place = self.nb.locate(control)
        if control["kind"] == "select":
            place.select_option(index=position)
        elif control["kind"] in ("toggles", "radio"):
            inner = "button" if control["kind"] == "toggles" else "input"
            place.locator(inner).nth(position).click()
        elif control["kind"] == "slider":
            place.press(position)
        else:
            place.click()

    def follows(self, control, to) -> bool:
        """Whether the picture shows where the slider stands soon after a fast drag to there."""
        before = value(self.nb, control)
        with self.watch(Seen()) as watch:
            drag(self.nb, control, to)
            settle(self.nb, self.exhibit)
        if value(self.nb, control) == before:
            self.fault("dead control", self.where(control), "the mouse does not move it")
        self.grew(watch.seen)
        marks = watch.watched["marks"]
        released = max(time for kind, time in watch.watched["events"] if kind == "mouseup")
        sizes = [picture.split(":")[0] for _, picture in marks]
        if len(marks) > 1 and sizes[-1] != sizes[-2]:
            marks = marks[:-1]  # the last picture is the sharper copy of the one before
        return not marks or marks[-1][0] <= released + 1000 * LAG

    # ---- training ----------------------------------------------------------------------------

    def train(self, start) -> Seen:
        """Start, to the end; then Start again and Stop."""
        seen = Seen()
        with self.watch(seen):
            self.nb.locate(start).click()
            self.trained(start, TRAINING)
            settle(self.nb, self.exhibit)
        self.shoot(self.exhibit, "light-trained")
        stop = self.button("Stop")
        if stop:
            self.nb.locate(start).click()
            self.nb.page.wait_for_timeout(400)
            if self.nb.locate(stop).is_enabled():
                self.nb.locate(stop).click()
                self.trained(start, 2)
        return seen

    def trained(self, start, seconds):
        """Wait until the Start button can be pressed again."""
        place, end = self.nb.locate(start), time.monotonic() + seconds
        time.sleep(0.2)
        while not place.is_enabled():
            if time.monotonic() > end:
                self.fault("training", self.where(start), f"was not over within {seconds} s")
                return
            time.sleep(0.05)

    def trains_differently(self, control) -> bool:
        """A setting of a training shows only after Start; here, that the exhibit hears of it."""
        with self.watch(Seen()) as watch:
            for act in moves_of(self.nb, control):
                if act() is not False and watch.answered():
                    break
            settle(self.nb, self.exhibit)
        return len(watch.seen.pictures) > 1
