"""The bug museum: one wrong line in a backward pass, a loss that falls all the same, a check.

The network is small and real: 64 pixels, two layers of 16 with a shortcut, ten sigmoid outputs
and half the squared error, on the handwritten digits. Its backward pass is nine lines; each room
has one of them wrong, as it stood in somebody's published code.
"""

import functools
from types import SimpleNamespace

import numpy as np

from ... import viz
from ...activations import sigmoid
from ...data import digits
from ...gradcheck import numeric_gradient, relative_error
from ...init import he

MUSEUM = {"size": (8.6, 4.4), "axes": ["LLLBBBBBB", "CCCBBBBBB"]}
NAMES = ["W1", "b1", "W2", "b2", "W3", "b3"]
HIDDEN, EPOCHS, BATCH, RATE = 16, 15, 16, 0.3
TOLERANCE = 1e-6
LINES = [  # what stands in the picture, and what it does to the numbers v
    ("dp = (p - Y) / N", lambda v: vars(v).update(dp=(v.p - v.Y) / v.N)),
    ("ds = dp * p * (1 - p)", lambda v: vars(v).update(ds=v.dp * v.p * (1 - v.p))),
    ("dW3, db3 = ds.T @ (h + r), ds.sum(0)",
     lambda v: vars(v).update(dW3=v.ds.T @ (v.h + v.r), db3=v.ds.sum(0))),
    ("dh = dr = ds @ W3", lambda v: vars(v).update(dh=v.ds @ v.W3, dr=v.ds @ v.W3)),
    ("dz2 = dr * (z2 > 0)", lambda v: vars(v).update(dz2=v.dr * (v.z2 > 0))),
    ("dW2, db2 = dz2.T @ h, dz2.sum(0)",
     lambda v: vars(v).update(dW2=v.dz2.T @ v.h, db2=v.dz2.sum(0))),
    ("dh = dh + dz2 @ W2", lambda v: vars(v).update(dh=v.dh + v.dz2 @ v.W2)),
    ("dz1 = dh * (z1 > 0)", lambda v: vars(v).update(dz1=v.dh * (v.z1 > 0))),
    ("dW1, db1 = dz1.T @ x, dz1.sum(0)",
     lambda v: vars(v).update(dW1=v.dz1.T @ v.x, db1=v.dz1.sum(0))),
]  # fmt: skip
ROOMS = {  # name -> (number of the line, its text, what it does, what went wrong)
    "A": (2, "ds = dp", lambda v: vars(v).update(ds=v.dp),
          "The derivative of the output unit, p (1 − p), is missing."),
    "B": (8, "dz1 = dh * (h >= 0)", lambda v: vars(v).update(dz1=v.dh * (v.h >= 0)),
          "h is never negative, so this gate is always open: no ReLU on the way back."),
    "C": (5, "dz2 = (z2 > 0) / N", lambda v: vars(v).update(dz2=(v.z2 > 0) / v.N),
          "The local derivative replaces the upstream gradient instead of multiplying it."),
    "D": (7, "dh = dz2 @ W2", lambda v: vars(v).update(dh=v.dz2 @ v.W2),
          "h feeds two places. The second gradient overwrites the first; they must be added."),
    "E": (4, "dr = ds @ W3; dh = dh + dr",
          lambda v: vars(v).update(dr=v.ds @ v.W3, dh=v.dh + v.ds @ v.W3),
          "The pass was called twice on one batch, and dh still held the sum of the first call."),
    "F": (8, "dz1 = dh * (z1 < 0)", lambda v: vars(v).update(dz1=v.dh * (v.z1 < 0)),
          "The gate is on the wrong side: it lets through what the forward pass stopped."),
}  # fmt: skip
RIGHT = "no bug"


def parameters(rng) -> dict:
    """W1 (16, 64), b1 ... W3 (10, 16), b3."""
    sizes = [(HIDDEN, 64), (HIDDEN, HIDDEN), (10, HIDDEN)]
    made = {}
    for k, (out, inputs) in enumerate(sizes, 1):
        made[f"W{k}"] = he((out, inputs), inputs, out, rng)
        made[f"b{k}"] = np.zeros(out)
    return made


def forward(P, x, Y) -> SimpleNamespace:
    """Every number of the forward pass; L = ½ Σ (p - Y)² / N."""
    v = SimpleNamespace(**P, x=x, Y=Y, N=len(x), dh=0.0)
    v.z1 = x @ v.W1.T + v.b1
    v.h = np.maximum(v.z1, 0)
    v.z2 = v.h @ v.W2.T + v.b2
    v.r = np.maximum(v.z2, 0)
    v.p = sigmoid((v.h + v.r) @ v.W3.T + v.b3)
    v.L = 0.5 * ((v.p - Y) ** 2).sum() / v.N
    return v


def lines_of(room, repaired=0) -> list:
    """The nine (text, step) of a room, with line number ``repaired`` put right."""
    lines = list(LINES)
    if room != RIGHT:
        number, text, step, _ = ROOMS[room]
        if number != repaired:
            lines[number - 1] = text, step
    return lines


def backward(v, room=RIGHT, repaired=0) -> dict:
    """The gradients that the lines of this room compute; room E calls them twice."""
    for _ in range(2 if room == "E" else 1):
        for _, step in lines_of(room, repaired):
            step(v)
    return {name: getattr(v, "d" + name) for name in NAMES}


@functools.lru_cache(1)
def checkpoint() -> tuple:
    """Parameters, eight digits, and the numeric gradient of each parameter there."""
    data, P = digits(np.float64), parameters(np.random.default_rng(0))
    x, Y = data.x_train[:8].reshape(8, 64), np.eye(10)[data.y_train[:8]]
    numeric = {name: numeric_gradient(lambda: forward(P, x, Y).L, P[name]) for name in NAMES}
    return P, x, Y, numeric


def check_room(room, repaired=0) -> dict:
    """Relative error of each gradient against central differences."""
    P, x, Y, numeric = checkpoint()
    found = backward(forward(P, x, Y), room, repaired)
    return {name: relative_error(found[name], numeric[name]) for name in NAMES}


@functools.lru_cache(len(ROOMS) + 1)
def train_room(room) -> tuple:
    """(losses on the training digits after each epoch, test accuracy), trained with this pass."""
    data, rng = digits(np.float64), np.random.default_rng(1)
    x, Y = data.x_train.reshape(-1, 64), np.eye(10)[data.y_train]
    P = parameters(np.random.default_rng(0))
    losses = [forward(P, x, Y).L]
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for rows in np.array_split(order, len(x) // BATCH):
            grads = backward(forward(P, x[rows], Y[rows]), room)
            for name in NAMES:
                P[name] -= RATE * grads[name]
        losses.append(forward(P, x, Y).L)
    test = forward(P, data.x_test.reshape(-1, 64), np.zeros(10)).p
    return np.array(losses), float((test.argmax(axis=1) == data.y_test).mean())


def draw_museum(axes, room, repair_line):
    """The loss of the room; its gradient check; the nine lines, one of them to be found."""
    errors = check_room(room, repair_line)
    fixed = room == RIGHT or ROOMS[room][0] == repair_line
    losses, accuracy = train_room(RIGHT if fixed else room)
    draw_losses(axes["L"], losses)
    draw_check(axes["C"], errors)
    draw_lines(axes["B"], room, repair_line, fixed)
    red = [name for name, error in errors.items() if error > TOLERANCE]
    fell = f"The loss falls from {losses[0]:.3f} to {losses[-1]:.3f}; {accuracy:.1%} of the test "
    said = f"{fell}digits are read. "
    if room == RIGHT:
        return said + "Every gradient is right."
    if fixed:
        return f"{said}<b>Found: line {repair_line}.</b> {ROOMS[room][3]}"
    tried = f"Line {repair_line} was right already. " if repair_line else ""
    return f"{said}But the check is red for <b>{', '.join(red)}</b>. {tried}Which line is wrong?"


def draw_losses(ax, losses):
    right, _ = train_room(RIGHT)
    x = np.arange(EPOCHS + 1)
    ax.plot(x, np.minimum(right, 0.8), color="#9a9a9a", ls="--", lw=1.6)
    ax.plot(x, np.minimum(losses, 0.8), color=viz.BLUE)
    ax.set(xlim=(0, EPOCHS), ylim=(0, 0.8), xlabel="epoch")
    ax.set_xticks(range(0, EPOCHS + 1, 5))
    ax.set_title("training loss (grey: no bug)")


def draw_check(ax, errors):
    """A bar per gradient on a scale of powers of ten; green is right."""
    exponents = np.log10(np.maximum(list(errors.values()), 1e-12))
    wrong = exponents > np.log10(TOLERANCE)
    viz.blocks(
        ax, range(6), exponents + 12, 0.7, bottom=-12,
        colors=np.where(wrong, "#C8102E", viz.GREEN),
    )  # fmt: skip
    ax.axhline(np.log10(TOLERANCE), color=viz.INK, lw=1, ls=":")
    ax.set(xlim=(-0.6, 5.6), ylim=(-12, 1))
    ax.set_xticks(range(6), [f"d{name}" for name in NAMES])
    ax.set_yticks([-12, -6, 0], ["1e−12", "1e−6", "1"])
    ax.set_title("gradient check: relative error")


def draw_lines(ax, room, repaired, fixed):
    """The backward pass as code; a line put right is green, one that was right stays black."""
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(1, 0))
    ax.text(0.03, 0.03, "the backward pass", weight="bold", va="center_baseline", size=11)
    twice = "   (called twice on every batch)" if room == "E" else ""
    ax.text(0.40, 0.03, twice, va="center_baseline", size=10)
    for k, (text, _) in enumerate(lines_of(room, repaired), 1):
        here = k == repaired
        color = ("#00684B" if fixed else "#6b6b6b") if here else viz.INK
        mark = ("✓" if fixed else "·") if here else " "
        ax.text(
            0.03, 0.03 + 0.088 * k, f"{mark} {k}  {text}", family="monospace", size=10.5,
            color=color, va="center_baseline", weight="bold" if here and fixed else "normal",
        )  # fmt: skip
    forward_lines = [
        "forward:  z1 = x W1ᵀ + b1,  h = relu(z1),  z2 = h W2ᵀ + b2,  r = relu(z2),",
        "p = σ((h + r) W3ᵀ + b3)",
    ]
    for k, (x, text) in enumerate(zip((0.03, 0.152), forward_lines)):
        ax.text(x, 0.91 + 0.06 * k, text, size=10, va="center_baseline", color="#555555")
