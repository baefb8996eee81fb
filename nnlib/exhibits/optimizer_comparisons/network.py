"""The same network on the digits, trained by all eight methods at once."""

import time

import numpy as np

import nnlib as nn

from .race import METHODS, NAMES

GRID = tuple(10 ** (k / 4) for k in range(-14, 7))  # 0.0003 to 32, four per decade
HIDDEN, BATCH, EPOCHS = 32, 64, 12
# The best of ``network_sweep()``: lowest training loss, seeds 101 and 102, not those of the race.
TUNED = {
    "SGD": GRID[14], "Momentum": GRID[11], "Nesterov": GRID[12], "Adagrad": GRID[10],
    "Adadelta": GRID[18], "RMSprop": GRID[8], "Adam": GRID[8], "AdamW": GRID[9],
}  # fmt: skip
TIME_SLICE = 0.02  # seconds of training between two snapshots


def build(seed: int) -> nn.Sequential:
    """64 → 32 → 10 with ReLU; the seed decides the weights, the method does not."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(64, HIDDEN, rng=rng), nn.ReLU(), nn.Linear(HIDDEN, 10, rng=rng)
    ).astype(np.float32)


def data():
    """The digits as rows."""
    split = nn.data.digits(np.float32)
    return split.x_train.reshape(-1, 64), split.y_train, split.x_test.reshape(-1, 64), split.y_test


def minibatches(n: int, seed: int, epochs: int = EPOCHS) -> list:
    """The rows of every step, drawn once and then given to every method."""
    rng = np.random.default_rng(1000 + seed)
    return [rows for _ in range(epochs) for rows in nn.batches(n, BATCH, rng)]


def team(rates: dict, seed: int) -> list:
    """(net, loss, optimizer) of every method: the same weights, each its own rate."""
    start, members = build(seed), []
    for name, rate in rates.items():
        net = start.astype(np.float32)
        members.append(
            (net, nn.SoftmaxCrossEntropy(), METHODS[name].optimizer(net.parameters(), lr=rate))
        )
    return members


def one_step(member, x, y) -> float:
    """One gradient on one minibatch; returns its loss."""
    net, loss, opt = member
    L = loss(net(x, training=True), y)
    net.backward(loss.backward())
    opt.step(net.gradients())
    return L


def network_sweep(names=NAMES, rates=GRID, seeds=(101, 102), epochs=EPOCHS) -> dict:
    """For each method the rate with the lowest mean training loss in the last epoch.

    ``TUNED`` is what it gives. It takes a minute or two, and never looks at the test digits.
    """
    x, y, *_ = data()
    best = {}
    for name in names:
        scores = []
        for rate in rates:
            last = []
            for seed in seeds:
                steps = minibatches(len(x), seed, epochs)
                (member,) = team({name: rate}, seed)
                with np.errstate(all="ignore"):
                    losses = survived(member, steps, x, y)
                last += losses[-len(steps) // epochs :]
            scores.append(np.mean(last))
        best[name] = rates[int(np.argmin(np.nan_to_num(scores, nan=np.inf)))]
    return best


def survived(member, steps, x, y) -> list:
    """The losses of all steps; inf from where the scores are no numbers any more."""
    losses = []
    for rows in steps:
        try:
            losses.append(one_step(member, x[rows], y[rows]))
        except ValueError:  # the loss refuses NaN
            losses += [np.inf] * (len(steps) - len(losses))
            break
    return losses


def compete(seed: int, rates: str):
    """Train all eight in step on the same minibatches; yields a snapshot every few hundredths."""
    x, y, x_test, y_test = data()
    chosen = TUNED if rates == "each its own" else dict.fromkeys(NAMES, float(rates))
    members, steps = team(chosen, seed), minibatches(len(x), seed)
    losses = np.full((len(steps), len(NAMES)), np.nan)
    spent, lost, shown = np.zeros(len(NAMES)), set(), 0.0

    def snapshot(done):
        with np.errstate(all="ignore"):
            right = [
                np.nan if k in lost else nn.accuracy(net, x_test, y_test)
                for k, (net, *_) in enumerate(members)
            ]
        return {
            "progress": done / len(steps), "losses": losses[:done].copy(), "steps": done,
            "accuracy": np.array(right), "seconds": spent.copy(), "rates": chosen,
            "total": len(steps),
        }  # fmt: skip

    yield snapshot(0)
    for t, rows in enumerate(steps):
        for k, member in enumerate(members):
            if k not in lost:
                begin = time.perf_counter()
                try:
                    with np.errstate(all="ignore"):
                        losses[t, k] = one_step(member, x[rows], y[rows])
                except ValueError:  # the loss refuses scores that are no numbers
                    lost.add(k)
                spent[k] += time.perf_counter() - begin
        if t + 1 == len(steps) or time.perf_counter() - shown > TIME_SLICE:
            shown = time.perf_counter()
            yield snapshot(t + 1)


def smooth(losses: np.ndarray, window: int = 12) -> np.ndarray:
    """Mean of the last ``window`` steps, of fewer at the start."""
    total = np.cumsum(np.vstack([np.zeros(losses.shape[1]), losses]), axis=0)
    end = np.arange(1, len(losses) + 1)
    begin = np.maximum(end - window, 0)
    return (total[end] - total[begin]) / (end - begin)[:, None]


def draw_network(axes, snapshot) -> str:
    """Minibatch loss of every method, and the table of test accuracies."""
    left, right = axes["loss"], axes["table"]
    losses, total = snapshot["losses"], snapshot["total"]
    left.set(yscale="log", xlim=(0, total), ylim=(1e-3, 5), xlabel="gradients used, per method")
    left.set_title("training loss, mean of 12 minibatches")
    left.set_yticks([1e-3, 1e-2, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    left.minorticks_off()
    if len(losses):
        curves = smooth(losses)
        for k, look in enumerate(METHODS.values()):
            left.plot(np.maximum(curves[:, k], 1e-4), color=look.color, lw=1.6)
    right.set_axis_off()
    right.set(xlim=(0, 1), ylim=(-8.4, 0.6))
    heads = [(0.1, "left", "method"), (0.56, "right", "rate"), (0.78, "right", "test"),
             (1.0, "right", "seconds")]  # fmt: skip
    for x, side, text in heads:
        right.text(x, 0, text, ha=side, va="center", color="#444444", fontsize=9)
    score = np.nan_to_num(snapshot["accuracy"], nan=-1.0)
    for row, k in enumerate(np.argsort(-score, kind="stable"), 1):
        look, name = METHODS[NAMES[k]], NAMES[k]
        right.plot(0.04, -row, look.marker, color=look.color, mec="white", mew=0.6, ms=8)
        right.text(0.1, -row, name, va="center")
        right.text(0.56, -row, f"{snapshot['rates'][name]:.2g}", ha="right", va="center")
        if len(losses):
            said = "diverged" if score[k] < 0 else f"{score[k]:.1%}"
            right.text(0.78, -row, said, ha="right", va="center")
            right.text(1, -row, f"{snapshot['seconds'][k]:.2f}", ha="right", va="center")
    if not len(losses):
        return "Eight copies of one network, with the same weights. Press Start."
    alive = score[score >= 0]
    if not len(alive):
        return "Every method has diverged."
    return (
        f"After <b>{snapshot['steps']}</b> gradients each, test accuracies lie between "
        f"{alive.min():.1%} and <b>{alive.max():.1%}</b>; one digit of the {359} is 0.3 %."
    )
