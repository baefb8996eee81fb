"""One exhibit on trial: every control moved, and the picture must follow."""

import time

from . import look
from .drive import ANSWER, Seen, drag, moves_of, options, watching

LAG = 0.5  # seconds after a drag until the picture must show where the slider stands
TRAINING = 150  # seconds a training button may take to its end
CHOICES = ("select", "toggles", "radio", "checkbox", "toggle")


class Trial:
    """``Trial(inspection, exhibit).run()`` tells the inspection what is wrong with an exhibit."""

    def __init__(self, inspection, exhibit):
        self.inspection, self.nb, self.exhibit = inspection, inspection.nb, exhibit
        self.fault, self.rendered = inspection.fault, inspection.rendered
        self.controls = self.nb.controls(exhibit)
        self.base, self.height = self.nb.signature(exhibit), Seen()
        self.reset = self.button("Reset")

    def run(self):
        for control in look.unreachable(self.nb, self.exhibit, self.controls):
            self.fault("no Tab", self.where(control), "the Tab key does not come here")
        if self.exhibit["kind"] == "predict":
            return self.predict()
        usable = [c for c in self.controls if c["shown"] and not c["disabled"]]
        first = next((c for c in usable if c["kind"] == "slider"), None)
        for control in usable:
            if control is self.reset:
                continue
            self.shot = control is self.controls[0]
            seen = self.move(control)
            if not seen.changed and not self.alive_elsewhere(control):
                self.fault("dead control", self.where(control), "moved, and no pixel changed")
            if control is first and not self.keeps_up(control):
                self.fault("lag", self.where(control), f"it lags {LAG:g} s behind a fast drag")
            if control["kind"] in ("select", "radio", "board"):
                self.arrows(control)
            self.put_back()
            self.rendered(self.where(control))
        if self.exhibit["kind"] == "exhibit" and self.height.high - self.height.low > 1:
            between = f"between {self.height.low:.0f} and {self.height.high:.0f} pixels"
            self.fault("height", self.exhibit["id"], between)
        self.nb.rest(self.exhibit)
        self.rendered(self.exhibit["id"])

    def arrows(self, control):
        if look.stolen(self.nb, self.exhibit, control):
            self.fault("keyboard", self.where(control), "an arrow key moves the cell cursor")

    def shoot(self, name):
        self.inspection.shoot(self.exhibit, name)

    def predict(self):
        """Every answer, each with a click on Check, is commented upon."""
        choice, check = next(c for c in self.controls if c["kind"] == "radio"), self.button("Check")
        self.arrows(choice)
        for position in range(choice["options"]):
            with self.watch(Seen()) as watch:
                self.choose(choice, position)
                self.nb.wait_idle(10, 0.05)
                watch.count = self.nb.js("() => nn.seen.marks.length")
                self.nb.locate(check).click()
                if not watch.answered():
                    self.nb.rest(self.exhibit)  # the machine may be slow
                    if not watch.answered():
                        silent = f"silent on answer {position}"
                        self.fault("dead control", self.where(check), silent)
        self.shoot("light-moved")
        self.rendered(self.where(check))

    def where(self, control):
        return f"{control['exhibit']} {control['kind']} {control['label']!r}"

    def button(self, label):
        return next((c for c in self.controls if c["label"] == label), None)

    def put_back(self):
        """Press Reset, when the exhibit has one and does not show its first picture."""
        nb = self.nb
        if not self.reset:
            return nb.rest(self.exhibit)
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
                        watch.answered(ANSWER if not watch.count else ANSWER / 4)
                    if patient:  # a picture shown before comes back sharp, a new one does not
                        self.nb.rest(self.exhibit)
                if not watch.count:
                    self.nb.rest(self.exhibit)  # the machine may be slow
                if control["kind"] == "play":
                    self.nb.page.wait_for_timeout(1500)
                    self.pause(control, watch)
                if self.shot:
                    self.nb.rest(self.exhibit)
                    self.shoot("light-moved")
            if seen.changed or len(seen.pictures) == 1:
                break
        self.grew(seen)
        if control["kind"] != "text":  # there a bad value may be refused in words
            for said in seen.errors:
                self.fault("callback error", self.where(control), said[-300:])
        return seen

    def pause(self, control, watch):
        """Press Play's button once more, if it still plays: then the picture must stand."""
        place = self.nb.locate(control)
        if place.locator(".fa-pause").count():
            place.locator("button").first.click()
        self.nb.rest(self.exhibit)
        watch.count = self.nb.js("() => nn.seen.marks.length")
        if watch.answered(0.8):
            self.fault("dead control", self.where(control), "it plays on after Pause")

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
                nb.rest(self.exhibit)
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

    def keeps_up(self, control) -> bool:
        """One late picture may be the machine's fault; two of three drags are not."""
        return self.follows(control, 0.3) or (
            self.follows(control, 0.45) and self.follows(control, 0.6)
        )

    def follows(self, control, to) -> bool:
        """Whether the picture shows where the slider stands soon after a fast drag to there."""
        with self.watch(Seen()) as watch:
            followed = drag(self.nb, control, to)
            self.nb.rest(self.exhibit)
        if not followed:
            self.fault("dead control", self.where(control), "the mouse does not move it")
        self.grew(watch.seen)
        marks = watch.watched["marks"]
        released = max(time for kind, time in watch.watched["events"] if kind == "mouseup")
        sizes = [picture.split(":")[0] for _, picture in marks]
        if len(marks) > 1 and sizes[-1] != sizes[-2]:
            marks = marks[:-1]  # the last picture is the sharper copy of the one before
        late = marks[-1][0] - released if marks else 0
        return late <= 1000 * LAG or late <= 1000 * LAG * held_up()

    # ---- training ----------------------------------------------------------------------------

    def train(self, start) -> Seen:
        """Start, to the end; then Start again and Stop."""
        seen = Seen()
        with self.watch(seen):
            self.nb.locate(start).click()
            self.trained(start, TRAINING)
            self.nb.rest(self.exhibit)
        self.shoot("light-trained")
        stop = self.button("Stop")
        if stop:
            self.nb.locate(start).click()
            self.nb.page.wait_for_timeout(400)
            # the page's own click: a short training may have ended, and then this does nothing
            self.nb.locate(stop).evaluate("button => button.click()")
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
        before = self.nb.ask("drawn()")
        for act in moves_of(self.nb, control):
            act()
        self.nb.rest(self.exhibit)
        return self.nb.ask("drawn()") > before


def held_up(work=0.1) -> float:
    """How many times longer than alone a program takes now, beside all others on this machine."""
    wall, begin = time.perf_counter(), time.process_time()
    while time.process_time() - begin < work:
        pass
    return (time.perf_counter() - wall) / work
