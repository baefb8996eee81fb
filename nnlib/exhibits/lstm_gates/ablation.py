"""The LSTM with one part missing: which part does which task need?"""

import time

import numpy as np

import nnlib as nn

from ... import viz
from .unit import OPEN, ROW, held_values

ROUNDS, BATCH = 600, 32
NEEDS = {"write, hold, show": 2, "adding problem": 12}  # hidden units
VARIANTS = {
    "full LSTM": viz.INK, "no forget gate": viz.BLUE, "no input gate": viz.ORANGE,
    "no output gate": viz.GREEN, "no tanh of c": viz.PURPLE,
}  # fmt: skip
ABLATION = {"size": (8.6, 3.8), "axes": ["CCCCBBB"]}
RATE = 0.03
SLICE = 0.02  # seconds of training between two snapshots


class NoPeep(nn.LSTM):
    """h = o c instead of h = o tanh c; all else as in ``LSTM``."""

    def forward(self, x, h0=None, c0=None, lengths=None):
        if lengths is not None:
            raise ValueError("NoPeep takes sequences of one length, got lengths")
        n, steps, _ = x.shape
        H = self.Wh.shape[1]
        self.x, shape = x, (4, n, steps, H)
        gates, c = np.empty(shape, x.dtype), np.zeros((n, steps + 1, H), x.dtype)
        h = np.zeros_like(c)
        for state, start in ((h, h0), (c, c0)):
            if start is not None:
                state[:, 0] = start
        for t in range(steps):
            z = x[:, t] @ self.Wx.T + h[:, t] @ self.Wh.T + self.b
            z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
            i, f, o, g = nn.sigmoid(z_i), nn.sigmoid(z_f), nn.sigmoid(z_o), np.tanh(z_g)
            c[:, t + 1] = f * c[:, t] + i * g
            h[:, t + 1] = o * c[:, t + 1]
            gates[:, :, t] = i, f, g, o
        self.h, self.c = h, c
        self.i, self.f, self.g, self.o = gates
        return h[:, 1:].copy()

    def backward(self, dout, dh=None, dc=None):
        dh = np.zeros_like(dout[:, 0]) if dh is None else dh
        dc = np.zeros_like(dout[:, 0]) if dc is None else dc
        dz = np.empty((*dout.shape[:2], len(self.b)), dout.dtype)
        for t in reversed(range(dout.shape[1])):
            i, f, g, o = (gate[:, t] for gate in (self.i, self.f, self.g, self.o))
            dh = dh + dout[:, t]
            dc = dc + dh * o
            di, df = dc * g * i * (1 - i), dc * self.c[:, t] * f * (1 - f)
            dg, do = dc * i * (1 - g**2), dh * self.c[:, t + 1] * o * (1 - o)
            dz[:, t] = np.concatenate([di, df, dg, do], axis=1)
            dh, dc = dz[:, t] @ self.Wh, dc * f
        self.dh0, self.dc0 = dh, dc
        rows = dz.reshape(-1, len(self.b))
        self.dWx = rows.T @ self.x.reshape(len(rows), -1)
        self.dWh = rows.T @ self.h[:, :-1].reshape(len(rows), -1)
        self.db = rows.sum(axis=0)
        if self.needs_dx:
            return dz @ self.Wx


def build(variant, n_in, hidden, seed) -> nn.Sequential:
    """The same first weights for every variant; then its part is taken out.

    A missing gate stands open: its rows are 0 and its bias 40, where σ is 1 and its slope 0,
    so that no training ever moves it.
    """
    rng = np.random.default_rng(seed)
    kind = NoPeep if variant == "no tanh of c" else nn.LSTM
    cell, head = kind(n_in, hidden, rng=rng), nn.Linear(hidden, 1, rng=rng)
    gate = variant.removeprefix("no ")
    if gate in ROW:
        rows = slice(ROW[gate] * hidden, (ROW[gate] + 1) * hidden)
        cell.Wx[rows], cell.Wh[rows], cell.b[rows] = 0, 0, OPEN
    return nn.Sequential(cell, head).astype(np.float32)


def sequences(task, n, rng) -> tuple:
    """x, the targets of all steps, and the steps that count: all, or the last."""
    if task == "adding problem":
        x, y = nn.data.adding_problem(n, 20, rng=rng)
        return x.astype(np.float32), y.astype(np.float32)[:, None, None], slice(-1, None)
    x, y = held_values(n, rng=rng)
    return x.astype(np.float32), y.astype(np.float32), slice(None)


def one_update(net, opt, x, y, counts) -> float:
    """One gradient from the steps that count."""
    loss, out = nn.MSE(), net(x, training=True)
    L, dout = loss(out[:, counts], y), np.zeros_like(out)
    dout[:, counts] = loss.backward()
    net.backward(dout)
    opt.step(nn.clip_gradients(net.gradients(), 1.0))
    return L


def train_variants(task, seed):
    """All five side by side: the same sequences, the same first weights, the same rates."""
    hidden, rng = NEEDS[task], np.random.default_rng([seed, 2])
    x_test, y_test, counts = sequences(task, 400, np.random.default_rng(77))
    nets = {name: build(name, x_test.shape[2], hidden, seed) for name in VARIANTS}
    opts = {name: nn.Adam(net.parameters(), lr=RATE) for name, net in nets.items()}
    losses, tested, at, shown = {name: [] for name in VARIANTS}, {}, 0, 0.0

    def snapshot(done):
        return {
            "progress": done / ROUNDS, "losses": {k: np.array(v) for k, v in losses.items()},
            "test": dict(tested), "tested": at, "guess": float(np.var(y_test)),
        }  # fmt: skip

    yield snapshot(0)
    for update in range(ROUNDS):
        x, y, _ = sequences(task, BATCH, rng)
        for name, net in nets.items():
            opts[name].lr = nn.schedules.cosine(update, lr=RATE, steps=ROUNDS, end=RATE / 50)
            losses[name].append(one_update(net, opts[name], x, y, counts))
        if update % 50 == 49:
            fresh = {}
            for name, net in nets.items():
                fresh[name] = float(np.mean((net(x_test)[:, counts] - y_test) ** 2))
                yield snapshot(update + 1)
            tested, at = fresh, update + 1  # all five: nobody is compared with an older test
        elif time.perf_counter() - shown > SLICE:
            shown = time.perf_counter()
            yield snapshot(update + 1)
    yield snapshot(ROUNDS)


def draw_variants(axes, snapshot):
    """Error of every variant while it learns, and on sequences it has never seen."""
    left, right, done = axes["C"], axes["B"], snapshot["progress"] > 0
    ticks = range(-4, 1)
    for name, color in VARIANTS.items():
        losses = smooth(snapshot["losses"][name])
        left.plot(np.arange(1, len(losses) + 1), np.log10(np.maximum(losses, 1e-4)), color=color)
    guess = np.log10(snapshot["guess"])
    left.axhline(guess, color="#555555", ls="--", lw=1.2)
    left.text(ROUNDS, guess + 0.05, "always the mean", ha="right", va="bottom")
    left.set(xlim=(0, ROUNDS), ylim=(-4, 0), xlabel="updates")
    left.set_yticks(ticks, ["0.0001", "0.001", "0.01", "0.1", "1"])
    left.set_title("mean squared error, training")
    right.set(xlim=(-4, 0), ylim=(-len(VARIANTS) + 0.4, 0.7))
    right.set_xticks(ticks, ["1e-4", "1e-3", "0.01", "0.1", "1"])
    right.set_yticks(-np.arange(len(VARIANTS)), list(VARIANTS))
    right.set_title("new sequences: error")
    for row, name in enumerate(VARIANTS):
        if name in snapshot["test"]:
            error = snapshot["test"][name]
            right.plot([-4, np.log10(max(error, 1e-4))], [-row, -row], color=VARIANTS[name], lw=11,
                       solid_capstyle="butt")  # fmt: skip
            right.text(-3.9, -row + 0.3, f"{error:.4f}", va="bottom", fontsize=9)
    if not done:
        return "Five cells with the same first weights, each without another part. Press Start."
    if not snapshot["test"]:
        return f"{snapshot['losses']['full LSTM'].size} updates; the first test comes after 50."
    full, *others = (snapshot["test"][name] for name in VARIANTS)
    worst = list(VARIANTS)[1 + int(np.argmax(others))]
    return (
        f"On new sequences, after {snapshot['tested']} updates, the full LSTM errs by "
        f"<b>{full:.4f}</b>. Worst without a part: "
        f"<b>{worst}</b>, {max(others):.4f}. One seed is one run: try others before you conclude."
    )


def smooth(losses, window=20):
    """Mean of the last ``window`` entries, of fewer at the start."""
    total = np.cumsum(np.append(0.0, losses))
    end = np.arange(1, len(losses) + 1)
    begin = np.maximum(end - window, 0)
    return (total[end] - total[begin]) / (end - begin)
