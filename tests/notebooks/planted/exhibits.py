"""Exhibits of nnlib with one fault each, and what must be said of it."""

EXHIBITS = {
    "two buttons of one name": (
        """\
exhibit = explore(column, a=(0, 3, 1, 1), actions={"More": lambda a: {"a": min(a + 1, 3)}})
exhibit.children = [*exhibit.children, W.Button(description="More")]
exhibit""",
        r"two buttons are called 'More'",
    ),
    "a caption that stays": (
        'explore(lambda ax, a: column(ax, a) and "some columns", a=(0, 3, 1, 1))',
        r"the caption never changed",
    ),
    "an exhibit without words": (
        "explore(lambda ax, a: column(ax, a) and None, a=(0, 3, 1, 1))",
        r"the caption is empty",
    ),
    "no still picture": (
        """\
class Bare(Exhibit):
    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {kind: data for kind, data in bundle.items() if kind != "image/png"}


Bare(column, {"a": (0, 3, 1, 1)})""",
        r"no still picture",
    ),
    "a drawing raises where two extremes meet": (
        "explore(lambda ax, a, b: column(ax, 1 // (a + b), b=b), a=(0, 3, 1, 1), b=(0, 3, 1, 1))",
        r"the exhibit shows .*ZeroDivisionError",
    ),
    "a dead control": (
        'explore(lambda ax, a, b: column(ax, a), a=(0, 3, 1, 1), b=["one", "two"])',
        r"b: no value of this control changes anything",
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
    def _key(self, scale, values=None):
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
