"""Exercises of the notebook on the gates of the LSTM: keys, typical mistakes, hints."""

import numpy as np

from ..activations import sigmoid
from .engine import Mistake, exercise


def _step(rng):
    return rng.normal(size=4) * 2, float(rng.normal() * 2)


def _new_cell(sums, c):
    i, f, g = sigmoid(sums[0]), sigmoid(sums[1]), np.tanh(sums[2])
    return f * c + i * g


def _both(sums, c_new):
    return c_new, sigmoid(sums[3]) * np.tanh(c_new)


@exercise(
    cases=_step,
    hint="Three of the four sums go through σ, one through tanh. First the new c, then h from it.",
    mistakes=[
        Mistake(
            lambda sums, c: _both(sums, sigmoid(sums[0]) * c + sigmoid(sums[1]) * np.tanh(sums[2])),
            "The order is i, f, g, o: you took the input gate for the forget gate.",
        ),
        Mistake(
            lambda sums, c: _both(sums, _new_cell(sums, c) + (1 - 2 * sigmoid(sums[1])) * c),
            "A forget gate of 1 keeps everything: multiply c by f, not by 1 - f.",
        ),
        Mistake(
            lambda sums, c: (_new_cell(sums, c), sigmoid(sums[3]) * _new_cell(sums, c)),
            "The new c is right. What h shows is tanh(c), times the output gate.",
        ),
        Mistake(
            lambda sums, c: (_new_cell(sums, c), sigmoid(sums[3]) * np.tanh(c)),
            "The new c is right; h shows the new cell state, not the old one.",
        ),
    ],
)
def lstm_step(sums, c):
    i, f, o = (1 / (1 + np.exp(-sums[k])) for k in (0, 1, 3))
    c_new = f * c + i * np.tanh(sums[2])
    return c_new, o * np.tanh(c_new)


def _schedule(rng):
    steps = int(rng.integers(4, 9))
    return rng.random(steps), rng.random(steps), rng.uniform(-1, 1, steps)


def _states(i, f, g):
    c, states = 0.0, []
    for t in range(len(i)):
        c = f[t] * c + i[t] * g[t]
        states.append(c)
    return np.array(states)


@exercise(
    cases=_schedule,
    hint="Start with c = 0. A loop over the steps, one line of the formula in it.",
    mistakes=[
        Mistake(
            lambda i, f, g: f * np.append(0.0, (i * g)[:-1]) + i * g,
            "You kept only the step before: the old c holds everything that came earlier too.",
        ),
        Mistake(
            lambda i, f, g: np.cumsum(i * g),
            "That adds up everything ever written: the forget gate is missing.",
        ),
        Mistake(
            lambda i, f, g: _states(i, f, g)[-1],
            "That is the last state; return the state after every step.",
        ),
        Mistake(
            lambda i, f, g: np.append(0.0, _states(i, f, g)),
            "Right, but the start c = 0 is not asked for: one number for each step.",
        ),
    ],
)
def cell_states(i, f, g):
    c, states = 0.0, []
    for t in range(len(i)):
        c = f[t] * c + i[t] * g[t]
        states.append(c)
    return np.array(states)


@exercise(
    cases=lambda rng: tuple(int(n) for n in rng.integers(2, 60, size=2)),
    hint="One of the four layers has H rows over [h, x], and H biases.",
    mistakes=[
        Mistake(
            lambda n_in, hidden: hidden * (hidden + n_in) + hidden,
            "That is a plain RNN. How many such layers has an LSTM?",
        ),
        Mistake(
            lambda n_in, hidden: 3 * (hidden * (hidden + n_in) + hidden),
            "Three gates, yes, but the candidate g is a learned layer too.",
        ),
        Mistake(lambda n_in, hidden: 4 * hidden * (hidden + n_in), "You forgot the biases."),
        Mistake(
            lambda n_in, hidden: 4 * (hidden * (hidden + n_in) + 2 * hidden),
            "Some libraries keep two biases per layer; nnlib, and this formula, have one.",
        ),
        Mistake(
            lambda n_in, hidden: 4 * (hidden * n_in + hidden),
            "Every layer also looks at the old h: H more columns.",
        ),
    ],
)
def lstm_parameters(n_in, hidden):
    return 4 * (hidden * (n_in + hidden) + hidden)


@exercise(
    cases=lambda rng: (float(rng.uniform(0.1, 0.9)), int(rng.integers(2, 200))),
    hint="First the gate: f to the power of steps is keep. Then the bias: which b gives σ(b) = f?",
    mistakes=[
        Mistake(
            lambda keep, steps: keep ** (1 / steps),
            "That is the gate. The bias is what σ turns into it: ln(f / (1 - f)).",
        ),
        Mistake(
            lambda keep, steps: np.log(keep / (1 - keep)),
            "That keeps this share over one step; it has to last for all of them.",
        ),
        Mistake(
            lambda keep, steps: np.log(steps),
            "A good rule of thumb: it keeps about 1/e = 37 %. Here the share is given.",
        ),
    ],
)
def forget_bias_for(keep, steps):
    f = keep ** (1 / steps)
    return np.log(f / (1 - f))


def _gates(rng):
    return rng.normal(), rng.normal(), rng.random(), rng.random(), rng.normal()


@exercise(
    cases=_gates,
    hint="Two gradients meet at the new c: dc from the future, and dh through o and tanh.",
    mistakes=[
        Mistake(
            lambda dh, dc, f, o, c: dc * f,
            "That is the straight road alone; the output h hands c a gradient too.",
        ),
        Mistake(
            lambda dh, dc, f, o, c: (dc + dh * o) * f,
            "On its way back from h to c the gradient passes tanh: times 1 - tanh²(c).",
        ),
        Mistake(
            lambda dh, dc, f, o, c: dc + dh * o * (1 - np.tanh(c) ** 2),
            "That is what arrives at the new c. One product more, and it is at the old one.",
        ),
        Mistake(
            lambda dh, dc, f, o, c: dc * f + dh * o * (1 - np.tanh(c) ** 2),
            "Both parts meet at the new c first; then the forget gate multiplies their sum.",
        ),
    ],
)
def back_to_old_cell(dh, dc, f, o, c):
    return (dc + dh * o * (1 - np.tanh(c) ** 2)) * f


def _forecasts(rng):
    series = np.cumsum(rng.normal(size=int(rng.integers(6, 12))))
    return series, series[1:] + rng.normal(size=len(series) - 1)


def _ratio(series, forecast):
    return np.mean((forecast - series[1:]) ** 2) / np.mean(np.diff(series) ** 2)


@exercise(
    cases=_forecasts,
    hint="The naive forecast of series[t + 1] is series[t]: what is its mean squared error?",
    mistakes=[
        Mistake(
            lambda series, forecast: np.mean((forecast - series[1:]) ** 2),
            "That is your error. How large is it beside that of the naive forecast?",
        ),
        Mistake(
            lambda series, forecast: np.mean((forecast - series[1:]) ** 2) / np.var(series[1:]),
            "That compares with always saying the mean: far too easy for a series that wanders.",
        ),
        Mistake(
            lambda series, forecast: 1 / _ratio(series, forecast),
            "Upside down: below 1 shall mean that the forecast beats the naive one.",
        ),
        Mistake(
            lambda series, forecast: (
                np.mean((forecast - series[:-1]) ** 2) / np.mean(np.diff(series) ** 2)
            ),
            "forecast[t] is for series[t + 1]: you compared it with the day before.",
        ),
    ],
)
def error_against_naive(series, forecast):
    naive = np.mean((series[1:] - series[:-1]) ** 2)
    return np.mean((forecast - series[1:]) ** 2) / naive
