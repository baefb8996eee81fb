"""The stack as a picture: a table, the shapes shrinking, and what a unit sees of a photograph."""

from functools import lru_cache
from html import escape

import numpy as np

from ... import viz
from ...data import photo
from ...interact import TextField
from .paper import boxes, frame, sheet, write
from .stack import LIMIT, MY_NET, build, code, sized
from .words import code_line

STACK = {"size": (8.6, 5.6)}
SIDE = 28.0  # of the photograph


def stack_controls() -> dict:
    """The fields of the stack builder, with samples of what may be typed in them."""
    good = [MY_NET["layers"], "conv8k3p1 global dense10", "conv8k3x5s1x2 avg2", "conv4k9d2s2"]
    bad = [
        "conv6k5 dense10", "flatten conv3", "conv6k5 conv7k30", "pool2 cnov3", "conv", "",
        "pool2p2", "conv0", "conv8k0", "conv9g2", "dense99999", "flatten7", "conv8 " * 40,
    ]  # fmt: skip
    return {
        "input_shape": TextField(
            MY_NET["input_shape"], good=["3 x 32 x 32", "1 x 28 x 40", "3x9999x9999"],
            bad=["32", "0 x 32 x 32", "3 x 32 x 1e9"], width="19em",
        ),
        "layers": TextField(MY_NET["layers"], good=good, bad=bad, width="min(100%, 62em)"),
        "pick": (1, LIMIT, 1, 2),
    }  # fmt: skip


def draw_stack(ax, input_shape, layers, pick):
    """Shapes, parameters and MACs of every layer; the field of the picked one on a photograph."""
    sheet(ax, 84, 54.5)
    try:
        shape, floors = build(input_shape, layers)
    except ValueError as problem:
        write(ax, 42, 24, str(problem), ha="center", va="center", size=12)
        return f"{escape(str(problem))}<br> Change that field; the other is kept."
    at = min(pick, len(floors)) - 1
    draw_photo(ax, shape, floors[: at + 1])
    draw_shapes(ax, shape, floors, at)
    draw_table(ax, shape, floors, at)
    return in_words(shape, floors, at)


@lru_cache(16)
def photograph(height, width, grey):
    """The photo at the size of the input, as uint8 (H, W, 3); never more than 160 pixels high."""
    scale = min(1, 160 / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    pixels = photo(max(rows, columns, 8)).transpose(1, 2, 0)
    pixels = pixels[int(0.35 * (len(pixels) - rows)) :][:rows]  # the face lies above the middle
    pixels = pixels[:, (pixels.shape[1] - columns) // 2 :][:, :columns]
    if grey:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    return np.uint8(255 * pixels)


def field(floor, axis) -> tuple:
    """(first, last) edge of what the middle unit sees along an axis, in pixels of the input."""
    seen = floor.axes[axis]
    centre = seen.offset + (seen.units // 2) * seen.stride + 0.5
    return centre - seen.field / 2, centre + seen.field / 2


def draw_photo(ax, shape, floors):
    """The input, and on it a box for every layer up to the picked one."""
    _, height, width = shape
    scale = SIDE / max(height, width)
    left, top = 1.0 + (SIDE - scale * width) / 2, 4.0 + (SIDE - scale * height) / 2
    right, bottom = left + scale * width, top + scale * height
    ax.text(1, 1.6, "what one middle unit sees", size=11, weight="bold")
    pixels = photograph(height, width, shape[0] == 1)
    ax.add_artist(viz.Cells(pixels, (left, right, bottom, top)))
    edges = []
    for floor in floors:
        if floor.axes:
            (y0, y1), (x0, x1) = field(floor, 0), field(floor, 1)
            low, high = np.clip([x0, y0], 0, [width, height]), np.clip([x1, y1], 0, [width, height])
            edges.append((*(low * scale + [left, top]), *((high - low) * scale)))
    *others, last = edges or [(left, top, 0, 0)]
    for boxed, color, lw in ((others, viz.BLUE, 1), ([last], viz.ORANGE, 2.6)):
        for edge, width in (("white", lw + 1.4), (color, lw)):
            if boxed:
                frame(ax, *np.transpose(boxed), color=edge, lw=width)


def draw_shapes(ax, shape, floors, at):
    """Every layer as a block: as high as its maps are, as wide as they are many (square roots)."""
    shapes = [shape, *(f.out for f in floors if f.out)]
    maps = [len(s) == 3 for s in shapes]
    tallest = max(s[1] for s in shapes if len(s) == 3)
    high = np.sqrt([s[1] if len(s) == 3 else min(s[0], tallest) for s in shapes])
    wide = np.array([np.sqrt(s[0]) if len(s) == 3 else 1.0 for s in shapes])
    gap = min(0.5, 8 / len(wide))
    wide = np.maximum(0.25, wide * (SIDE - gap * (len(wide) - 1)) / max(wide.sum(), 12))
    high *= 14.0 / max(high.max(), 4)
    x = 1 + np.cumsum(wide + gap) - wide - gap
    colors = ["#9cc9e4" if is_map else "#c9c9c9" for is_map in maps]
    if at + 1 < len(shapes):
        colors[at + 1] = viz.AMBER
    ax.text(1, 35.2, "shapes, layer by layer", size=10, weight="bold")
    boxes(
        ax, x, 44.5 - high / 2, wide, high, facecolors=colors, edgecolors="#666666", linewidths=0.6
    )
    ax.text(1, 53.6, "√ scale; blue: maps, grey: vectors", size=9,
            color="#444444")  # fmt: skip


def draw_table(ax, shape, floors, at):
    """Word, output shape, parameters, MACs and field of every layer, and the sums."""
    lines = len(floors) + 2
    height = min(2.5, 48.5 / lines)
    size = 10 if lines <= 26 else 9
    boxes(ax, 33, 4.4 + height * (at + 1), 51, height, facecolors="#fdebc8", linewidths=0)

    def row(k, cells, **look):
        text = "{:17.17}{:>13}{:>12}{:>8}{:>8}".format(*cells)
        y, font = 4.4 + height * (k + 0.5), "DejaVu Sans Mono"
        write(ax, 33.5, y, text, va="center_baseline", size=size, family=font, **look)

    row(-1.2 / height - 0.5, ["layer", "output", "parameters", "MACs", "field"], weight="bold")
    row(0, ["input", sized(shape), "", "", ""], color="#444444")
    for k, floor in enumerate(floors, start=1):
        if floor.out:
            parameters = f"{floor.parameters:,}" if floor.parameters else ""
            row(k, [floor.word, sized(floor.out), parameters, short(floor.macs), seen(floor)])
        elif floor.problem:
            row(k, [floor.word, "cannot be built", "", "", ""], color="#a33c00", weight="bold")
        else:
            row(k, [floor.word, "", "", "", ""], color="#767676")
    totals = [sum(f.parameters for f in floors), sum(f.macs for f in floors)]
    row(lines - 1, ["total", "", f"{totals[0]:,}", short(totals[1]), ""], weight="bold")


def short(count) -> str:
    """A count with three digits and a unit; nothing for 0."""
    if not count:
        return ""
    for unit in ("", " k", " M", " G"):
        if count < 999.5:
            return f"{count:.3g}{unit}"
        count /= 1000
    return f"{count:.3g} T"


def seen(floor) -> str:
    """The receptive field of a layer, one number or two."""
    sides = [f"{axis.field:g}" for axis in floor.axes]
    return sides[0] if len(set(sides)) == 1 else "×".join(sides)


def in_words(shape, floors, at) -> str:
    """The caption: the picked layer, or the reason why the stack cannot be built."""
    wrong = next((k for k, f in enumerate(floors) if f.problem), None)
    if wrong is not None:
        before = floors[wrong - 1].out if wrong else shape
        return (
            f"<b>This stack cannot be built.</b> Layer {wrong + 1}, "
            f"{escape(floors[wrong].word[:40])}, behind {sized(before)}: "
            f"{escape(floors[wrong].problem)}"
        )
    floor, total = floors[at], sum(f.parameters for f in floors)
    before = floors[at - 1].out if at else shape
    sides = [f"{axis.field:g}" for axis in floor.axes]
    larger = any(axis.field > n for axis, n in zip(floor.axes, shape[1:]))
    more = ", which is more than the image, so padding is seen too" if larger else ""
    return (
        f"Layer {at + 1}, <b>{escape(floor.word)}</b>: {sized(before)} → "
        f"<b>{sized(floor.out)}</b>, {floor.parameters:,} parameters, {floor.macs:,} MACs. One "
        f"unit sees {'×'.join(sides)} pixels{more}. The whole network has {total:,} "
        f"parameters.{code_line(code(shape, [f.word for f in floors]))}"
    )
