"""The two losses train the same linear classifier on the digits, and leave other margins."""

import numpy as np

from ... import viz
from ...data import digits
from ...layer import Sequential
from ...linear import Flatten, Linear
from ...losses import Hinge, SoftmaxCrossEntropy
from ...optimizers import SGD
from ...training import train

EPOCHS, BATCH, EPOCH = 100, 16, 90  # EPOCH: the minibatches of one epoch
SPAN = (-4, 12)
MARGINS = {"size": (8.6, 3.4), "axes": ["CCHHH"]}


def leads(scores, y):
    """By how much the true score leads the best wrong one; negative: the digit is misread."""
    rows = np.arange(len(y))
    others = scores.copy()
    others[rows, y] = -np.inf
    return scores[rows, y] - others.max(axis=1)


def train_digits(loss, margin, learning_rate):
    """A generator of snapshots for ``live``: a linear classifier on 1,438 digits."""
    data = digits(np.float32)
    rng = np.random.default_rng(0)
    net = Sequential(Flatten(), Linear(64, 10, rng=rng)).astype(np.float32)
    rule = Hinge(margin) if loss == "hinge" else SoftmaxCrossEntropy()
    total = EPOCHS * EPOCH

    def snapshot(step, losses):
        return {
            "progress": step / total, "loss": loss, "margin": margin, "losses": np.array(losses),
            "leads": leads(net(data.x_train), data.y_train),
            "test": float((net(data.x_test).argmax(axis=1) == data.y_test).mean()),
        }  # fmt: skip

    yield snapshot(0, [])
    losses, opt = [], SGD(net.parameters(), lr=learning_rate)
    steps = train(
        net, rule, opt, data.x_train, data.y_train, epochs=EPOCHS, batch_size=BATCH, rng=rng
    )
    for record in steps:
        losses.append(record.loss)
        if record.step % 5 == 0:
            yield snapshot(record.step, losses)


def draw_margins(axes, snapshot):
    """The loss so far, and how far the true score of every training digit leads."""
    kind, lead, total = snapshot["loss"], snapshot["leads"], EPOCHS * EPOCH
    losses = snapshot["losses"]
    ax = axes["C"]
    viz.curve(ax, losses, span=total, ceiling=3.0, color="#c4c4c4", title=f"{kind} loss")
    if len(losses) >= EPOCH:
        mean = np.convolve(losses, np.full(EPOCH, 1 / EPOCH), "valid")
        ax.plot(np.arange(EPOCH, len(losses) + 1), np.minimum(mean, 3), color=viz.BLUE)
    ax, edges = axes["H"], np.linspace(*SPAN, 49)
    counts, _ = np.histogram(np.clip(lead, SPAN[0] + 0.01, SPAN[1] - 0.01), edges)
    middle = (edges[:-1] + edges[1:]) / 2
    color = np.where(middle < 0, viz.ORANGE, viz.SKY)
    if kind == "hinge":
        color = np.where((middle > 0) & (middle < snapshot["margin"]), viz.AMBER, color)
        ax.axvline(snapshot["margin"], color=viz.INK, ls="--", lw=1.3)
        ax.text(snapshot["margin"] + 0.1, 255, "margin", va="top")
    width = 0.85 * (edges[1] - edges[0])
    viz.blocks(ax, middle, np.minimum(counts, 260), width, colors=color)
    ax.axvline(0, color=viz.INK, lw=1)
    ax.set(xlim=SPAN, ylim=(0, 260), xlabel="true score minus best wrong score")
    ax.set_title("training digits: by how much the truth leads")
    wrong = (lead < 0).mean()
    return (
        f"{kind}: {wrong:.1%} of the training digits are misread (orange); the middle one leads by "
        f"{np.median(lead):.2f}. Test accuracy <b>{snapshot['test']:.1%}</b>."
    )
