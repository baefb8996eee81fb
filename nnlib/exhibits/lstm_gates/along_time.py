"""How much of a gradient arrives, step by step back in time: an RNN and an LSTM, measured."""

import functools
import math

import numpy as np

import nnlib as nn

from ... import viz

HIDDEN, N_IN, LONGEST = 16, 4, 100
FLOOR, ROOF = -12, 8  # powers of ten that the picture shows
CURVES = {"size": (8.6, 4.5), "axes": ["GGGGWW"]}
ACTIVATIONS = {"tanh": nn.Tanh, "none (linear)": nn.Identity}
PAPER = {"fc": "white", "ec": "none", "pad": 1}  # behind words that a curve may cross
CLIPS = {"off": None, "5": 5.0, "1": 1.0, "0.1": 0.1}


@functools.cache
def drawn():
    """Inputs, input weights, five orthogonal matrices, and the gradient at the end."""
    rng = np.random.default_rng(20)
    x = rng.normal(size=(1, LONGEST, N_IN))
    turns = [np.linalg.qr(rng.normal(size=(HIDDEN, HIDDEN)))[0] for _ in range(5)]
    end = rng.normal(size=(1, HIDDEN))
    return x, rng.normal(size=(4 * HIDDEN, N_IN)) / 4, turns, end / np.linalg.norm(end)


def make_rnn(scale, activation=nn.Tanh) -> nn.RNN:
    """A recurrent matrix that turns, and stretches everything by ``scale``."""
    _, Wx, turns, _ = drawn()
    cell = nn.RNN(N_IN, HIDDEN, rng=np.random.default_rng(0), activation=activation)
    cell.Wx[...], cell.Wh[...] = Wx[:HIDDEN], scale * turns[0]
    return cell


def make_lstm(scale, forget_bias) -> nn.LSTM:
    """The same recurrent scale in each of the four layers, halved: a sigmoid is flat."""
    _, Wx, turns, _ = drawn()
    cell = nn.LSTM(N_IN, HIDDEN, rng=np.random.default_rng(0), forget_bias=forget_bias)
    cell.Wx[...], cell.Wh[...] = Wx, scale / 2 * np.concatenate(turns[1:])
    return cell


def back_by_step(cell, x, end) -> dict:
    """Send ``end``, the gradient of the last h, back through one step after another.

    Returns the states' gradients {"h": (T + 1, H), and for an LSTM "c"}, entry k belonging to
    lag k, and "weights", that of all parameters as one vector.
    """
    cell(x)
    kept = {name: getattr(cell, name).copy() for name in cell.states}
    flow = {"d" + name: np.zeros_like(end) for name in cell.states} | {"dh": end}
    arrived = {name: [flow["d" + name][0]] for name in cell.states}
    weights = 0.0
    for t in reversed(range(x.shape[1])):
        cell(x[:, t : t + 1], **{name + "0": kept[name][:, t] for name in cell.states})
        cell.backward(np.zeros((1, 1, len(end[0]))), **flow)
        flow = {"d" + name: getattr(cell, f"d{name}0") for name in cell.states}
        for name in cell.states:
            arrived[name].append(flow["d" + name][0])
        weights = weights + np.concatenate([g.ravel() for g in cell.gradients()])
    return {name: np.array(rows) for name, rows in arrived.items()} | {"weights": weights}


def half_life(forget_bias: float) -> float:
    """Steps after which a gate of σ(b) has halved what passes again and again."""
    return math.log(2) / math.log1p(math.exp(-forget_bias))


@functools.lru_cache(64)
def measured(length, forget_bias, scale, activation) -> dict:
    """The lengths of all gradients, of both cells, and the products of the formula."""
    x, _, _, end = drawn()
    x = x[:, :length]
    rnn, lstm = make_rnn(scale, ACTIVATIONS[activation]), make_lstm(scale, forget_bias)
    through_rnn, through_lstm = back_by_step(rnn, x, end), back_by_step(lstm, x, end)
    lstm(x)
    direct = lstm.o[:, -1] * (1 - lstm.tanh_c[:, -1] ** 2) * end  # how dL/dh_T enters the cell
    product = direct * np.cumprod(lstm.f[0, ::-1], axis=0)
    return {
        "rnn": norms(through_rnn["h"]), "h": norms(through_lstm["h"]),
        "c": norms(through_lstm["c"])[1:], "product": norms(product),
        "gate": float(lstm.f.mean()),
        "weights": (norms(through_rnn["weights"]), norms(through_lstm["weights"])),
    }  # fmt: skip


def norms(rows):
    return np.sqrt((rows**2).sum(axis=-1))


def draw_along_time(axes, length, forget_bias, recurrent_scale, activation, clip):
    """Gradients against lag, on powers of ten, and the gradient of all weights."""
    m = measured(length, forget_bias, recurrent_scale, activation)
    draw_lags(axes["G"], m, length, recurrent_scale)
    draw_weights(axes["W"], m["weights"], clip)
    steps = half_life(forget_bias)
    return (
        f"{length} steps back the RNN's h gets <b>{m['rnn'][-1]:.1e}</b> of the gradient, the "
        f"LSTM's cell state <b>{m['c'][-1]:.1e}</b>; forget gates alone would leave "
        f"{m['product'][-1]:.1e}. They average {m['gate']:.3f}; a steady σ({forget_bias:.1f}) = "
        f"{nn.sigmoid(np.array(forget_bias)):.3f} halves it every <b>{steps:.1f} steps</b>."
    )


def draw_lags(ax, m, length, scale):
    lags = np.arange(length + 1)
    for values, start, color, style in (
        (m["product"], 1, viz.INK, ":"), (m["h"], 0, viz.SKY, "-"),
        (m["c"], 1, viz.BLUE, "-"), (m["rnn"], 0, viz.ORANGE, "-"),
    ):  # fmt: skip
        ax.plot(lags[start:], powers(values), style, color=color)
    ax.plot(lags, lags * np.log10(scale), ":", color="#8C3A00", lw=1.4)
    ax.axhline(0, color="#555555", lw=0.8)
    labels = (
        ("RNN ∂L/∂h", "#B34700", 0.02), ("LSTM ∂L/∂c", viz.BLUE, 0.25),
        ("LSTM ∂L/∂h", "#2A7AB0", 0.49), ("dotted: formula", viz.INK, 0.73),
    )  # fmt: skip
    for text, color, at in labels:
        ax.text(at, 0.975, text, color=color, weight="bold", va="top", transform=ax.transAxes,
                bbox=PAPER)  # fmt: skip
    ax.set(xlim=(0, LONGEST), ylim=(FLOOR, ROOF + 2), xlabel="lag: steps back from the end")
    ticks = range(FLOOR, ROOF + 1, 4)
    ax.set_yticks(ticks, [f"1e{t}" if t else "1" for t in ticks])
    ax.set_title("length of the gradient that arrives")


def draw_weights(ax, lengths, clip):
    """‖dL/dW‖ of both nets, before and after clipping, in powers of ten."""
    limit = CLIPS[clip]
    tops = np.clip(powers(np.array(lengths)), FLOOR, ROOF)
    viz.blocks(ax, [0, 1], tops - FLOOR, 0.7, bottom=FLOOR, colors=["#F2C6A8", "#B5D3E8"])
    after = tops if limit is None else np.minimum(tops, math.log10(limit))
    viz.blocks(ax, [0, 1], after - FLOOR, 0.42, bottom=FLOOR, colors=[viz.ORANGE, viz.BLUE])
    for k, (top, value) in enumerate(zip(tops, lengths)):
        ax.text(k, top + 0.4, f"{value:.1e}", ha="center", va="bottom", bbox=PAPER)
    if limit is not None:
        ax.axhline(math.log10(limit), color=viz.INK, lw=1.2, ls="--")
    ax.set(xlim=(-0.6, 1.6), ylim=(FLOOR, ROOF + 2))
    ax.set_xticks([0, 1], ["RNN", "LSTM"])
    ticks = range(FLOOR, ROOF + 1, 4)
    ax.set_yticks(ticks, [f"1e{t}" if t else "1" for t in ticks])
    ax.set_title("‖dL/dW‖, and clipped")


def powers(values):
    """log10, stopped a little outside the picture."""
    return np.clip(np.log10(np.maximum(values, 1e-300)), FLOOR - 2, ROOF + 4)
