"""A window along one axis of an image: where it can stand, what it reads, what would fit."""

from typing import NamedTuple

import numpy as np

from ...conv.sizes import checked, fit


class Axis(NamedTuple):
    """The window positions along the rows or the columns of an image.

    size : pixels of the image; k, stride, dilation : of the window;
    before, after : padding at either end; count : window positions, 0 if not even one fits.
    """

    size: int
    k: int
    stride: int
    dilation: int
    before: int
    after: int
    count: int

    @property
    def reach(self) -> int:
        """Pixels from the first to the last cell of the window."""
        return (self.k - 1) * self.dilation + 1

    @property
    def padded(self) -> int:
        return self.before + self.size + self.after

    @property
    def room(self) -> int:
        """How far the window can be pushed; negative if it does not fit."""
        return self.padded - self.reach

    @property
    def rest(self) -> int:
        """Pixels that the last step leaves behind, padding among them."""
        return self.room % self.stride

    def cells(self, step: int) -> np.ndarray:
        """Places of the padded axis that the window reads at one position."""
        return step * self.stride + self.dilation * np.arange(self.k)

    def reads(self) -> np.ndarray:
        """How often each place of the padded axis is read."""
        times = np.zeros(self.padded, int)
        if self.count:
            for first in self.cells(0):
                times[first : first + self.stride * self.count : self.stride] += 1
        return times

    def unread(self) -> int:
        """Pixels of the image itself that no window reads."""
        return int((self.reads()[self.before : self.before + self.size] == 0).sum())

    def formula(self) -> str:
        """The size formula with the numbers of this axis."""
        pads = f" + {self.before} + {self.after}" if self.before or self.after else ""
        top = f"({self.size}{pads} − {self.reach})"
        if self.room < 0:
            return f"{top} = −{-self.room}: not one window fits"
        value = self.room / self.stride
        if self.rest == 0:
            return f"{top} / {self.stride} + 1 = {value:.0f} + 1 = {self.count}"
        shown = "≈" if round(value, 2) != value else "="
        return f"⌊{top} / {self.stride}⌋ + 1 {shown} ⌊{value:.2f}⌋ + 1 = {self.count}"


def axis(size: int, k: int, stride: int = 1, pad=0, dilation: int = 1) -> Axis:
    """The axis of ``conv_size``, also where the window does not fit: then ``count`` is 0."""
    settings = checked("window", size, k, stride, pad, dilation)
    try:
        before, after, count = fit("window", *settings)
    except ValueError:
        before, after, count = (0, 0, 0) if settings[3] == "same" else (*settings[3], 0)
    return Axis(*settings[:3], settings[4], before, after, count)


def nearest(a: Axis) -> dict:
    """Settings next to those of ``a`` that divide without a remainder, one changed at a time.

    Returns a dict of name -> list of values, the next smaller and the next larger one.
    """

    def fits(**change):
        b = a._replace(**change)
        return b.room >= 0 and b.rest == 0

    far = max(a.stride, a.reach, -a.room) + 1
    found = {}
    for name, value, least in (
        ("input", a.size, 1), ("kernel", a.k, 1), ("stride", a.stride, 1), ("padding", a.after, 0),
    ):  # fmt: skip
        field = {"input": "size", "kernel": "k", "padding": "after"}.get(name, name)
        below = range(value - 1, max(least, value - far) - 1, -1)
        above = range(value + 1, value + far + 1)
        hits = (next((v for v in side if fits(**{field: v})), None) for side in (below, above))
        found[name] = [v for v in hits if v is not None]
    return {name: values for name, values in found.items() if values}


def same_answer(a: Axis) -> range:
    """The sizes of image that give as many positions as ``a`` does."""
    least = (a.count - 1) * a.stride + a.reach - a.before - a.after
    return range(max(1, least), least + a.stride)
