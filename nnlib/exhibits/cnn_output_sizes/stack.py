"""A network as a line of short words: ``conv6k5 pool2 flatten dense10``."""

import re
from functools import lru_cache
from typing import NamedTuple

from ...conv.sizes import Window
from ...models import AveragePool, Conv, Dense, Flat, GlobalAverage, MaxPool
from ...models.sight import axes_of
from .settings import whole

LIMIT = 30  # layers
WORD = re.compile(r"(conv|pool|avg|flatten|global|dense)(-?\d+)?((?:[kspdg]-?\d+(?:x-?\d+)?)*)")
LETTERS = {"k": "k", "s": "stride", "p": "pad", "d": "dilation", "g": "groups"}
ALLOWED = {"conv": "kspdg", "pool": "sp", "avg": "sp"}
MY_NET = {"input_shape": "3 x 32 x 32", "layers": "conv6k5 conv10k5 pool2 flatten dense10"}
PRESETS = {
    "LeNet-5": {
        "input_shape": "1 x 32 x 32",
        "layers": "conv6k5 pool2 conv16k5 pool2 flatten dense120 dense84 dense10",
    },
    "AlexNet": {
        "input_shape": "3 x 227 x 227",
        "layers": "conv96k11s4 pool3s2 conv256k5p2g2 pool3s2 conv384k3p1 conv384k3p1g2 "
        "conv256k3p1g2 pool3s2 flatten dense4096 dense4096 dense1000",
    },
    "VGG-16": {
        "input_shape": "3 x 224 x 224",
        "layers": " pool2 ".join(
            " ".join([f"conv{maps}k3p1"] * times)
            for maps, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
        )
        + " pool2 flatten dense4096 dense4096 dense1000",
    },
}


class Floor(NamedTuple):
    """One layer of the stack: its word, its shape and costs, or why it cannot be built."""

    word: str
    out: tuple = ()
    axes: tuple = ()
    parameters: int = 0
    macs: int = 0
    problem: str = ""


def part(word: str):
    """The part that one word stands for; ValueError in words for the learner."""
    found = WORD.fullmatch(word.lower())
    if not found:
        raise ValueError("I know conv, pool, avg, flatten, global and dense, as in conv16k3s1p1.")
    kind, count, letters = found.groups()
    settings = re.findall(r"([kspdg])(-?\d+(?:x-?\d+)?)", letters)
    unknown = [letter for letter, _ in settings if letter not in ALLOWED.get(kind, "")]
    if unknown:
        raise ValueError(f"{kind} has no setting {unknown[0]}.")
    named = {}
    for letter, text in settings:
        name = {"k": "kernel", "p": "padding"}.get(letter, LETTERS[letter])
        values = whole(name, text, 0 if letter == "p" else 1)
        named[LETTERS[letter]] = values[0] if len(values) == 1 else tuple(values)
    if kind in ("flatten", "global"):
        if count:
            raise ValueError(f"{kind} takes no number.")
        return Flat() if kind == "flatten" else GlobalAverage()
    default = {"pool": "2", "avg": "2"}.get(kind)
    if not (count or default):
        what = "maps" if kind == "conv" else "units"
        raise ValueError(f"how many {what}? Write a number behind {kind}.")
    (number,) = whole(kind, count or default)
    if kind == "dense":
        return Dense(number)
    if kind == "conv":
        return Conv(number, **{"k": 3, **named})
    return (MaxPool if kind == "pool" else AveragePool)(number, **named)


def misfit(layer, shape) -> str:
    """Why a part cannot stand on examples of this shape; empty if it can."""
    if isinstance(layer, Dense):
        if len(shape) > 1:
            return f"needs a vector, but gets {sized(shape)} maps: put flatten before it."
        return ""
    if len(shape) != 3:
        if isinstance(layer, Flat):
            return "has nothing to flatten: it gets a vector already."
        return f"needs feature maps, but gets a vector of {shape[0]:,}: put it before flatten."
    if isinstance(layer, Conv) and (shape[0] % layer.groups or layer.c_out % layer.groups):
        return f"{layer.groups} groups must divide the {shape[0]} maps in and {layer.c_out} out."
    if isinstance(layer, (Conv, MaxPool)):
        dilation = getattr(layer, "dilation", 1)
        window = Window("window", layer.k, 1, layer.pad, dilation)
        for name, n, k, d, pad in zip(
            ("high", "wide"), shape[1:], window.k, window.dilation, window.pad
        ):
            reach, there = (k - 1) * d + 1, n + sum(pad)
            if isinstance(layer, MaxPool) and max(pad) >= k:
                return f"a padding of {max(pad)} hides whole windows: less than {k}, please."
            if reach > there:
                return (
                    f"its window reaches over {reach} pixels, but the maps are only {n} {name}"
                    + (f" ({there} with padding)" if there > n else "")
                    + f": a smaller kernel, or padding p{-(-(reach - n) // 2)}, would fit."
                )
    return ""


def sized(shape) -> str:
    return "×".join(f"{n:,}" for n in shape)


def image_shape(text: str) -> tuple:
    """(C, H, W) of the input; ValueError in words."""
    size = whole("input", text)
    if len(size) != 3:
        raise ValueError("input: channels x height x width, three numbers, such as 3 x 32 x 32.")
    return tuple(size)


def code(shape, words) -> str:
    """A line of nnlib that counts this stack."""
    spec = ", ".join(f"nn.models.{part(word)!r}" for word in words)
    return f"nn.summary([{spec}], {shape})"


@lru_cache(64)
def build(input_shape: str, layers: str) -> tuple:
    """(shape of the input, floors); the walk ends at the first layer that cannot be built.

    Errors
    ------
    ValueError in words, for an input that is none, or for far too many layers.
    """
    shape = image_shape(input_shape)
    words = layers.replace(",", " ").replace("→", " ").replace("|", " ").split()
    if not words:
        raise ValueError("layers: there is none yet. Type conv6k5, or press Add conv.")
    if len(words) > LIMIT:
        raise ValueError(f"layers: {len(words)} are too many for this sheet, {LIMIT} fit on it.")
    axes, floors, start = axes_of(shape), [], shape
    for word in words:
        if any(floor.problem for floor in floors):
            floors.append(Floor(word))
            continue
        try:
            layer = part(word)
            problem = misfit(layer, shape)
        except ValueError as wrong:
            problem = str(wrong)
        if problem:
            floors.append(Floor(word, problem=problem))
            continue
        count = layer.count(shape, axes)
        shape, axes = count.out, count.axes
        floors.append(Floor(word, shape, axes, count.parameters, count.macs))
    return start, tuple(floors)
