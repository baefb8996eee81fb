"""Drawing a circuit: columns from the inputs to the output, wires that pass between the gates."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np

from .value import trace

VALUE, GRADIENT, LOCAL, INK = "#0072B2", "#D55E00", "#707070", "#222222"
STEP, RADIUS = 3.0, 0.3  # between two columns; two rows lie 1 apart
STUB, ENTRY = 1.35, 1.2  # level pieces of a wire, behind a node and before a gate


def draw(out, ax, local: bool = True):
    """See ``Value.draw``."""
    nodes = trace(out)
    places, wires = layout(nodes)
    size = fit(ax, places)
    for (a, node, k), points in wires.items():
        x, y = places[points[-1]]
        side = k - (len(node.inputs) - 1) / 2  # -½ above, +½ below, 0 in the middle
        entry = y + 0.36 * side
        ax.plot(*path([places[p] for p in points[:-1]], x, entry), color=INK, lw=1.1, zorder=1)
        if local:
            factor = f"×{short(node.local[k], 3)}"
            note(ax, x - RADIUS - 0.08, entry, factor, LOCAL, 0.8 * size, ha="right")
        shared = sum(a is b for other in nodes for b in other.inputs) > 1
        if shared and node.grad is not None:
            back = short(node.local[k] * node.grad, 3)
            beside = entry + (0.21 if side >= 0 else -0.21)
            note(ax, x - RADIUS - 0.08, beside, back, GRADIENT, 0.8 * size, ha="right")
    for node in nodes:
        x, y = places[id(node)]
        if node is out:
            ax.plot([x, x + STUB], [y, y], color=INK, lw=1.1, zorder=1)
        middle = x + (STUB + RADIUS) / 2 if node.op else x + STUB / 2
        note(ax, middle, y - 0.19, short(node.data), VALUE, size)
        if node.grad is not None:
            note(ax, middle, y + 0.19, short(node.grad), GRADIENT, size)
        symbol(ax, x, y, node, size)
    explain(ax, size, out.grad is not None, local)


def explain(ax, size, gradient, local):
    """The legend: which colour is what, of what is drawn."""
    entries = [("value", VALUE, 3.6)]
    entries += [("gradient", GRADIENT, 5.2)] if gradient else []
    entries += [("× local derivative", LOCAL, 0)] if local else []
    corner, ahead = (ax.get_xlim()[0], ax.get_ylim()[0]), 6
    for text, color, width in entries:
        ax.annotate(
            text, corner, (ahead, 3), textcoords="offset points", color=color, fontsize=0.9 * size
        )
        ahead += width * size


def symbol(ax, x, y, node, size):
    """A gate as a circle with its operation, an input as a dot with its name."""
    from matplotlib.patches import Circle

    radius = RADIUS if node.op else 0.05
    face = "white" if node.op else INK
    ax.add_artist(Circle((x, y), radius, fc=face, ec=INK, lw=1.2, zorder=3))
    if node.op:
        larger = 1.5 if len(node.op) == 1 else 0.95
        note(ax, x, y, node.op, INK, larger * size, zorder=4, ground=None)
    else:
        ax.text(
            x - 0.15, y, node.name, color=INK, fontsize=1.2 * size, ha="right",
            va="center", style="italic",
        )  # fmt: skip


def path(points, x_end, y_end) -> tuple:
    """A wire: level behind its source, level where it passes a column and before its gate."""
    (x, y), *via = points
    knots = [(x, y), (x + STUB, y)]
    for x, y in via:
        knots += [(x - RADIUS, y), (x + RADIUS, y)]
    knots += [(x_end - ENTRY, y_end), (x_end, y_end)]
    t = np.linspace(0, 1, 20)
    ease = t * t * (3 - 2 * t)
    xs, ys = zip(*(((x0 + (x1 - x0) * t), (y0 + (y1 - y0) * ease))
                   for (x0, y0), (x1, y1) in itertools.pairwise(knots)))  # fmt: skip
    return np.concatenate(xs), np.concatenate(ys)


def note(ax, x, y, text, color, size, zorder=5, ground="white", ha="center"):
    """A number beside or on a wire; its ground, if it has one, hides what lies beneath."""
    box = ground and {"boxstyle": "square,pad=0.05", "fc": ground, "ec": "none"}
    ax.text(
        x, y, text, color=color, fontsize=size, zorder=zorder, ha=ha, va="center_baseline",
        bbox=box,
    )  # fmt: skip


def short(number: float, digits: int = 4) -> str:
    """At most that many significant digits, with a true minus."""
    return f"{number:.{digits}g}".replace("-", "−")


def fit(ax, places) -> float:
    """Set the limits; return the font size that suits the scale."""
    x, y = np.array(list(places.values())).T
    left, right, top, bottom = x.min() - 0.7, x.max() + STUB + 0.3, y.min() - 0.7, y.max() + 1.1
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    box = ax.get_window_extent()
    unit = 72 / ax.figure.dpi * min(box.width / (right - left), box.height / (bottom - top))
    size = float(np.clip(0.24 * unit, 5, 11))
    return size


def layout(nodes) -> tuple:
    """Places of all nodes, y downwards; and for each wire the points it passes.

    A node stands one column behind the last of its inputs, an input of the circuit just before
    its first gate. A wire that crosses a column gets a place of its own there.
    """
    column = {}
    for node in nodes:
        column[id(node)] = 1 + max((column[id(a)] for a in node.inputs), default=-1)
    for a in nodes:
        if not a.inputs:
            after = [column[id(n)] for n in nodes if any(b is a for b in n.inputs)]
            column[id(a)] = min(after, default=1) - 1
    wires, pieces = {}, []
    for node in nodes:
        for k, a in enumerate(node.inputs):
            via = {(id(a), c): c for c in range(column[id(a)] + 1, column[id(node)])}
            column |= via
            wires[a, node, k] = points = [id(a), *via, id(node)]
            # the upper entry of a gate belongs to its first input
            side = k - (len(node.inputs) - 1) / 2
            pieces += [(p, q, side * (q == id(node))) for p, q in itertools.pairwise(points)]
    members = defaultdict(list)
    for point, c in column.items():
        members[c].append(point)
    settle(members, pieces, order=True)
    untangle(members, pieces)
    row = settle(members, pieces)
    return {point: (STEP * column[point], row[point]) for point in column}, wires


def untangle(members, pieces):
    """Swap neighbours within the columns for as long as that makes fewer wires cross."""
    rank = {}

    def number(points):
        rank.update((point, k) for k, point in enumerate(points))

    def crossings():
        ends = [(rank[p], rank[q] + 0.5 * side, c) for p, q, side in pieces for c in [column[p]]]
        return sum(
            (p - r) * (q - s) < 0
            for k, (p, q, c) in enumerate(ends)
            for r, s, d in ends[:k]
            if c == d
        )

    column = {point: c for c, points in members.items() for point in points}
    for points in members.values():
        number(points)
    better = True
    while better:
        better, fewest = False, crossings()
        for points in members.values():
            for k in range(len(points) - 1):
                points[k : k + 2] = points[k + 1], points[k]
                number(points)
                if crossings() < fewest:
                    better, fewest = True, crossings()
                else:
                    points[k : k + 2] = points[k + 1], points[k]
                    number(points)


def settle(members, pieces, order=False) -> dict:
    """Each place as near to the middle of its neighbours as the others of its column allow.

    With ``order`` the places of a column may change their order on the way.
    """
    near = defaultdict(list)
    for p, q, side in pieces:
        near[p].append((q, 0.36 * side))
        near[q].append((p, -0.36 * side))
    row = {point: float(k) for points in members.values() for k, point in enumerate(points)}
    for sweep in range(80):
        for c in sorted(members, reverse=sweep % 2):
            wish = {p: mean([row[q] + shift for q, shift in near[p]]) for p in members[c]}
            if order:
                members[c].sort(key=wish.get)
            row |= dict(zip(members[c], apart([wish[p] for p in members[c]])))
    return row


def mean(numbers) -> float:
    return sum(numbers) / max(len(numbers), 1)


def apart(wishes) -> list:
    """Numbers moved as little as possible until each lies at least 1 beyond the one before."""
    blocks = []  # (wish of the first place, number of places)
    for wish in wishes:
        block = (wish, 1)
        while blocks and blocks[-1][0] + blocks[-1][1] > block[0]:
            first, many = blocks.pop()
            wish, more = block
            block = ((first * many + (wish - many) * more) / (many + more), many + more)
        blocks.append(block)
    return [first + k for first, many in blocks for k in range(many)]
