"""Settings as a learner types them, read into a layer; what cannot be is answered in words."""

import re
from typing import NamedTuple

from .windows import Axis, axis

MOST = 9999
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
WHY = {
    "stride": "the window would never move on",
    "padding": "that would cut pixels off",
    "kernel": "a window needs at least one cell",
}
KINDS = ["convolution", "max pooling", "transposed"]


class Plan(NamedTuple):
    """One layer on one size of image, as the calculator draws it.

    For a transposed convolution ``rows`` and ``columns`` belong to the convolution that it
    runs backwards: its image is the output, its window positions are the input.
    """

    kind: str
    c_in: int
    c_out: int
    rows: Axis
    columns: Axis
    code: str

    @property
    def fits(self) -> bool:
        return self.rows.count > 0 and self.columns.count > 0

    @property
    def image(self) -> tuple:
        """(C, H, W) of the large grid."""
        c = self.c_out if self.kind == "transposed" else self.c_in
        return c, self.rows.size, self.columns.size

    @property
    def map(self) -> tuple:
        """(C, H, W) of the small grid: the window positions."""
        c = self.c_in if self.kind == "transposed" else self.c_out
        return c, self.rows.count, self.columns.count

    @property
    def shapes(self) -> tuple:
        """(input, output)."""
        return (self.map, self.image) if self.kind == "transposed" else (self.image, self.map)

    @property
    def parameters(self) -> int:
        if self.kind == "max pooling":
            return 0
        return self.c_in * self.c_out * self.rows.k * self.columns.k + self.c_out


def whole(name: str, text: str, least: int = 1) -> list:
    """The whole numbers in a text such as "3", "3 x 5" or "(3, 5)"."""
    words = NUMBER.findall(text)
    if not words or re.sub(r"[\s,;×xX*()\[\]]", "", NUMBER.sub(" ", text)):
        raise ValueError(f"{name}: I read “{text[:40]}”, but I need numbers, such as 3 or 3 x 5.")
    for word in words:
        if "." in word:
            raise ValueError(f"{name}: {word} is no whole number, and pixels cannot be halved.")
        if len(word) > 5 or int(word) > MOST:
            raise ValueError(f"{name}: {word[:12]} is too large; {MOST:,} is the most I draw with.")
        if int(word) < least:
            because = WHY.get(name, "there would be nothing there")
            raise ValueError(f"{name}: {word} is less than {least}; {because}.".replace("-", "−"))
    return [int(word) for word in words]


def two(name: str, text: str) -> list:
    """[rows, columns] from one number for both or two."""
    values = whole(name, text)
    if len(values) > 2:
        raise ValueError(f"{name}: one number, or two for height x width; I read {len(values)}.")
    return values if len(values) == 2 else values * 2


def pads(text: str):
    """The padding of rows and columns, each a pair (before, after) or "same"."""
    word = text.strip().lower()
    if word in ("same", "valid"):
        return ["same"] * 2 if word == "same" else [(0, 0)] * 2
    if re.search(r"[a-z]", word.replace("x", "")):
        raise ValueError(
            f"padding: “{text[:40]}” is no word I know; write a number, same or valid."
        )
    values = whole("padding", text, 0)
    if len(values) == 8:  # TensorFlow's list: examples, rows, columns, channels
        if values[:2] + values[6:] != [0] * 4:
            raise ValueError("padding: the first and the last pair of the list must be [0, 0].")
        values = values[2:6]
    if len(values) not in (1, 2, 4):
        raise ValueError(
            "padding: 1 number, 2 (height x width) or 4 (top bottom left right); "
            f"I read {len(values)}."
        )
    top, bottom, left, right = {1: values * 4, 2: [v for v in values for _ in (0, 1)]}.get(
        len(values), values
    )
    return [(top, bottom), (left, right)]


def read(layer, input_size, kernel, kernels, stride, padding, dilation) -> Plan:
    """The layer that the texts describe.

    Errors
    ------
    ValueError whose message is meant for the learner.
    """
    size = whole("input", input_size)
    if len(size) > 3:
        raise ValueError("input: one number, height x width, or channels x height x width.")
    c_in, height, width = {1: [1, *size * 2], 2: [1, *size]}.get(len(size), size)
    k, s, d = two("kernel", kernel), two("stride", stride), two("dilation", dilation)
    c_out, *more = whole("kernels", kernels)
    if more:
        raise ValueError("kernels: one number, how many feature maps come out.")
    pad = pads(padding)
    if layer == "transposed":
        if pad == ["same"] * 2:
            raise ValueError("padding: “same” is for convolution; a transposed one needs numbers.")
        sizes = [
            (n - 1) * step + (cells - 1) * gap + 1 - sum(p)
            for n, cells, step, gap, p in zip((height, width), k, s, d, pad)
        ]
        if min(sizes) < 1:
            raise ValueError("padding: here it is cut off the result, and nothing would be left.")
        height, width = sizes
    if layer == "max pooling":
        c_out = c_in
        if d != [1, 1]:
            raise ValueError("dilation: pooling here looks at pixels side by side; it must be 1.")
        if any(p != "same" and max(p) >= cells for p, cells in zip(pad, k)):
            raise ValueError(
                "padding: less than the kernel, or a window would see padding and no pixel."
            )
    rows, columns = (axis(*a) for a in zip((height, width), k, s, pad, d))
    return Plan(layer, c_in, c_out, rows, columns, code(layer, c_in, c_out, k, s, pad, d))


def code(layer, c_in, c_out, k, stride, pad, dilation) -> str:
    """The line of nnlib that builds this layer, settings at their default left out."""
    settings = {"stride": one(stride), "pad": pad_in_code(pad), "dilation": one(dilation)}
    default = {"stride": one(k) if layer == "max pooling" else 1, "pad": 0, "dilation": 1}
    words = [f"{name}={value!r}" for name, value in settings.items() if value != default[name]]
    inside = ", ".join([f"{one(k)}", *words])
    if layer == "max pooling":
        return f"nn.MaxPool2d({inside})"
    name = "Conv2d" if layer == "convolution" else "ConvTranspose2d"
    return f"nn.{name}({c_in}, {c_out}, {inside}, rng=rng)"


def one(pair):
    """The one value of two equal ones, else both."""
    return pair[0] if pair[0] == pair[1] else tuple(pair)


def pad_in_code(pad):
    """The padding as short as nnlib takes it: 1, (1, 2), ((1, 0), (2, 1)) or "same"."""
    short = [p if isinstance(p, str) else one(p) for p in pad]
    simple = short[0] == short[1] and not isinstance(short[0], tuple)
    return short[0] if simple else tuple(short)
