"""Exercises of 03_hinge_softmax_loss: both losses and both gradients, from plain scores."""

import numpy as np

from ..activations import softmax
from .engine import Mistake, exercise


def one_example(rng):
    """Scores of 3 to 6 classes and the true one."""
    scores = 3 * rng.standard_normal(rng.integers(3, 7))
    return scores, int(rng.integers(len(scores)))


def _true_class_counted(scores, y, margin):
    return np.maximum(0, scores - scores[y] + margin).sum()


def _no_margin(scores, y, margin):
    return np.maximum(0, scores - scores[y]).sum()


def _other_way_round(scores, y, margin):
    return np.maximum(0, scores[y] - scores + margin).sum() - margin


def _no_max(scores, y, margin):
    return (scores - scores[y] + margin).sum() - margin


@exercise(
    cases=lambda rng: (*one_example(rng), float(rng.uniform(0.2, 2))),
    hint="terms = np.maximum(0, scores - scores[y] + margin); the true class must not count.",
    mistakes=[
        Mistake(_true_class_counted, "you count the true class too: its term is always the margin"),
        Mistake(_no_margin, "the margin is missing: a wrong score must stay below s_y - margin"),
        Mistake(_other_way_round, "the difference is turned round: it is wrong score - true score"),
        Mistake(_no_max, "terms below zero must become 0: wrap each in np.maximum(0, ...)"),
    ],
)
def hinge_of_one(scores, y, margin):
    terms = np.maximum(0, scores - scores[y] + margin)
    terms[y] = 0
    return terms.sum()


def _violations_only(scores, y, margin):
    slope = (scores - scores[y] + margin > 0).astype(float)
    slope[y] = 0
    return slope


def _always_minus_one(scores, y, margin):
    slope = _violations_only(scores, y, margin)
    slope[y] = -1
    return slope


def _terms_as_slope(scores, y, margin):
    slope = np.maximum(0, scores - scores[y] + margin)
    slope[y] = 0
    slope[y] = -slope.sum()
    return slope


@exercise(
    cases=lambda rng: (*one_example(rng), float(rng.uniform(0.2, 2))),
    hint="Each violating class gets 1. Each such term holds -s_y, so s_y gets minus their count.",
    mistakes=[
        Mistake(_violations_only, "the true score is in every violating term, with a minus sign"),
        Mistake(_always_minus_one, "slope[y] is minus the number of violating classes, not -1"),
        Mistake(_terms_as_slope, "max(0, t) has the slope 1 where t > 0, however large t is"),
    ],
)
def hinge_gradient(scores, y, margin):
    slope = (scores - scores[y] + margin > 0).astype(float)
    slope[y] = 0
    slope[y] = -slope.sum()
    return slope


def _naive(scores):
    e = np.exp(scores)
    return e / e.sum()


def _not_normalised(scores):
    return np.exp(scores - scores.max())


@exercise(
    cases=lambda rng: (10 ** rng.uniform(0, 4) * rng.standard_normal(4),),
    hint="Subtract scores.max() before np.exp: every exponential is then at most exp(0) = 1.",
    mistakes=[
        Mistake(_naive, "right for small scores, but np.exp overflows above 709: subtract the max"),
        Mistake(_not_normalised, "these do not add up to 1: divide by their sum"),
    ],
)
def stable_softmax(scores):
    e = np.exp(scores - scores.max())
    return e / e.sum()


def _log10(scores, y):
    return -np.log10(softmax(scores)[y])


def _no_minus(scores, y):
    return np.log(softmax(scores)[y])


def _not_a_probability(scores, y):
    return -scores[y]


def _no_sum(scores, y):
    return scores.max() - scores[y]


def _all_classes(scores, y):
    return -np.log(softmax(scores))


@exercise(
    cases=one_example,
    hint="p = np.exp(scores) / np.exp(scores).sum(), and the loss is -np.log(p[y]).",
    mistakes=[
        Mistake(_log10, "that is log10, the slip of many slides (0.89 for 2.04): use np.log"),
        Mistake(_no_minus, "the minus is missing: ln of a probability is never positive"),
        Mistake(_not_a_probability, "-ln exp(s_y) is only -s_y: divide by the sum before the log"),
        Mistake(_no_sum, "divide by the sum of all exponentials, not by one of them"),
        Mistake(_all_classes, "only the true class counts: take entry y"),
    ],
)
def cross_entropy_of_one(scores, y):
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[y])


def _p_alone(scores, y):
    return softmax(scores)


def _y_minus_p(scores, y):
    return np.eye(len(scores))[y] - softmax(scores)


def _minus_one_everywhere(scores, y):
    return softmax(scores) - 1


@exercise(
    cases=one_example,
    hint="Start from the probabilities and subtract 1 at the true class: p - y.",
    mistakes=[
        Mistake(_p_alone, "raising the true score must lower the loss: subtract 1 at entry y"),
        Mistake(_y_minus_p, "the sign: that is the way downhill; the gradient points uphill"),
        Mistake(_minus_one_everywhere, "subtract 1 at the true class only; y is 0 elsewhere"),
    ],
)
def softmax_gradient(scores, y):
    slope = np.exp(scores) / np.exp(scores).sum()
    slope[y] -= 1
    return slope


def three_to_five_images(rng):
    """Scores of some images, and their labels."""
    scores = 3 * rng.standard_normal((rng.integers(3, 6), 4))
    return scores, rng.integers(4, size=len(scores))


def _terms(scores, y):
    rows = np.arange(len(y))
    return np.maximum(0, scores - scores[rows, y][:, None] + 1)


def _true_classes_counted(scores, y):
    return _terms(scores, y).sum() / len(y)


def _sum_of_all(scores, y):
    return _terms(scores, y).sum() - len(y)


def _mean_of_all_entries(scores, y):
    return (_terms(scores, y).sum() - len(y)) / scores.size


@exercise(
    cases=three_to_five_images,
    hint="scores[np.arange(len(y)), y][:, None] is the column of true scores; Δ is 1 here.",
    mistakes=[
        Mistake(
            _true_classes_counted, "the true classes count too: your mean is exactly 1 too large"
        ),
        Mistake(_sum_of_all, "that is the sum over the images; divide it by their number"),
        Mistake(_mean_of_all_entries, "divide by the number of images, not of all the scores"),
    ],
)
def mean_hinge(scores, y):
    rows = np.arange(len(y))
    terms = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    terms[rows, y] = 0
    return terms.sum() / len(y)


@exercise(
    cases=lambda rng: (int(rng.integers(2, 1000)),),
    hint="With equal scores each wrong class costs Δ = 1, and every p is 1 / classes.",
    mistakes=[
        Mistake(
            lambda classes: (classes, np.log(classes)),
            "hinge: the true class pays nothing, so one class fewer",
        ),
        Mistake(
            lambda classes: (classes - 1, np.log10(classes)),
            "softmax: the natural logarithm, np.log",
        ),
        Mistake(
            lambda classes: (classes - 1, 1 / classes),
            "softmax: 1 / classes is the probability; the loss is -ln of it",
        ),
    ],
)
def losses_at_start(classes):
    return classes - 1, np.log(classes)
