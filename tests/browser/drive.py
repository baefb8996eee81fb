"""Controls moved as a person moves them, and whether the picture follows."""

import time
from dataclasses import dataclass, field

ANSWER = 1.0  # seconds within which a picture must begin to follow its control
OPTIONS = 4  # of a long list, so many are tried
BOARD_KEYS = ("ArrowRight", "Space")  # one step, then ink


@dataclass
class Seen:
    """What an exhibit showed while a control moved."""

    pictures: set = field(
        default_factory=set
    )  # every picture, as "width x height : hash" or "text : hash"
    errors: list = field(default_factory=list)  # what the exhibit said went wrong
    low: float = 1e9  # smallest and largest height of the exhibit, in pixels
    high: float = 0.0

    def add(self, watched):
        self.pictures.update(picture for _, picture in watched["marks"])
        self.errors += watched["errors"]
        self.low, self.high = min(self.low, watched["low"]), max(self.high, watched["high"])

    @property
    def changed(self) -> bool:
        """Whether two pictures differ. A sharper copy of the same picture is no difference."""
        sizes = {}
        for picture in self.pictures:
            size = " ".join(one.split(":")[0] for one in picture.split(" "))
            sizes.setdefault(size, set()).add(picture)
        return any(len(same_size) > 1 for same_size in sizes.values())


class watching:
    """``with watching(nb, exhibit, seen) as watch: ...`` records every picture shown meanwhile."""

    def __init__(self, nb, exhibit, seen=None):
        self.nb, self.exhibit, self.seen = nb, exhibit, Seen() if seen is None else seen

    def __enter__(self):
        self.seen.pictures.add(self.nb.signature(self.exhibit))
        self.nb.js("id => nn.watch(id)", self.exhibit["id"])
        self.count = 0
        return self

    def answered(self, timeout=ANSWER):
        """Wait for the first new picture since the watching began, or since the last call."""
        before, limit = self.count, 1000 * timeout
        self.count = self.nb.js("([count, ms]) => nn.more(count, ms)", [before, limit])
        return self.count > before

    def __exit__(self, *_):
        self.watched = self.nb.js("() => nn.unwatch()")
        self.seen.add(self.watched)


def options(control):
    """Positions of a choice to try, ending where it began."""
    return [*range(1, min(control["options"], OPTIONS)), 0]


def value(nb, control):
    """Where a slider stands: value, lowest, highest."""
    return nb.js(
        """id => ['now', 'min', 'max'].map(
            name => Number(nn.get(id).getAttribute('aria-value' + name)))""",
        control["id"],
    )


def moves_of(nb, control):
    """The movements to try on a control: functions, each one action of a person's."""
    place, kind, keys = nb.locate(control), control["kind"], nb.page.keyboard
    if kind == "slider":

        def press(key):
            place.focus()
            before = value(nb, control)
            keys.press(key)
            return value(nb, control) != before  # at the end of its way it cannot move

        return [lambda key=key: press(key) for key in slider_keys(nb, control)]
    if kind == "select":
        return [lambda i=i: place.select_option(index=i) for i in options(control)]
    if kind in ("toggles", "radio"):
        one = place.locator("button" if kind == "toggles" else "input")
        return [lambda i=i: one.nth(i).click() for i in options(control)]
    if kind in ("checkbox", "toggle"):
        return [lambda: (place.focus(), keys.press("Space"))] * 2
    if kind == "text":
        return [lambda text=text: write(nb, control, text) for text in texts(nb, control)]
    if kind == "board":
        return [
            lambda: stroke(nb, place),
            *(lambda key=key: place.press(key) for key in BOARD_KEYS),
        ]
    if kind == "play":  # its middle is the button that stops
        return [place.locator("button").first.click]
    return [place.click]


def slider_keys(nb, control):
    """Keys to press on a slider; on one of the many of a matrix, fewer."""
    now, _, high = value(nb, control)
    there = "ArrowLeft" if now >= high else "ArrowRight"
    return [there, "End"] if control["matrix"] else [there, "End", "Home"]


def write(nb, control, text):
    nb.locate(control).fill(text)
    nb.page.keyboard.press("Enter")


def texts(nb, control):
    """Sample values the field itself declares, good ones last; for a number, one up or down."""
    place = nb.locate(control)
    now = place.input_value()
    if place.get_attribute("type") == "number":
        step = place.get_attribute("step")
        step = 1.0 if step in (None, "any") else float(step)
        return [f"{float(now) + step:g}", f"{float(now) - step:g}", now]
    declared = nb.ask(f"samples({control['label']!r})")
    return [*declared["bad"], *declared["good"], now] if declared else [now + "1", now]


def stroke(nb, place):
    """A stroke of the mouse across the middle."""
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 2
    nb.page.mouse.move(x, y)
    nb.page.mouse.down()
    nb.page.mouse.move(x + box["width"] / 4, y + box["height"] / 5, steps=8)
    nb.page.mouse.up()


def to_the_end(nb, control):
    """Set a control to its largest value, or its last option; False if it has no such thing."""
    place, kind = nb.locate(control), control["kind"]
    if kind == "slider":
        place.press("End")
    elif kind == "select":
        place.select_option(index=control["options"] - 1)
    elif kind == "toggles":
        place.locator("button").last.click()
    elif kind == "radio":
        place.locator("input").last.click()
    elif kind in ("checkbox", "toggle"):
        place.click()
    else:
        return False
    return True


def drag(nb, control, to, seconds=0.7, rate=60):
    """Take a slider's handle and move it fast to its far end, then to this part of its way.

    Returns whether the slider followed the mouse; its picture is another matter.
    """
    before = value(nb, control)
    nb.locate(control).scroll_into_view_if_needed()
    track, handle = nb.js(
        """id => [nn.get(id).closest('.noUi-target').querySelector('.noUi-base'), nn.get(id)]
            .map(el => { const b = el.getBoundingClientRect();
                         return [b.left, b.top, b.width, b.height]; })""",
        control["id"],
    )
    left, _, width, _ = track
    x, y = handle[0] + handle[2] / 2, handle[1] + handle[3] / 2
    far = left if x > left + width / 2 else left + width
    end = left + width * (to if far > left else 1 - to)
    mouse, count = nb.page.mouse, int(seconds * rate / 2)
    mouse.move(x, y)
    mouse.down()
    followed = False
    for begin, stop in ((x, far), (far, end)):
        since = time.monotonic()
        for i in range(1, count + 1):
            mouse.move(begin + (stop - begin) * i / count, y)
            time.sleep(max(0, since + i / rate - time.monotonic()))
        followed = followed or value(nb, control) != before
    mouse.up()
    return followed
