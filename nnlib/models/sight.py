"""What a unit sees of the input: the receptive field, axis by axis (感受野)."""

from typing import NamedTuple


class Axis(NamedTuple):
    """How the units of a layer look at one axis of the input, in input pixels.

    field : pixels one unit sees, r_l = r_{l-1} + (k_l - 1)·Π_{i<l} s_i. Not clipped: padding
        counts, so the field can be larger than the image.
    stride : from the field of one unit to that of its neighbour, Π s_i.
    offset : centre of the first unit's field; the first pixel lies at 0.
    units : how many there are along this axis.

    Source: Araujo et al., Computing receptive fields of convolutional neural networks, 2019.
    """

    field: float = 1
    stride: float = 1
    offset: float = 0.0
    units: int = 1

    def window(self, k: int, stride: int, pad: int, dilation: int, units: int) -> "Axis":
        """Behind a window that slides along this axis with ``pad`` zeros in front."""
        reach = (k - 1) * dilation
        return Axis(
            self.field + reach * self.stride,
            self.stride * stride,
            self.offset + (reach / 2 - pad) * self.stride,
            units,
        )

    def spread(self, k: int, stride: int, pad: int, dilation: int, units: int) -> "Axis":
        """Behind a transposed window, whose stamps overlap: the widest field counts."""
        reach = (k - 1) * dilation
        return Axis(
            self.field + reach // stride * self.stride,
            self.stride / stride,
            self.offset + (pad - reach / 2) * self.stride / stride,
            units,
        )

    def everything(self) -> "Axis":
        """Behind a unit that sees all units along this axis."""
        return self.window(self.units, 1, 0, 1, 1)


def axes_of(shape: tuple) -> tuple:
    """The axes of one input: (C, H, W) has two, a sequence (T, D) one, a vector none."""
    sizes = {3: shape[1:], 2: shape[:1]}.get(len(shape), ())
    return tuple(Axis(units=n) for n in sizes)


def widest(ways: list) -> tuple:
    """The largest field per axis where branches meet."""
    return tuple(max(axis) for axis in zip(*ways))
