"""A small picture to draw by mouse or keyboard: the one input ipywidgets does not have."""

from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
from traitlets import Any, Int, List, Unicode

from .controls import WIDE

STYLE = """
.nn-painter { display: grid; width: 184px; height: 184px; touch-action: none; cursor: crosshair;
  margin: 4px 4px 7px; border: 1px solid #777; background: white; user-select: none; }
.nn-painter > div { border: 0.5px solid #ddd; }
.nn-painter:focus > .nn-painter-here { outline: 2px solid #D55E00; outline-offset: -2px; }
.nn-painter-said, .nn-painter-help { display: block; width: 25em; font-size: 12px;
  line-height: 1.35; color: var(--jp-content-font-color1, #111); }
"""


class Board(anywidget.AnyWidget):
    """The board in the page: rows of whole numbers, 0 (paper) to ``levels`` - 1 (ink).

    ``good`` are sample drawings that tests put in.
    """

    _esm = Path(__file__).with_name("painter.js").read_text(encoding="utf-8")
    _css = STYLE
    value = List(List(Int())).tag(sync=True)
    levels = Int(2).tag(sync=True)
    description = Unicode().tag(sync=True)
    good = List().tag(sync=True)


class Drawing(tuple):
    """Rows of a picture as tuples; shown in a few words."""

    def __str__(self):
        inked = sum(ink > 0 for row in self for ink in row)
        return f"{len(self)}×{len(self[0])} pixels, {inked} of them with ink"


class Painter(widgets.VBox):
    """A picture that the reader draws; the draw function gets an integer array (R, C).

    Parameters
    ----------
    start : int array (R, C)
        The first picture, from 0 (paper) to ``levels`` - 1 (full ink).
    levels : int >= 2
    gallery : int array (N, R, C), optional
        Pictures to start from, chosen by a slider called ``gallery_name``. It stands at the
        one shown, or where it stood before the reader drew.
    """

    value = Any()
    description = Unicode()

    def __init__(self, start, *, levels, gallery=None, gallery_name="picture"):
        start = drawing("start", start, levels)
        blank = np.zeros((len(start), len(start[0])), int)
        self.board = Board(value=rows(start), levels=levels)
        self.board.good = [blank.tolist(), (blank + levels - 1).tolist(), rows(start[::-1])]
        self.gallery = [] if gallery is None else [drawing("gallery", g, levels) for g in gallery]
        self.places = {picture: place for place, picture in enumerate(self.gallery)}
        self.chooser = widgets.IntSlider(
            value=self.places.get(start, 0), max=max(len(self.gallery) - 1, 0), style=WIDE,
            description=gallery_name, layout={"width": "24em"},
        )  # fmt: skip
        super().__init__([self.board, self.chooser] if self.gallery else [self.board])
        self.value = start
        self.board.observe(self._drawn, "value")
        self.chooser.observe(self._chosen, "value")
        self.observe(self._set, "value")
        self.observe(lambda change: setattr(self.board, "description", change.new), "description")

    def _drawn(self, change):
        self.value = Drawing(map(tuple, change.new))

    def _chosen(self, change):
        """The slider moved: by the reader, or to follow a value that was set."""
        if self.places.get(self.value) != change.new:
            self.value = self.gallery[change.new]

    def _set(self, change):
        self.board.value = rows(change.new)
        self.chooser.value = self.places.get(change.new, self.chooser.value)


def rows(picture) -> list:
    return [list(row) for row in picture]


def drawing(name, picture, levels) -> Drawing:
    """``picture`` as a Drawing, if it is one."""
    array = np.asarray(picture)
    wanted = f"Painter takes {name} as whole numbers (R, C) from 0 to {levels - 1}"
    if array.ndim != 2 or array.dtype.kind not in "iu" or array.size == 0:
        raise ValueError(f"{wanted}, got {array.dtype} of shape {array.shape}")
    if array.min() < 0 or array.max() >= levels:
        raise ValueError(f"{wanted}, got {array.min()} to {array.max()}")
    return Drawing(tuple(row) for row in array.tolist())
