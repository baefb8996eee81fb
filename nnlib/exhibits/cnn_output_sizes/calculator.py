"""The output-size calculator: a window on squared paper, and the formula with its numbers."""

from html import escape

import numpy as np

from ... import viz
from ...interact import TextField
from .moves import LAST
from .paper import (
    DONE,
    PADDING,
    READ,
    UNREAD,
    boxes,
    brackets,
    centres,
    frame,
    grid,
    numbers,
    paint,
    sheet,
    write,
)
from .settings import KINDS, Plan, read
from .windows import axis
from .words import (
    axis_in_lines,
    backwards,
    padding_drawn,
    paper_in_words,
    pixels,
    plan_in_words,
    rest_in_words,
    wrapped,
)

SLIDING = {"size": (8.6, 4.5)}
CALCULATOR = {"size": (8.6, 4.6)}
DRAWN = 300  # pixels along one side; more are only counted
BIG, SMALL = (6.5, 8.5, 34.0), (48.0, 8.5, 15.0)  # left, top, longest side of the two grids


def calculator_controls() -> dict:
    """The fields of the calculator, with samples of what may be typed in them."""

    def field(value, good, bad, width="14em"):
        return TextField(value, good=good, bad=bad, width=width)

    return {
        "layer": KINDS,
        "input_size": field("3 x 8 x 10", ["3 x 8 x 10", "28", "1x227x227", "40 30"], ["0", "7.5"]),
        "kernel": field("3", ["3", "2 x 5", "1"], ["0", "-3", "three", "99999999999"]),
        "kernels": field("4", ["4", "96"], ["0", "4 5"], "9em"),
        "stride": field("2", ["2", "1 x 3", "9"], ["0", "-1", ""]),
        "padding": field(
            "0", ["0", "1", "same", "valid", "1 0 2 1", "[[0,0],[1,1],[2,1],[0,0]]"],
            ["-1", "1 2 3", "full", "[[1,1],[1,1],[2,1],[0,0]]"], "19em",
        ),
        "dilation": field("1", ["1", "1 x 2"], ["0", "1 2 3"], "11em"),
        "position": (0, LAST, 1, 0),
    }  # fmt: skip


def draw_calculator(
    ax, layer, input_size, kernel, kernels, stride, padding, dilation, position
):  # fmt: skip
    """The layer that the texts describe, or in words why there is none."""
    sheet(ax, 84, 44)
    try:
        plan = read(layer, input_size, kernel, kernels, stride, padding, dilation)
    except ValueError as problem:
        write(ax, 42, 20, wrapped(str(problem), 62), ha="center", va="center", size=13)
        return f"{escape(str(problem))}<br> Change that field; the others are kept."
    draw_plan(ax, plan, position)
    y = 27.5
    for name, a in (("height", plan.rows), ("width", plan.columns)):
        ax.text(48, y, name, weight="bold", size=10)
        formula = backwards(a) if layer == "transposed" else a.formula()
        for k, (text, size) in enumerate(axis_in_lines(formula, rest_in_words(a, layer, name))):
            look = {"color": "#444444"} if k else {}
            ax.text(54, y + 2.15 * k, text, size=size, **look)
        y += 8.6
    return plan_in_words(plan)


def draw_sliding(ax, image_size, kernel, stride, padding, position):
    """A square window on a square image, and the map it fills."""
    sheet(ax, 84, 43)
    a = axis(image_size, kernel, stride, padding)
    draw_plan(ax, Plan("convolution", 1, 1, a, a, ""), position)
    if a.count == 0:
        return (
            f"The window of {kernel}×{kernel} does not fit into {a.padded}×{a.padded} pixels, not "
            "even once: there is no output."
        )
    lost = image_size**2 - (image_size - a.unread()) ** 2
    said = "every pixel is read" if lost == 0 else f"<b>{pixels(lost)} never read</b>"
    return (
        f"The window stands at {a.count} places along each side, so {image_size}×{image_size} "
        f"pixels become <b>{a.count}×{a.count}</b> numbers; {said}. Position "
        f"{position % a.count**2 + 1} of {a.count**2}."
    )


def draw_plan(ax, plan, position):
    """Both grids, every window position as a bar, one window with the number it makes."""
    turned = plan.kind == "transposed"
    names = ("output", "input") if turned else ("input", "output")
    for x, name, shape in zip((BIG[0], SMALL[0]), names, (plan.image, plan.map)):
        size = " × ".join(map(str, shape if shape[0] > 1 else shape[1:]))
        ax.text(x, 1.6, f"{name}  {size}" if min(shape) else f"no {name}", size=11, weight="bold")
    rows, columns = plan.rows, plan.columns
    if max(rows.padded, columns.padded) > DRAWN:
        ax.text(23, 24, "too many pixels to draw:\nonly counted", ha="center", size=12)
        return
    step = divmod(position % (rows.count * columns.count), columns.count) if plan.fits else (0, 0)
    left, top, side = BIG
    cell = min(4.8, side / max(rows.padded, columns.padded, rows.reach, columns.reach))
    ax.text(left, 4.2, paper_in_words(plan), size=9, color="#444444")
    draw_image(ax, plan, step, cell)
    brackets(ax, columns, step[1], left, cell, top - 0.3, 3.2, upright=False)
    brackets(ax, rows, step[0], top, cell, left - 0.3, 5.2, upright=True)
    at = draw_map(ax, plan, step)
    middle = left + cell * (step[1] * columns.stride + columns.reach / 2)
    height = top + cell * (step[0] * rows.stride + rows.reach / 2)
    if plan.fits:
        now, count = step[0] * columns.count + step[1] + 1, rows.count * columns.count
        word = "stamp" if turned else "window"
        ax.text(SMALL[0], 4.2, f"{word} {now:,} of {count:,}", size=9, color="#444444")
        ends = [(at[0], at[1]), (middle, height)] if turned else [(middle, height), at]
        arrow = {"arrowstyle": "-|>", "color": viz.INK, "lw": 1.1, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", ends[1], ends[0], arrowprops=arrow)
    draw_legend(ax, turned)


def draw_image(ax, plan, step, cell):
    """The large grid: padding, what is never read, and the window where it stands."""
    rows, columns = plan.rows, plan.columns
    left, top, _ = BIG
    colors = paint((rows.padded, columns.padded), PADDING)
    inside = np.s_[
        rows.before : rows.before + rows.size, columns.before : columns.before + columns.size
    ]
    colors[inside] = paint(plan.image[1:])
    if plan.fits:
        unread = np.ones(colors.shape[:2], bool)
        unread[np.ix_(rows.reads() > 0, columns.reads() > 0)] = False
        padding = np.ones_like(unread)
        padding[inside] = False
        colors[unread & ~padding] = paint((1,), UNREAD)[0]
        colors[np.ix_(rows.cells(step[0]), columns.cells(step[1]))] = paint((1,), READ)[0]
    grid(ax, left, top, cell, colors)
    if plan.fits and cell >= 0.8:
        x, y = centres(left, top, cell, *unread.shape)
        marks = unread & ~padding
        ax.scatter(x[marks], y[marks], marker="x", s=7 * cell, color="#a33c00", lw=1.2)
        if cell >= 1.5 and plan.kind != "max pooling":
            text = "×" if plan.kind == "transposed" else "0"
            numbers(ax, x[padding], y[padding], np.zeros(padding.sum()), size=8, color="#555555",
                    form=text)  # fmt: skip
    if padding_drawn(rows, columns):
        frame(ax, left + cell * columns.before, top + cell * rows.before, cell * columns.size,
              cell * rows.size, color=viz.INK, lw=1.4)  # fmt: skip
    corner = left + cell * step[1] * columns.stride, top + cell * step[0] * rows.stride
    color = viz.BLUE if plan.fits else viz.ORANGE
    frame(ax, *corner, cell * columns.reach, cell * rows.reach, color=color)


def draw_map(ax, plan, step):
    """The small grid, filled up to this position; returns the middle of its cell."""
    left, top, side = SMALL
    rows, columns = plan.map[1:]
    if not plan.fits:
        return left, top
    cell = min(3.0, side / max(rows, columns))
    colors = paint((rows, columns))
    colors.reshape(-1, 4)[: step[0] * columns + step[1]] = paint((1,), DONE)[0]
    colors[step] = paint((1,), viz.BLUE)[0]
    grid(ax, left, top, cell, colors)
    return left + cell * (step[1] + 0.5), top + cell * (step[0] + 0.5)


def draw_legend(ax, turned):
    """What the colours mean."""
    words = {
        READ: "written now" if turned else "read now",
        PADDING: "cut off" if turned else "padding",
        UNREAD: "never written" if turned else "never read",
    }
    for k, (color, name) in enumerate(words.items()):
        boxes(ax, 67, 9 + 3.4 * k, 2, 2, facecolors=color, edgecolors="#999999", linewidths=0.7)
        ax.text(70, 10 + 3.4 * k, name, va="center", size=9)
    boxes(ax, 67, 19.9, 3.2, 0.9, facecolors=viz.BLUE)
    ax.text(71, 20.4, "one stamp" if turned else "one window", va="center", size=9)
