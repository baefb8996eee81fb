"""Where a sliding window fits: kernel, stride, padding, dilation, and the size that comes out."""

from typing import NamedTuple

from ..checks import natural


def conv_size(
    size: int, k: int, stride: int = 1, pad: int | tuple | str = 0, dilation: int = 1
) -> int:
    """How many positions a window has along one axis: ⌊(size - reach + pads) / stride⌋ + 1.

    The window reaches over (k - 1)·dilation + 1 pixels, which is k when dilation is 1; pads
    is what is added at both ends together, 2P for an int P. When the stride does not divide
    evenly the rest is cut off, as every framework does: see ``dropped_pixels``.

    Parameters
    ----------
    size : int >= 1
        Pixels of the input along this axis.
    k, stride, dilation : int >= 1
    pad : int >= 0, (before, after), "same" or "valid"
        An int is added at either end. "same" pads so that the output has ⌈size / stride⌉
        positions, an odd pixel at the end; "valid" is 0.

    Returns
    -------
    int >= 1

    Errors
    ------
    ValueError if the window does not fit even once.
    """
    return fit("conv_size", *checked("conv_size", size, k, stride, pad, dilation))[2]


def dropped_pixels(
    size: int, k: int, stride: int = 1, pad: int | tuple | str = 0, dilation: int = 1
) -> int:
    """Input pixels behind the last window of one axis: the stride overshoots them.

    Parameters and errors as ``conv_size``. Padding that goes unseen is no loss and not counted.
    """
    name = "dropped_pixels"
    size, k, stride, pad, dilation = checked(name, size, k, stride, pad, dilation)
    before, _, steps = fit(name, size, k, stride, pad, dilation)
    last_seen = (steps - 1) * stride + (k - 1) * dilation
    return min(size, max(0, before + size - 1 - last_seen))


def checked(name, size, k, stride, pad, dilation) -> tuple:
    """The same numbers, if each makes sense by itself."""
    size, k = natural(f"{name} size", size), natural(f"{name} k", k)
    stride, dilation = natural(f"{name} stride", stride), natural(f"{name} dilation", dilation)
    return size, k, stride, axis_pad(name, pad), dilation


def fit(name, size, k, stride, pad, dilation) -> tuple:
    """(padding before, padding after, window positions) along one axis."""
    reach = (k - 1) * dilation + 1
    if pad == "same":
        missing = max(0, (-(-size // stride) - 1) * stride + reach - size)
        pad = missing // 2, missing - missing // 2
    room = size + sum(pad) - reach
    if size < 1 or room < 0:
        raise ValueError(
            f"{name} k takes a window that fits: {k} with dilation {dilation} reaches over "
            f"{reach}, got an input of {size} with padding {pad[0]} + {pad[1]}"
        )
    return *pad, room // stride + 1


def axis_pad(name, pad):
    """The padding of one axis as "same" or a pair (before, after)."""
    if isinstance(pad, str):
        if pad not in ("same", "valid"):
            raise ValueError(f'{name} pad takes numbers, "same" or "valid", got {pad!r}')
        return "same" if pad == "same" else (0, 0)
    return pair(f"{name} pad", pad, least=0)


def pair(name, value, least=1) -> tuple:
    """(a, b) from one whole number for both or a pair of them."""
    if not isinstance(value, (tuple, list)):
        return (natural(name, value, least),) * 2
    if len(value) != 2:
        raise ValueError(f"{name} takes one whole number or a pair, got {value!r}")
    return natural(name, value[0], least), natural(name, value[1], least)


class Geometry(NamedTuple):
    """One window on one size of image; every field is a pair (rows, columns)."""

    k: tuple
    stride: tuple
    dilation: tuple
    pad: tuple  # ((top, bottom), (left, right))
    size: tuple  # of the image, without padding
    out: tuple  # window positions

    def padded(self) -> tuple:
        """Size of the image with its padding."""
        return tuple(size + sum(pad) for size, pad in zip(self.size, self.pad))

    def inside(self) -> tuple:
        """Where the image lies in its padded self, as slices of rows and columns."""
        return tuple(slice(pad[0], pad[0] + size) for size, pad in zip(self.size, self.pad))

    def steps(self, axis: int, cell: int) -> slice:
        """The pixels that cell number ``cell`` of the window visits along an axis."""
        start, stride = cell * self.dilation[axis], self.stride[axis]
        return slice(start, start + stride * self.out[axis], stride)

    def tiles(self) -> bool:
        """Whether the windows lie side by side, without a gap, over the whole padded image."""
        covered = tuple(k * out for k, out in zip(self.k, self.out))
        return self.stride == self.k and covered == self.padded()

    def seen_by(self, r: int) -> tuple:
        """The output rows that see row r of the image, and through which rows of the kernel.

        Two slices; rows of the kernel count from its last, and dilation's holes count too.
        """
        stride, reach = self.stride[0], (self.k[0] - 1) * self.dilation[0] + 1
        r += self.pad[0][0]
        top = r - reach + 1  # where the highest window that could see r begins
        first, end = max(0, -(-top // stride)), min(self.out[0], r // stride + 1)
        return slice(first, end), slice(first * stride - top, end * stride - top, stride)


class Window:
    """k, stride, pad and dilation of a layer, checked; the image size comes with the image.

    ``pad`` is an int, a pair (rows, columns), ((top, bottom), (left, right)), "same" or
    "valid"; the others are an int or a pair (rows, columns).
    """

    def __init__(self, name: str, k, stride, pad, dilation=1):
        self.name = name
        self.k, self.stride = pair(f"{name} k", k), pair(f"{name} stride", stride)
        self.dilation = pair(f"{name} dilation", dilation)
        if isinstance(pad, (tuple, list)) and len(pad) != 2:
            raise ValueError(f"{name} pad takes a pair (rows, columns), got {pad!r}")
        rows, columns = pad if isinstance(pad, (tuple, list)) else (pad, pad)
        self.pad = axis_pad(name, rows), axis_pad(name, columns)

    def on(self, height: int, width: int) -> Geometry:
        """This window on images of one size; ValueError if it does not fit."""
        axes = zip((height, width), self.k, self.stride, self.pad, self.dilation)
        rows, columns = (fit(self.name, *axis) for axis in axes)
        pads, out = (rows[:2], columns[:2]), (rows[2], columns[2])
        return Geometry(self.k, self.stride, self.dilation, pads, (height, width), out)
