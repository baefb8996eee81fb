"""The tests that made the LSTM famous: remember one thing over many distractors."""

import itertools
import math
import time

import numpy as np

import nnlib as nn

from ... import viz
from .ablation import SLICE, smooth

UPDATES, BATCH, HIDDEN = 800, 32, 16
RACES = ["adding problem", "delayed recall"]
CELLS = {"RNN": viz.ORANGE, "GRU": viz.GREEN, "LSTM": viz.BLUE}
GRID = 0.003, 0.01, 0.02, 0.03
RATES = {  # the best of ``rate_sweep``; for the GRU's recall all four are alike
    "adding problem": {"RNN": 0.01, "GRU": 0.03, "LSTM": 0.03},
    "delayed recall": {"RNN": 0.03, "GRU": 0.01, "LSTM": 0.003},
}
FAMOUS = {"size": (8.6, 5.0), "axes": ["SSSSS", "CCCTT", "CCCTT"]}


class Learner:
    """A cell, a linear layer that reads its last state, and their optimizer, in float32."""

    def __init__(self, kind, task, gate_bias, input_shut, seed, rate=None):
        rng = np.random.default_rng(seed)
        self.classes = task == "delayed recall"
        n_in, n_out = (8, 4) if self.classes else (2, 1)
        cell = getattr(nn, kind)(n_in, HIDDEN, rng=rng)
        if kind != "RNN":  # second block of rows: the gate that keeps the old state, f or z
            cell.b[HIDDEN : 2 * HIDDEN] = gate_bias
        if kind == "LSTM" and input_shut:
            cell.b[:HIDDEN] = -gate_bias
        net = nn.Sequential(cell, nn.Linear(HIDDEN, n_out, rng=rng)).astype(np.float32)
        self.net, self.cell, self.head = net, *net.layers
        self.cell.needs_dx = False
        self.loss = nn.SoftmaxCrossEntropy() if self.classes else nn.MSE()
        self.rate = rate or RATES[task][kind]
        self.opt = nn.Adam(net.parameters(), lr=self.rate)

    def answer(self, x):
        """What the head says of the state after the last step."""
        return self.head(self.cell(x)[:, -1])

    def learn(self, x, y, update) -> float:
        """One update; the loss enters at the last step only, and runs back from there."""
        out = self.cell(x, training=True)
        L = self.loss(self.head(out[:, -1], training=True), y)
        self.cell.backward(np.zeros_like(out), dh=self.head.backward(self.loss.backward()))
        self.opt.lr = nn.schedules.cosine(update, lr=self.rate, steps=UPDATES, end=self.rate / 50)
        self.opt.step(nn.clip_gradients(self.net.gradients(), 1.0))
        return L

    def score(self, x, y) -> float:
        """Share of right symbols, or the mean squared error."""
        out = self.answer(x)
        return float(np.mean(out.argmax(1) == y) if self.classes else np.mean((out - y) ** 2))


def sample(task, n, length, rng) -> tuple:
    """Sequences for a cell: x in float32, y as the loss wants it."""
    if task == "delayed recall":
        x, y = nn.data.delayed_recall(n, length, rng=rng)
        return x.astype(np.float32), y
    x, y = nn.data.adding_problem(n, length, rng=rng)
    return x.astype(np.float32), y.astype(np.float32)[:, None]


def race(task, length, gate_bias, input_gate_shut, seed):
    """Three learners on the same sequences; a generator of snapshots for ``live``."""
    x_test, y_test = sample(task, 200, length, np.random.default_rng(77))
    rng = np.random.default_rng([seed, 3])
    learners = {k: Learner(k, task, gate_bias, input_gate_shut, seed) for k in CELLS}
    losses, scores, tested, shown = {k: [] for k in CELLS}, {}, 0, 0.0

    def snapshot(done):
        return {
            "progress": done / UPDATES, "task": task, "length": length,
            "losses": {k: np.array(v) for k, v in losses.items()}, "scores": dict(scores),
            "tested": tested,
            "x": x_test[0].copy(), "y": float(np.ravel(y_test[0])[0]),
        }  # fmt: skip

    yield snapshot(0)
    for update in range(UPDATES):
        x, y = sample(task, BATCH, length, rng)
        for name, learner in learners.items():
            losses[name].append(learner.learn(x, y, update))
        if update % 50 == 49:
            fresh = {}
            for name, learner in learners.items():
                fresh[name] = learner.score(x_test, y_test)
                yield snapshot(update + 1)
            scores, tested = fresh, update + 1
        elif time.perf_counter() - shown > SLICE:
            shown = time.perf_counter()
            yield snapshot(update + 1)
    yield snapshot(UPDATES)


def rate_sweep(task, kind, rates=GRID, lengths=(20, 30), seeds=(101, 102, 103, 104)) -> dict:
    """The mean score of a cell at every rate, over lengths and seeds that no slider starts with.

    ``RATES`` holds the best ones; the whole sweep takes some minutes.
    """
    mean = {}
    for rate in rates:
        scores = []
        for length, seed in itertools.product(lengths, seeds):
            rng = np.random.default_rng([seed, 3])
            learner = Learner(kind, task, 1.0, False, seed, rate)
            for update in range(UPDATES):
                learner.learn(*sample(task, BATCH, length, rng), update)
            scores.append(learner.score(*sample(task, 300, length, np.random.default_rng(78))))
        mean[rate] = float(np.mean(scores))
    return mean


def draw_race(axes, snapshot):
    """One sequence of the task, the losses so far, and the scores on new sequences."""
    task, losses = snapshot["task"], snapshot["losses"]
    classes = task == "delayed recall"
    (draw_symbols if classes else draw_numbers)(axes["S"], snapshot)
    draw_losses(axes["C"], losses, classes)
    ax, scores = axes["T"], snapshot["scores"]
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(-4.6, 1))
    ax.text(0, 0.6, "new sequences: " + ("right" if classes else "error"), va="center")
    for row, (name, color) in enumerate(CELLS.items()):
        ax.text(0, -0.6 - row, name, color=dark(color), weight="bold", va="center", fontsize=11)
        if name in scores:
            shown = f"{scores[name]:.0%}" if classes else f"{scores[name]:.4f}"
            ax.text(0.45, -0.6 - row, shown, ha="right", va="center", fontsize=11)
            ax.text(0.52, -0.6 - row, verdict(scores[name], classes), va="center")
    baseline = "guessing: 25%" if classes else "always 1: 0.1667"
    ax.text(0, -3.8, baseline, va="center", color="#444444")
    if not losses["LSTM"].size:
        return f"Three cells of {HIDDEN} units, untrained. Press Start."
    updates, tested = losses["LSTM"].size, snapshot["tested"]
    if not scores:
        return f"{updates} updates; the first test comes after 50."
    solved = [name for name, score in scores.items() if verdict(score, classes) == "solved"]
    when = "" if tested == updates else f" at the last test (after {tested})"
    return (
        f"{task.capitalize()} over {snapshot['length']} steps, {updates} updates. "
        f"Solved{when} by: <b>{', '.join(solved) or 'none so far'}</b>."
    )


def verdict(score, classes) -> str:
    """Solved: 99 % right, or an error under 0.005; a guess is 25 %, or 1/6."""
    if classes:
        return "solved" if score >= 0.99 else "guessing" if score < 0.35 else "in part"
    return "solved" if score < 0.005 else "guessing" if score > 0.14 else "in part"


def draw_losses(ax, losses, classes):
    """Means of 20 updates, the level of guessing dashed; errors on powers of ten."""
    for name, color in CELLS.items():
        values = smooth(losses[name])
        shown = np.minimum(values, 1.9) if classes else np.log10(np.maximum(values, 1e-4))
        ax.plot(np.arange(1, len(values) + 1), shown, color=color)
    level = math.log(4) if classes else math.log10(1 / 6)
    ax.axhline(level, color="#555555", ls="--", lw=1.2)
    ax.text(UPDATES, level + 0.06, "guessing", ha="right", va="bottom")
    ax.set(xlim=(0, UPDATES), ylim=(0, 2) if classes else (-4, 0), xlabel="updates")
    if classes:
        ax.set_yticks([0, 1, 2], ["0", "1", "2"])
    else:
        ax.set_yticks(range(-4, 1), ["0.0001", "0.001", "0.01", "0.1", "1"])
    ax.set_title("cross-entropy" if classes else "mean squared error")


def draw_numbers(ax, snapshot):
    """The adding problem: every number, the two marked ones dark."""
    value, mark = snapshot["x"].T
    viz.blocks(ax, range(len(value)), value, 0.7,
               colors=np.where(mark > 0, viz.BLUE, "#d4d4d4"))  # fmt: skip
    for at in np.flatnonzero(mark):
        ax.text(at, 1.08, f"{value[at]:.2f}", ha="center", weight="bold", color=viz.BLUE)
    ax.set(xlim=(-1, 101), ylim=(0, 1.45), xlabel="step")
    ax.set_yticks([0, 1], ["0", "1"])
    ax.set_title(f"to be said at the end: {snapshot['y']:.2f}, the sum of the marked numbers")


def draw_symbols(ax, snapshot):
    """Delayed recall: the first symbol is asked for at the end, the others distract."""
    token = snapshot["x"].argmax(axis=1)
    color = np.where(token < 4, viz.BLUE, "#b4b4b4")
    ax.scatter(np.arange(len(token)), token, s=np.where(token < 4, 110, 18), c=color)
    ax.text(2, token[0], "ABCD"[token[0]], weight="bold", color=viz.BLUE, va="center")
    ax.set(xlim=(-1, 101), ylim=(8, -1), xlabel="step")
    ax.set_yticks([1.5, 5.5], ["A to D", "others"])
    ax.set_title(f"to be said at the end: {'ABCD'[int(snapshot['y'])]}, the first symbol")


def dark(color):
    """Dark enough for letters on white."""
    return {viz.ORANGE: "#B34700", viz.GREEN: "#00734F"}.get(color, color)
