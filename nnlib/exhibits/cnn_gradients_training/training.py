"""The CNN while it trains: curves, kernels, and what every layer makes of one digit."""

import functools

import numpy as np

from ... import viz
from ...activations import softmax
from ...data import digits
from ...losses import SoftmaxCrossEntropy
from ...optimizers import Adam
from ...training import Position, share_correct, train
from .grids import DARK_ORANGE, lying, mosaic, sheets
from .network import STAGES, cnn, falling, inside, pool_named

EPOCHS, BATCH = 40, 16
PER_EPOCH = 90  # minibatches of 16 in 1,438 digits
TRAINING = {
    "size": (8.6, 5.0),
    "axes": [
        ["loss"] * 3 + ["right"] * 3 + ["kernels"] * 4,
        ["maps"] * 8 + ["p"] * 2,
    ],
}


@functools.cache
def halves():
    """The training digits and the test digits, in float32."""
    return digits(np.float32)


@functools.cache
def frame_for(kernels, pooling):
    """A net to hang weights of any epoch into."""
    net = cnn(np.random.default_rng(0), maps=kernels, pool=pool_named(pooling))
    return net.astype(np.float32)


def with_weights(kernels, pooling, weights):
    """The net as it was when ``weights`` were copied."""
    net = frame_for(kernels, pooling)
    for array, then in zip(net.parameters(), weights, strict=True):
        array[...] = then
    return net


def train_cnn(kernels, pooling, learning_rate, seed):
    """A generator of snapshots for ``live``; a checkpoint of the weights after every epoch."""
    data, rng, loss = halves(), np.random.default_rng(seed), SoftmaxCrossEntropy()
    net = cnn(rng, maps=kernels, pool=pool_named(pooling)).astype(np.float32)
    total, losses, measured, checkpoints = EPOCHS * PER_EPOCH, [], [], []

    def weights():
        return [array.copy() for array in net.parameters()]

    def measure():
        checkpoints.append(weights())
        scores = net(data.x_test)
        measured.append((loss(scores, data.y_test), share_correct(scores, data.y_test)))

    def snapshot(step):
        return {
            "progress": step / total, "kernels": kernels, "pooling": pooling, "now": weights(),
            "losses": np.array(losses, np.float32), "measured": np.array(measured),
            "checkpoints": list(checkpoints),
        }  # fmt: skip

    measure()
    yield snapshot(0)
    opt, position = Adam(net.parameters(), lr=learning_rate), Position()
    steps = train(
        net, loss, opt, data.x_train, data.y_train, epochs=EPOCHS, batch_size=BATCH, rng=rng,
        schedule=falling(total, learning_rate), position=position,
    )  # fmt: skip
    for record in steps:
        losses.append(record.loss)
        if position.epoch > record.epoch:
            measure()
        if record.step % 3 == 0:
            yield snapshot(record.step)


def chosen_weights(snapshot, epoch):
    """The weights to show and what to call them; the last epoch stands for *now*."""
    done = len(snapshot["checkpoints"]) - 1
    if epoch == EPOCHS or epoch > done:
        return snapshot["now"], len(snapshot["losses"]) / PER_EPOCH
    return snapshot["checkpoints"][epoch], epoch


def draw_training(axes, snapshot, digit, epoch):
    """Curves up to now; kernels and maps of the chosen epoch for the chosen test digit."""
    weights, shown = chosen_weights(snapshot, epoch)
    data = halves()
    net = with_weights(snapshot["kernels"], snapshot["pooling"], weights)
    x, truth = data.x_test[digit, 0], int(data.y_test[digit])
    seen = inside(net, x)
    draw_curves(axes, snapshot, epoch)
    draw_kernels(axes["kernels"], net)
    maps = [(mosaic(seen[name]), name, False) for name in STAGES]
    sheets(axes["maps"], (x, f"input, a {truth}", False), *maps)
    p = softmax(seen["scores"].astype(float))
    draw_p(axes["p"], p, truth)
    asked = "" if shown == epoch else f" (epoch {epoch} is not there yet)" * (epoch != EPOCHS)
    best = int(p.argmax())
    loss, right = snapshot["measured"][min(int(shown), len(snapshot["measured"]) - 1)]
    return (
        f"Epoch <b>{shown:.2f}</b>{asked}: this {truth} is read as {best} with {p[best]:.0%}. Of "
        f"the 359 test digits <b>{right:.1%}</b> are right after epoch {int(shown)}, their mean "
        f"loss is {loss:.3f}."
    )


def draw_curves(axes, snapshot, epoch):
    """Loss and accuracy so far, and a line at the epoch that is shown."""
    losses, (test, right) = snapshot["losses"], snapshot["measured"].T
    ax, at = axes["loss"], np.arange(len(test))
    if len(losses) > 1:
        time = np.arange(1, len(losses) + 1) / PER_EPOCH
        width = min(30, len(losses))
        mean = np.convolve(losses, np.full(width, 1 / width), "valid")
        ax.plot(time[width - 1 :], np.clip(mean, 1e-3, 4), color=viz.BLUE, lw=1.5)
    ax.plot(at, np.clip(test, 1e-3, 4), color=viz.ORANGE, lw=1.5)
    ax.set(yscale="log", xlim=(0, EPOCHS), ylim=(1e-3, 4), xlabel="epoch", title="loss")
    ax.set_yticks([1e-3, 1e-2, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    ax.minorticks_off()
    ax.text(39, 1.5, "test", color=DARK_ORANGE, ha="right")
    ax.text(39, 0.65, "training", color=viz.BLUE, ha="right")
    ax.axvline(epoch, color=viz.INK, lw=1, ls="--")
    ax = axes["right"]
    ax.plot(at, np.maximum(100 * right, 80.3), color=viz.ORANGE, lw=1.5)
    ax.axhline(98, color="#777777", lw=1, ls=":")
    ax.text(39, 97.6, "98 %", ha="right", va="top")
    ax.axvline(epoch, color=viz.INK, lw=1, ls="--")
    ax.set(xlim=(0, EPOCHS), ylim=(80, 100), xlabel="epoch", title="test digits right, %")


def draw_kernels(ax, net):
    """All kernels of both convolutions, one for every pair of a map above and a map below."""
    first, second = (mosaic(net[place].W.reshape(-1, 3, 3)) for place in (0, 3))
    sheets(ax, (first, "kernels 1", True), (second, "kernels 2", True))


def draw_p(ax, p, truth):
    """The ten probabilities; the true class is orange."""
    colors = [viz.ORANGE if k == truth else viz.BLUE for k in range(10)]
    lying(ax, p, colors=colors)
    ax.set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), title="p", xticks=[0, 1])
    ax.grid(False)
