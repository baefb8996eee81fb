"""Handwritten digits: training a linear classifier, and reading its scores pixel by pixel."""

import numpy as np

import nnlib as nn

from ... import viz
from .bars import bare, num, picture, score_bars, sub

DIGITS = [str(k) for k in range(10)]
LOSSES = {"softmax": nn.SoftmaxCrossEntropy, "hinge": nn.Hinge}
EPOCHS, EVERY = 15, 40  # passes through the training digits; steps between two snapshots
TRAINING = [["templates"] * 3 + ["loss"] * 2, ["wrong"] * 3 + ["accuracy"] * 2]
FOUR = {"ncols": 4, "width_ratios": [1, 1, 1, 1.25]}
SHIFTS = [*range(-2, 3)]


def train_digits(loss, learning_rate):
    """Train from W = 0 on one digit at a time; a generator of snapshots for ``live``."""
    data, rng = nn.data.digits(np.float32), np.random.default_rng(0)
    x, x_test = data.x_train.reshape(-1, 64), data.x_test.reshape(-1, 64)
    net = nn.Linear(64, 10, rng=rng, init=nn.init.zeros).astype(np.float32)
    opt = nn.SGD(net.parameters(), lr=learning_rate)
    steps, each, losses, right = EPOCHS * len(x), [], [], []

    def snapshot(step):
        said = net(x_test).argmax(axis=1)
        if step:
            losses.append(np.mean(each[-10 * EVERY :]))
            right.append(np.mean(said == data.y_test))
        return {
            "progress": step / steps, "seen": step, "W": net.W.copy(), "said": said,
            "loss": np.array(losses), "accuracy": np.array(right),
        }  # fmt: skip

    yield snapshot(0)
    schedule = {"epochs": EPOCHS, "batch_size": 1, "rng": rng}
    for record in nn.train(net, LOSSES[loss](), opt, x, data.y_train, **schedule):
        each.append(record.loss)
        if record.step % EVERY == 0 or record.step == steps:
            yield snapshot(record.step)


def sheet(images, columns) -> np.ndarray:
    """8×8 images (n, 64) side by side, two pixels of room above each; NaN where there is none."""
    rows = -(-len(images) // columns)
    paper = np.full((10 * rows + 1, 9 * columns + 1), np.nan)
    for k, image in enumerate(images):
        top, left = 2 + 10 * (k // columns), 1 + 9 * (k % columns)
        paper[top : top + 8, left : left + 8] = image.reshape(8, 8)
    return paper


def labelled_sheet(ax, images, labels, columns, title, **kwargs):
    """A sheet of images, each with a text above it."""
    viz.image(ax, sheet(images, columns), **kwargs)
    ax.set_facecolor("#e4e4e4")
    for k, label in enumerate(labels):
        ax.text(0.6 + 9 * (k % columns), 0.55 + 10 * (k // columns), label, va="center", size=9)
    bare(ax, title=title, anchor="W")


def training(axes, snapshot, test):
    """The ten templates as they are now, some mistakes, the loss and the accuracy so far.

    ``test`` is the pair of test digits (n, 64) and their classes.
    """
    (x, y), W, said, seen = test, snapshot["W"], snapshot["said"], snapshot["seen"]
    largest = float(np.abs(W).max())
    title = f"orange wants ink, purple wants paper (up to ±{largest:.2f})"
    title = title if seen else "ten templates, all weights still 0"
    labelled_sheet(axes["templates"], W, DIGITS, 5, title, limit=0.8 * largest or 1)
    wrong = np.flatnonzero(said != y)
    some = wrong[:: max(1, -(-len(wrong) // 12))]
    labels = [f"{y[i]} as {said[i]}" for i in some]
    title = f"{len(wrong)} of {len(y)} test digits are misread, such as:"
    look = {"signed": False, "limit": 1}
    labelled_sheet(axes["wrong"], x[some], labels, 6, title, **look)
    thousands, span = np.arange(1, len(snapshot["loss"]) + 1) * EVERY / 1000, EPOCHS * 1.438
    for name, ceiling, color in (("loss", 3, viz.ORANGE), ("accuracy", 1, viz.BLUE)):
        axes[name].plot(thousands, np.minimum(snapshot[name], ceiling), color=color)
        axes[name].set(xlim=(0, span), ylim=(0, ceiling), xlabel="thousand digits seen")
    axes["loss"].set_title("mean loss of the last 400 digits")
    axes["accuracy"].set_title("share of test digits right")
    if not seen:
        return "Not trained yet: every weight is 0, so all ten scores of every digit are equal."
    L, right = snapshot["loss"][-1], snapshot["accuracy"][-1]
    return (
        f"{seen:,} nudges, one digit each: loss {L:.3f}, <b>{right:.1%}</b> of test digits right."
    )


def evidence(axes, W, b, x, truth, digit):
    """One score as a sum over the picture: ink × weight, pixel by pixel."""
    ink, row, product, bars = axes
    scores, terms, limit = W @ x + b, W[digit] * x, 0.8 * np.abs(W).max()
    said = int(scores.argmax())
    picture(ink, x.reshape(8, 8), f"x: a handwritten {truth}", signed=False, limit=1)
    picture(row, W[digit].reshape(8, 8), f"W{sub(digit)}: what {a(digit)} wants", limit=limit)
    title = f"products: sum {num(terms.sum())}"
    picture(product, terms.reshape(8, 8), title, limit=limit)
    signs(ink, "×", row, "=")
    score_bars(bars, scores, DIGITS, limit=10, title=f"scores: it says {said}", truth=truth)
    plus, minus = num(terms[terms > 0].sum()), num(terms[terms < 0].sum())
    return (
        f"{plus} speaks for {a(digit)}: ink where one is wanted; {minus} against: ink where none "
        f"is.<br> With the bias {num(b[digit])} its score is {num(scores[digit])}. The highest of "
        f"the ten is that of {said}: it says <b>{said}</b>, {verdict(said, truth)}."
    )


def signs(first, left, second, right):
    """What is done with the pictures, written between them."""
    for ax, sign in ((first, left), (second, right)):
        ax.text(8.2, 3.5, sign, va="center", size=18)


def a(digit) -> str:
    """The digit with its article."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def verdict(said, truth) -> str:
    return "rightly" if said == truth else f"wrongly: it is {a(truth)}"


def shifted(images, right, down) -> np.ndarray:
    """Images (..., H, W) moved by whole pixels; what leaves is lost, paper (0) comes in."""
    H, W = images.shape[-2:]
    moved = np.zeros_like(images)
    to = slice(max(down, 0), H + min(down, 0)), slice(max(right, 0), W + min(right, 0))
    source = slice(max(-down, 0), H - max(down, 0)), slice(max(-right, 0), W - max(right, 0))
    moved[(..., *to)] = images[(..., *source)]
    return moved


def shift(axes, W, b, x, truth, right, down, accuracy):
    """A digit that moves over its template; and how often the moved digits are still known."""
    ink, product, bars, all_shifts = axes
    moved = shifted(x.reshape(8, 8), right, down)
    scores = W @ moved.ravel() + b
    said, row = int(scores.argmax()), W[truth].reshape(8, 8)
    picture(ink, moved, f"{a(truth)}, moved", signed=False, limit=1)
    picture(product, moved * row, f"ink × what {a(truth)} wants", limit=0.8 * np.abs(W).max())
    score_bars(bars, scores, DIGITS, limit=10, title=f"it says {said}", truth=truth)
    steps = [num(s, "+d") for s in SHIFTS]
    viz.image(
        all_shifts, 100 * accuracy, signed=False, limit=100, numbers="{:.0f}",
        title="% of all test digits right", rows=steps, columns=steps,
    )  # fmt: skip
    all_shifts.set(xlabel="pixels to the right", ylabel="pixels down")
    place = SHIFTS.index(down), SHIFTS.index(right)
    viz.outline(all_shifts, *place, color=viz.ORANGE)
    across = f"{abs(right)} to the {'left' if right < 0 else 'right'}"
    return (
        f"Moved {across} and {abs(down)} {'up' if down < 0 else 'down'}, the {truth} scores "
        f"{num(scores[truth])} with its own template; it says <b>{said}</b>, "
        f"{verdict(said, truth)}.<br> Of all test digits moved like this "
        f"{accuracy[place]:.0%} are read rightly."
    )


def fool(axes, W, b, x, truth, target, strength):
    """Add a little of what the target's template wants more than the true one's."""
    before, change, after, bars = axes
    bent = np.clip(x + strength * np.sign(W[target] - W[truth]), 0, 1)
    scores, gained = W @ bent + b, W @ (bent - x)
    said = int(scores.argmax())
    picture(before, x.reshape(8, 8), f"a handwritten {truth}", signed=False, limit=1)
    picture(change, (bent - x).reshape(8, 8), "ink added, ink removed", limit=0.5)
    picture(after, bent.reshape(8, 8), "what it sees", signed=False, limit=1)
    signs(before, "+", change, "=")
    score_bars(bars, scores, DIGITS, limit=10, title=f"it says {said}", truth=truth)
    if target == truth:
        return f"It is {a(truth)} already: nothing is added.<br> Choose another target."
    return (
        f"Every pixel may change by {strength:.2f}. Together that changes the score of {target} by "
        f"{num(gained[target], '+.2f')} and that of {truth} by {num(gained[truth], '+.2f')}: "
        f"<br>it says <b>{said}</b>, {verdict(said, truth)}."
    )
