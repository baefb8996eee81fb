"""What the calculator says: shapes, what is lost, what would fit, and the code."""

from html import escape

from .windows import Axis, nearest, same_answer


def pixels(count) -> str:
    return "1 pixel is" if count == 1 else f"{count:,} pixels are"


def axis_in_lines(formula, rest) -> list:
    """(text, size) of the lines that stand beside an axis; long ones are broken at their joints."""
    if len(formula) > 38:
        at = min(i for i in (formula.find(" = "), formula.find(" ≈ ")) if i >= 0)
        formulas = [(formula[:at], 9), (f"   {formula[at:]}", 9)]
    else:
        formulas = [(formula, 10)]
    return formulas + [(part, 9) for part in rest.split("; ")]


def wrapped(text, width) -> str:
    """A text in lines of at most ``width`` characters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word} "
    return "\n".join(lines)


def backwards(a: Axis) -> str:
    """The size formula of a transposed convolution with its numbers."""
    cut = f" − {a.before} − {a.after}" if a.before or a.after else ""
    return f"({a.count} − 1)·{a.stride} + {a.reach}{cut} = {a.size}"


def rest_in_words(a: Axis, kind, name) -> str:
    """What becomes of the pixels behind the last window."""
    if a.count == 0:
        return f"the window reaches over {a.reach}, there are {a.padded}"
    lines = {"height": "row", "width": "column"}[name]
    gaps = a.unread()
    what = f"{gaps} {lines}{'s' * (gaps != 1)}"
    reach = f"reach ({a.k} − 1)·{a.dilation} + 1 = {a.reach}; " if a.dilation > 1 else ""
    if kind == "transposed":
        return f"{reach}{what} never written" if gaps else f"{reach}every {lines} is written"
    if a.rest == 0:
        return f"{reach}{what} between windows" if gaps else f"{reach}no remainder"
    return f"{reach}remainder {a.rest}: {what if gaps else 'no ' + lines} never read"


def code_line(code) -> str:
    """Code ready to copy, on one line that scrolls sideways."""
    return f'<code class="nn-line">{escape(code)}</code>'


def plan_in_words(plan) -> str:
    """The caption: shapes, what would fit, and the code."""
    line = code_line(plan.code)
    if not plan.fits:
        return f"{misfit(plan)}<br> {advice(plan)} This builds, but refuses this image:{line}"
    shapes = ["×".join(map(str, shape)) for shape in plan.shapes]
    said = f"{shapes[0]} → <b>{shapes[1]}</b>"
    if plan.parameters:
        said += f", {plan.parameters:,} parameters"
    if plan.kind == "transposed":
        back = " x ".join(span(same_answer(a)) for a in (plan.rows, plan.columns))
        return (
            f"{said}. The picture of a convolution, read backwards: each input pixel stamps one "
            f"window. A convolution with these numbers gives {'×'.join(map(str, plan.map[1:]))} "
            f"from {back} pixels.{line}"
        )
    return f"{said}. {advice(plan)}{line}"


def span(sizes: range) -> str:
    return f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]}..{sizes[-1]}"


def misfit(plan) -> str:
    name, a = next(
        (n, a) for n, a in (("height", plan.rows), ("width", plan.columns)) if not a.count
    )
    return (
        f"<b>No output:</b> along the {name} the window reaches over {a.reach} pixels, and with "
        f"padding there are only {a.padded}."
    )


def advice(plan) -> str:
    """For each axis with a remainder, the settings next to it that fit."""
    said = []
    for name, a in (("height", plan.rows), ("width", plan.columns)):
        if a.room < 0 or a.rest:
            near = nearest(a)
            if plan.kind == "max pooling":  # no window may lie on padding alone
                near["kernel"] = [k for k in near.get("kernel", []) if k > max(a.before, a.after)]
                near["padding"] = [p for p in near.get("padding", []) if p < a.k]
            options = [f"{what} {' or '.join(map(str, v))}" for what, v in near.items() if v]
            said.append(f"{name}: {', '.join(options)}".replace("padding", "padding behind"))
    if not said:
        return "The last window ends at the edge in both directions."
    if len(said) == 2 and plan.rows == plan.columns:
        said = [said[0].replace("height", "height and width")]
    return f"What would fit without a remainder, one change at a time: {'; '.join(said)}."


def padding_drawn(rows, columns) -> bool:
    return rows.padded > rows.size or columns.padded > columns.size


def paper_in_words(plan) -> str:
    """How large the paper is with its padding."""
    rows, columns = plan.rows, plan.columns
    if not padding_drawn(rows, columns):
        return ""
    what = "before the border is cut" if plan.kind == "transposed" else "with padding"
    return f"{rows.padded} × {columns.padded} {what}"
