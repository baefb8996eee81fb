"""Training while you watch, and the old recipe beside the new one."""

import time

import numpy as np

from ... import viz
from ...losses import Logistic
from ...optimizers import SGD, Adam, Momentum, RMSprop
from .nets import (
    BATCH,
    HIDDEN,
    SquaredError,
    build,
    draw_accuracy,
    draw_answer,
    draw_states,
    learn,
)  # fmt: skip
from .notes import LR, as_net, first_weights, one_pair
from .task import draw_rules, encode, every_pair, number, percent, score

STEPS = 150
LOSSES = {"cross-entropy": Logistic, "squared error": SquaredError}
OPTIMIZERS = {"Adam": (Adam, 0.04), "RMSprop": (RMSprop, 0.02), "Momentum": (Momentum, 0.2),
              "SGD": (SGD, 0.5)}  # fmt: skip
LIVE = {"size": (8.6, 6.6), "axes": ["LLLLLAAA", "BBBBBRRR", "HHHHHPPP"]}
RACE = {"size": (8.6, 3.4), "axes": ["CCCCTTTTT"]}
RACE_PAIRS = 10_000


def train_adder(hidden, loss, optimizer, rate, inputs, seed):
    """150 updates of one net; a snapshot after every second one."""
    net, rng = build(hidden, seed)
    make, usual = OPTIMIZERS[optimizer]
    opt = make(net.parameters(), lr=usual * rate)
    _, _, x, y = every_pair()
    zero_one = inputs == "0 and 1"
    data = ((x + 1) / 2 if zero_one else x, y)
    steps = learn(net, rng, loss=LOSSES[loss](), opt=opt, steps=STEPS, data=data)
    losses, path = [], []

    def snapshot():
        copy = to_plus_minus(net) if zero_one else net.astype(np.float64)
        measured = score(copy.astype(np.float32))  # a third of the time, the same answers
        path.append((len(losses), measured["bits"], measured["sums"]))
        return {"progress": len(losses) / STEPS, "net": copy, "losses": np.array(losses),
                "path": np.array(path), "score": measured}  # fmt: skip

    yield snapshot()
    with np.errstate(all="ignore"):
        for L in steps:
            losses.append(L)
            if len(losses) % 2 == 0:
                yield snapshot()


def to_plus_minus(net):
    """The same function of ±1 that ``net`` is of 0 and 1, because x01 = (x + 1) / 2."""
    net = net.astype(np.float64)
    net[0].b += net[0].Wx.sum(axis=1) / 2
    net[0].Wx /= 2
    return net


def draw_training(axes, snapshot, a, b):
    """Loss and accuracy so far; one sum and the hidden state on it; the six rules."""
    net, measured, path = snapshot["net"], snapshot["score"], snapshot["path"]
    ax = axes["L"]
    losses = np.clip(snapshot["losses"], 1e-4, 2)
    ax.plot(np.arange(1, len(losses) + 1), losses, color=viz.INK, lw=1.4)
    ax.set(yscale="log", xlim=(0, STEPS), ylim=(1e-4, 2))
    ax.set_yticks([1e-4, 1e-3, 0.01, 0.1, 1], ["0.0001", "0.001", "0.01", "0.1", "1"])
    ax.minorticks_off()
    ax.set_title("loss of each minibatch (64 pairs), per update")
    said = (net(encode(a, b)[0])[0, :, 0] > 0).astype(int)
    draw_answer(axes["B"], a, b, said)
    axes["B"].set_title("this sum, lowest place first")
    draw_states(axes["H"], net[0].h[0, 1:])
    axes["H"].set_title("its hidden state")
    draw_path(axes["A"], path)
    draw_rules(axes["R"], measured["rules"], "right bits, rule by rule")
    draw_accuracy(axes["P"], measured)
    done = len(losses)
    if not done:
        return f"Untrained: {a} + {b} = <b>{number(said)}</b>. Press Start."
    whole = path[path[:, 2] == 1, 0]
    when = f" All right for the first time: update {int(whole[0])}." if len(whole) else ""
    return (
        f"After {done} updates ({done * BATCH:,} pairs) {a} + {b} = <b>{number(said)}</b>; "
        f"{percent(measured['sums'])} of all pairs are added right.{when}"
    )


def draw_path(ax, path):
    """Accuracy so far, of bits and of whole sums."""
    ax.plot(path[:, 0], path[:, 1], "o-", ms=2, color=viz.SKY)
    ax.plot(path[:, 0], path[:, 2], "o-", ms=2, color=viz.BLUE)
    ax.set(xlim=(0, STEPS), ylim=(0, 1.04))
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.set_title("bits (light), whole sums")


def compare_recipes(seed):
    """First 100 updates of minibatches, then 10,000 single pairs; only the training is timed."""
    net, rng = build(HIDDEN, seed)
    net = net.astype(np.float32)
    new, old = [(0.0, 0, score(net)["sums"])], []
    yield {"progress": 0.0, "new": new.copy(), "old": old.copy()}
    spent, steps = 0.0, learn(net, rng, steps=100)
    for k in range(1, 101):
        begin = time.perf_counter()
        next(steps)
        spent += time.perf_counter() - begin
        if k % 5 == 0:
            new.append((spent, k, score(net)["sums"]))
            yield {"progress": k / 100 * 0.02, "new": new.copy(), "old": old.copy()}
    *weights, rng = first_weights(seed)
    spent = 0.0
    for k in range(1, RACE_PAIRS + 1):
        begin = time.perf_counter()
        a, b = rng.randint(128, size=2)
        for W, change in zip(weights, one_pair(*weights, a, b)[2]):
            W += LR * change
        spent += time.perf_counter() - begin
        if k % 20 == 0:
            if k % 200 == 0:
                old.append((spent, k, score(as_net(*weights))["sums"]))
            yield {"progress": 0.02 + 0.98 * k / RACE_PAIRS, "new": new.copy(), "old": old.copy()}


def draw_race(axes, snapshot):
    """Accuracy against training time, and the work behind it."""
    ax = axes["C"]
    ax.set(xscale="log", xlim=(1e-3, 30), ylim=(0, 1.04), xlabel="seconds of training")
    ax.set_xticks([1e-3, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.minorticks_off()
    ax.set_title("whole sums right, of all 16,384")
    rows = [["", "minibatches", "one pair each"]]
    runs = [(snapshot["new"], BATCH), (snapshot["old"], 1)]
    for (run, _), color in zip(runs, (viz.BLUE, viz.ORANGE)):
        if len(run) > 1:
            seconds, _, sums = np.array(run).T
            ax.plot(np.maximum(seconds, 1e-3), sums, color=color)
    last = [run[-1] if len(run) > 1 or (run and run[0][0]) else None for run, _ in runs]
    names = ["updates", "pairs seen", "sums right", "seconds"]
    cells = [
        ["–"] * 4
        if end is None
        else [f"{end[1]:,}", f"{end[1] * size:,}", percent(end[2]), f"{end[0]:.3f}"]
        for end, (_, size) in zip(last, runs)
    ]
    rows += [[name, *pair] for name, pair in zip(names, zip(*cells))]
    ax = axes["T"]
    ax.set_axis_off()
    ax.set(xlim=(0, 3), ylim=(5, 0))
    colors = [viz.INK, viz.BLUE, "#a63c00"]
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            ax.text(j + 0.98 if j else 0.1, i + 0.5, text, ha="right" if j else "left",
                    va="center", color=colors[j])  # fmt: skip
    if None in last:
        return "Two recipes, the same task. Press Start: the times are measured on your machine."
    return (
        f"So far the old recipe made <b>{last[1][1] / last[0][1]:.0f}</b> times as many "
        f"updates and took <b>{last[1][0] / last[0][0]:.0f}</b> times as long."
    )
