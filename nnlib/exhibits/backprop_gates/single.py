"""One gate alone: what it lets through, swaps or routes, and the slopes behind it."""

from itertools import pairwise

import numpy as np

from ... import viz
from ...gates import Value
from ...gates.drawing import short
from .graph import GRADIENT, VALUE

GATES = {"add": "+", "multiply": "×", "max": "max"}
GATE = {"size": (8.6, 3.9), "axes": ["GGGAA", "GGGBB"]}
DOES = {"add": "copies", "multiply": "swaps", "max": "routes"}
REACH = 4.0  # of every slider, and of the slopes' horizontal axis


def one_gate(gate, a, b, upstream=1.0, shared=False):
    """The two inputs and the gate after a backward pass that starts with ``upstream``.

    With ``shared`` both wires come from the first input.
    """
    first, second = Value(a, "a"), Value(b, "b")
    other = first if shared else second
    rules = {"add": Value.__add__, "multiply": Value.__mul__, "max": Value.max}
    out = rules[gate](first, other)
    (out * upstream).backward()
    return first, other, out


def draw_gate(axes, gate, a, b, upstream, one_number_on_both_wires):
    """Left the gate with its wires; right the output against each wire, with its slope."""
    shared = one_number_on_both_wires
    first, other, out = one_gate(gate, a, b, upstream, shared)
    parts = [slope * upstream for slope in out.local]
    wires(axes["G"], gate, first, other, out, parts, upstream, shared)
    names = ("upper wire", "lower wire") if shared else ("a", "b")
    for key, name, k in zip("AB", names, (0, 1)):
        slope_picture(axes[key], gate, name, k, [first.data, other.data], out.local[k])
    return gate_told(gate, first, other, upstream, parts, shared)


def wires(ax, gate, first, other, out, parts, upstream, shared):
    """The gate; each wire is as thick as the gradient that runs back on it."""
    ax.set_axis_off()
    ax.set(xlim=(0, 500), ylim=(360, 0))
    ends = [(265, 158), (265, 202)]
    starts = [(120, 180)] * 2 if shared else [(70, 80), (70, 280)]
    middles = [(170, 95), (170, 265)] if shared else starts
    ease = np.linspace(0, 1, 30)
    bend = ease * ease * (3 - 2 * ease)
    for start, middle, end, part in zip(starts, middles, ends, parts):
        points = [start, middle, (middle[0] + 70, middle[1]), end]
        x = np.concatenate([p[0] + (q[0] - p[0]) * ease for p, q in pairwise(points)])
        y = np.concatenate([p[1] + (q[1] - p[1]) * bend for p, q in pairwise(points)])
        live = abs(part) > 1e-12
        color, thick = GRADIENT if live else "#b5b5b5", 1.2 + 0.5 * min(abs(part), 12)
        ax.plot(x, y, color=color, lw=thick, zorder=1)
        ax.plot(middle[0] + 62, middle[1], marker="<", color=color, ms=10 + thick, zorder=2)
    ax.plot([310, 470], [180, 180], color=GRADIENT, lw=1.2 + 0.5 * abs(upstream), zorder=1)
    ax.plot(400, 180, marker="<", color=GRADIENT, ms=12, zorder=2)
    ax.scatter([285], [180], s=1900, c=["white"], edgecolors=[viz.INK], linewidths=1.6, zorder=3)
    size = 24 if gate != "max" else 15
    ax.text(285, 180, GATES[gate], size=size, ha="center", va="center_baseline", zorder=4)

    def note(x, y, text, color, **style):
        ax.text(x, y, text, color=color, ha="center", va="center_baseline", zorder=5, **style)

    for (x, y), node, part in zip(middles, (first, other), parts):
        note(x + 38, y - 18, short(node.data), VALUE, size=13)
        note(x + 38, y + 20, short(part + 0.0), GRADIENT, size=13)
    note(420, 162, short(out.data + 0.0), VALUE, size=13)
    note(420, 200, short(upstream), GRADIENT, size=13)
    if shared:
        ax.plot(120, 180, "o", color=viz.INK, ms=6)
        note(70, 180, "a", viz.INK, size=15, style="italic")
        note(72, 204, f"sum {short(sum(parts) + 0.0)}", GRADIENT, size=12, weight="bold")
    else:
        for (x, y), name in zip(starts, "ab"):
            ax.plot(x, y, "o", color=viz.INK, ms=6)
            note(x - 22, y, name, viz.INK, size=15, style="italic")
    note(285, 60, f"{DOES[gate]}", viz.INK, size=13, weight="bold")
    ax.text(10, 14, "value →", color=VALUE, va="center_baseline", size=11)
    ax.text(88, 14, "← gradient", color=GRADIENT, va="center_baseline", size=11)
    note(420, 222, "upstream", GRADIENT, size=10)


def slope_picture(ax, gate, name, k, at, slope):
    """The output while one wire moves and the other stays, with its slope here."""
    t = np.linspace(-REACH, REACH, 161)
    other = at[1 - k]
    out = {"add": t + other, "multiply": t * other, "max": np.maximum(t, other)}
    here = {"add": at[k] + other, "multiply": at[k] * other, "max": max(at)}[gate]
    ax.plot(t, out[gate], color=viz.INK, lw=1.6)
    ends = np.array([-1.3, 1.3])
    ax.plot(at[k] + ends, here + slope * ends, color=viz.ORANGE, lw=4, alpha=0.75)
    ax.plot(at[k], here, "o", color=VALUE, ms=8, zorder=4)
    ax.set(xlim=(-REACH, REACH), ylim=(-17, 17), ylabel="output")
    ax.set_yticks([-16, 0, 16])
    side, ha = (0.02, "left") if slope >= 0 else (0.98, "right")  # where the line is not
    ax.text(
        side, 0.97, f"moving {name}: slope {short(slope + 0.0)}", transform=ax.transAxes,
        ha=ha, va="top",
    )  # fmt: skip


def gate_told(gate, first, other, upstream, parts, shared):
    """The rule of this gate in words, with its numbers."""
    up, one, two = short(upstream), short(parts[0] + 0.0), short(parts[1] + 0.0)
    tie = gate == "max" and first.data == other.data
    said = {
        "add": f"Add copies: both wires get the whole {up}, not half of it.",
        "multiply": f"Multiply swaps: {one} is {up} × the lower value, {two} is {up} × the upper.",
        "max": f"Max routes: the {'upper' if first.data >= other.data else 'lower'} value is "
        f"larger and takes the whole {up}; the other gets 0.",
    }[gate]
    if tie:
        said = f"A tie: one wire has no single slope. Our rule: the first takes the whole {up}."
    if shared:
        total = short(sum(parts) + 0.0)
        said += f" a feeds both wires, so its gradient is the <b>sum</b>: {one} + {two} = {total}."
    return said
