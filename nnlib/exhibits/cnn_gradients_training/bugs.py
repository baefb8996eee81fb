"""Four layers with a wrong backward pass, and a bench that tests them."""

import functools

import numpy as np

from ... import viz
from ...activations import ReLU
from ...conv import Conv2d
from ...data import digits
from ...gradcheck import relative_error
from ...losses import SoftmaxCrossEntropy
from ...optimizers import Adam
from ...pooling import MaxPool2d
from ...training import Position, accuracy, train
from .grids import DARK_ORANGE, lying
from .network import cnn, falling


class OverwritingPool(MaxPool2d):
    """Max pooling whose backward pass writes dx = ... where windows must add: dx += ..."""

    def backward(self, dout):
        dx = np.zeros((*dout.shape[:2], *self.geometry.padded()), dout.dtype)
        _, kw = self.geometry.k
        n, c, p, q = np.indices(dout.shape)
        i, j = np.divmod(self.winner.astype(int), kw)
        (down, across), (rows, columns) = self.geometry.stride, self.geometry.inside()
        dx[n, c, p * down + i, q * across + j] = dout
        return dx[:, :, rows, columns]


class ReversedConv(Conv2d):
    """A convolution that hands dx back with its channels in reversed order."""

    def backward(self, dout):
        dx = super().backward(dout)
        return None if dx is None else dx[:, ::-1]


class StraightReLU(ReLU):
    """A ReLU whose backward pass forgets the derivative."""

    def backward(self, dout):
        return dout


class FrozenConv(Conv2d):
    """A convolution whose weights get no gradient, so that they never learn."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW, self.db = 0 * self.dW, 0 * self.db
        return dx


BUGS = {
    "none": {},
    "pooling: = for +=": {"pool": OverwritingPool},
    "channels reversed": {"conv2": ReversedConv},
    "no ReLU derivative": {"relu": StraightReLU},
    "first layer frozen": {"conv1": FrozenConv},
}
NAMES = ["conv 1 W", "conv 1 b", "conv 2 W", "conv 2 b", "dense W", "dense b"]
EPOCHS, BATCH, RATE, SEED = 30, 32, 0.004, 1
PER_EPOCH = 45  # minibatches of 32 in 1,438 digits
RED = 1e-4  # relative error from which a gradient is called wrong
BENCH = {"size": (8.6, 3.5), "axes": [["right"] * 2 + ["arrays"] * 3 + ["h"] * 2]}


@functools.cache
def examined(bug):
    """An untrained net, eight digits, and the gradient its backward pass claims.

    Its biases are not zero: else blank paper would lie exactly on the kink of the ReLU.
    """
    rng = np.random.default_rng(SEED)
    net = cnn(rng, **BUGS[bug])
    for layer in (net[0], net[3]):
        layer.b[...] = 0.1 * rng.standard_normal(len(layer.b))
    data, loss = digits(np.float64), SoftmaxCrossEntropy()
    x, y = data.x_train[:8], data.y_train[:8]
    loss(net(x), y)
    net.backward(loss.backward())
    return net, x, y, [g.copy() for g in net.gradients()]


def slope_along(bug, directions, h):
    """Central difference of L when parameter array k moves along ``directions[k]``."""
    net, x, y, _ = examined(bug)
    starts, values = [a.copy() for a in net.parameters()], []
    for sign in (1, -1):
        for array, start, direction in zip(net.parameters(), starts, directions):
            array[...] = start + sign * h * direction
        values.append(SoftmaxCrossEntropy()(net(x), y))
    for array, start in zip(net.parameters(), starts):
        array[...] = start
    return (values[0] - values[1]) / (2 * h)


def random_directions(bug):
    """One random direction for every array, of length 1."""
    rng = np.random.default_rng(5)
    drawn = [rng.standard_normal(a.shape) for a in examined(bug)[0].parameters()]
    return [d / np.linalg.norm(d) for d in drawn]


@functools.lru_cache(256)
def errors_by_array(bug, h):
    """Relative error of every array's gradient along one random direction, central step h."""
    claimed, directions = examined(bug)[3], random_directions(bug)
    found = []
    for k, (g, direction) in enumerate(zip(claimed, directions)):
        alone = [d if i == k else 0 * d for i, d in enumerate(directions)]
        found.append(relative_error(np.vdot(g, direction), slope_along(bug, alone, h)))
    return np.array(found)


STEPS = 10.0 ** np.arange(-14, 0.01, 0.5)


@functools.cache
def error_by_step(bug):
    """Relative error along one direction through all arrays, for every h of ``STEPS``."""
    claimed, directions = examined(bug)[3], random_directions(bug)
    g = sum(np.vdot(a, d) for a, d in zip(claimed, directions))
    return np.array([relative_error(g, slope_along(bug, directions, h)) for h in STEPS])


def train_with(bug, epochs=EPOCHS):
    """A generator of snapshots for ``live``: the CNN with a planted bug, in float32."""
    data, rng = digits(np.float32), np.random.default_rng(SEED)
    net = cnn(rng, **BUGS[bug]).astype(np.float32)
    total, right = epochs * PER_EPOCH, [accuracy(net, data.x_test, data.y_test)]

    def snapshot(step):
        return {"progress": step / total, "bug": bug, "right": np.array(right)}

    yield snapshot(0)
    opt, position = Adam(net.parameters(), lr=RATE), Position()
    steps = train(
        net, SoftmaxCrossEntropy(), opt, data.x_train, data.y_train, epochs=epochs,
        batch_size=BATCH, rng=rng, schedule=falling(total, RATE), position=position,
    )  # fmt: skip
    for record in steps:
        if position.epoch > record.epoch:
            right.append(accuracy(net, data.x_test, data.y_test))
        if record.step % 5 == 0:
            yield snapshot(record.step)


def draw_bench(axes, snapshot, h):
    """Accuracy while it trains; the gradient check array by array; and its step size."""
    bug, right = snapshot["bug"], 100 * snapshot["right"]
    ax = axes["right"]
    ax.plot(np.maximum(right, 80.3), color=viz.BLUE)
    ax.axhline(96, color="#777777", lw=1, ls=":")
    ax.text(EPOCHS - 0.3, 95.6, "96 %", ha="right", va="top")
    ax.set(xlim=(0, EPOCHS), ylim=(80, 100), xlabel="epoch", yticks=range(80, 101, 5))
    ax.set_title("test digits right, %")
    found = errors_by_array(bug, h)
    draw_errors(axes["arrays"], found)
    ax = axes["h"]
    curve = np.clip(error_by_step(bug), 1e-12, 2)
    ax.plot(STEPS, curve, color=DARK_ORANGE if curve.min() > RED else viz.GREEN, lw=1.6)
    ax.axhline(RED, color="#777777", lw=1, ls=":")
    ax.axvline(h, color=viz.INK, lw=1, ls="--")
    ax.set(xscale="log", yscale="log", xlim=(1e-14, 1), ylim=(1e-12, 3), xlabel="step h")
    ax.set_xticks([1e-12, 1e-8, 1e-4, 1], ["1e-12", "1e-8", "1e-4", "1"])
    ax.set_yticks([1e-12, 1e-8, 1e-4, 1], ["1e-12", "1e-8", "1e-4", "1"])
    ax.minorticks_off()
    ax.set_title("all arrays, by step h")
    wrong = [name for name, error in zip(NAMES, found) if error > RED]
    verdict = f"<b>wrong: {', '.join(wrong)}</b>" if wrong else "<b>all six right</b>"
    if (errors_by_array("none", h) > RED).any():
        size = "small, rounding" if h < 1e-5 else "large, the bend of the curve"
        verdict = (
            "<b>it cannot tell</b>. With this h even a gradient without any bug fails: the step "
            f"is too {size} hides the slope"
        )
    trained = (
        f"{right[-1]:.1f} % of the test digits are right after {len(right) - 1} epochs"
        if len(right) > 1
        else "not trained yet"
    )
    return f"Planted bug: {bug}. Training: {trained}. Gradient check with h = {h:.1e}: {verdict}."


def draw_errors(ax, found):
    """A bar per array on a logarithmic scale; beyond the dotted line a gradient is wrong."""
    wrong = found > RED
    low = 1e-13
    colors = np.where(wrong, viz.ORANGE, viz.GREEN)
    lying(ax, np.maximum(found, 1.5 * low), start=low, colors=colors)
    for k, error in enumerate(found):
        inside = error > 1e-6
        at, side = (error / 2, "right") if inside else (max(error, 1.5 * low) * 2, "left")
        ax.text(at, k, f"{error:.0e}", ha=side, va="center", fontsize=9)
    ax.axvline(RED, color="#777777", lw=1, ls=":")
    ax.set(xscale="log", xlim=(low, 3), ylim=(5.6, -0.6))
    ax.set_xticks([1e-12, 1e-8, 1e-4, 1], ["1e-12", "1e-8", "1e-4", "1"])
    ax.minorticks_off()
    ax.set_yticks(range(6), NAMES)
    ax.set_title("gradient check: relative error")
    ax.yaxis.grid(False)
