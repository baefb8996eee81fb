"""Classic networks as specs: parts in a list or a dict, without weights.

``nn.summary(spec, shape)`` counts one, ``nn.build(spec, shape, rng=rng)`` builds it::

    nn.summary(nn.models.vgg(16), (3, 224, 224))
    net = nn.build(nn.models.lenet5(), (1, 32, 32), rng=np.random.default_rng(0))

An activation stands in a spec as its class, any other layer as itself.
"""

from .build import build
from .imagenet import alexnet, googlenet, inception, naive_inception, vgg
from .joins import Block, Branches, part
from .lenet import C3_TABLE, RBF, Squash, digit_codes, lenet5, lenet5_modern
from .parts import (
    AveragePool,
    Conv,
    Count,
    Dense,
    Drop,
    Flat,
    GlobalAverage,
    MaxPool,
    Norm,
    TrainablePool,
)
from .reading import counted
from .resnet import resnet
from .sight import Axis

__all__ = [
    "C3_TABLE", "RBF", "AveragePool", "Axis", "Block", "Branches", "Conv", "Count", "Dense",
    "Drop", "Flat", "GlobalAverage", "MaxPool", "Norm", "Squash", "TrainablePool", "alexnet",
    "build", "counted", "digit_codes", "googlenet", "inception", "lenet5", "lenet5_modern",
    "naive_inception", "part", "resnet", "vgg",
]  # fmt: skip
