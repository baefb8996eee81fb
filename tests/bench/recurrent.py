"""Races of the recurrent layers, forward and backward, float32, x (N, T, D) for both sides.

Against PyTorch eager, and against themselves with an eighth of the steps: linear time is a
ratio of 8, exponent 1.15 is 10.9.
"""

import numpy as np

import nnlib as nn

from .harness import race, torch


def normal(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def step(kind, n, steps, n_in, hidden):
    layer = getattr(nn, kind)(n_in, hidden, rng=np.random.default_rng(0)).astype(np.float32)
    x, dout = normal(n, steps, n_in), normal(n, steps, hidden)

    def run():
        layer(x, training=True)
        layer.backward(dout)

    return run


def torch_step(kind, n, steps, n_in, hidden):
    peer = getattr(torch.nn, kind)(n_in, hidden, batch_first=True)
    x = torch.tensor(normal(n, steps, n_in), requires_grad=True)
    dout = torch.tensor(normal(n, steps, hidden))

    def run():
        x.grad = None
        peer.zero_grad()
        peer(x)[0].backward(dout)

    return run


def against_torch(*setting):
    return step(*setting), torch_step(*setting)


def against_fewer_steps(kind, n, steps, n_in, hidden):
    return step(kind, n, steps, n_in, hidden), step(kind, n, steps // 8, n_in, hidden)


GOALS = {"RNN": (0.5, 0.8), "LSTM": (1.4, 2.1), "GRU": (1.0, 1.2)}
for kind, goals in GOALS.items():
    if torch:
        race(f"{kind} 64 x 32 steps x 32 -> 64", goals, kind, 64, 32, 32, 64)(against_torch)
        race(f"{kind} 64 x 8 steps x 2 -> 16", goals, kind, 64, 8, 2, 16)(against_torch)
    race(f"{kind} 128 steps / 16 steps", (10.9, 10.9), kind, 16, 128, 32, 64)(against_fewer_steps)
