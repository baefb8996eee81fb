"""One step of a real LSTM with one unit, and all its numbers."""

import numpy as np

import nnlib as nn

from ... import viz
from . import diagram

ROWS = ["i", "f", "g", "o"]  # the order of nnlib's rows
SEE = {"size": (8.6, 6.1), "axes": ["DDD", "DDD", "DDD", "DDD", "DDD", "FFB", "FFB", "FFB"]}
STAGES = 5
TOLD = [
    "The old state and the input arrive. Nothing is decided yet.",
    "Forget: f = {f:.4f} of the old cell state stays, {kept:.4f} of {c:.4f}.",
    "Input: the candidate g = {g:.4f} is what could be written, i = {i:.4f} how much of it.",
    "Update: kept {kept:.4f} plus written {written:.4f} makes the new cell state {c_new:.4f}.",
    "Output: the cell shows o = {o:.4f} of tanh {c_new:.4f} = {peep:.4f}: h = {h_new:.4f}.",
]
SUM = "kept", "written", "c_new", "h_new"
WEIGHTS = np.array([[0.5, 0.3, 0.0], [-0.6, 0.4, 1.0], [1.2, -0.5, 0.1], [0.8, 0.6, 0.0]])


def one_unit(weights) -> nn.LSTM:
    """An LSTM with one input and one unit; rows i, f, g, o of (wx, wh, b)."""
    cell = nn.LSTM(1, 1, rng=np.random.default_rng(0))
    weights = np.asarray(weights, float)
    cell.Wx[...], cell.Wh[...], cell.b[...] = weights[:, :1], weights[:, 1:2], weights[:, 2]
    return cell


def numbers(weights, x, h, c) -> dict:
    """Every value on every wire of one step, read off the cell."""
    cell = one_unit(weights)
    cell(np.array([[[x]]], float), h0=np.array([[h]], float), c0=np.array([[c]], float))
    gates = {name: float(getattr(cell, name)[0, 0, 0]) for name in ROWS}
    sums = np.asarray(weights, float) @ [x, h, 1.0]
    return gates | {f"sum_{name}": float(s) for name, s in zip(ROWS, sums)} | {
        "x": x, "h": h, "c": c, "kept": gates["f"] * c, "written": gates["i"] * gates["g"],
        "c_new": float(cell.c[0, 1, 0]), "peep": float(cell.tanh_c[0, 0, 0]),
        "h_new": float(cell.h[0, 1, 0]),
    }  # fmt: skip


def biases_only(a_f, a_i, a_g, a_o):
    """Weights of a cell whose four sums are these numbers, whatever comes in."""
    return np.array([[0, 0, a_i], [0, 0, a_f], [0, 0, a_g], [0, 0, a_o]], float)


def draw_gates(axes, forget, input, candidate, output, c_old):
    """The diagram with the four sums on sliders, the formulas, and the sum that makes c."""
    n = numbers(biases_only(forget, input, candidate, output), 0.0, 0.0, c_old)
    diagram.draw_lstm(axes["D"], n)
    formulas(axes["F"], n)
    draw_sum(axes["B"], [n[k] for k in SUM])
    shown = abs(n["h_new"] / n["peep"]) if n["peep"] else n["o"]
    return (
        f"Of c = {c_old:.2f} the cell keeps {n['f']:.0%}, and of the candidate {n['g']:.4f} it "
        f"writes {n['i']:.0%}: c new = <b>{n['c_new']:.4f}</b>. It shows {shown:.0%} of tanh c: "
        f"h new = <b>{n['h_new']:.4f}</b>."
    )


def again(c_old, **sums):
    """The new cell state becomes the old one: a second step with the same gates."""
    n = numbers(biases_only(*(sums[k] for k in ("forget", "input", "candidate", "output"))),
                0.0, 0.0, c_old)  # fmt: skip
    return {"c_old": float(np.clip(n["c_new"], -2, 2))}


def draw_stages(axes, step, network, x, h_old, c_old, weights):
    """The same with weights: the cell looks at x and h, and works in four stages."""
    n = numbers(weights, x, h_old, c_old)
    if network == "plain RNN":
        n["h_new"] = n["g"]
        diagram.draw_rnn(axes["D"], n)
        formulas(axes["F"], n, weights, only_rnn=True)
        draw_sum(axes["B"], [np.nan] * 3 + [n["h_new"]])
        return (
            f"A plain RNN with the weights of row g: one layer, h = tanh({n['sum_g']:.4f}) = "
            f"<b>{n['h_new']:.4f}</b>. The old h survives only inside this sum."
        )
    diagram.draw_lstm(axes["D"], n, step)
    formulas(axes["F"], n, weights, stage=step)
    draw_sum(axes["B"], [n[k] if step >= (4 if k == "h_new" else 3) else np.nan for k in SUM])
    return f"Stage {step}. " + TOLD[step].format(**n)


def formulas(ax, n, weights=None, stage=4, only_rnn=False):
    """The formulas filled in; those of later stages not yet."""
    w = diagram.written
    short = lambda v: f"{v:.2f}".replace("-", "−")  # noqa: E731

    def inside(name):
        if weights is None:
            return w(n["sum_" + name])
        wx, wh, b = (short(v) for v in np.asarray(weights)[ROWS.index(name)])
        return f"{wx}·{short(n['x'])} + {wh}·{short(n['h'])} + {b}"

    lines = [
        (1, f"f = σ({inside('f')}) = {w(n['f'])}"),
        (2, f"i = σ({inside('i')}) = {w(n['i'])}"),
        (2, f"g = tanh({inside('g')}) = {w(n['g'])}"),
        (4, f"o = σ({inside('o')}) = {w(n['o'])}"),
        (3, f"c = f·c + i·g = {w(n['f'])}·{w(n['c'])} + {w(n['i'])}·{w(n['g'])} = {w(n['c_new'])}"),
        (4, f"h = o·tanh c = {w(n['o'])}·{w(n['peep'])} = {w(n['h_new'])}"),
    ]
    if only_rnn:
        lines = [(0, f"h = tanh({inside('g')}) = {w(n['g'])}")]
    shown = "\n".join(text if when <= stage else " " for when, text in lines)
    ax.text(0, 5.2, shown, va="top", family="monospace", fontsize=9.5, linespacing=2.4)
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(-0.5, 5.5))


def draw_sum(ax, values):
    """Kept, written, the new cell state, and what is shown; NaN is not known yet."""
    kept, _, c_new, _ = values
    ax.set(xlim=(-0.6, 3.6), ylim=(-3.2, 3.2))
    ax.set_xticks(range(4), ["kept", "written", "c new", "h new"])
    ax.set_yticks([-3, 0, 3])
    colors = np.where(np.array(values) >= 0, diagram.POSITIVE, diagram.NEGATIVE)
    ax.axhline(0, color="#555555", lw=0.8)
    viz.blocks(
        ax, range(4), np.nan_to_num(values), bottom=[0, np.nan_to_num(kept), 0, 0], colors=colors
    )
    ax.plot([0.31, 0.69], [kept, kept], color="#555555", lw=0.8)
    ax.plot([1.31, 1.69], [c_new, c_new], color="#555555", lw=0.8)
