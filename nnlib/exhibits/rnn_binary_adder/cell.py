"""One small cell, step by step through time: forward with its numbers, and back with its slopes."""

import functools
from typing import NamedTuple

import numpy as np

from ...activations import Sigmoid, sigmoid
from ...losses import Logistic
from ...optimizers import Adam
from .nets import SquaredError, build, learn
from .task import BITS, encode
from .unrolled import draw_unrolled

UNITS, SEED, RATE = 3, 3, 0.08
STAGES = (0, 40, 400)  # updates
FRAMES = 2 * BITS + 1
CELL = {"size": (8.6, 6.0), "axes": ["U", "U", "U", "F", "F"]}
LOSSES = {"cross-entropy": Logistic, "squared error": SquaredError}
SUBSCRIPT = "₁₂₃"


class Pass(NamedTuple):
    """Everything one sum makes a cell compute; time first, units last."""

    x: np.ndarray  # (T, 2)
    y: np.ndarray  # (T,)
    h: np.ndarray  # (T + 1, H), h[0] is the initial state
    o: np.ndarray  # (T,)
    out: np.ndarray  # (T,), dL/dscore
    above: np.ndarray  # (T, H), the slope that comes from the output
    ahead: np.ndarray  # (T, H), the slope that comes from the next step
    dz: np.ndarray  # (T, H)


@functools.cache
def small_adders() -> dict:
    """A net of three sigmoid units after each number of updates in ``STAGES``."""
    net, rng = build(UNITS, SEED, activation=Sigmoid)
    steps = learn(net, rng, opt=Adam(net.parameters(), lr=RATE), steps=max(STAGES))
    nets = {0: net.astype(np.float64)}
    for k, _ in enumerate(steps, 1):
        if k in STAGES:
            nets[k] = net.astype(np.float64)
    return nets


def through_time(net, a, b, loss) -> Pass:
    """Forward and back, written out; L is the sum over the places."""
    (Wx, Wh, bias), (W, c) = (layer.parameters() for layer in net)
    (x,), (y,) = encode(a, b)
    y, h = y[:, 0], np.zeros((BITS + 1, len(Wh)))
    for t in range(BITS):
        h[t + 1] = sigmoid(Wx @ x[t] + Wh @ h[t] + bias)
    o = sigmoid(h[1:] @ W[0] + c)
    out = o - y if loss == "cross-entropy" else 2 * (o - y) * o * (1 - o)
    above, ahead, dz = np.outer(out, W[0]), np.zeros((BITS, len(Wh))), np.zeros((BITS, len(Wh)))
    for t in reversed(range(BITS)):
        if t + 1 < BITS:
            ahead[t] = dz[t + 1] @ Wh
        dz[t] = (above[t] + ahead[t]) * h[t + 1] * (1 - h[t + 1])
    return Pass(x, y, h, o, out, above, ahead, dz)


def signed(value: float, digits: int = 2) -> str:
    """A number with a real minus sign, and no minus in front of zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def product(terms) -> str:
    """w·x + w·x + ... with the signs where they belong."""
    text = ""
    for w, x in terms:
        sign = "−" if w < 0 else "+"
        factor = f"({signed(x)})" if x < 0 else signed(x)
        text += f" {sign} {abs(w):.2f}·{factor}"
    return text.strip().removeprefix("+ ")


def plus(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {abs(value):.2f}"


def forward_lines(net, p, t, loss) -> list:
    """The formula of the cell at step t, one line per unit, and that of the output."""
    (Wx, Wh, bias), (W, c) = (layer.parameters() for layer in net)
    lines = []
    for j in range(UNITS):
        terms = [*zip(Wx[j], p.x[t]), *zip(Wh[j], p.h[t])]
        z = Wx[j] @ p.x[t] + Wh[j] @ p.h[t] + bias[j]
        value = f"= {signed(z)},   h{SUBSCRIPT[j]} = σ(z{SUBSCRIPT[j]}) = {p.h[t + 1, j]:.3f}"
        lines.append(f"z{SUBSCRIPT[j]} = {product(terms)} {plus(bias[j])} {value}")
    terms = product(zip(W[0], p.h[t + 1]))
    off = abs(p.y[t] - p.o[t])
    cost = f"−ln {1 - off:.3f} = {-np.log(1 - off):.3f}"
    if loss == "squared error":
        cost = f"{off:.3f}² = {off**2:.3f}"
    value = f"= {p.o[t]:.3f},   wanted: {p.y[t]:.0f},   loss {cost}"
    lines.append(f"o = σ({terms} {plus(c[0])}) {value}")
    return lines


def backward_lines(net, p, t, loss) -> list:
    """The slopes at step t: of the output, and of every unit from its two sources."""
    W = net[1].W
    o, y = f"{p.o[t]:.3f}", f"{p.y[t]:.0f}"
    slope = f"o − y = {o} − {y}"
    if loss == "squared error":
        slope = f"2 (o − y) · o (1 − o) = 2 ({o} − {y}) · {o} · {1 - p.o[t]:.3f}"
    lines = [f"output:  δ = {slope} = {signed(p.out[t], 4)}"]
    for j in range(UNITS):
        total, h = p.above[t, j] + p.ahead[t, j], p.h[t + 1, j]
        lines.append(
            f"dh{SUBSCRIPT[j]} = {signed(W[0, j])}·δ + future {signed(p.ahead[t, j], 4)} = "
            f"{signed(total, 4)},   dz{SUBSCRIPT[j]} = dh{SUBSCRIPT[j]} · {h:.3f} · "
            f"{1 - h:.3f} = {signed(p.dz[t, j], 4)}"
        )
    return lines


def gradient(p) -> np.ndarray:
    """dWx, dWh and db beside each other, (H, 2 + H + 1): every step adds its share."""
    return np.column_stack([p.dz.T @ p.x, p.dz.T @ p.h[:-1], p.dz.sum(axis=0)])


def update_lines(p) -> list:
    """The gradient of every weight, summed over the steps."""
    lines = ["summed over all 8 steps, then applied once:"]
    for j, row in enumerate(gradient(p)):
        x, h, b = (", ".join(signed(v, 4) for v in part) for part in (row[:2], row[2:5], row[5:]))
        lines.append(f"unit {j + 1}:   dWx = ({x})   dWh = ({h})   db = {b}")
    return lines


def draw_cell(axes, step, a, b, updates, loss):
    """The cell unrolled along the sum: eight steps forward, eight back, and what they add up to."""
    net = small_adders()[updates]
    p = through_time(net, a, b, loss)
    if step < BITS:
        t, back, title = step, False, f"forward, place {step} (worth {1 << step})"
        lines = forward_lines(net, p, t, loss)
    elif step < 2 * BITS:
        t = 2 * BITS - 1 - step
        back, title = True, f"back, place {t} (worth {1 << t})"
        lines = backward_lines(net, p, t, loss)
    else:
        t, back, title, lines = None, True, "the gradient of the weights", update_lines(p)
    draw_unrolled(axes["U"], p, t, back)
    ax = axes["F"]
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(4, 0))
    for k, line in enumerate(lines):
        ax.text(0, 0.5 + k, line, va="center", fontsize=10)
    ax.set_title(title)
    return said(p, t, back, a, b)


def said(p, t, back, a, b) -> str:
    """The caption of one frame."""
    if t is None:
        size = np.abs(gradient(p)).max()
        return f"One gradient for {a} + {b}: its largest entry is <b>{size:.3g}</b>."
    if not back:
        verdict = "right" if (p.o[t] > 0.5) == p.y[t] else "wrong"
        return f"The same weights at every step. Output <b>{p.o[t]:.3f}</b>, rounded: {verdict}."
    above, ahead = np.abs(p.above[t]).sum(), np.abs(p.ahead[t]).sum()
    if t == BITS - 1:
        return "Nothing comes from the future at the last place: it is where the way back starts."
    share = ahead / (above + ahead)
    return (
        f"Two streams meet in h: from its own output (orange) and from the future (blue), here "
        f"<b>{share:.0%}</b> of the whole."
    )
