"""Races of convolution and pooling, forward and backward, float32, against PyTorch eager."""

import numpy as np

import nnlib as nn

from .harness import race, torch


def images(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def batch_last(x):
    """x as a convolution would hand it to the next layer."""
    return np.ascontiguousarray(x.transpose(2, 1, 3, 0)).transpose(3, 1, 0, 2)


def contest(layer, peer, shape, first):
    """Forward and backward of both; the first layer of a net sees C order and makes no dx."""
    layer, x = layer.astype(np.float32), images(*shape)
    layer.needs_dx = not first
    dout = images(len(x), *layer.out_shape(shape[1:]))
    peer_x, peer_dout = torch.tensor(x, requires_grad=not first), torch.tensor(dout)
    arrays = x if first else batch_last(x), batch_last(dout)

    def ours():
        layer(arrays[0], training=True)
        layer.backward(arrays[1])

    def theirs():
        peer_x.grad = None
        peer.zero_grad()
        peer(peer_x).backward(peer_dout)

    return ours, theirs


def conv(n, c, size, f, k, pad, first):
    layer = nn.Conv2d(c, f, k, pad=pad, rng=np.random.default_rng(0))
    return contest(layer, torch.nn.Conv2d(c, f, k, padding=pad), (n, c, size, size), first)


def pool(c, size, k, stride):
    return contest(
        nn.MaxPool2d(k, stride), torch.nn.MaxPool2d(k, stride), (64, c, size, size), False
    )


if torch:
    for name, shape, goals in (
        ("digits 64×1×8×8 -> 16 k3", (64, 1, 8, 16, 3, 1), (0.4, 0.6)),
        ("LeNet C1 64×1×28×28 -> 6 k5", (64, 1, 28, 6, 5, 2), (0.2, 0.35)),
        ("LeNet C3 64×6×14×14 -> 16 k5", (64, 6, 14, 16, 5, 0), (0.8, 1.1)),
        ("64×3×32×32 -> 32 k3", (64, 3, 32, 32, 3, 1), (0.9, 1.1)),
        ("64×32×16×16 -> 64 k3", (64, 32, 16, 64, 3, 1), (1.4, 2.2)),
        ("1×3×224×224 -> 64 k3", (1, 3, 224, 64, 3, 1), (0.7, 1.0)),
    ):
        race(f"conv {name}", goals, *shape, False)(conv)
        if shape[1] in (1, 3):
            race(f"conv {name}, no dx", goals, *shape, True)(conv)
    race("max pool 2/2 64×6×28×28", (0.2, 0.2), 6, 28, 2, 2)(pool)
    race("max pool 2/2 64×16×10×10", (0.2, 0.2), 16, 10, 2, 2)(pool)
    race("max pool 3/2 64×16×13×13", (0.4, 0.4), 16, 13, 3, 2)(pool)
