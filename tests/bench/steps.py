"""Races of whole training steps, float32: forward, loss, backward, update.

Against PyTorch eager; and the adder, whose training must fit into 50 ms.
"""

import time

import numpy as np

import nnlib as nn

from ..unit.test_adder import learn
from .harness import race, torch


def normal(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def mlp():
    rng = np.random.default_rng(0)
    return nn.Sequential(nn.Linear(784, 256, rng=rng), nn.ReLU(), nn.Linear(256, 10, rng=rng))


def torch_mlp():
    m = torch.nn
    return m.Sequential(m.Linear(784, 256), m.ReLU(), m.Linear(256, 10))


def lenet():
    """LeNet-5 as it is built today: ReLU, maximum pooling, every map joined to every map."""
    rng = np.random.default_rng(0)
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, pad=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU(),
        nn.Linear(84, 10, rng=rng),
    )  # fmt: skip


def torch_lenet():
    m = torch.nn
    return m.Sequential(
        m.Conv2d(1, 6, 5, padding=2), m.ReLU(), m.MaxPool2d(2),
        m.Conv2d(6, 16, 5), m.ReLU(), m.MaxPool2d(2), m.Flatten(),
        m.Linear(400, 120), m.ReLU(), m.Linear(120, 84), m.ReLU(), m.Linear(84, 10),
    )  # fmt: skip


def step(net, shape, optimizer):
    net = net.astype(np.float32)
    net[0].needs_dx = False
    loss, opt = nn.SoftmaxCrossEntropy(), optimizer(net.parameters(), lr=1e-3)
    x, y = normal(*shape), np.arange(shape[0]) % 10

    def run():
        loss(net(x, training=True), y)
        net.backward(loss.backward())
        opt.step(net.gradients())

    return run


def torch_step(net, shape, optimizer):
    loss = torch.nn.CrossEntropyLoss()
    opt = getattr(torch.optim, optimizer)(net.parameters(), lr=1e-3)
    x, y = torch.tensor(normal(*shape)), torch.arange(shape[0]) % 10

    def run():
        opt.zero_grad()
        loss(net(x), y).backward()
        opt.step()

    return run


if torch:
    for optimizer in (nn.SGD, nn.Adam):
        name = optimizer.__name__

        @race(f"MLP 784-256-10, batch 64, {name}", (0.55, 0.8), optimizer, name)
        def mlp_against_torch(optimizer, name):
            shape = (64, 784)
            return step(mlp(), shape, optimizer), torch_step(torch_mlp(), shape, name)

        @race(f"LeNet-5, batch 64, {name}", (0.65, 0.85), optimizer, name)
        def lenet_against_torch(optimizer, name):
            shape = (64, 1, 28, 28)
            return step(lenet(), shape, optimizer), torch_step(torch_lenet(), shape, name)


@race("adder, 100 steps / 50 ms of CPU", (1.0, 1.0))
def adder_against_the_clock():
    def fifty_milliseconds():
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass

    return lambda: learn(0), fifty_milliseconds
