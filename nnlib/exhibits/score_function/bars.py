"""Scores as bars, a sum as a staircase, a matrix with its numbers."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ... import viz


def num(value, form=".2f") -> str:
    """A number with a proper minus sign, and no sign in front of zero."""
    text = format(value, form)
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")


def sub(digit) -> str:
    """A digit as an index."""
    return "₀₁₂₃₄₅₆₇₈₉"[digit]


def best(scores, names) -> str:
    """The class with the highest score; all of them if there is a tie."""
    *others, last = [n for s, n in zip(scores, names) if np.isclose(s, np.max(scores))]
    return f"{', '.join(others)} or {last}" if others else last


def bare(ax, framed=False, **settings):
    """Axes without ticks, grid and spines, or with a thin frame around a picture."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=framed, color="#bbbbbb")
    ax.set(**settings)


def picture(ax, pixels, title, **kwargs):
    """A framed image: ink from 0 (white) to 1, or signed with ``limit``."""
    viz.image(ax, pixels, **kwargs)
    bare(ax, framed=True, title=title)


def flat_bars(ax, left, right, place, colors, height=0.62):
    """Horizontal bars as one artist, many times faster than ``ax.barh``."""
    boxes = [
        [(a, k - height / 2), (b, k - height / 2), (b, k + height / 2), (a, k + height / 2)]
        for a, b, k in zip(left, right, place)
    ]
    ax.add_collection(PolyCollection(boxes, facecolors=colors, edgecolors="none"), autolim=False)


def segments(ax, lines, **kwargs):
    """Many short lines as one artist."""
    ax.add_collection(LineCollection(lines, **kwargs), autolim=False)


def score_bars(ax, scores, names, *, limit, title, truth=None, colors=None):
    """One bar per class, its number beside zero, the winner's bold; the true class is framed."""
    scores, place = np.asarray(scores, float), np.arange(len(scores))
    win, tips = np.isclose(scores, scores.max()), np.clip(scores, -limit, limit)
    colors = colors or [viz.BLUE if w else viz.SKY for w in win]
    flat_bars(ax, np.zeros(len(tips)), tips, place, colors)
    lines = [[(0, -0.5), (0, len(scores) - 0.5)]]
    if truth is not None:
        edge, low, high = 0.99 * limit, truth - 0.47, truth + 0.47
        lines += [[(-edge, low), (edge, low), (edge, high), (-edge, high), (-edge, low)]]
    segments(ax, lines, colors="#555555", lw=[0.8, 1.5][: len(lines)], ls=["-", "--"][: len(lines)])
    side = np.where(np.asarray(tips) >= 0, -1, 1)  # where no bar is
    viz.words(
        ax, np.column_stack([side * 0.04 * limit, place]), [num(score) for score in scores],
        ha=np.where(side < 0, "right", "left"), weight=np.where(win, "bold", "normal"),
    )  # fmt: skip
    bare(ax, xlim=(-limit, limit), ylim=(len(scores) - 0.5, -0.5), title=title)
    ax.set_yticks(place, names)
    ax.tick_params(length=0)


def staircase(ax, terms, labels, *, limit, title, color):
    """A sum written downwards: each term is a bar that starts where the one above ended.

    ``labels`` holds a pair of texts for every term and for the sum: how it came, and its value.
    """
    ends = np.cumsum(terms)
    left = np.clip([0, *ends[:-1], 0], -limit, limit)
    right = np.clip([*ends, ends[-1]], -limit, limit)
    colors = [viz.AMBER if t >= 0 else viz.PURPLE for t in terms]
    flat_bars(ax, left, right, range(len(left)), [*colors, color])
    steps = [[(x, k + 0.31), (x, k + 0.69)] for k, x in enumerate(right[:-2])]
    edge, last = -2.5 * limit, len(terms)
    rules = [[(0, -0.5), (0, last + 0.5)], [(edge, last - 0.5), (limit, last - 0.5)]]
    segments(ax, steps + rules, colors="#555555", lw=1)
    places = [(at * limit, k) for k in range(len(labels)) for at in (-1.74, -1.06)]
    weight = ["bold" if k == last else "normal" for _, k in places]
    viz.words(ax, places, [text for pair in labels for text in pair], ha="right", weight=weight)
    bare(ax, xlim=(edge, limit), ylim=(last + 0.5, -0.5), title=title)


def table(ax, values, form, *, limit, title, rows, columns, left=()):
    """A matrix as coloured cells with its numbers, 0 left blank; ``left``: texts in front."""
    values = np.asarray(values, float)
    colors = viz.shaded(values, limit)
    viz.mosaic(ax, colors, aspect="auto")
    there, colors = values != 0, viz.readable(colors)  # zeros stay blank
    texts = [num(value, form) for value in values[there]]
    viz.words(ax, np.argwhere(there)[:, ::-1], texts, color=colors[there], size=9)
    viz.words(ax, [(-1, i) for i in range(len(left))], left, size=9)
    first = -1 if len(left) else 0
    bare(ax, xlim=(first - 0.5, values.shape[1] - 0.5), title=title)
    ax.set_xticks(range(first, values.shape[1]), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
