"""The inside of an LSTM and of a plain RNN: boxes, circles, and a number on every wire.

A wire is (name of its value, corners, place of the number). Width shows the size of the value,
colour its sign; gates, always between 0 and 1, are green.
"""

import numpy as np
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection
from matplotlib.patches import FancyBboxPatch

from ... import viz

POSITIVE, NEGATIVE, GATE, PALE = "#AD5506", "#6A3D9A", "#00734F", "#d8d8d8"
DIM = "#6e6e6e"  # what a later stage will light
YELLOW, PINK = "#FBE7A1", "#F5C9DE"  # learned layers, pointwise operations
CELL, BUS = 7.0, 2.4  # height of the cell state's line, and of the line that feeds the layers
F, I, G, O, OUT = 4.0, 6.3, 8.6, 10.8, 13.0  # where the layers stand, and the way out  # noqa: E741
WIDTH, HEIGHT = 17.0, 8.4

# name: corners, place of the number, side of it that touches the place, stage that brings it
LSTM_WIRES = {
    "h": ([(0.3, BUS), (2.6, BUS)], (0.3, BUS + 0.55), "left", 0),
    "x": ([(2.6, 0.5), (2.6, BUS)], (2.42, 0.75), "right", 0),
    "c": ([(0.3, CELL), (F - 0.3, CELL)], (0.3, CELL + 0.55), "left", 0),
    "f": ([(F, 4.0), (F, CELL - 0.3)], (F + 0.2, 5.3), "left", 1),
    "kept": ([(F + 0.3, CELL), (G - 0.3, CELL)], (6.3, CELL + 0.36), "center", 1),
    "i": ([(I, 4.0), (I, 5.4), (G - 0.3, 5.4)], (7.3, 5.72), "center", 2),
    "g": ([(G, 4.0), (G, 5.1)], (G - 0.2, 4.6), "right", 2),
    "written": ([(G, 5.7), (G, CELL - 0.3)], (G + 0.2, 6.2), "left", 3),
    "c_new": ([(G + 0.3, CELL), (16.8, CELL)], (11.1, CELL + 0.36), "center", 3),
    "peep": ([(OUT, CELL), (OUT, 4.95)], (OUT + 0.2, 5.32), "left", 4),
    "o": ([(O, 4.0), (O, 4.65), (OUT - 0.3, 4.65)], (O + 0.1, 4.97), "left", 4),
    "h_new": ([(OUT, 4.35), (OUT, BUS), (16.8, BUS)], (OUT + 0.2, 3.35), "left", 4),
}
RNN_WIRES = {
    "h": ([(0.3, BUS), (2.6, BUS)], (0.3, BUS + 0.55), "left", 0),
    "x": ([(2.6, 0.5), (2.6, BUS)], (2.42, 0.75), "right", 0),
    "h_new": ([(G, 4.0), (G, 5.6), (OUT, 5.6), (OUT, BUS), (16.8, BUS)], (10.9, 5.94), "center", 1),
}
NAMES = {
    "x": "x", "h": "h old", "c": "c old", "f": "f", "kept": "f · c", "i": "i", "g": "g",
    "written": "i · g", "c_new": "c new", "o": "o", "peep": "tanh c", "h_new": "h new",
}  # fmt: skip
LAYERS = {"f": (F, "σ"), "i": (I, "σ"), "g": (G, "tanh"), "o": (O, "σ")}
DOTS = {"times_f": (F, CELL, "×", 1), "times_g": (G, 5.4, "×", 3), "plus": (G, CELL, "+", 3),
        "times_o": (OUT, 4.65, "×", 4)}  # fmt: skip


def draw_lstm(ax, n, stage=4):
    """The classic diagram of one LSTM step; ``n`` holds the values, later stages stay pale."""
    frame(ax)
    bus(ax, [at for at, _ in LAYERS.values()], n, LAYERS)
    stages = {"f": 1, "i": 2, "g": 2, "o": 4}
    layers(ax, LAYERS, {name: stage >= when for name, when in stages.items()})
    peep(ax, stage >= 4)
    wires(ax, LSTM_WIRES, n, stage)
    circles(ax, [(x, y, sign, stage >= when) for x, y, sign, when in DOTS.values()])
    legend(ax)


def draw_rnn(ax, n):
    """The plain recurrent network in the same frame: one layer, no cell state."""
    frame(ax)
    bus(ax, [G], n, {"g": LAYERS["g"]})
    layers(ax, {"": LAYERS["g"]}, {"": True})
    wires(ax, RNN_WIRES, n, 4)
    ax.text(9, CELL, "no cell state: h is all the memory there is", ha="center", va="center")
    legend(ax)


def frame(ax):
    box = FancyBboxPatch((1.75, 1.7), 14.4, 6.5, boxstyle="round,pad=0,rounding_size=0.5",
                         fc="#f9faf8", ec="#8fa08f", lw=1.2, zorder=0)  # fmt: skip
    ax.add_artist(box)
    ax.set_axis_off()
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))


def bus(ax, places, n, layers):
    """[h, x] side by side, copied to every layer, with the sum that goes into each."""
    lines = [[(2.6, BUS), (max(places), BUS)], *([(at, BUS), (at, 3.2)] for at in places)]
    ax.add_collection(
        LineCollection(lines, colors="#777777", linewidths=1.5, zorder=1), autolim=False
    )
    heads(ax, [(at, 3.2, 0, 1, "#777777", 1.5) for at in places])
    ax.plot([2.6, *places[:-1]], [BUS] * len(places), "o", color="#777777", ms=4, zorder=2)
    numbers = [written(n["sum_" + name]) for name in layers]
    below = [(at + 0.2, 2.78) for at, _ in layers.values()]
    viz.words(ax, below, numbers, ha="left", size=9, color="#444444")


def layers(ax, places, lit):
    """The learned layers: yellow boxes, as one artist."""
    corners = [
        [(at - 0.75, 3.2), (at + 0.75, 3.2), (at + 0.75, 4.0), (at - 0.75, 4.0)]
        for at, _ in places.values()
    ]
    faces = [YELLOW if lit[name] else "white" for name in places]
    edges = [viz.INK if lit[name] else PALE for name in places]
    boxes = PolyCollection(corners, facecolors=faces, edgecolors=edges, linewidths=1.1, zorder=3)
    ax.add_collection(boxes, autolim=False)
    colors = [viz.INK if lit[name] else DIM for name in places]
    at, texts = zip(*places.values())
    viz.words(ax, [(x, 3.6) for x in at], texts, size=11, color=colors, zorder=4)
    for (name, (at, _)), color in zip(places.items(), colors):
        if name:
            ax.text(at - 0.88, 3.6, name, ha="right", va="center", style="italic", fontsize=12,
                    color=color)  # fmt: skip


def peep(ax, lit):
    """The plain tanh on the way out: nothing in it is learned."""
    box = FancyBboxPatch((OUT - 0.62, 5.64), 1.24, 0.62, zorder=3, lw=1.1,
                         boxstyle="round,pad=0,rounding_size=0.3", fc=PINK if lit else "white",
                         ec=viz.INK if lit else PALE)  # fmt: skip
    ax.add_artist(box)
    color = viz.INK if lit else DIM
    ax.text(OUT, 5.95, "tanh", ha="center", va="center", fontsize=11, color=color, zorder=4)


def wires(ax, wires, n, stage):
    """All wires as one artist; arrow heads by direction; names and numbers beside them."""
    lit = [when <= stage for *_, when in wires.values()]
    colors = [color_of(name, n[name]) if on else PALE for name, on in zip(wires, lit)]
    sizes = [1.2 + 4.3 * min(abs(n[name]), 1) if on else 1.2 for name, on in zip(wires, lit)]
    lines = [corners for corners, *_ in wires.values()]
    ax.add_collection(
        LineCollection(lines, colors=colors, linewidths=sizes, zorder=2), autolim=False
    )
    ends = []
    for (*_, before, tip), color, size in zip(lines, colors, sizes):
        if tip[0] > 16 or tip[1] != BUS:  # x and h do not end at the line, they join it
            ends.append((*tip, *np.sign(np.subtract(tip, before)), color, size))
    heads(ax, ends)
    level = []
    for (name, (_, place, side, _)), on in zip(wires.items(), lit):
        color = color_of(name, n[name])
        if on and name in ("h", "c"):
            ax.text(*place, f"{NAMES[name]}\n{written(n[name])}", ha=side, va="center",
                    color=color, weight="bold", zorder=5)  # fmt: skip
        elif on:
            level.append((place, f"{NAMES[name]} = {written(n[name])}", side, color))
    if level:
        places, texts, sides, colors = zip(*level)
        viz.words(ax, places, texts, ha=sides, color=colors, weight="bold", zorder=5)


def heads(ax, ends):
    """Arrow heads (x, y, direction, colour, width of the wire) as one artist."""
    corners = []
    for x, y, dx, dy, _, width in ends:
        tip, along, across = np.array([x, y]), np.array([dx, dy]), np.array([-dy, dx])
        half = 0.1 + 0.02 * width
        back = tip - 0.2 * along
        corners.append([tip + 0.06 * along, back + half * across, back - half * across])
    colors = [end[4] for end in ends]
    ax.add_collection(PolyCollection(corners, facecolors=colors, linewidths=0, zorder=3),
                      autolim=False)  # fmt: skip


def circles(ax, dots):
    """Pointwise operations: pink circles with their sign."""
    x, y, _, lit = zip(*dots)
    faces = [PINK if on else "white" for on in lit]
    edges = [viz.INK if on else PALE for on in lit]
    size = np.full(len(x), 0.6)
    ax.add_collection(EllipseCollection(
        size, size, np.zeros(len(x)), units="x", offsets=list(zip(x, y)), facecolors=faces,
        edgecolors=edges, offset_transform=ax.transData, zorder=4,
    ), autolim=False)  # fmt: skip
    signs, inks = [sign for _, _, sign, _ in dots], [viz.INK if on else DIM for on in lit]
    viz.words(ax, list(zip(x, y)), signs, size=12, color=inks, zorder=5)


def legend(ax):
    """How to read it."""
    ax.plot(4.3, 0.75, "s", ms=11, mfc=YELLOW, mec=viz.INK)
    ax.plot(7.6, 0.75, "o", ms=11, mfc=PINK, mec=viz.INK)
    lines = [[(at, 0.75), (at + 0.6, 0.75)] for at in (10.55, 12.65, 14.75)]
    ax.add_collection(
        LineCollection(lines, colors=[POSITIVE, NEGATIVE, GATE], linewidths=4), autolim=False
    )
    texts = "learned layer", "pointwise", "positive", "negative", "gate 0..1"
    places = [(at, 0.75) for at in (4.65, 7.95, 11.3, 13.4, 15.5)]
    viz.words(ax, places, texts, ha="left", size=9, color="#444444")


def color_of(name, value):
    return GATE if name in "fio" else POSITIVE if value >= 0 else NEGATIVE


def written(value) -> str:
    """Four decimals with a true minus."""
    return f"{value + 0.0:.4f}".replace("-", "−")
