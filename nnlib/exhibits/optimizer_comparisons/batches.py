"""How many examples per step: SGD, minibatches and the full batch, and the noise between them."""

import functools
import time
from typing import NamedTuple

import numpy as np

import nnlib as nn
from nnlib import viz

from .surfaces import surface
from .walk import walk

SIZES = (1, 8, 64, 256, 1438)  # the last one is the whole training set
RATES = tuple(10 ** (k / 4) for k in range(-8, 9))  # 0.01 to 100, four per decade
BEST = {1: RATES[5], 8: RATES[8], 64: RATES[9], 256: RATES[10], 1438: RATES[10]}
NUDGE = {1: 0.78, 8: 1.25, 64: 1.2, 256: 0.97, 1438: 0.66}  # keeps their labels apart
EPOCHS, LEAST_STEPS = 4, 300  # a run lasts for both
TIMED = (50, 60, 64, 100, 120, 128, 200, 240, 256, 400, 480, 512)


class Learning(NamedTuple):
    """One run: the minibatch losses of all steps, the loss on all examples at a few of them."""

    minibatch: np.ndarray
    at: np.ndarray
    full: np.ndarray


@functools.cache
def digits():
    """The training digits as rows of 64 numbers, in float64."""
    split = nn.data.digits(np.float64)
    return split.x_train.reshape(-1, 64), split.y_train


@functools.cache
def learn(size: int, lr: float, seed: int = 0) -> Learning:
    """Softmax regression on the digits with minibatches of ``size``, from weights 0."""
    x, y = digits()
    rng = np.random.default_rng(seed)
    net = nn.Linear(64, 10, rng=rng, init=nn.init.zeros)
    loss, opt = nn.SoftmaxCrossEntropy(), nn.SGD(net.parameters(), lr=lr)
    per_epoch = -(-len(x) // size)
    steps = max(EPOCHS * per_epoch, LEAST_STEPS)
    stops = {0, *np.unique(np.geomspace(1, steps, 40).astype(int)).tolist()}
    losses, full = [], [loss(net(x), y)]
    for record in nn.train(
        net, loss, opt, x, y, epochs=-(-steps // per_epoch), batch_size=size, rng=rng
    ):
        losses.append(record.loss)
        if record.step in stops:
            full.append(nn.SoftmaxCrossEntropy()(net(x), y))
        if record.step == steps:
            break
    return Learning(np.array(losses), np.array(sorted(stops)), np.array(full))


def batch_rate(size: int, seed: int = 7) -> float:
    """The rate of ``RATES`` with the lowest loss all along (mean of its log): makes ``BEST``."""
    return min(RATES, key=lambda lr: np.log(learn(size, lr, seed).full).mean())


def draw_batches(axes, batch_size: int, minibatch_losses: bool) -> str:
    """The loss on all digits, left against steps, right against samples seen."""
    x, _ = digits()
    for ax, per_step, label in zip(axes, (False, True), ("steps taken", "samples seen")):
        for size in SIZES:
            run, own = learn(size, BEST[size]), size == batch_size
            width = size if per_step else 1
            if own and minibatch_losses:
                t = np.arange(1, len(run.minibatch) + 1) * width
                ax.plot(t, np.maximum(run.minibatch, 1e-3), color=viz.SKY, lw=0.7, alpha=0.8)
            color, z = (viz.ORANGE, 4) if own else ("#9a9a9a", 2)
            ax.plot(run.at[1:] * width, run.full[1:], color=color, lw=3 if own else 1.3, zorder=z)
            name = " all" if size == len(x) else f" {size}"
            ax.text(
                run.at[-1] * width, run.full[-1] * NUDGE[size], name, va="center", fontsize=9,
                zorder=5,
            )  # fmt: skip
        ax.set(xscale="log", yscale="log", ylim=(0.02, 3.5), xlabel=label)
        ax.set(xlim=(1, 3e6) if per_step else (1, 1.5e4))
        ax.set_title("per sample" if per_step else "per step")
        ax.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
        ax.minorticks_off()
    mine = learn(batch_size, BEST[batch_size])
    spread = np.std(mine.minibatch[-100:])
    name = {1: "single samples", len(x): "the full batch"}.get(
        batch_size, f"minibatches of {batch_size}"
    )
    noise = " (it falls, without any noise)" if batch_size == len(x) else ""
    return (
        f"With <b>{name}</b> at rate {BEST[batch_size]:.2g}: loss {mine.full[-1]:.3f} after "
        f"{mine.at[-1]:,} steps and {mine.at[-1] * batch_size:,} samples. Over the last 100 steps "
        f"the loss it sees has a standard deviation of <b>{spread:.3f}</b>{noise}."
    )


@functools.cache
def line_data():
    """200 points of y = 1 + 0.5 x + noise, as rows (1, x)."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(200)
    return np.column_stack([np.ones(200), x]), 1 + 0.5 * x + 0.5 * rng.standard_normal(200)


@functools.lru_cache(maxsize=128)
def hover(size: int, lr: float, decaying: bool, steps: int = 1500) -> tuple:
    """(path (steps + 1, 2), optimum) of minibatch SGD on a straight line through 200 points."""
    rows, y = line_data()
    optimum = np.linalg.lstsq(rows, y, rcond=None)[0]
    theta, rng = np.array([-1.0, -1.0]), np.random.default_rng(0)
    opt, path = nn.SGD([theta], lr=lr), [theta.copy()]
    full = rows.T @ rows / len(y), rows.T @ y / len(y)
    epochs = -(-steps * size // len(y))
    chosen = np.concatenate([rng.permutation(len(y)) for _ in range(epochs)])
    for t in range(steps):
        if decaying:
            opt.lr = nn.schedules.inverse(t, lr, steps=30)
        if size == len(y):
            g = full[0] @ theta - full[1]
        else:
            k = chosen[t * size : (t + 1) * size]
            g = (rows[k] @ theta - y[k]) @ rows[k] / len(k)
        opt.step([g])
        path.append(theta.copy())
    return np.array(path), optimum


def draw_ball(axes, batch_size: int, rate: float, decaying_rate: bool) -> str:
    """Where SGD hovers once it has arrived, and how far from the optimum."""
    left, right = axes
    path, optimum = hover(batch_size, rate, decaying_rate)
    away = np.linalg.norm(path - optimum, axis=1)
    late = path[-500:]
    left.plot(*path[:100].T, color=viz.SKY, lw=1)
    left.scatter(*late.T, s=6, color=viz.ORANGE, alpha=0.5, lw=0)
    left.plot(*optimum, "*", color="white", mec=viz.INK, ms=15)
    left.set(xlim=(-1.2, 2.2), ylim=(-1.2, 1.6), xlabel="intercept", ylabel="slope")
    left.set_title("the last 500 steps in orange")

    t = np.arange(1, len(path))
    right.plot(t, np.maximum(away[1:], 1e-9), color=viz.BLUE, lw=1)
    right.set(xscale="log", yscale="log", xlim=(1, 1500), ylim=(1e-4, 10))
    right.set(title="distance from the optimum", xlabel="step")
    right.set_yticks([1e-4, 1e-3, 1e-2, 0.1, 1, 10])
    right.minorticks_off()
    ball = np.sqrt(np.mean(away[-500:] ** 2))
    quiet, _ = hover(len(line_data()[1]), rate, decaying_rate)  # the same without any noise
    still_to_go = np.sqrt(np.mean(np.sum((quiet[-500:] - optimum) ** 2, axis=1)))
    how = "a rate that falls as 1/t" if decaying_rate else "a constant rate"
    if ball > 2:
        why = "The rate is too large for single samples: again and again one throws it far out."
    elif still_to_go > max(0.01, ball / 2):
        why = "It is still on its way: " + (
            "the rate has become too small to arrive." if decaying_rate
            else "so small a rate needs more steps."
        )  # fmt: skip
    elif batch_size == len(line_data()[1]):
        why = "The full batch has no noise, so nothing hovers."
    elif decaying_rate:
        why = "The steps shrink, and so does the ball."
    else:
        why = "The noise stays and so does the rate, so it hovers: a smaller rate, a smaller ball."
    size = f"{ball:,.0f}" if ball >= 100 else f"{ball:.2g}"
    return f"With {how}, the last 500 steps keep a distance of <b>{size}</b>. {why}"


def time_batches():
    """Time a step of a small network for each size of ``TIMED``, many times in turn."""
    x, y = (part[: max(TIMED)] for part in digits())
    x = x.astype(np.float32)
    net = nn.Sequential(
        nn.Linear(64, 128, rng=np.random.default_rng(0)), nn.ReLU(),
        nn.Linear(128, 10, rng=np.random.default_rng(1)),
    ).astype(np.float32)  # fmt: skip
    loss, opt, rounds = nn.SoftmaxCrossEntropy(), nn.SGD(net.parameters(), lr=1e-3), 60
    seen = np.full((rounds, len(TIMED)), np.nan)
    yield {"progress": 0.0, "nanoseconds": None}
    for turn in range(rounds):
        for k, size in enumerate(TIMED):
            begin = time.perf_counter()
            loss(net(x[:size], training=True), y[:size])
            net.backward(loss.backward())
            opt.step(net.gradients())
            seen[turn, k] = (time.perf_counter() - begin) / size * 1e9
            typical = np.nanmedian(seen[: turn + 1], axis=0) if turn else None
            done = (turn * len(TIMED) + k + 1) / seen.size
            yield {"progress": done, "nanoseconds": typical}


def draw_times(ax, snapshot) -> str:
    """Nanoseconds per example; powers of two in orange."""
    power = [size & (size - 1) == 0 for size in TIMED]
    times = snapshot["nanoseconds"]
    ax.set_xticks(range(len(TIMED)), [str(size) for size in TIMED])
    highest = 4000 if times is None else 1.1 * max(times)
    ax.set(xlim=(-0.6, len(TIMED) - 0.4), ylim=(0, highest), xlabel="minibatch size")
    ax.set_title("time per example in nanoseconds; orange: powers of two")
    if times is None:
        ax.text(5.5, 2000, "press Start", ha="center", color="#444444")
        return "Nothing is measured yet: times belong to your machine, so they are never stored."
    colors = [viz.ORANGE if two else viz.SKY for two in power]
    viz.blocks(ax, range(len(TIMED)), times, 0.7, colors=colors)
    pairs = [(TIMED[k], times[k] / times[k - 1]) for k in range(2, len(TIMED), 3)]
    ratios = ", ".join(f"{size}: {ratio:.2f}" for size, ratio in pairs)
    return (
        f"Time per example against the size just below each power of two: <b>{ratios}</b>. "
        "Above 1 the power of two is slower."
    )


def gradient_noise(size: int, draws: int = 300) -> float:
    """Standard deviation (all weights together) of the gradient of minibatches of ``size``."""
    x, y = digits()
    rng = np.random.default_rng(0)
    net, loss, drawn = nn.Linear(64, 10, rng=rng), nn.SoftmaxCrossEntropy(), []
    for _ in range(draws):
        rows = rng.integers(0, len(x), size)
        loss(net(x[rows]), y[rows])
        net.backward(loss.backward())
        drawn.append(net.dW.copy())
    return float(np.sqrt(np.var(drawn, axis=0).sum()))


def share_that_leaves(noise: float, lr: float, runs: int = 500, steps: int = 200) -> float:
    """Of runs that start in the shallow one of two minima, how many end in the other basin."""
    there, rng = surface("two minima"), np.random.default_rng(0)
    opt = nn.SGD([np.tile([2.0, 0.0], (runs, 1))], lr=lr)

    def gradient(theta):
        exact = np.stack(there.gradient(*theta.T), axis=1)
        return exact + noise * rng.standard_normal(exact.shape)

    return float((walk(opt, gradient, steps)[-1, :, 0] < 0.5).mean())
