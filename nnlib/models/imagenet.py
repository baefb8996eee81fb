"""The deep networks of 2012 to 2014: AlexNet, VGG, GoogLeNet, on images (3, 224, 224)."""

from __future__ import annotations

from ..activations import ReLU
from ..normalization import LRN
from .joins import Branches
from .parts import Conv, Dense, Drop, Flat, GlobalAverage, MaxPool


def alexnet(classes: int = 1000, groups: int = 2) -> dict:
    """AlexNet on images (3, 227, 227): 60,965,224 parameters, 724,406,816 MACs.

    Two groups are two GPUs with half of the maps each, which meet in conv3 and in the dense
    layers; in one group there are 62,378,344 parameters.

    The paper says 224 pixels, from which its own 55×55 does not follow: (224 - 11) / 4 is no
    whole number; 227 are meant. It counts 253,440 neurons in the first layer; its own shape
    96×55×55 gives 290,400. (A later version with 64 first maps, common in libraries, is
    another network: 61,100,840 parameters.)

    Source: Krizhevsky et al., ImageNet classification with deep convolutional neural
    networks, 2012.
    """
    return {
        "conv1": [Conv(96, 11, stride=4), ReLU, LRN],
        "pool1": MaxPool(3, 2),
        "conv2": [Conv(256, 5, pad=2, groups=groups), ReLU, LRN],
        "pool2": MaxPool(3, 2),
        "conv3": [Conv(384, 3, pad=1), ReLU],
        "conv4": [Conv(384, 3, pad=1, groups=groups), ReLU],
        "conv5": [Conv(256, 3, pad=1, groups=groups), ReLU],
        "pool5": MaxPool(3, 2),
        "fc6": [Flat(), Dense(4096), ReLU, Drop(0.5)],
        "fc7": [Dense(4096), ReLU, Drop(0.5)],
        "fc8": Dense(classes),
    }


VGG_STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def vgg(depth: int = 16, classes: int = 1000, width: int = 64, dense: int = 4096) -> dict:
    """VGG: nothing but 3×3 convolutions, and the maps double as the image halves.

    Three 3×3 in a row see 7×7 pixels with 27·C² weights instead of 49·C², and bend three times.
    VGG-16 has 138,357,544 parameters, nine tenths of them in the dense layers, and
    15,470,264,320 MACs, nearly all of them in the convolutions.

    Parameters
    ----------
    depth : 11, 13, 16 or 19
        Layers with weights: configurations A, B, D and E of the paper.
    classes, width, dense : int >= 1
        Outputs, maps of the first stage, units of the two hidden dense layers; smaller ones
        make a net to train on a laptop. Five stages halve the image: 32 pixels at least.

    Source: Simonyan and Zisserman, Very deep convolutional networks, 2014.
    """
    net = {}
    for stage, convs in enumerate(choose("vgg depth", depth, VGG_STAGES), start=1):
        maps = width * min(2 ** (stage - 1), 8)
        for i in range(1, convs + 1):
            net[f"conv{stage}_{i}"] = [Conv(maps, 3, pad=1), ReLU]
        net[f"pool{stage}"] = MaxPool(2)
    return net | {
        "fc6": [Flat(), Dense(dense), ReLU, Drop(0.5)],
        "fc7": [Dense(dense), ReLU, Drop(0.5)],
        "fc8": Dense(classes),
    }


def choose(name, key, options):
    """``options[key]``, or a ValueError that lists the keys."""
    if key not in list(options):
        raise ValueError(f"{name} takes one of {list(options)}, got {key!r}")
    return options[key]


def inception(c1: int, r3: int, c3: int, r5: int, c5: int, pool: int) -> Branches:
    """An Inception block: 1×1, 3×3, 5×5 and pooling side by side, c1 + c3 + c5 + pool maps.

    The 1×1 convolutions in front reduce to r3 and r5 maps before the costly ones; that is why
    5×5 can be afforded.

    Source: Szegedy et al., Going deeper with convolutions, 2014.
    """
    return Branches({
        "1x1": [Conv(c1, 1), ReLU],
        "3x3": [Conv(r3, 1), ReLU, Conv(c3, 3, pad=1), ReLU],
        "5x5": [Conv(r5, 1), ReLU, Conv(c5, 5, pad=2), ReLU],
        "pool": [MaxPool(3, 1, pad=1), Conv(pool, 1), ReLU],
    })  # fmt: skip


def naive_inception(c1: int, c3: int, c5: int) -> Branches:
    """An Inception block without reductions: the pooling branch passes all of its input on."""
    return Branches({
        "1x1": [Conv(c1, 1), ReLU],
        "3x3": [Conv(c3, 3, pad=1), ReLU],
        "5x5": [Conv(c5, 5, pad=2), ReLU],
        "pool": MaxPool(3, 1, pad=1),
    })  # fmt: skip


def googlenet(classes: int = 1000) -> dict:
    """GoogLeNet, Inception v1: 6,998,552 parameters, without the two auxiliary classifiers.

    The last maps are averaged instead of flattened: no large dense layer. "same" lets a last
    incomplete window count. The paper's table leaves out biases and counts in units of 1,024,
    so that its 159K for 3a are 163,328 weights; its 2.7K for the first layer do not follow
    from 7·7·3·64 = 9,408.

    Source: Szegedy et al., Going deeper with convolutions, 2014.
    """
    return {
        "conv1": [Conv(64, 7, 2, pad=3), ReLU],
        "pool1": [MaxPool(3, 2, "same"), LRN],
        "conv2": [Conv(64, 1), ReLU, Conv(192, 3, pad=1), ReLU, LRN],
        "pool2": MaxPool(3, 2, "same"),
        "3a": inception(64, 96, 128, 16, 32, 32),
        "3b": inception(128, 128, 192, 32, 96, 64),
        "pool3": MaxPool(3, 2, "same"),
        "4a": inception(192, 96, 208, 16, 48, 64),
        "4b": inception(160, 112, 224, 24, 64, 64),
        "4c": inception(128, 128, 256, 24, 64, 64),
        "4d": inception(112, 144, 288, 32, 64, 64),
        "4e": inception(256, 160, 320, 32, 128, 128),
        "pool4": MaxPool(3, 2, "same"),
        "5a": inception(256, 160, 320, 32, 128, 128),
        "5b": inception(384, 192, 384, 48, 128, 128),
        "average": [GlobalAverage(), Drop(0.4)],
        "output": Dense(classes),
    }
