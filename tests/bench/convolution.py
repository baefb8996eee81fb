"""Races of convolution and pooling, forward and backward, float32.

Against PyTorch eager, against a plain matrix product of as many operations, and against
themselves with an eighth of the batch: linear time is a ratio of 8, exponent 1.15 is 10.9.
"""

import numpy as np

import nnlib as nn

from .harness import race, torch


def normal(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def batch_last(x):
    """x as a convolution would hand it to the next layer."""
    return np.ascontiguousarray(x.transpose(2, 1, 3, 0)).transpose(3, 1, 0, 2)


def step(layer, shape, first=False):
    """Forward and backward; the first layer of a net sees C order and makes no dx."""
    layer, x = layer.astype(np.float32), normal(*shape)
    layer.needs_dx, x = not first, x if first else batch_last(x)
    dout = batch_last(normal(len(x), *layer.out_shape(shape[1:])))

    def run():
        layer(x, training=True)
        layer.backward(dout)

    return run


def torch_step(peer, layer, shape, first=False):
    """The same of PyTorch, on its own memory order."""
    x = torch.tensor(normal(*shape), requires_grad=not first)
    dout = torch.tensor(normal(shape[0], *layer.out_shape(shape[1:])))

    def run():
        x.grad = None
        peer.zero_grad()
        peer(x).backward(dout)

    return run


def conv(n, c, size, f, k, pad):
    return nn.Conv2d(c, f, k, pad=pad, rng=np.random.default_rng(0)), (n, c, size, size)


def conv_against_torch(n, c, size, f, k, pad, first):
    layer, shape = conv(n, c, size, f, k, pad)
    peer = torch.nn.Conv2d(c, f, k, padding=pad)
    return step(layer, shape, first), torch_step(peer, layer, shape, first)


def pool_against_torch(c, size, k, stride):
    layer, shape = nn.MaxPool2d(k, stride), (64, c, size, size)
    return step(layer, shape), torch_step(torch.nn.MaxPool2d(k, stride), layer, shape)


def conv_against_a_product(n, c, size, f, k, pad):
    """Output, dW and dx are three products of (F, C·k·k) and (C·k·k, N·H'·W') matrices."""
    layer, shape = conv(n, c, size, f, k, pad)
    A, B = normal(f, c * k * k), normal(c * k * k, n * size * size)
    return step(layer, shape), lambda: [A @ B for _ in range(3)]


def conv_against_an_eighth(n, *rest):
    return step(*conv(n, *rest)), step(*conv(n // 8, *rest))


SHAPES = {
    "digits 64×1×8×8 -> 16 k3": (64, 1, 8, 16, 3, 1),
    "LeNet C1 64×1×28×28 -> 6 k5": (64, 1, 28, 6, 5, 2),
    "LeNet C3 64×6×14×14 -> 16 k5": (64, 6, 14, 16, 5, 0),
    "64×3×32×32 -> 32 k3": (64, 3, 32, 32, 3, 1),
    "64×32×16×16 -> 64 k3": (64, 32, 16, 64, 3, 1),
    "1×3×224×224 -> 64 k3": (1, 3, 224, 64, 3, 1),
}
GOALS = (0.4, 0.6), (0.2, 0.35), (0.8, 1.1), (0.9, 1.1), (1.4, 2.2), (0.7, 1.0)

if torch:
    for (name, shape), goals in zip(SHAPES.items(), GOALS):
        race(f"conv {name}", goals, *shape, False)(conv_against_torch)
        if shape[1] in (1, 3):
            race(f"conv {name}, no dx", (np.inf, np.inf), *shape, True)(conv_against_torch)
    race("max pool 2/2 64×6×28×28", (0.2, 0.2), 6, 28, 2, 2)(pool_against_torch)
    race("max pool 2/2 64×16×10×10", (0.2, 0.2), 16, 10, 2, 2)(pool_against_torch)
    race("max pool 3/2 64×16×13×13", (0.4, 0.4), 16, 13, 3, 2)(pool_against_torch)
for name in ("64×3×32×32 -> 32 k3", "64×32×16×16 -> 64 k3"):
    race(f"conv {name} / products", (3, 3), *SHAPES[name])(conv_against_a_product)
race("conv 256 / 32 images 16×14×14", (10.9, 10.9), 256, 16, 14, 16, 3, 1)(conv_against_an_eighth)
