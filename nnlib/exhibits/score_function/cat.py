"""The 3×4 example: a picture of four pixels, and three classes that want it."""

import numpy as np

from ... import viz
from ...interact import Matrix
from ...linear import Linear
from .bars import bare, best, num, picture, score_bars, segments, staircase, table

PETS = "cat", "dog", "ship"
COLORS = viz.CLASSES[:3]
PIXELS = np.array([56.0, 231, 24, 2])  # two rows of two pixels
REACH = 450  # where the score axis ends
SUM = [["image"] * 3 + ["sum"] * 7 + ["scores"] * 4, ["row"] * 3 + ["sum"] * 7 + ["scores"] * 4]
NUDGES = [["W"] * 9 + ["change"] * 15 + ["scores"] * 8, ["path"] * 24 + ["scores"] * 8]


def cat_controls() -> dict:
    """A slider for every weight and bias of the 3×4 example, and what to show of it."""
    start = [[0.2, -0.5, 0.1, 2.0, 1.1], [1.5, 1.3, 2.1, 0.0, 3.2], [0.0, 0.25, 0.2, -0.3, -1.2]]
    columns = [*(f"pixel {x:.0f}" for x in PIXELS), "bias"]
    weights = Matrix(start, -4, 4, 0.05, PETS, columns)
    return {"weights": weights, "add_up": [*PETS], "forget_the_bias": False}


def cat_outline() -> list:
    """A cat's head, eyes, nose and whiskers as lines in the square from -1 to 1."""
    angle = np.linspace(0, 2 * np.pi, 145)
    ears = np.maximum(0, 1 - np.abs(np.abs(angle - 1.5 * np.pi) - 0.66) / 0.3)
    radius = 0.6 + 0.34 * ears
    lines = [np.column_stack([radius * np.cos(angle), 0.9 * radius * np.sin(angle) + 0.1])]
    for side in (-1, 1):
        lines += [[(side * 0.24, -0.12), (side * 0.24, 0.04)]]
        lines += [[(side * 0.2, 0.3 + dy), (side * 0.86, 0.26 + 2.4 * dy)] for dy in (-0.05, 0.05)]
    return [*lines, [(-0.07, 0.2), (0.07, 0.2), (0, 0.28), (-0.07, 0.2)]]


def cat_picture(ax):
    """The 2×2 picture with its pixel values, 0 black and 255 white, and the cat one should see."""
    viz.mosaic(ax, viz.shaded(PIXELS.reshape(2, 2), 255, "gray", 0))
    for at, value in zip([(-0.42, -0.36), (1.42, -0.36), (-0.42, 1.36), (1.42, 1.36)], PIXELS):
        ax.text(
            *at, f"{value:.0f}", va="center", weight="bold", ha="left" if at[0] < 0 else "right",
            color="white" if value < 128 else viz.INK,
        )  # fmt: skip
    segments(ax, [0.85 * np.asarray(line) + 0.5 for line in cat_outline()], colors=viz.AMBER, lw=2)
    bare(ax, True, xlim=(-0.5, 1.5), ylim=(1.5, -0.5), title="4 pixels of a cat")


def cat_scores(axes, weights, add_up, forget_the_bias):
    """Pixel times weight, added up, plus a bias: one score per class, and the highest wins.

    ``weights`` (3, 5) holds the four weights and the bias of each class, ``add_up`` is the
    class whose sum is written out.
    """
    W, b = weights[:, :4], weights[:, 4] * (not forget_the_bias)
    scores, k = W @ PIXELS + b, PETS.index(add_up)
    cat_picture(axes["image"])
    row = W[k].reshape(2, 2)
    picture(axes["row"], row, f"the {add_up}'s weights", limit=4, numbers="{:.2f}")
    labels = [(f"{num(w)} × {x:.0f}", num(w * x)) for w, x in zip(W[k], PIXELS)]
    labels += [("bias", "forgotten" if forget_the_bias else num(b[k])), ("score", num(scores[k]))]
    staircase(
        axes["sum"], [*W[k] * PIXELS, b[k]], labels, limit=REACH, color=COLORS[k],
        title=f"weight × pixel, added up: the {add_up}'s score",
    )  # fmt: skip
    win = best(scores, PETS)
    score_bars(
        axes["scores"], scores, PETS, limit=REACH, truth=0, colors=COLORS,
        title=f"it says {win}",
    )  # fmt: skip
    shown = ", ".join(f"{pet} {num(score)}" for pet, score in zip(PETS, scores))
    if win == "cat":
        verdict = "it says cat, and a cat it is"
    elif "or" in win:
        verdict = f"it cannot decide: {win}"
    else:
        verdict = f"it says {win}; the cat is {num(max(scores) - scores[0])} short of winning"
    return f"Scores: {shown}. Shown a cat, <b>{verdict}</b>."


def nudge(W, b, x, y, loss, lr):
    """One gradient step on one picture x of class y.

    Returns the loss, the scores and the error dL/dscores before the step, W and b after it.
    """
    layer = Linear(W.shape[1], W.shape[0], rng=np.random.default_rng(0))
    layer.W, layer.b = W, b
    scores = layer(x[None])
    L = loss(scores, np.array([y]))
    error = loss.backward()
    layer.backward(error)
    return L, scores[0], error[0], W - lr * layer.dW, b - lr * layer.db


def cat_nudges(axes, step, W, b, loss, lr, steps):
    """W after ``step`` gradient steps on the cat, what the last one changed, the scores so far."""
    path, error = [], np.zeros(3)
    before = after = np.column_stack([W, b])
    for _ in range(step):
        before = np.column_stack([W, b])
        _, scores, error, W, b = nudge(W, b, PIXELS, 0, loss, lr)
        after = np.column_stack([W, b])
        path.append(scores)
    L, scores, *_ = nudge(W, b, PIXELS, 0, loss, lr)
    heads = [*(f"{x:.0f}" for x in PIXELS), "1 (b)"]
    after, change = np.round(after, 2), np.round(after - before, 4)
    table(
        axes["W"], after, ".2f", limit=3, rows=PETS, columns=heads,
        title=f"W and b after {step} step{'s' * (step != 1)}",
    )  # fmt: skip
    table(
        axes["change"], change, "+.4f", limit=1.3 * lr * PIXELS.max(), rows=[""] * 3,
        columns=["error", *heads], left=[num(e, "+.2f") for e in error] if step else [""] * 3,
        title=f"change = −{lr:g} × error × pixel",
    )  # fmt: skip
    axes["W"].set_xlabel("pixel")
    axes["change"].set_xlabel("pixel")
    win = best(scores, PETS)
    score_bars(
        axes["scores"], scores, PETS, limit=REACH, truth=0, colors=COLORS,
        title=f"it says {win}",
    )  # fmt: skip
    so_far(axes["path"], np.array([*path, scores]), steps)
    if step == 0:
        said = "No step yet: press Next."
    elif np.abs(change).max() == 0:
        said = "The last step changed no digit you can see: the loss has nothing left to ask for."
    else:
        said = (
            f"Error of the cat's score {num(error[0])}: its weight at pixel 231 changed by "
            f"{num(change[0, 1], '+.4f')}, at pixel 2 only by {num(change[0, 3], '+.4f')}."
        )
    shown = ", ".join(f"{pet} {num(score)}" for pet, score in zip(PETS, scores))
    return f"{said}<br> Scores now: {shown}; loss {num(L)}. <b>The highest is {win}.</b>"


def so_far(ax, path, steps):
    """Three scores from step to step, and where the cat's comes out on top."""
    for k, pet in enumerate(PETS):
        ax.plot(path[:, k], color=COLORS[k], marker="o", ms=4)
        place = 400 - 200 * k
        ax.plot([steps + 0.6, steps + 1.4], [place] * 2, color=COLORS[k], lw=4)
        ax.text(steps + 1.7, place, pet, va="center_baseline")
    ahead = np.flatnonzero(path[:, 0] > path[:, 1:].max(axis=1))
    if len(ahead):
        ax.axvline(ahead[0], color=viz.INK, lw=1, ls="--")
        side = ("right", -0.2) if ahead[0] > 0.6 * steps else ("left", 0.2)
        ax.text(ahead[0] + side[1], -480, f"from step {ahead[0]} on: cat", ha=side[0])
    ax.set(xlim=(-0.3, steps + 3.2), ylim=(-600, 600), xlabel="step", title="scores, step by step")
    ax.set_xticks(range(0, steps + 1, 5))
