"""Exercises of the notebook on the score function: keys, typical mistakes, hints."""

import numpy as np

from .engine import Mistake, exercise


def _layer(rng, N=None):
    """W (K, D), x (D,) or (N, D), b (K,) with three different sizes."""
    K, D = 3, int(rng.integers(4, 7))
    x = rng.normal(size=D if N is None else (N, D))
    return rng.normal(size=(K, D)), x, rng.normal(size=K)


@exercise(
    cases=_layer,
    hint="W @ x is one sum of products per row of W. One number per class is still missing.",
    mistakes=[
        Mistake(lambda W, x, b: W @ x, "You forgot the bias: that is how 60.75 became 61.95."),
        Mistake(
            lambda W, x, b: W * x + b[:, None],
            "These are the products, not yet added up: W @ x multiplies and adds.",
        ),
        Mistake(
            lambda W, x, b: W @ x + b.sum(),
            "Every class has its own bias: add b, entry by entry, not its sum.",
        ),
        Mistake(
            lambda W, x, b: (W @ x + b).max(),
            "That is the highest score only; return the scores of all classes.",
        ),
    ],
)
def class_scores(W, x, b):
    return W @ x + b


@exercise(
    cases=lambda rng: _layer(rng, N=int(rng.integers(4, 8))),
    hint="x has shape (N, D) and W has shape (K, D). Which of the two do you have to turn over?",
    mistakes=[
        Mistake(
            lambda W, x, b: W @ x.T + b[:, None],
            "Right numbers, but one column per picture. nnlib has one row per picture: (N, K).",
        ),
        Mistake(lambda W, x, b: x @ W.T, "You forgot the bias."),
        Mistake(
            lambda W, x, b: x[0] @ W.T + b,
            "These are the scores of the first picture only; x holds N of them.",
        ),
    ],
)
def batch_scores(W, x, b):
    return x @ W.T + b


@exercise(
    cases=lambda rng: (rng.normal(size=(7, 12)), int(rng.integers(7)), 3, 4),
    hint="Class k owns row k of W. The pixels of a picture stand in it row by row.",
    mistakes=[
        Mistake(
            lambda W, k, height, width: W[k].reshape(width, height).T,
            "The pixels come row by row: reshape to (height, width), and do not transpose.",
        ),
        Mistake(
            lambda W, k, height, width: W[k],
            "That is the right row, but still a vector: give it the shape of a picture.",
        ),
        Mistake(
            lambda W, k, height, width: np.abs(W[k]).reshape(height, width),
            "The sign matters: positive weights promote the class, negative ones suppress it.",
        ),
        Mistake(
            lambda W, k, height, width: W.mean(axis=0).reshape(height, width),
            "That is the mean over all classes; take the row of class k.",
        ),
    ],
)
def weight_template(W, k, height, width):
    return W[k].reshape(height, width)


@exercise(
    cases=lambda rng: tuple(int(n) for n in rng.integers(2, 40, size=4)),
    hint="How many numbers describe one picture? One weight for each of them, per class; then b.",
    mistakes=[
        Mistake(lambda h, w, c, K: K * h * w * c, "You forgot the biases: one per class."),
        Mistake(
            lambda h, w, c, K: K * h * w * c + 1,
            "One bias for all is not enough: every class has its own.",
        ),
        Mistake(
            lambda h, w, c, K: K * h * w + K,
            "A colour picture has a number per channel for every pixel.",
        ),
        Mistake(
            lambda h, w, c, K: h * w * c + 1,
            "These are the parameters of one class; there are several.",
        ),
    ],
)
def linear_parameters(height, width, channels, classes):
    return classes * height * width * channels + classes


def _plane(rng):
    return rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=2)


def _gap(W, b, x):
    return (W[0] - W[1]) @ x + b[0] - b[1]


@exercise(
    cases=_plane,
    hint="How far is class 0 ahead at x? By how much does this lead grow per step along W₀ - W₁?",
    mistakes=[
        Mistake(
            lambda W, b, x: _gap(W, b, x),
            "That is the difference of the scores. To make it a distance, divide by ‖W₀ - W₁‖.",
        ),
        Mistake(
            lambda W, b, x: (W[0] - W[1]) @ x / np.linalg.norm(W[0] - W[1]),
            "That is right only for a boundary through the origin: b moves it.",
        ),
        Mistake(
            lambda W, b, x: -_gap(W, b, x) / np.linalg.norm(W[0] - W[1]),
            "Right size, wrong sign: positive where class 0 scores higher.",
        ),
        Mistake(
            lambda W, b, x: abs(_gap(W, b, x)) / np.linalg.norm(W[0] - W[1]),
            "Keep the sign: it says on which side of the boundary x lies.",
        ),
        Mistake(
            lambda W, b, x: _gap(W, b, x) / np.linalg.norm(W[0]),
            "The boundary belongs to both classes: divide by the length of W₀ - W₁.",
        ),
    ],
)
def boundary_distance(W, b, x):
    normal = W[0] - W[1]
    return (normal @ x + b[0] - b[1]) / np.linalg.norm(normal)


def _step_case(rng):
    W, x, b = _layer(rng)
    return W, b, x, rng.normal(size=len(b)), 0.1


@exercise(
    cases=_step_case,
    hint="Weight W[k, d] changes by -lr × error of class k × pixel d. np.outer makes such a table.",
    mistakes=[
        Mistake(
            lambda W, b, x, error, lr: (W + lr * np.outer(error, x), b + lr * error),
            "That goes uphill: the loss would grow. The gradient is subtracted.",
        ),
        Mistake(
            lambda W, b, x, error, lr: (W - lr * np.outer(error, x), b),
            "The bias learns too: its pixel is always 1.",
        ),
        Mistake(
            lambda W, b, x, error, lr: (W - np.outer(error, x), b - error),
            "The learning rate is missing.",
        ),
        Mistake(
            lambda W, b, x, error, lr: (W - lr * error[:, None], b - lr * error),
            "All weights of a class change alike in your step. A big pixel moves its weight more.",
        ),
    ],
)
def nudge_weights(W, b, x, error, lr):
    return W - lr * np.outer(error, x), b - lr * error
