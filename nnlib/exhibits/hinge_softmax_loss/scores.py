"""Three scores and a true class, and what the two losses make of them."""

import numpy as np

from ... import viz
from ...losses import Hinge, SoftmaxCrossEntropy, SquaredHinge

NAMES = ["cat", "car", "frog"]
COLORS = viz.CLASSES[:3]
REACH = 7  # scores are drawn from -7 to 7 and losses from 0 to 14: one and the same scale
IMAGES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
TRUTH = np.arange(3)
PRESETS = {
    "10, -2, 3": (10.0, -2.0, 3.0),
    "10, 9, 9": (10.0, 9.0, 9.0),
    "10, -100, -100": (10.0, -100.0, -100.0),
    "3.2, 5.1, -1.7": (3.2, 5.1, -1.7),
}
FLOOR = 1e-16  # smallest loss on the logarithmic axis of ``draw_scaled``
BOTH = {"size": (8.6, 4.8), "axes": ["SSSSSLLLLPPPPPP", "SSSSSLLLLGGGGGG"]}
SCALED = {"size": (8.6, 3.6), "axes": ["PPLLL"]}
TABLE = {"size": (8.6, 3.6), "axes": ["TTTTSSS"]}


def measure(scores, y, margin):
    """Both losses of one example, after a call: (Hinge, SoftmaxCrossEntropy)."""
    losses = Hinge(margin), SoftmaxCrossEntropy()
    for loss in losses:
        loss(np.asarray(scores, float)[None], np.array([y]))
    return losses


def digits(loss) -> str:
    """Four decimals, more for a small loss: only a loss of exactly 0 shows as 0."""
    return f"{loss:.4f}" if loss >= 1e-3 else f"{loss:.1e}" if loss else "0"


def listed(names) -> str:
    """cat; cat and car; cat, car and frog."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def draw_overshoot(ax, scores, y, margin):
    """Scores as pale bars; what a wrong one has above the line s_y - Δ is its hinge term."""
    line = scores[y] - margin
    over = [k for k in range(3) if k != y and scores[k] > line]
    ends = (-0.5, 2.5)
    viz.blocks(ax, 1, line + REACH, 3, bottom=-REACH, colors=viz.GREEN, alpha=0.09)
    ax.plot(ends, (0, 0), color="#555555", lw=0.8)
    viz.blocks(ax, range(3), scores, 0.76, colors=COLORS, alpha=0.35)
    viz.blocks(
        ax, over, [scores[k] - line for k in over], 0.3, bottom=line,
        colors=[COLORS[k] for k in over],
    )  # fmt: skip
    ax.plot(ends, (line, line), color=viz.INK, lw=1.5, ls=(0, (4, 3)))
    up = np.array([score >= 0 or k in over for k, score in enumerate(scores)])
    places = np.column_stack([range(3), scores + np.where(up, 0.15, -0.15)])
    texts = [f"true {score:.1f}" if k == y else f"{score:.1f}" for k, score in enumerate(scores)]
    viz.words(ax, places, texts, va=np.where(up, "bottom", "top"), weight="bold")
    ax.set_xticks(range(3), NAMES)
    ax.set(xlim=(-0.5, 2.5), ylim=(-REACH, REACH), ylabel="score")
    ax.set_title(f"limit for wrong scores: {line:.1f}")
    ax.xaxis.grid(False)


def draw_stack(ax, at, pieces, colors, top):
    """Pieces piled up to their sum, shrunk together if they do not fit below ``top``."""
    total = float(sum(pieces))
    shown = np.asarray(pieces) * min(1, top / max(total, top))
    base = np.cumsum(shown) - shown
    viz.blocks(ax, [at] * len(shown), shown, 0.64, bottom=base, colors=colors)
    ax.text(at, shown.sum() + 0.15, digits(total), ha="center", va="bottom", weight="bold")
    if total > top:
        ax.text(at, top / 2, "shrunk\nto fit", ha="center", va="center", color="white")


def draw_both_losses(axes, cat, car, frog, true_class, margin):
    """Scores and margin line, both losses on the same scale, probabilities, both gradients."""
    scores, y = np.array([cat, car, frog]), NAMES.index(true_class)
    hinge, cross_entropy = measure(scores, y, margin)
    terms, p = hinge.terms[0], cross_entropy.p[0]
    slopes = hinge.backward()[0], cross_entropy.backward()[0]
    draw_overshoot(axes["S"], scores, y, margin)

    ax = axes["L"]
    draw_stack(ax, 0, terms, COLORS, 2 * REACH - 1)
    draw_stack(ax, 1, cross_entropy.each, [viz.GREY], 2 * REACH - 1)
    ax.set_xticks([0, 1], ["hinge", "softmax"])
    ax.set(xlim=(-0.55, 1.55), ylim=(0, 2 * REACH), title="the two losses")
    ax.xaxis.grid(False)

    viz.bars(
        axes["P"], p, NAMES, colors=COLORS, limits=(0, 1.15), form="{:.4f}",
        title="softmax: probabilities",
    )  # fmt: skip
    draw_slopes(axes["G"], *slopes)
    wrong = [name for name, term in zip(NAMES, terms) if term > 0]
    return (
        f"Wrong scores above the dashed line: {listed(wrong) if wrong else 'none'}; hinge loss "
        f"<b>{digits(hinge.each[0])}</b>. Softmax gives the {true_class} the probability "
        f"{p[y]:.4f} and the loss <b>{digits(cross_entropy.each[0])}</b>. To lower a loss, raise "
        "the scores whose slope is negative and lower those whose slope is positive."
    )


def draw_slopes(ax, hinge, softmax):
    """dL/ds of both losses, in pairs: how fast the loss grows with each score."""
    at = np.arange(3)
    viz.blocks(ax, at - 0.26, hinge, 0.36, colors=COLORS)
    viz.blocks(ax, at + 0.16, softmax, 0.36, colors=viz.GREY)
    for slopes, form, shift, side in (
        (hinge, "{:.0f}", -0.26, "center"),
        (softmax, "{:.4f}", -0.02, "left"),
    ):
        slopes = slopes + 0.0  # no -0
        up = slopes >= 0
        places = np.column_stack([at + shift, slopes + np.where(up, 0.06, -0.06)])
        texts = [form.format(slope) for slope in slopes]
        viz.words(ax, places, texts, ha=side, va=np.where(up, "bottom", "top"))
    ax.plot((-0.6, 2.64), (0, 0), color="#555555", lw=0.8)
    ax.set_xticks(at, NAMES)
    ax.set_yticks([-2, -1, 0, 1])
    ax.set(xlim=(-0.6, 2.64), ylim=(-2.6, 1.6), title="slopes: hinge, and softmax in grey")
    ax.xaxis.grid(False)


def exact_cross_entropy(scores, y):
    """-ln p_y = ln(1 + Σ exp(s_j - s_y)), also where p_y rounds to 1; scores (..., K)."""
    gaps = np.delete(scores - scores[..., [y]], y, axis=-1)
    top = np.maximum(gaps.max(axis=-1), 0)
    rest = np.exp(gaps - top[..., None]).sum(axis=-1)
    return np.where(top > 0, top + np.log(np.exp(-top) + rest), np.log1p(rest))


def draw_scaled(axes, scores, scale, margin):
    """Probabilities, and both losses against a factor that multiplies all scores; truth 0."""
    scores = np.array(scores)
    hinge, cross_entropy = measure(scale * scores, 0, margin)
    p, soft = cross_entropy.p[0], float(exact_cross_entropy(scale * scores, 0))
    gap = scale * (scores[0] - scores[1:].max())
    names = [f"true\n{scale * scores[0]:g}", *(f"wrong\n{scale * s:g}" for s in scores[1:])]
    viz.bars(axes["P"], p, ["", "", ""], colors=COLORS, limits=(0, 1.15), form="{:.4f}")
    axes["P"].set_title("softmax of the scaled scores")
    for k, name in enumerate(names):
        axes["P"].text(k, -0.04, name, ha="center", va="top")

    ax, factors = axes["L"], np.geomspace(0.1, 10, 181)
    curve = factors[:, None] * scores
    flat = np.maximum(0, curve[:, 1:] - curve[:, :1] + margin).sum(axis=1)
    sharp = exact_cross_entropy(curve, 0)
    zero = FLOOR / 100
    ax.plot(factors, np.where(flat > FLOOR, flat, zero), color=viz.ORANGE)
    ax.plot(factors, np.where(sharp > FLOOR, sharp, np.nan), color=viz.BLUE)
    ax.axvline(scale, color=viz.INK, lw=1, ls=":")
    side, aside = ("left", 1.15) if scale < 2 else ("right", 1 / 1.15)
    marks = (
        ("hinge", hinge.each[0], viz.ORANGE, max(hinge.each[0], zero), "o"),
        ("softmax", soft, viz.BLUE, max(soft, 4 * FLOOR), "o" if soft > FLOOR else "v"),
    )
    for name, value, color, at, shape in marks:
        ax.plot(scale, at, shape, color=color, ms=9)
        up = at == zero or value == max(soft, hinge.each[0])
        text = f"hinge {value:.3g}" if name == "hinge" else f"softmax {in_words(soft, gap, scores)}"
        ax.text(
            scale * aside, at * (3 if up else 1 / 3), text, ha=side, weight="bold",
            va="bottom" if up else "top",
            bbox={"fc": "white", "ec": "none", "pad": 1, "alpha": 0.8},
        )  # fmt: skip
    ax.set(xscale="log", yscale="log", xlim=(0.094, 10.6), ylim=(zero / 8, 3e4))
    ax.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    ax.set_yticks([zero, 1e-12, 1e-8, 1e-4, 1], ["0", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
    ax.minorticks_off()
    ax.set(xlabel="all scores multiplied by", title="the two losses (logarithmic axis)")

    tiny = "" if soft > FLOOR else " That is not 0, only too small for the axis."
    if gap < 0:
        said = f"The winner is wrong by {-gap:.3g}: louder scores make both losses grow."
    elif hinge.each[0] == 0:
        said = f"The true score leads by {gap:.3g}, at least the margin: hinge is flat at 0."
    else:
        said = f"The true score leads by only {gap:.3g}, less than the margin asks."
    return (
        f"{said} Hinge <b>{hinge.each[0]:.4g}</b>, softmax <b>{in_words(soft, gap, scores)}</b>."
        f"{tiny}"
    )


def in_words(loss, gap, scores):
    """A loss as text; the softmax loss also where it underflows float64."""
    if loss == 0 and gap > 700:
        ties = (scores[1:] == scores[1:].max()).sum()
        return f"1e{(np.log(ties) - gap) / np.log(10):.0f}"
    return f"{loss:.3g}"


def count_true_too(scores, y, margin):
    """The hinge loss with the term of the true class left in: Δ too much for every image."""
    return Hinge(margin).forward(scores, y) + margin


def forget_the_margin(scores, y, margin):
    """The hinge loss with the Δ of the last image forgotten, a slip on well-known slides."""
    full = Hinge(margin).forward(scores, y)
    return np.array([*full[:-1], Hinge(0).forward(scores[-1:], y[-1:])[0]])


RULES = {
    "hinge": lambda s, y, margin: Hinge(margin).forward(s, y),
    "squared hinge": lambda s, y, margin: SquaredHinge(margin).forward(s, y),
    "true class counted too": count_true_too,
    "margin forgotten for the frog": forget_the_margin,
}


def draw_table(axes, image, margin, rule, all_scores_0):
    """Three images × three scores with the losses of each row, and the terms of one row."""
    scores = np.zeros_like(IMAGES) if all_scores_0 else IMAGES
    first = RULES[rule](scores, TRUTH, margin)
    second = SoftmaxCrossEntropy()
    mean = second(scores, TRUTH)
    row = NAMES.index(image)
    ax = axes["T"]
    ax.set_axis_off()
    ax.set(xlim=(0, 7.4), ylim=(3.6, -1))
    ax.axhspan(row - 0.5, row + 0.5, color=viz.SKY, alpha=0.25, lw=0)
    ax.hlines([-0.5, 2.5], 0, 7.4, color="#777777", lw=0.8)
    columns = [2.1, 3.2, 4.3, 5.6, 6.9]
    places = [(at, -0.65) for at in columns]
    heads = [*NAMES, "hinge", "softmax"]
    viz.words(ax, places, heads, ha="right", va="bottom", weight="bold")
    names = [*(f"{name} image" for name in NAMES), "mean over the images"]
    viz.words(ax, [(0.1, i) for i in range(4)], names, ha="left")
    texts = []
    for i in range(3):
        texts += [*(f"{s:.1f}" for s in scores[i]), f"{first[i]:.4g}", f"{second.each[i]:.4f}"]
    places = [(at, i) for i in range(3) for at in columns]
    weight = ["bold" if at == columns[i] else "normal" for at, i in places]
    viz.words(ax, places, texts, ha="right", weight=weight)
    means = [f"{value:.4f}" for value in (first.mean(), mean)]
    viz.words(ax, [(at, 3) for at in columns[3:]], means, ha="right", weight="bold")
    ax.set_title("scores (bold: the true class) and losses")
    draw_overshoot(axes["S"], scores[row], row, margin)

    y, s = TRUTH[row], scores[row]
    sums = " + ".join(
        f"max(0, {s[k]:.1f} - {s[y]:.1f} + {margin:.1f})".replace("- -", "+ ")
        for k in range(3)
        if k != y
    )
    warning = {
        "squared hinge": " Squared: each of these terms counts with its square.",
        "true class counted too": f" Slip: the true class adds Δ = {margin:.1f} to every row.",
        "margin forgotten for the frog": " Slip: the frog row is computed without its margin.",
    }
    return (
        f"{image} image: {sums} = {Hinge(margin).forward(scores, TRUTH)[row]:.4g}."
        f"{warning.get(rule, '')} Mean of the hinge column <b>{first.mean():.4f}</b>, "
        f"of the softmax column <b>{mean:.4f}</b>."
    )
