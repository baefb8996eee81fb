"""Plain ipywidgets panels with one fault each, and what must be said of it."""

PANELS = {
    "values that come while it draws are lost": (
        """\
loop, waiting, image, a = asyncio.get_running_loop(), [], W.Image(value=bars(14, 9)), slider()


def redraw(value):
    time.sleep(0.3 * len(waiting))
    image.value = bars(5 + 9 * value, 9)
    waiting.clear()


def moved(change):
    if threading.current_thread() is threading.main_thread():
        redraw(change.new)
    elif not waiting:
        waiting.append(change.new)
        loop.call_soon_threadsafe(redraw, change.new)


a.observe(moved, "value")
W.VBox([a, image])""",
        r"after a fast drag of a: the picture is another one",
    ),
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
twice = [2.1, 2.1]


def update(a):
    if a == 3 and twice:
        time.sleep(twice.pop())
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
        r"changes another exhibit",
    ),
}
