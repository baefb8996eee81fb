"""Exercises of 18_rnn_binary_adder: carrying by hand, one step forward, and the way back."""

import numpy as np

from .engine import Mistake, exercise


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _digits(rng):
    return rng.integers(0, 2, 9), rng.integers(0, 2, 9)


def _carried(a, b, carry_of):
    out, carry = [], 0
    for p, q in zip(a, b):
        out.append((p + q + carry) % 2)
        carry = carry_of(p, q, carry)
    return np.array(out)


@exercise(
    cases=_digits,
    hint="Go through the places with a variable carry: total = a + b + carry, then % 2 and // 2.",
    mistakes=[
        Mistake(lambda a, b: (a + b) % 2, "The carry is missing: 1 + 1 leaves a 1 for the next."),
        Mistake(lambda a, b: a + b, "A place holds 0 or 1: write total % 2."),
        Mistake(
            lambda a, b: _carried(a, b, lambda p, q, carry: p * q),
            "A carry that comes in can go on: 0 + 1 with a carry is two as well.",
        ),
        Mistake(
            lambda a, b: _carried(a[::-1], b[::-1], lambda p, q, c: (p + q + c) // 2)[::-1],
            "You began at the highest place. Entry 0 is the lowest: begin there.",
        ),
    ],
)
def add_bits(a, b):
    out, carry = [], 0
    for p, q in zip(a, b):
        total = p + q + carry
        out.append(total % 2)
        carry = total // 2
    return np.array(out)


def _cell(rng):
    x, h, Wx, Wh = (rng.normal(size=s) for s in (2, 4, (4, 2), (4, 4)))
    return x, h, Wx, Wh, rng.normal(size=4)


@exercise(
    cases=_cell,
    hint="Three summands: from the input, from the old state, the bias. Then the sigmoid.",
    mistakes=[
        Mistake(
            lambda x, h, Wx, Wh, b: _sigmoid(Wx @ x + b),
            "That cell has no memory: Wh @ h is missing.",
        ),
        Mistake(
            lambda x, h, Wx, Wh, b: Wx @ x + Wh @ h + b, "That is z. The state is the sigmoid of z."
        ),
        Mistake(
            lambda x, h, Wx, Wh, b: _sigmoid(Wx @ x + h @ Wh + b),
            "h @ Wh uses the columns of Wh. Row j of Wh belongs to unit j: Wh @ h.",
        ),
        Mistake(
            lambda x, h, Wx, Wh, b: np.tanh(Wx @ x + Wh @ h + b), "This cell uses the sigmoid."
        ),
        Mistake(lambda x, h, Wx, Wh, b: _sigmoid(Wx @ x + Wh @ h), "The bias is missing."),
    ],
)
def cell_step(x, h, Wx, Wh, b):
    return 1 / (1 + np.exp(-(Wx @ x + Wh @ h + b)))


def _back(rng):
    return (
        rng.normal(size=4),
        rng.normal(size=4),
        rng.uniform(0.05, 0.95, 4),
        rng.normal(size=(4, 4)),
    )


@exercise(
    cases=_back,
    hint="dh has two sources: dout and the future, Wh.T @ dz_next. Then times h * (1 - h).",
    mistakes=[
        Mistake(
            lambda dout, dz_next, h, Wh: dout * h * (1 - h),
            "No gradient comes through time: add what the next step sends back.",
        ),
        Mistake(
            lambda dout, dz_next, h, Wh: (dout + Wh @ dz_next) * h * (1 - h),
            "On the way back the matrix is turned over: Wh.T @ dz_next.",
        ),
        Mistake(
            lambda dout, dz_next, h, Wh: dout + Wh.T @ dz_next,
            "That is dh. For dz it still has to pass the sigmoid.",
        ),
        Mistake(
            lambda dout, dz_next, h, Wh: (dout + Wh.T @ dz_next) * _sigmoid(h) * (1 - _sigmoid(h)),
            "h is the sigmoid already; its slope is h * (1 - h).",
        ),
        Mistake(
            lambda dout, dz_next, h, Wh: dout + (Wh.T @ dz_next) * h * (1 - h),
            "Both sources go through the slope: first add, then multiply.",
        ),
    ],
)
def back_step(dout, dz_next, h, Wh):
    return (dout + Wh.T @ dz_next) * h * (1 - h)


def _states(rng):
    return rng.normal(size=(6, 3)), rng.uniform(size=(7, 3))


@exercise(
    cases=_states,
    hint="One np.outer(dz[t], state before it) per step, all added up. h[t] is the one before.",
    mistakes=[
        Mistake(
            lambda dz, h: dz.T @ h[1:],
            "Wh multiplies the old state: h[t] stands before step t, h[t + 1] after it.",
        ),
        Mistake(
            lambda dz, h: h[:-1].T @ dz,
            "Turned over: row j belongs to the unit that dz[t, j] names.",
        ),
        Mistake(
            lambda dz, h: dz.T @ h[:-1] / len(dz),
            "The same weight is used at every step: its shares add up, no mean.",
        ),
        Mistake(
            lambda dz, h: np.outer(dz[-1], h[-2]), "Every step has a share, not only the last one."
        ),
    ],
)
def recurrent_gradient(dz, h):
    return sum(np.outer(dz[t], h[t]) for t in range(len(dz)))


@exercise(
    cases=lambda rng: tuple(int(n) for n in rng.integers(2, 30, 4)),
    hint="Three matrices, no biases: inputs to hidden, hidden to hidden, hidden to outputs.",
    mistakes=[
        Mistake(
            lambda i, h, o, steps: steps * (h * i + h * h + o * h),
            "The weights are shared: one more step needs no new ones.",
        ),
        Mistake(
            lambda i, h, o, steps: h * i + o * h,
            "You forgot Wh, from the old state to the new one.",
        ),
        Mistake(
            lambda i, h, o, steps: h * i + h + o * h,
            "Every unit sees every unit of the old state: hidden × hidden weights.",
        ),
        Mistake(lambda i, h, o, steps: h * i + h * h + h + o * h + o, "This net has no biases."),
    ],
)
def shared_weights(inputs, hidden, outputs, steps):
    return hidden * inputs + hidden * hidden + outputs * hidden


@exercise(
    cases=lambda rng: (rng.integers(0, 2, 7), rng.integers(0, 2, 7)),
    hint="A state of one number, the carry: it is the second of the three units.",
    mistakes=[
        Mistake(
            lambda a, b: ((a + b)[:, None] >= [1, 2, 3]).astype(int),
            "The third summand is missing: the carry of the place before.",
        ),
        Mistake(
            lambda a, b: _units(a, b, 0),
            "Unit 1 says that the total is at least one. The carry is the unit for at least two.",
        ),
        Mistake(
            lambda a, b: _units(a, b, 1, [2, 3, 4]),
            "Unit k fires when the total is k, too: at least, not more than.",
        ),
    ],
)
def counting_units(a, b):
    h, states = np.zeros(3, int), []
    for t in range(len(a)):
        h = (a[t] + b[t] + h[1] >= np.array([1, 2, 3])).astype(int)
        states.append(h)
    return np.array(states)


def _units(a, b, carrier, levels=(1, 2, 3)):
    h, states = np.zeros(3, int), []
    for p, q in zip(a, b):
        h = (p + q + h[carrier] >= np.array(levels)).astype(int)
        states.append(h)
    return np.array(states)
