"""ResNet: 18 to 152 layers, each block a correction to what passes by it (残差网络)."""

from __future__ import annotations

from ..activations import ReLU
from .imagenet import choose
from .joins import Block
from .parts import Conv, Dense, GlobalAverage, MaxPool, Norm

# depth: (blocks per stage, 1×1-3×3-1×1 instead of 3×3-3×3)
STAGES = {
    18: ((2, 2, 2, 2), False),
    34: ((3, 4, 6, 3), False),
    50: ((3, 4, 6, 3), True),
    101: ((3, 4, 23, 3), True),
    152: ((3, 8, 36, 3), True),
}


def conv(maps, k, stride=1) -> list:
    """A convolution that keeps the size (at stride 1), and batch norm in place of its bias."""
    return [Conv(maps, k, stride, pad=k // 2, bias=False), Norm()]


def basic_body(maps: int, stride: int) -> list:
    """Two 3×3 convolutions."""
    return [*conv(maps, 3, stride), ReLU, *conv(maps, 3)]


def bottleneck_body(maps: int, stride: int, late: bool) -> list:
    """1×1 down to ``maps``, 3×3, 1×1 up to 4·maps; ``late``: the stride sits in the 3×3."""
    first, second = (1, stride) if late else (stride, 1)
    return [*conv(maps, 1, first), ReLU, *conv(maps, 3, second), ReLU, *conv(4 * maps, 1)]


def resnet(depth: int = 50, classes: int = 1000, width: int = 64, late_stride: bool = False):
    """ResNet on images (3, 224, 224): ResNet-18 has 11,689,512 parameters, -50 25,557,032.

    Blocks out = F(x) + x; where maps and stride change, a 1×1 convolution carries x over. A
    block that learns F = 0 passes x through, so more layers need not make training harder.

    Parameters
    ----------
    depth : 18, 34, 50, 101 or 152
        Layers with weights. From 50 on blocks are bottlenecks.
    classes, width : int >= 1
        Outputs, and maps of the first stage; smaller ones make a net to train on a laptop.
    late_stride : bool
        False, the paper's form: the first 1×1 of a bottleneck takes the stride, and skips
        three pixels in four. True: its 3×3 does, as most libraries have it. Same parameters;
        the receptive field of ResNet-50 is 483 or 427.

    Source: He et al., Deep residual learning, 2015.
    """
    blocks, bottleneck = choose("resnet depth", depth, STAGES)
    net = {"conv1": [*conv(width, 7, 2), ReLU], "pool1": MaxPool(3, 2, pad=1)}
    before = width
    for stage, count in enumerate(blocks, start=2):
        maps = width * 2 ** (stage - 2)
        after = 4 * maps if bottleneck else maps
        for i in range(1, count + 1):
            stride = 2 if i == 1 and stage > 2 else 1
            body = bottleneck_body(maps, stride, late_stride) if bottleneck else (
                basic_body(maps, stride)
            )  # fmt: skip
            shortcut = None if before == after else conv(after, 1, stride)
            net[f"conv{stage}_{i}"] = [Block(body, shortcut), ReLU]
            before = after
    return net | {"average": GlobalAverage(), "output": Dense(classes)}
