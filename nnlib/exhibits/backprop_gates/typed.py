"""The circuit exhibit: any expression, its leaves on sliders, one gate after another."""

import html
import textwrap

import ipywidgets as widgets

from ... import viz
from ...gates import Expression, ExpressionError
from ...gates.drawing import short
from ...gates.expression import VARIABLES
from ...interact import TextField, step_through
from .graph import CHECK, GRADIENT, ROOM, SIZE, VALUE, WRONG, draw_graph, tidy
from .walk import agree, complete, differences, steps_of, walk

SLOTS = [f"input_{k}" for k in range(1, VARIABLES + 1)]
GOOD = [
    "(x + y) * z", "2 * (x*y + max(z, w))", "σ(w0*x0 + w1*x1 + w2)", "x * x + x",
    "tanh(x) / (1 + exp(-y))", "log(x**2 + 1) - min(x, y) * 3",
]  # fmt: skip
BAD = ["(x + y", "x +* y", "x.real", "print(x)", "2 x", "log(x - 10)"]


def draw_circuit(ax, text, values, step=None):
    """The circuit of ``text`` at ``values`` (in the order of its names) after ``step`` steps.

    Without a step everything is there, and the table of the gate at work is left out.
    """
    try:
        expression = Expression(text)
        values = dict(zip(expression.names, values))
        out = expression(**values)
    except ExpressionError as problem:
        return draw_problem(ax, problem)
    last = steps_of(out) - 1
    now = walk(out, last + 1 if step is None else min(step, last))
    checks = differences(expression, values, out)
    draw_graph(ax, now, checks)
    draw_key(ax, expression, out, now)
    if now.phase == "done":
        ax.set_ylim(ROOM + 28, 0)
        return result(now, checks, out)
    table(ax, now, checks)
    count = f"Step {min(step, last)} of {last}"
    if now.phase == "backward" and now.current is now.gates[0]:
        return f"{count}: all is handed back. {result(now, checks, out)}"
    return told(now, count)


def draw_key(ax, expression, out, now):
    """What the colours mean, and the expression."""
    for x, text, color in (
        (12, "value", VALUE), (62, "gradient", GRADIENT), (130, "≈ finite difference", CHECK)
    ):  # fmt: skip
        ax.text(x, 12, text, color=color, va="center_baseline", size=9.5)
    result = f" = {tidy(out.data)}" if now.known == len(now.gates) else ""
    text = expression.text if len(expression.text) < 57 else expression.text[:54] + "…"
    ax.text(
        SIZE[0] - 12, 12, f"f = {text}{result}", ha="right", va="center_baseline",
        family="monospace", weight="bold", size=9.5,
    )  # fmt: skip


COLUMNS = {"forward": (14, 330, 430), "backward": (14, 300, 420, 535, 660, 775)}


def table(ax, now, checks):
    """The gate at work: local derivative × upstream = downstream, a row for each input."""
    top = 432
    ax.plot([8, SIZE[0] - 8], [top - 14] * 2, color="#bbbbbb", lw=1)

    def row(y, texts, colors, **style):
        columns = COLUMNS[now.phase]
        for x, text, color in zip(columns, texts, colors):
            ha = "left" if x == 14 else "center"
            ax.text(x, y, text, color=color, ha=ha, va="center_baseline", size=9.5, **style)

    if now.current is None:
        start = "The inputs are set. Each gate waits until its own inputs have arrived."
        words = start if now.phase == "start" else "The output is there. Its own gradient is 1."
        ax.text(14, top + 4, words, va="center_baseline", size=10.5)
        return
    gate, ink = now.current, viz.INK
    title = f"gate {gate.op.replace('-', '−')}, {now.phase}"
    if now.phase == "forward":
        row(top, [title, "value", "local derivative"], [ink] * 3, weight="bold")
        for k, (a, slope) in enumerate(zip(gate.inputs, gate.local), 1):
            texts = [f"takes {named(a)}", short(a.data), short(slope)]
            row(top + 20 * k, texts, [ink, VALUE, ink])
        texts = [f"gives {named(gate)}", short(gate.data)]
        row(top + 20 * (len(gate.inputs) + 1), texts, [ink, VALUE])
        return
    heads = [title, "local derivative", "×  upstream", "=  downstream", "added up"]
    heads.append("finite difference")
    row(top, heads, [ink] * 6, weight="bold")
    upstream = now.grads[id(gate)]
    for k, (a, slope) in enumerate(zip(gate.inputs, gate.local), 1):
        total, difference = now.grads[id(a)], checks.get(id(a))
        texts = [f"to {named(a)}", short(slope), f"×  {tidy(upstream)}"]
        texts += [f"=  {tidy(slope * upstream)}", tidy(total)]
        colors = [ink, ink, GRADIENT, GRADIENT, GRADIENT, CHECK]
        if difference is None:
            texts.append("a plain number")
        elif not complete(now, a):
            texts[-1] += " so far"
            texts.append("more to come")
        else:
            right = agree(total, difference)
            colors[-1] = CHECK if right else WRONG
            texts.append(f"{'≈' if right else '≠'} {tidy(round(difference, 9), 6)}")
        row(top + 20 * k, texts, colors)


def named(node) -> str:
    """What a wire carries, in the words of the expression."""
    text = node.name or short(node.data)
    return text if len(text) <= 30 else text[:28] + "…"


def told(now, step) -> str:
    """What happens in this step."""
    gate = now.current
    if now.phase == "start":
        return f"{step}. The inputs have their values; every gate waits for its own."
    if now.phase == "output":
        return f"{step}. Forward is done. Backward begins at the end, with ∂f/∂f = 1."
    if now.phase == "forward":
        gets = " and ".join(short(a.data) for a in gate.inputs)
        return f"{step}, forward: gate {gate.op} takes {gets} and gives {short(gate.data)}."
    upstream = now.grads[id(gate)]
    parts = [f"{short(k)} × {tidy(upstream)} = {tidy(k * upstream)}" for k in gate.local]
    return f"{step}, backward: gate {gate.op} hands back {' and '.join(parts)}."


def result(now, checks, out) -> str:
    """The output, the gradient of every name, and what the differences say to all of them."""
    names = {node.name: now.grads[id(node)] for node in now.nodes if node.name and not node.op}
    slopes = ", ".join(f"{name} {tidy(slope)}" for name, slope in names.items())
    bad = [n for n in now.nodes if id(n) in checks and not agree(now.grads[id(n)], checks[id(n)])]
    verdict = "All agree with their finite differences."
    if bad:
        verdict = "Red: no single slope (a kink, a tie), or a difference too coarse for this f."
    found = f"the gradients: <b>{slopes}</b>" if names else "no name, so no gradient"
    return f"<b>f = {tidy(out.data)}</b>; {found}. {verdict}"


def draw_problem(ax, problem):
    """The expression, the caret, and what was wanted."""
    ax.set_axis_off()
    ax.set(xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    shown = slice(max(0, problem.place - 60), problem.place + 20)
    line, caret = problem.text[shown], " " * (problem.place - shown.start) + "^"
    ax.text(40, 190, line or " ", family="monospace", size=13, va="center_baseline")
    ax.text(
        40, 212, caret, family="monospace", size=13, color=WRONG, weight="bold",
        va="center_baseline",
    )  # fmt: skip
    for k, words in enumerate(textwrap.wrap(problem.reason, 96)):
        ax.text(40, 252 + 22 * k, words, size=11, va="center_baseline")
    return f"At character {problem.place + 1} of the expression: {html.escape(problem.reason)}."


def circuit(text, **values):
    """The exhibit: a field for the expression, a slider for each of its names, a stepper.

    Parameters
    ----------
    text : str
        The first expression.
    **values : float
        Where its names start. Names typed later take the sliders in the order they appear.
    """

    def draw(ax, step, f, **inputs):
        return draw_circuit(ax, f, list(inputs.values()), step)

    start = [float(values[name]) for name in Expression(text).names]
    start += [1.0] * (VARIABLES - len(start))
    sliders = {slot: (-6.0, 6.0, 0.1, value) for slot, value in zip(SLOTS, start)}
    field = TextField(text, good=[text, *GOOD], bad=BAD, width="min(100%, 56em)")
    out = Expression(text)(**values)
    exhibit = step_through(
        draw, steps_of(out), size=(SIZE[0] / 100, SIZE[1] / 100), f=field, **sliders
    )
    for slot in SLOTS:
        exhibit.controls[slot].layout.width = "17em"
    row = exhibit.children[1]  # Play, Back, Next, step, f, the sliders, Reset
    *first, reset = row.children[:4] + row.children[-1:]
    row.children = (*first, reset, *row.children[4:-1])
    fit(exhibit)
    field.observe(lambda _: fit(exhibit), "value")
    return exhibit


def fit(exhibit):
    """Name the sliders as the expression does, hide those it has no use for, count its steps."""
    controls = exhibit.controls
    try:
        expression = Expression(controls["f"].value)
        values = [controls[slot].value for slot in SLOTS]
        last = steps_of(expression(**dict(zip(expression.names, values)))) - 1
    except ExpressionError:
        return
    for k, slot in enumerate(SLOTS):
        used = k < len(expression.names)
        controls[slot].disabled = not used
        controls[slot].description = expression.names[k] if used else "unused"
        controls[slot].layout.visibility = "visible" if used else "hidden"
    for control in (controls["step"], *players(exhibit)):
        control.max = last


def players(exhibit) -> list:
    """The Play button, which counts the steps too."""
    return [w for row in exhibit.children for w in getattr(row, "children", ())
            if isinstance(w, widgets.Play)]  # fmt: skip
