"""Exercises of the notebook on backprop gates: keys, typical mistakes, hints."""

import numpy as np

from .engine import Mistake, exercise


def _numbers(count):
    return lambda rng: tuple(rng.uniform(-3, 3, size=count))


@exercise(
    cases=_numbers(3),
    hint="How much does a·b change if a grows by a little? That many times b. Then the chain rule.",
    mistakes=[
        Mistake(
            lambda a, b, upstream: (a * upstream, b * upstream),
            "Each input gets the upstream gradient times the OTHER input: they swap.",
        ),
        Mistake(
            lambda a, b, upstream: (b, a),
            "These are the local derivatives. Multiply each by the upstream gradient.",
        ),
        Mistake(
            lambda a, b, upstream: (upstream, upstream),
            "That is what an add gate does. A multiply gate swaps its inputs.",
        ),
    ],
)
def multiply_gate(a, b, upstream):
    return b * upstream, a * upstream


def _with_ties(rng):
    a, b, upstream = rng.uniform(-3, 3, size=3)
    return (a, a if rng.random() < 0.3 else b, upstream)


@exercise(
    cases=_with_ties,
    hint="Whoever is larger is passed on, so only that one can change the output. Ties: the first.",
    mistakes=[
        Mistake(
            lambda a, b, upstream: (upstream * (a > b), upstream * (b > a)),
            "At a tie nobody gets anything from you; by our rule the first takes it all.",
        ),
        Mistake(
            lambda a, b, upstream: (upstream * (a >= b), upstream * (b >= a)),
            "At a tie both take the whole gradient: that is twice too much.",
        ),
        Mistake(
            lambda a, b, upstream: (upstream, upstream),
            "A max gate does not copy: the smaller input has no influence, so it gets 0.",
        ),
        Mistake(
            lambda a, b, upstream: (a * (a >= b), b * (a < b)),
            "You routed the value. What is routed backward is the upstream gradient.",
        ),
    ],
)
def max_gate(a, b, upstream):
    return (upstream, 0.0) if a >= b else (0.0, upstream)


@exercise(
    cases=_numbers(3),
    hint="Start at the end: the multiply gate gives x + y the value z. Then the add gate copies.",
    mistakes=[
        Mistake(
            lambda x, y, z: (z / 2, z / 2, x + y),
            "You split the gradient at the add gate. It copies: each input gets the whole.",
        ),
        Mistake(
            lambda x, y, z: (x + y, x + y, z),
            "At the multiply gate the values swap: x + y gets z, and z gets x + y.",
        ),
        Mistake(
            lambda x, y, z: (1.0, 1.0, x + y),
            "For x and y you have the local derivative only; multiply by what arrives from above.",
        ),
    ],
)
def circuit_gradient(x, y, z):
    return z, z, x + y


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@exercise(
    cases=_numbers(1),
    hint="x feeds two places: the multiply gate, and the σ gate. What comes back is added.",
    mistakes=[
        Mistake(
            lambda x: _sigmoid(x),
            "That is the path straight into the multiply gate; the one through σ is missing.",
        ),
        Mistake(
            lambda x: x * _sigmoid(x) * (1 - _sigmoid(x)),
            "That is the path through σ; it has overwritten the one straight into the multiply.",
        ),
        Mistake(
            lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
            "That is the local derivative of σ alone. Two paths lead from x to the output.",
        ),
        Mistake(
            lambda x: _sigmoid(x) + x,
            "On the second path the local derivative of σ is missing: σ (1 - σ).",
        ),
    ],
)
def swish_gradient(x):
    s = 1 / (1 + np.exp(-x))
    return s + x * s * (1 - s)


def _neuron(rng):
    return rng.normal(size=3), rng.normal(size=3), rng.normal()


def _output(w, x, b):
    return _sigmoid(w @ x + b)


def _local(w, x, b):
    return _output(w, x, b) * (1 - _output(w, x, b))


@exercise(
    cases=_neuron,
    hint="Let g = σ (1 - σ) arrive at w·x + b. Add gates copy it, multiply gates swap w and x.",
    mistakes=[
        Mistake(
            lambda w, x, b: (_local(w, x, b) * w, _local(w, x, b) * x, _local(w, x, b)),
            "Swapped the wrong way round: the weight gets its input, the input its weight.",
        ),
        Mistake(
            lambda w, x, b: (x, w, 1.0),
            "The gradient of the sigmoid is missing: multiply all by σ (1 - σ).",
        ),
        Mistake(
            lambda w, x, b: (_output(w, x, b) * x, _output(w, x, b) * w, _output(w, x, b)),
            "You multiplied by the output σ; its local derivative is σ (1 - σ).",
        ),
    ],
)
def neuron_gradients(w, x, b):
    f = 1 / (1 + np.exp(-(w @ x + b)))
    g = f * (1 - f)
    return g * x, g * w, g


def _curve(rng):
    return rng.choice([np.exp, np.sin, np.tanh]), rng.uniform(-1, 1), 0.1


@exercise(
    cases=_curve,
    hint="One point a step to the right, one a step to the left. How far apart are the two?",
    mistakes=[
        Mistake(
            lambda f, x, h: (f(x + h) - f(x)) / h,
            "That is the one-sided quotient: its error shrinks with h only, not with h².",
        ),
        Mistake(
            lambda f, x, h: (f(x + h) - f(x - h)) / h,
            "Twice too large: the two points are 2h apart.",
        ),
        Mistake(
            lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h),
            "The sign is turned: right minus left.",
        ),
    ],
)
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)
