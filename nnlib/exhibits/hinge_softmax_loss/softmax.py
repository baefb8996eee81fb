"""Probabilities from scores: two classes, the logarithm, and numbers too large for exp."""

import numpy as np

from ... import viz
from ...activations import sigmoid, softmax
from .scores import COLORS, NAMES

BASES = {"ln": np.log, "log2": np.log2, "log10": np.log10}
WALL = np.log10(np.finfo(float).max)  # 308.25: float64 ends here
BOTTOM = np.log10(np.finfo(float).smallest_subnormal)  # -323.3: below it there is only 0
TWO_CLASSES = {"size": (8.6, 3.0), "axes": ["PPZZZ"]}
LOG = {"size": (8.6, 3.2), "axes": ["CCCBB"]}
OVERFLOW = {"size": (8.6, 3.0), "axes": ["RRRTT"]}


def draw_two_classes(axes, score_1, score_2):
    """Softmax of two scores beside the sigmoid of their difference."""
    pair = np.array([score_1, score_2])
    z, p = score_1 - score_2, softmax(pair)
    viz.bars(
        axes["P"], p, ["class 1", "class 2"], colors=COLORS[:2], limits=(0, 1.15), form="{:.4f}",
        title="softmax of both scores",
    )  # fmt: skip
    ax, line = axes["Z"], np.linspace(-10, 10, 161)
    ax.plot(line, sigmoid(line), color=viz.INK)
    ax.plot([z, z, -10], [0, p[0], p[0]], color=COLORS[0], lw=1, ls="--")
    ax.plot(z, sigmoid(z), "o", color=COLORS[0], ms=10)
    ax.set_xticks([-10, -5, 0, 5, 10])
    ax.set(xlim=(-10, 10), ylim=(0, 1.15), xlabel="z = score 1 - score 2")
    ax.set_title(f"sigmoid of the difference: g({z:.1f}) = {sigmoid(z):.4f}")
    return (
        f"Only the difference z = {z:.1f} counts: softmax gives class 1 the probability "
        f"<b>{p[0]:.6f}</b>, the sigmoid of z gives <b>{sigmoid(z):.6f}</b>. "
        "Raise both scores together and nothing moves."
    )


def draw_log(axes, p, logarithm):
    """-log p for three bases, and the slope each gives the true score."""
    ax, grid = axes["C"], np.geomspace(0.002, 1, 200)
    for name, color in zip(BASES, (viz.BLUE, viz.GREEN, viz.ORANGE)):
        chosen = name == logarithm
        ax.plot(grid, -BASES[name](grid), color=color, lw=3 if chosen else 1.2)
        ax.text(0.26, 0.12 - BASES[name](0.25), f"-{name} p", weight="bold" if chosen else "normal")
    value = 0 - BASES[logarithm](p)
    ax.plot([p, p, 0], [0, value, value], color=viz.INK, lw=1, ls="--")
    ax.plot(p, value, "o", color=viz.INK, ms=9)
    ax.set(xlim=(0, 1), ylim=(0, 7), xlabel="probability of the true class", ylabel="loss")
    ax.set_title(f"-{logarithm} {p:.2f} = {value:.4f}")
    values = [0 - log(p) for log in BASES.values()]
    viz.bars(
        axes["B"], values, [*BASES], colors=[viz.BLUE, viz.GREEN, viz.ORANGE], limits=(0, 7),
        form="{:.4f}", title="the same probability",
    )  # fmt: skip
    note = {
        "ln": "This is the logarithm of every framework, and the only one whose slope is p - y.",
        "log2": "Base 2 counts bits: larger than ln by the factor 1/ln 2 = 1.4427.",
        "log10": "This is the slip of many slides: too small by the factor 1/ln 10 = 0.4343.",
    }
    return f"p = {p:.2f} costs <b>{value:.4f}</b> with {logarithm}. {note[logarithm]}"


def naive_softmax(scores):
    """The formula as it stands; inf and nan where float64 overflows."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        e = np.exp(scores)
        return e, e / e.sum()


def draw_overflow(axes, log10_of_the_size):
    """Where exp(s) lies on the road of float64, as it stands and after the shift."""
    scores = 10**log10_of_the_size * np.array([0.6, 1.0, -1.0])
    e, naive = naive_softmax(scores)
    shifted = scores - scores.max()
    safe = softmax(scores)
    ax = axes["R"]
    ax.axvspan(WALL, 460, color=viz.ORANGE, alpha=0.25, lw=0)
    ax.axvspan(-460, BOTTOM, color=viz.GREY, alpha=0.3, lw=0)
    ax.text(384, 2.42, "too large:\ninf", ha="center", va="top")
    ax.text(-392, 2.42, "too small:\n0", ha="center", va="top")
    for at, values, label in ((1.4, scores, "exp(s)"), (0.35, shifted, "exp(s - max)")):
        ax.axhline(at, color="#777777", lw=0.8)
        ax.text(-448, at + 0.1, label, va="bottom", weight="bold")
        place = np.clip(values / np.log(10), -445, 445)
        marks = np.where(values / np.log(10) > 445, ">", np.where(place == -445, "<", "o"))
        for k in range(3):
            ax.plot(place[k], at, marks[k], color=COLORS[k], ms=11, alpha=0.85)
    ax.set_yticks([])
    ticks = range(-300, 301, 100)
    ax.set_xticks(ticks, [f"1e{k}" if k else "1" for k in ticks])
    ax.set(xlim=(-460, 460), ylim=(0, 2.5), title="where the exponentials lie in float64")
    ax = axes["T"]
    ax.set_axis_off()
    ax.set(xlim=(0, 10), ylim=(3.7, -0.6))
    for at, head in zip((3.6, 6.8, 10), NAMES):
        ax.text(at, -0.1, head, ha="right", weight="bold")
    rows = ("score", scores, "{:,.1f}"), ("naive p", naive, "{:.4f}"), ("shifted p", safe, "{:.4f}")
    for i, (name, values, form) in enumerate(rows, 1):
        ax.text(0, i, name)
        for at, value in zip((3.6, 6.8, 10), values):
            lost = {} if np.isfinite(value) else {"color": "#A02000", "weight": "bold"}
            ax.text(at, i, form.format(value), ha="right", **lost)
    ax.set_title("what comes out")
    lost = np.isinf(e).any()
    said = "Both formulas still agree."
    if lost:
        said = (
            "exp(s) is <code>inf</code>, and <code>inf / inf</code> is <code>nan</code>: the naive "
            "formula is lost."
        )
    return (
        f"Largest score {scores.max():,.1f}; exp overflows above {WALL * np.log(10):.1f}. "
        f"{said} Shifted by the maximum the largest exponential is exp(0) = 1, so it cannot "
        f"overflow: the {NAMES[int(safe.argmax())]} gets {safe.max():.4f}."
    )
