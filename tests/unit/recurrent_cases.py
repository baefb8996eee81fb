"""Recurrent layers for the four laws: short, lone, started, ended, both ways, stacked."""

import numpy as np

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


class Given(nn.Layer):
    """A layer called with further arguments, so that the laws can call it with x alone."""

    def __init__(self, layer, **inputs):
        self.layer, self.inputs = layer, inputs

    def sublayers(self):
        return (self.layer,)

    def out_shape(self, shape):
        return self.layer.out_shape(shape)

    def forward(self, x):
        inputs = {
            name: value.astype(x.dtype) if value.dtype.kind == "f" else value
            for name, value in self.inputs.items()
        }
        return self.layer(x, self.training, **inputs)

    def backward(self, dout):
        return self.layer.backward(dout)


def state(n, hidden, seed=3):
    return rng(seed).standard_normal((n, hidden))


LENGTHS = np.array([5, 2, 1])
CELLS = {
    "rnn": lambda seed=0: nn.RNN(3, 4, rng=rng(seed)),
    "rnn, sigmoid": lambda seed=0: nn.RNN(3, 4, rng=rng(seed), activation=nn.Sigmoid),
    "rnn, relu": lambda seed=0: nn.RNN(3, 4, rng=rng(seed), activation=nn.ReLU),
    "rnn, identity": lambda seed=0: nn.RNN(3, 4, rng=rng(seed), activation=nn.Identity),
    "lstm": lambda seed=0: nn.LSTM(3, 4, rng=rng(seed)),
    "gru": lambda seed=0: nn.GRU(3, 4, rng=rng(seed)),
}
RECURRENT = {}
for name, cell in CELLS.items():
    RECURRENT[name] = (cell(), (3, 5, 3))
    RECURRENT[f"{name}, T = 1"] = (cell(), (3, 1, 3))
    RECURRENT[f"{name}, N = 1"] = (cell(), (1, 4, 3))
    RECURRENT[f"{name}, started"] = (Given(cell(), h0=state(3, 4)), (3, 5, 3))
    RECURRENT[f"{name}, lengths"] = (Given(cell(), lengths=LENGTHS), (3, 5, 3))
    both = nn.Bidirectional(cell(), cell(1))
    RECURRENT[f"{name}, both ways"] = (both, (2, 4, 3))
    RECURRENT[f"{name}, both ways, lengths"] = (
        Given(nn.Bidirectional(cell(), cell(1)), lengths=LENGTHS),
        (3, 5, 3),
    )
RECURRENT |= {
    "lstm, both states, lengths": (
        Given(CELLS["lstm"](), h0=state(3, 4), c0=state(3, 4, 4), lengths=LENGTHS),
        (3, 5, 3),
    ),
    "lstm, other sizes": (nn.LSTM(1, 2, rng=rng(), forget_bias=-0.5), (2, 3, 1)),
    "two kinds both ways": (
        nn.Bidirectional(nn.LSTM(3, 2, rng=rng()), nn.GRU(3, 5, rng=rng(1))),
        (2, 4, 3),
    ),
    "deep": (
        nn.Sequential(
            nn.RNN(3, 4, rng=rng()), nn.GRU(4, 2, rng=rng(1)), nn.Linear(2, 3, rng=rng(2))
        ),
        (2, 4, 3),
    ),
    "deep, both ways, lengths": (
        Given(
            nn.Sequential(
                nn.Bidirectional(nn.LSTM(3, 2, rng=rng()), nn.LSTM(3, 3, rng=rng(1))),
                nn.Tanh(),
                nn.Bidirectional(nn.RNN(5, 2, rng=rng(2)), nn.RNN(5, 2, rng=rng(3))),
                nn.Linear(4, 2, rng=rng(4)),
            ),
            lengths=LENGTHS,
        ),
        (3, 5, 3),
    ),
}
