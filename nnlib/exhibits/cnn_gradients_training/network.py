"""The small CNN of the notebook, its training, and the numbers inside it for one digit."""

import functools

import numpy as np

from ...activations import ReLU
from ...conv import Conv2d
from ...data import digits
from ...layer import Sequential
from ...linear import Flatten, Linear
from ...losses import SoftmaxCrossEntropy
from ...optimizers import Adam
from ...pooling import AveragePool2d, MaxPool2d
from ...schedules import cosine
from ...training import accuracy, train

MAPS = 8
SEED, EPOCHS, BATCH, RATE = 1, 20, 32, 0.004
STAGES = {"convolution 1": 1, "pooling": 2, "convolution 2": 4}  # name -> place of its last layer


def cnn(rng, *, maps=MAPS, conv1=Conv2d, conv2=Conv2d, relu=ReLU, pool=MaxPool2d) -> Sequential:
    """conv 3×3, ReLU, pooling 3×3 with stride 2 (overlapping), conv 3×3, ReLU, dense."""
    return Sequential(
        conv1(1, maps, 3, pad=1, rng=rng),
        relu(),
        pool(3, 2, 1),
        conv2(maps, 2 * maps, 3, pad=1, rng=rng),
        relu(),
        Flatten(),
        Linear(2 * maps * 16, 10, rng=rng),
    )


def falling(steps, rate=RATE):
    """A schedule from ``rate`` down to nearly nothing, along half a cosine."""
    return lambda step: float(cosine(step, rate, steps))


@functools.cache
def trained():
    """The CNN after 20 epochs on the training digits, in float64: the same on every machine."""
    data, rng = digits(np.float64), np.random.default_rng(SEED)
    net = cnn(rng)
    steps = EPOCHS * -(-len(data.x_train) // BATCH)
    run = train(
        net, SoftmaxCrossEntropy(), Adam(net.parameters(), lr=RATE), data.x_train, data.y_train,
        epochs=EPOCHS, batch_size=BATCH, rng=rng, schedule=falling(steps),
    )  # fmt: skip
    for _ in run:
        pass
    return net


def share_right(net) -> float:
    """Share of the 359 test digits that the net reads right."""
    data = digits(net.parameters()[0].dtype)
    return accuracy(net, data.x_test, data.y_test)


def inside(net, x) -> dict:
    """What every stage of the net makes of one digit (8, 8): its maps, and the scores."""
    shown, out = {}, x[None, None].astype(net.parameters()[0].dtype)
    for place, layer in enumerate(net):
        out = layer(out)
        shown |= {name: out[0] for name, at in STAGES.items() if at == place}
    return shown | {"scores": out[0]}


def pool_named(name):
    """The class of pooling for "max" or "average"."""
    return {"max": MaxPool2d, "average": AveragePool2d}[name]
