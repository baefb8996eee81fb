"""A single LSTM unit learns when to write, hold and show; its gates come from the data."""

import numpy as np

import nnlib as nn

from ... import viz
from ...checks import generator
from .diagram import NEGATIVE, POSITIVE
from .memory import STEPS, draw_lanes, draw_traces

UPDATES, BATCH = 800, 32
UNIT = {"size": (8.6, 6.2), "axes": ["I", "I", "G", "G", "G", "C", "C", "C"]}
OFF = ["nothing", "input gate", "forget gate", "output gate"]
ROW = {"input gate": 0, "forget gate": 1, "output gate": 3}
OPEN = 40.0  # the sum that opens a gate for good: σ(40) rounds to 1, its slope to 0


def held_values(n, steps=20, *, rng) -> tuple:
    """Remember the last marked value, show it when asked, else say 0.

    Returns
    -------
    x : (n, steps, 3)
        A number from [-1, 1) at every step, a write mark, and a read mark.
    y : (n, steps, 1)
        The number that was last marked, where the read mark is 1; 0 elsewhere.
    """
    value = generator("held_values", rng).uniform(-1, 1, (n, steps))
    write, read = rng.random((2, n, steps)) < [[[0.12]], [[0.25]]]
    write[:, 0] = True
    return compose(value, write, read)


def compose(value, write, read) -> tuple:
    """x and y of ``held_values`` from its three channels."""
    last = np.maximum.accumulate(np.where(write, np.arange(value.shape[1]), 0), axis=1)
    held = np.take_along_axis(value, last, axis=1) * np.maximum.accumulate(write, axis=1)
    return np.stack([value, write, read], axis=2), (held * read)[..., None]


def fresh_unit(seed, hidden=1) -> nn.Sequential:
    """One LSTM unit and a linear layer that scales what it shows."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.LSTM(3, hidden, rng=rng), nn.Linear(hidden, 1, rng=rng))


def learn_values(net, seed, lr=0.05, cell=None):
    """Adam on new sequences in every update; yields the mean squared error of each."""
    rng, loss = np.random.default_rng([seed, 1]), nn.MSE()
    opt = nn.Adam(net.parameters(), lr=lr)
    for update in range(UPDATES):
        x, y = held_values(BATCH, rng=rng)
        L = loss(net(x, training=True), y)
        net.backward(loss.backward())
        opt.lr = nn.schedules.cosine(update, lr=lr, steps=UPDATES, end=lr / 50)
        opt.step(nn.clip_gradients(net.gradients(), 1.0))
        yield L


def train_unit(seed):
    """A generator of snapshots for ``live``: the unit, copied, and its errors so far."""
    net, errors = fresh_unit(seed), []
    yield {"progress": 0.0, "net": net.astype(np.float64), "errors": np.array([])}
    for L in learn_values(net, seed):
        errors.append(L)
        if len(errors) % 10 == 0:
            yield {
                "progress": len(errors) / UPDATES, "net": net.astype(np.float64),
                "errors": np.array(errors),
            }  # fmt: skip


def without(net, off) -> nn.Sequential:
    """A copy of the net in which one gate stands open, whatever comes in."""
    net = net.astype(np.float64)
    if off != "nothing":
        cell, row = net[0], slice(ROW[off], ROW[off] + 1)
        cell.Wx[row], cell.Wh[row], cell.b[row] = 0, 0, OPEN
    return net


def probe(write_1, write_2, read_at) -> tuple:
    """The learner's sequence: two writes, two reads, random numbers everywhere else."""
    value = np.random.default_rng(7).uniform(-1, 1, (1, STEPS))
    value[0, write_2], value[0, write_1] = -0.6, 0.9
    write, read = np.zeros((2, 1, STEPS), bool)
    write[0, [write_1, write_2]], read[0, [read_at, STEPS - 1]] = True, True
    return compose(value, write, read)


def draw_unit(axes, snapshot, write_1, write_2, read_at, gate_held_open):
    """The unit at work on the learner's sequence: inputs, gates, cell, and the answer."""
    net = without(snapshot["net"], gate_held_open)
    x, y = probe(write_1, write_2, read_at)
    out, cell = net(x)[0, :, 0], net[0]
    draw_inputs(axes["I"], x[0])
    lanes = {name: getattr(cell, name)[0, :, 0] for name in "ifo"}
    draw_lanes(axes["G"], lanes)
    sign = np.sign(net[1].W[0, 0]) or 1.0  # show the cell the way round that the output has it
    ax = axes["C"]
    draw_traces(ax, np.clip(sign * cell.c[0, 1:, 0], -1.9, 1.9), out, (-2, 2))
    if sign < 0:
        ax.texts[-2].set_text("−c, the cell state")
    ax.texts[-1].set_text("net's answer")
    asked = np.flatnonzero(x[0, :, 2])
    ax.scatter(asked, y[0, asked, 0], s=95, fc="none", ec=viz.INK, lw=1.5, zorder=4)
    ax.text(0.4, 0.96, "circle: right answer", va="top", transform=ax.transAxes)
    error = float(np.mean((out - y[0, :, 0]) ** 2))
    marks, rest = x[0, :, 1] > 0, x[0, :, 1] == 0
    i, f, o = lanes.values()
    done = len(snapshot["errors"])
    said = "Untrained, press Start." if not done else f"After {done} updates."
    return (
        f"{said} Mean squared error on this sequence <b>{error:.4f}</b>. Input gate "
        f"{i[marks].mean():.2f} at the write marks, {i[rest].mean():.2f} elsewhere; forget gate "
        f"{f[marks].mean():.2f} and {f[rest].mean():.2f}; output gate {o[asked].mean():.2f} when "
        f"asked, {np.delete(o, asked).mean():.2f} otherwise."
    )


def draw_inputs(ax, x):
    """The number of every step; dark where it is marked; below, when it is asked for."""
    value, write, read = x.T
    color = np.where(write > 0, np.where(value >= 0, POSITIVE, NEGATIVE), "#d0d0d0")
    viz.blocks(ax, range(STEPS), value, 0.6, colors=color)
    ax.axhline(0, color="#555555", lw=0.8)
    for mark, symbol, shade in ((write, "write", viz.INK), (read, "read", viz.BLUE)):
        at = np.flatnonzero(mark)
        height = 1.3 if symbol == "write" else -1.32
        ax.scatter(at, np.full(len(at), height), marker="v" if height > 0 else "^", c=shade, s=50)
        ax.text(STEPS - 0.2, height, symbol, va="center", fontsize=9, color=shade)
    ax.set(xlim=(-0.7, STEPS - 0.3), ylim=(-1.7, 1.7))
    ax.set_yticks([-1, 0, 1])
    ax.set_xticks(range(0, STEPS, 5))
    ax.set_title("input: a number at every step, and two kinds of mark")
