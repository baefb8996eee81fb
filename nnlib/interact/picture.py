"""One persistent figure, drawn again and again, as fast as matplotlib can.

Three measures make it fast. Axes, ticks and labels cost most of a redraw and rarely change, so
they are kept as backgrounds, one for each pair of axes, and only what stands in front of them is
drawn. Text is set once and remembered. And the PNG is written with the "up" filter at zlib level
1, a third of the usual encoder's time.
"""

import contextlib
import functools
import struct
import zlib
from pathlib import Path

import numpy as np
from matplotlib import rc_params_from_file, rcParams
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from .lettering import Canvas

DPI = 100
BACKGROUND_BYTES = 48_000_000
STYLE = rc_params_from_file(
    Path(__file__).parent.parent / "house.mplstyle", use_default_template=False
)


@contextlib.contextmanager
def styled():
    """The house's style for a while: ``rc_context``, unchecked, in a tenth of its time."""
    before = {name: rcParams[name] for name in STYLE}
    dict.update(rcParams, STYLE)
    try:
        yield
    finally:
        dict.update(rcParams, before)


def png(rgba: np.ndarray, level: int = 1, up: bool = True) -> bytes:
    """An opaque PNG of ``rgba`` (H, W, 4): each row as its difference from the row above.

    That is quick to write; ``up=False`` stores the rows as they are, for drawings the smaller file.
    """
    height, width, _ = rgba.shape
    rows = rgba.copy()
    if up:
        np.subtract(rgba[1:], rgba[:-1], out=rows[1:])
    filtered = np.empty((height, 1 + 3 * width), np.uint8)
    filtered[:, 0] = 2 if up else 0  # PNG's names for the filters "up" and "none"
    for k in range(3):  # one by one: three times as quick as rows[..., :3]
        filtered[:, 1 + k :: 3] = rows[..., k]

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(filtered, level)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


class Picture:
    """A figure that ``render`` draws with a plain function of its axes.

    Parameters
    ----------
    size : (width, height) in inches of 100 pixels
    axes : int, list of str, or dict
        Number of axes side by side, or a mosaic such as ``["AAB"]`` (then the draw function
        gets a dict of axes), or keywords of ``Figure.subplots``.
    """

    def __init__(self, size=(8, 3.4), axes=1):
        with styled():
            self.fig = Figure(figsize=size, dpi=DPI, layout="constrained")
            self.canvas = Canvas(self.fig)
            if isinstance(axes, list):
                self.axes = self.fig.subplot_mosaic([list(row) for row in axes])
            else:
                kwargs = axes if isinstance(axes, dict) else {"ncols": axes}
                self.axes = self.fig.subplots(**kwargs)
        for ax in self.fig.axes:  # asked for by whatever clips itself to the axes, and costly
            ax.patch.get_transform = functools.cache(ax.patch.get_transform)
        self.backgrounds, self.laid_out = {}, False

    def render(self, draw, scale: int = 1):
        """Run ``draw(axes)`` on empty axes; return the pixels (H, W, 4) and what draw returned."""
        with styled():
            self.fig.set_dpi(DPI * scale)
            self.wipe()
            said = draw(self.axes)
            if not self.laid_out:  # lay out once: from here on only pixels change
                self.canvas.draw()
                self.fig.set_layout_engine("none")
                self.laid_out = True
            return self.pixels(scale), said

    def wipe(self):
        """Take everything off the axes. ``Axes.clear`` would do it too, 15 times slower."""
        for artist in [*self.fig.texts, *self.fig.lines, *self.fig.patches]:
            artist.remove()
        for ax in self.fig.axes:
            for artist in [*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts]:
                artist.remove()
            for artist in [*ax.artists, *ax.tables, *ax.child_axes]:
                artist.remove()
            ax.legend_ = None
            ax.set_prop_cycle(None)
            ax.set_axis_on()
            if (ax.get_xscale(), ax.get_yscale()) != ("linear", "linear"):
                ax.set(xscale="linear", yscale="linear")
            ax.set_aspect("auto")
            ax.dataLim = Bbox.null()
            ax.viewLim.set(Bbox.unit())
            ax.set_autoscale_on(True)
            for axis in (ax.xaxis, ax.yaxis):
                if axis.get_label_text():
                    axis.set_label_text("")
            for loc in ("left", "center", "right"):
                if ax.get_title(loc):
                    ax.set_title("", loc=loc)

    def pixels(self, scale):
        """The background of each axes, drawn when it is new, and the artists in front of them."""
        renderer = self.canvas.get_renderer()
        behind = [self.background(ax, scale) for ax in self.fig.axes]
        pixels = np.asarray(self.canvas.buffer_rgba())
        pixels[:] = 255
        for place, ink in behind:
            np.minimum(pixels[place], ink, out=pixels[place])  # the darker one is seen
        front = [artist for ax in self.fig.axes for artist in in_front(ax)]
        front += [*self.fig.texts, *self.fig.lines, *self.fig.patches]
        for artist in sorted(front, key=lambda artist: artist.get_zorder()):
            artist.draw(renderer)
        return pixels

    def background(self, ax, scale):
        """One axes without its contents: the part of the picture it fills, and the pixels there."""
        ax.apply_aspect()
        key = repr((scale, self.fig.axes.index(ax), appearance(ax)))
        if key not in self.backgrounds:
            for artist in in_front(ax):
                artist.set_animated(True)  # left out by draw()
            renderer = self.canvas.get_renderer()
            renderer.clear()
            self.fig.patch.draw(renderer)
            ax.draw(renderer)
            self.backgrounds[key] = inked(np.asarray(self.canvas.buffer_rgba()))
            while sum(ink.nbytes for _, ink in self.backgrounds.values()) > BACKGROUND_BYTES:
                self.backgrounds.pop(next(iter(self.backgrounds)))
        return self.backgrounds[key]


def inked(pixels):
    """The smallest rectangle with all that is not white, and a copy of the pixels there."""
    ink = (pixels != 255).any(axis=2)
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    place = tuple(slice(at[0], at[-1] + 1) if at.size else slice(0) for at in (rows, columns))
    return place, pixels[place].copy()


def in_front(ax) -> list:
    """What stands before the background: contents, texts, titles, and the frame when it is on."""
    behind = {ax.patch, ax.xaxis, ax.yaxis} | (set() if ax.axison else {*ax.spines.values()})
    return [artist for artist in ax.get_children() if artist not in behind]


def appearance(ax) -> list:
    """All that decides how the axes look without their contents."""
    look = [ax.axison, ax.get_position().bounds, ax.get_facecolor(), ax.get_xlim(), ax.get_ylim()]
    for axis in (ax.xaxis, ax.yaxis):
        look += [axis.get_label_text(), axis.get_tick_params(), axis.get_scale()]
        if not axis.isDefault_majloc:  # by default, scale and limits decide
            look += list(axis.get_majorticklocs())
        if not axis.isDefault_majfmt:
            look += axis.get_major_formatter().format_ticks(axis.get_majorticklocs())
        if not axis.isDefault_minloc:
            look += list(axis.get_minorticklocs())
    return look
