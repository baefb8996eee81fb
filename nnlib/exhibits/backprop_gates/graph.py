"""A circuit on its way: forward gate by gate, then backward gate by gate."""

from __future__ import annotations

import functools
import itertools

import numpy as np
from matplotlib.collections import LineCollection

from ... import viz
from ...gates import Value
from ...gates.drawing import STEP, layout, short
from .walk import Walk, agree, complete, handed_back

SIZE = (860, 520)  # of the picture; every length here is in its pixels
RADIUS, ROOM = 17, 396  # of a gate; height of the circuit above the table
VALUE, GRADIENT, CHECK, WRONG = viz.BLUE, "#B84A00", "#00684B", "#B00020"
PALE, FORWARD, BACKWARD, NOW = "#c4c4c4", "#e2eff8", "#fbe4d5", "#ffef9e"


@functools.lru_cache(64)
def arrangement(shape: tuple) -> tuple:
    """Columns and rows of the nodes, and every wire as the places it passes.

    ``shape`` lists for each node which ones it takes. The wires are (from, to, entry, places).
    """
    nodes = []
    for inputs in shape:
        node = Value(0)
        node.inputs = tuple(nodes[k] for k in inputs)
        nodes.append(node)
    places, wires = layout(nodes)
    number = {id(node): k for k, node in enumerate(nodes)}
    at = np.array([places[id(node)] for node in nodes]) / [STEP, 1]
    paths = [
        (number[id(a)], number[id(b)], k, np.array([places[p] for p in points]) / [STEP, 1])
        for (a, b, k), points in wires.items()
    ]
    every = np.array(list(places.values()))[:, 1]
    return at, paths, every.min(), every.max()


class Map:
    """Where everything of a circuit lies in the picture, in pixels, y downwards."""

    def __init__(self, nodes):
        number = {id(node): k for k, node in enumerate(nodes)}
        shape = tuple(tuple(number[id(a)] for a in node.inputs) for node in nodes)
        at, paths, top, bottom = arrangement(shape)
        columns, rows = at[:, 0].max(), bottom - top
        self.pitch = min(245.0, (SIZE[0] - 152) / max(columns, 1))
        self.line = min(120.0, (ROOM - 82) / max(rows, 1))
        start = (SIZE[0] - columns * self.pitch) / 2 - 22
        middle = 17 + ROOM / 2 - self.line * (top + bottom) / 2
        self.scale, self.origin = np.array([self.pitch, self.line]), np.array([start, middle])
        self.at = at * self.scale + self.origin
        free = self.pitch - 2 * RADIUS
        self.roomy = self.pitch > 130 and self.line > 56
        self.beside = RADIUS + np.clip(free / 2, 12, 34 if self.roomy else 27)  # to its number
        tight = free < 54  # a long chain has its numbers over and under the gates
        self.above, self.digits = (RADIUS + 6, 3) if tight else (11, 4)
        self.size = 9.5
        self.lower = 11 if tight else 12  # from a gradient to its check
        if self.roomy:
            self.size, self.above, self.lower = (13, 13, 16) if self.pitch > 180 else (11, 11, 14)
        self.after = 23 if tight else self.beside - 13  # from an input to its number
        self.wires = [(a, b, k, self._path(places, b, k, shape)) for a, b, k, places in paths]

    def _path(self, places, b, k, shape):
        """A wire: level behind its source and at every column it passes, curved in between."""
        places = places * self.scale + self.origin
        level = min(0.7 * self.pitch, 84)
        side = k - (len(shape[b]) - 1) / 2  # -½ above, +½ below, 0 in the middle
        entry = self.at[b] + [-RADIUS * (0.85 if side else 1), RADIUS * side]
        knots = [places[0], places[0] + [level, 0]]
        for place in places[1:-1]:
            knots += [place - [RADIUS, 0], place + [level, 0]]
        knots.append(entry)
        ease = np.linspace(0, 1, 14)[:, None]
        bend = ease * ease * (3 - 2 * ease)
        pieces = [
            np.hstack([p[:1] + (q - p)[:1] * ease, p[1:] + (q - p)[1:] * bend])
            for p, q in itertools.pairwise(knots)
        ]
        return np.concatenate(pieces)


def draw_graph(ax, walk: Walk, checks: dict):
    """The circuit: values above the wires, gradients and differences below, the gate at work."""
    place = Map(walk.nodes)
    done = {id(gate) for gate in walk.gates[: walk.known]} | {
        id(node) for node in walk.nodes if not node.op
    }
    draw_wires(ax, walk, place, done)
    draw_numbers(ax, walk, place, done, checks)
    draw_gates(ax, walk, place, done)
    ax.set_axis_off()
    ax.set(xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))


def draw_wires(ax, walk, place, done):
    """Thin where nothing happens, thick at the gate at work, with arrows the way it goes."""
    paths, colors, widths = [], [], []
    arrows = []
    for a, b, _, path in place.wires:
        source, gate = walk.nodes[a], walk.nodes[b]
        lit = gate is walk.current or source is walk.current
        color = GRADIENT if walk.phase == "backward" else VALUE
        known = id(source) in done
        paths.append(path)
        colors.append(color if lit and known else viz.INK if known else PALE)
        widths.append(3 if lit and known else 1.2)
        if gate is walk.current:
            arrows.append(path[-1])
    end = place.at[len(walk.nodes) - 1]
    out = walk.nodes[-1]
    lit = out is walk.current or walk.phase == "output"
    paths.append(np.array([end, end + [RADIUS + 52, 0]]))
    color = VALUE if walk.phase == "forward" else GRADIENT
    colors.append(color if lit else viz.INK if id(out) in done else PALE)
    widths.append(3 if lit else 1.2)
    lines = LineCollection(paths, colors=colors, linewidths=widths, zorder=1)
    ax.add_collection(lines, autolim=False)
    if arrows:
        forward = walk.phase == "forward"
        x, y = np.array(arrows).T
        ax.scatter(
            x - (5 if forward else 7), y, marker=">" if forward else "<", s=70, zorder=2,
            color=VALUE if forward else GRADIENT, lw=0,
        )  # fmt: skip


def draw_numbers(ax, walk, place, done, checks):
    """Names of the inputs; value, gradient and finite difference of every wire."""
    texts = []  # (x, y, text, color)
    wide = 0.42 * place.size  # half a letter
    for node, (x, y) in zip(walk.nodes, place.at):
        if not node.op:
            name_input(ax, node, x, y)
        if not (node.op or node.name):
            continue
        middle = x + (place.beside if node.op else place.after)
        above, digits = place.above if node.op or place.roomy else 10, place.digits
        left = x + 15 if node.op and above < RADIUS else -np.inf  # clear of the gate's circle
        if id(node) in done:
            text = tidy(node.data, digits)
            texts.append((max(middle, left + wide * len(text)), y - above, text, VALUE))
        if (gradient := walk.grads.get(id(node))) is not None:
            text = tidy(gradient, digits)
            texts.append((max(middle, left + wide * len(text)), y + above, text, GRADIENT))
            if complete(walk, node):
                words, color = verdict(gradient, checks[id(node)], digits, place.roomy)
                texts.append((middle, y + above + place.lower, words, color))
    if place.roomy:
        texts += shares(walk, place)
    size = place.size
    half = 0.31 * size
    ground = [[(x - half * len(t), y), (x + half * len(t), y)] for x, y, t, _ in texts]
    strokes = LineCollection(
        ground, colors="white", linewidths=size, capstyle="butt", alpha=0.8, zorder=2
    )
    ax.add_collection(strokes, autolim=False)  # hides a wire that passes behind a number
    for x, y, text, color in texts:
        ax.text(x, y, text, color=color, size=size, ha="center", va="center_baseline", zorder=5)


def tidy(number, digits=4) -> str:
    """``short``, with what is left of a 0 by round-off written as 0."""
    return short(0.0 if abs(number) < 1e-14 else number, digits)


def verdict(gradient, difference, digits, roomy):
    """The finite difference, and in which colour it stands."""
    right = agree(gradient, difference)
    number = tidy(round(difference, 9), digits)
    sign = "≈ " if roomy and right else "≠ " if not right else ""
    return sign + number, CHECK if right else WRONG


def name_input(ax, node, x, y):
    text, size, color = node.name, 13, viz.INK
    if not text:
        text, size, color = short(node.data), 10, "#555555"
    ax.text(
        x - 8, y, text, ha="right", va="center_baseline", size=size, color=color,
        style="italic" if node.name else "normal",
    )  # fmt: skip


def shares(walk, place) -> list:
    """What each gate hands back to a number that several of them use: the parts of its sum."""
    used = [id(a) for gate in walk.gates for a in gate.inputs]
    several = [node for node in walk.nodes if node.name and used.count(id(node)) > 1]
    if sum(used.count(id(node)) for node in several) > 5:  # too many to stand apart
        return []
    found = []
    for a, b, k, path in place.wires:
        source, gate = walk.nodes[a], walk.nodes[b]
        if any(source is node for node in several) and handed_back(walk, gate):
            part = tidy(gate.local[k] * walk.grads[id(gate)], 3)
            side = 10 if k else -10
            middle = path[-1][0] - 6 - 0.42 * place.size * (len(part) + 2)
            found.append((middle, path[-1][1] + side, f"+ {part}", GRADIENT))
    return found


def draw_gates(ax, walk, place, done):
    """Circles: white before, blue once it has its value, orange once it has handed back."""
    spots, faces, edges, widths = [], [], [], []
    for k, node in enumerate(walk.nodes):
        if node.op:
            face = BACKWARD if handed_back(walk, node) else FORWARD if id(node) in done else "white"
            spots.append(place.at[k])
            faces.append(NOW if node is walk.current else face)
            edges.append(viz.INK if id(node) in done else "#8a8a8a")
            widths.append(2.4 if node is walk.current else 1.1)
            size = 15 if len(node.op) == 1 else 9.5 if len(node.op) < 5 else 9
            label = "log" if node.op == "ln" else node.op.replace("-", "−")
            color = viz.INK if id(node) in done else "#6a6a6a"
            ax.text(
                *place.at[k], label, size=size, color=color, ha="center", va="center_baseline",
                zorder=4,
            )  # fmt: skip
    inputs = np.array([place.at[k] for k, node in enumerate(walk.nodes) if not node.op])
    ax.scatter(*inputs.T, s=16, color=viz.INK, zorder=3, lw=0)
    if spots:
        x, y = np.array(spots).T
        area = (2 * RADIUS * 0.72) ** 2  # points², at 100 pixels to the inch
        ax.scatter(x, y, s=area, c=faces, edgecolors=edges, linewidths=widths, zorder=3)
