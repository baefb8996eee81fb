"""Three classes in the plane: W turns the boundaries, b shifts them."""

from itertools import combinations

import numpy as np

from ... import viz
from .bars import num, sub

SIDE = 3.0  # the plane is drawn from -SIDE to SIDE
LABEL = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85}


def boundary(W, b, j, k) -> np.ndarray:
    """The part of the line W_j·x + b_j = W_k·x + b_k where no other class scores higher.

    Points (n, 2), NaN where another class wins; all NaN if the two rows are equal, for then
    the two scores differ by the same number everywhere.
    """
    normal, offset = W[j] - W[k], b[j] - b[k]
    length = np.hypot(*normal)
    if length < 1e-9:
        return np.full((1, 2), np.nan)
    foot = -offset * normal / length**2  # the point of the line nearest to 0
    along = np.array([-normal[1], normal[0]]) / length
    line = foot + np.linspace(-4 * SIDE, 4 * SIDE, 1201)[:, None] * along
    scores = line @ W.T + b
    line[scores[:, j] < scores.max(axis=1) - 1e-9] = np.nan
    return line


def crossings(W, b, height) -> list:
    """Where a walk along x₂ = height enters another class: (x₁, score) of each tie at the top."""
    ties = []
    for j, k in combinations(range(len(W)), 2):
        slope, rest = W[j, 0] - W[k, 0], (W[j, 1] - W[k, 1]) * height + b[j] - b[k]
        if abs(slope) > 1e-9 and abs(rest) <= SIDE * abs(slope):
            point = np.array([-rest / slope, height])
            scores = W @ point + b
            if scores[j] >= scores.max() - 1e-9:
                ties.append((point[0], scores[j]))
    ties.sort()
    return [tie for n, tie in enumerate(ties) if n == 0 or not np.allclose(tie, ties[n - 1])]


def class_lines(axes, W, b, height, x, y):
    """Who wins where in the plane; and the scores on a walk from left to right at ``height``."""
    plane, walk = axes
    viz.regions(plane, lambda p: p @ W.T + b, (-SIDE, SIDE))
    viz.points(plane, x, y, size=22)
    for j, k in combinations(range(len(W)), 2):
        plane.plot(*boundary(W, b, j, k).T, color=viz.INK, lw=2)
    zero, colors = np.zeros(len(W)), viz.CLASSES[: len(W)]
    plane.quiver(
        zero, zero, *W.T, color=colors, ec="white", lw=0.8, zorder=4, width=0.014,
        angles="xy", scale_units="xy", scale=1,
    )  # fmt: skip
    for k, at in enumerate(1.3 * W):
        plane.text(*at, f"W{sub(k + 1)}", ha="center", va="center", zorder=5, bbox=LABEL)
    plane.axhline(height, color=viz.INK, lw=1.2, ls=":")
    right = int(((x @ W.T + b).argmax(axis=1) == y).sum())
    plane.set(aspect="equal", title=f"who wins where: {right} of {len(y)} points right")
    ends = np.array([[-SIDE, height], [SIDE, height]])
    for k, score in enumerate((ends @ W.T + b).T):
        walk.plot(ends[:, 0], score, color=colors[k], lw=2.5)
        formula = f"{num(W[k, 0])} x₁ {plus(W[k, 1])} x₂ {plus(b[k])}"
        place = 7.6 - 1.1 * k
        walk.plot([-2.8, -2.4], [place] * 2, color=colors[k], lw=4)
        walk.text(-2.25, place, f"score of class {k + 1}:  {formula}", va="center_baseline")
    ties = crossings(W, b, height)
    for x1, score in ties:
        plane.plot(x1, height, "o", color=viz.INK, ms=8, zorder=6)
        walk.plot([x1, x1], [-6, score], color=viz.INK, lw=1, ls=":")
        walk.plot(x1, score, "o", color=viz.INK, ms=8, zorder=6)
    walk.set(
        xlim=(-SIDE, SIDE), ylim=(-6, 8.4), xlabel="x₁ along the dotted walk", ylabel="score",
        title=f"the three scores on the walk at x₂ = {num(height, '.1f')}",
    )  # fmt: skip
    places = " and ".join(f"x₁ = {num(x1)}" for x1, _ in ties)
    top = np.sort(ends @ W.T + b, axis=1)[:, -2:]
    if ties:
        met = f"crosses a boundary at {places}: there the two highest scores are equal"
    elif np.allclose(top[:, 0], top[:, 1]):
        met = "meets a tie all the way: the highest scores are equal"
    else:
        met = "stays inside one region: the same score is on top all the way"
    won = f"{right} of {len(y)} points get the highest score from their own class."
    return f"{won}<br> The walk {met}."


def plus(value) -> str:
    """A number to be added, with its sign set off: "+ 0.50" or "− 0.50"."""
    text = num(value, "+.2f")
    return f"{text[0]} {text[1:]}" if text[0] in "+−" else f"+ {text}"
