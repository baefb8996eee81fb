"""An exhibit: controls, one picture, one sentence. Sliders in, pixels out."""

import asyncio
import base64
import collections
import contextlib
import gc
import html
import inspect
import os
import threading
import traceback

import ipywidgets as widgets
import numpy as np
from traitlets import Bool

from .controls import control, plain
from .page import page
from .picture import DPI, Picture, png

MAIN = threading.main_thread()
REST = 0.4  # seconds without a new value until the sharp picture
SHARP = 2  # pixels per CSS pixel at rest
CACHE_BYTES = 32_000_000


def running_loop():
    """The kernel's event loop; None in plain Python, where nothing waits for anything."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def set_aside():
    """Collect the garbage now, and spare what is left from later collections.

    A full one looks at all objects of the kernel for a tenth of a second, in the middle of a drag.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def data_url(picture: bytes) -> bytes:
    """A PNG as the address of an image: the page shows it 6 ms sooner than a PNG sent as such."""
    return b"data:image/png;base64," + base64.b64encode(picture)


class Exhibit(widgets.VBox):
    """Controls above one picture with a caption; made by ``explore`` and its relatives.

    Attributes
    ----------
    values : dict
        What the controls show now.
    busy : bool
        True while a redraw waits or a training runs.
    serial : int
        Number of pictures shown so far.
    """

    busy = Bool(False).tag(sync=True)

    def __init__(self, draw, controls, *, size=(8, 3.4), axes=1, actions=None):
        self.draw, self.loop = draw, running_loop()
        self.serial = 0
        self.picture = Picture(size, axes)
        self.controls = {name: control(name, spec) for name, spec in controls.items()}
        self.start = self.values
        self.drafts = "draft" in inspect.signature(draw).parameters
        self.cache, self.version = collections.OrderedDict(), 0
        self.waiting, self.timer, self.setting = False, None, False
        self.rough = None, b""  # key and picture last drawn at one pixel per CSS pixel
        width = f"{size[0] * DPI:g}px"
        self.image = widgets.Image(format="url", layout={"width": width, "max_width": "100%"})
        self.image.layout.height = "auto"
        self.image.add_class("nn-picture")
        self.caption, self.error = widgets.HTML(), widgets.HTML()
        self.caption.add_class("nn-caption")
        self.error.add_class("nn-error")
        style = widgets.HTML(page())
        style.add_class("nn-page")
        for widget in self.controls.values():
            widget.observe(self._changed, "value")
        self._prepare()
        super().__init__([style, *self._rows(actions or {}), self.image, self.caption, self.error])
        self.add_class("nn-exhibit")
        self.redraw(SHARP)
        if self.loop:
            self._warm()
            set_aside()

    def _warm(self):
        """Draw once as while a control moves, so that the first move is as quick as the others."""
        with contextlib.suppress(Exception):  # the picture at rest has shown it
            self.frame(1)

    def _prepare(self):
        """What must be there before the first picture."""

    def _rows(self, actions):
        """The controls in a row that wraps, with the buttons at its end."""
        buttons = [self._action(name, act) for name, act in actions.items()]
        if self.controls:
            buttons.append(self._button("Reset", self.reset))
        row = widgets.Box([*self.controls.values(), *buttons], layout={"flex_flow": "row wrap"})
        row.add_class("nn-controls")
        return [row]

    def _button(self, name, pressed):
        button = widgets.Button(description=name, layout={"width": "auto"})
        button.on_click(lambda _: self._on_main(pressed))
        return button

    def _action(self, name, act):
        return self._button(name, lambda: self.set(act(**self._arguments())))

    def _arguments(self, values=None):
        return {name: plain(value) for name, value in (values or self.values).items()}

    @property
    def values(self):
        return {name: widget.value for name, widget in self.controls.items()}

    def set(self, values: dict):
        """Move several controls, and draw once."""
        self.setting = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:  # somebody else's observer may raise
            self.setting = False
            self._moved()

    def reset(self):
        """Put every control back where it was."""
        self.set(self.start)

    def _on_main(self, work):
        """Run ``work`` on the main thread: a front end may call from a subshell's thread."""
        if threading.current_thread() is MAIN:
            work()
        else:
            self.busy = True  # from now on, not only once the main thread gets round to it
            self.loop.call_soon_threadsafe(work)

    def _changed(self, _):
        """The newest values win: however many events come, one redraw waits at most."""
        if not (self.setting or self.waiting):
            self.waiting = True
            self._on_main(self._moved)

    def _moved(self):
        self.waiting = False
        if self.timer:
            self.timer.cancel()
        if self.loop is None:
            return self.redraw(SHARP)
        self.busy = True
        if self._cached(self._key(SHARP)):
            self._rested()
        else:
            self.redraw(1)
            self.timer = self.loop.call_later(REST, self._rested)

    def _rested(self):
        self.timer = None
        self.redraw(SHARP)
        self.busy = self.waiting  # an event that came while it drew is still to be shown

    def _key(self, scale, values=None):
        return scale, self.version, repr(values or self.values)

    def redraw(self, scale=SHARP):
        """Draw with the newest values and show the picture, or why there is none."""
        values = self.values  # looked at once: a subshell may move a control meanwhile
        try:
            picture, said = self.frame(scale, values)
        except Exception:  # an exhibit shows what went wrong; ipywidgets would swallow it
            lines = html.escape("".join(traceback.format_exc().splitlines(True)[-3:]))
            self._say(self.error, f"<pre>{lines}</pre>")
        else:
            self._show(picture, scale, (self.version, repr(values)))
            self._say(self.caption, said)
            self._say(self.error, "")
        self.serial += 1

    def _show(self, picture, scale, key):
        """Put the picture there. A rough one like the last would only blur the sharp one of it."""
        last_key, last = self.rough
        if scale < SHARP:
            self.rough = key, picture
        elif key != last_key:
            self.rough = key, b""
        if scale == SHARP or picture != last:
            self.image.value = data_url(picture)

    @staticmethod
    def _say(where, text):
        if where.value != text:
            where.value = text

    def _cached(self, key):
        """Whether the frame is there; the tests draw every one to compare them with it."""
        return key in self.cache and "NNLIB_NO_CACHE" not in os.environ

    def frame(self, scale, values=None):
        """The PNG and the caption for some values, from the cache when they are there."""
        values = values or self.values
        key = self._key(scale, values)
        if not self._cached(key):
            pixels, said = self.picture.render(self._draw(scale, values), scale)
            self.cache[key] = png(pixels), said or ""
            while sum(len(picture) for picture, _ in self.cache.values()) > CACHE_BYTES:
                self.cache.popitem(last=False)
        self.cache.move_to_end(key)
        return self.cache[key]

    def _draw(self, scale, values=None):
        values = self._arguments(values) | ({"draft": scale < SHARP} if self.drafts else {})
        return lambda axes: self.draw(axes, **values)

    def refresh(self):
        """Draw anew because the data behind the picture changed."""
        self.version += 1
        self.cache.clear()
        self._moved()

    def still(self) -> bytes:
        """The picture as a static viewer shows it: normal density, 52 shades, small file."""
        pixels, _ = self.picture.render(self._draw(SHARP), 1)
        pixels = (5 * np.round(pixels / 5)).astype(np.uint8)  # 255 is a multiple: white stays white
        return min(png(pixels, 9), png(pixels, 9, up=False), key=len)

    def __repr__(self):
        values = {w.description: w.value for w in self.controls.values()}
        shown = ", ".join(
            f"{name} = {round(value, 6) if isinstance(value, float) else value}"
            for name, value in values.items()
        )
        return f"{shown}\n{to_text(self.caption.value)}".strip()

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        still = base64.b64encode(self.still()).decode()
        return bundle | {"text/plain": repr(self), "image/png": still}


def to_text(markup: str) -> str:
    """A caption without its tags."""
    inside, text = False, []
    for char in markup:
        inside = char == "<" or (inside and char != ">")
        text.append("" if inside or char == ">" else char)
    return html.unescape("".join(text))


def explore(draw, *, size=(8, 3.4), axes=1, actions=None, **controls) -> Exhibit:
    """Show ``draw(ax, **values)`` above one control per keyword, redrawn as they move.

    Parameters
    ----------
    draw : function
        ``draw(ax, margin, true_class)`` draws on empty axes with plain matplotlib and returns
        the caption: one or two sentences that say in words what is to be seen. It sets limits
        and ticks itself, looks at nothing but its arguments, and works without widgets too. A
        parameter ``draft`` is True while a control moves, for a slow drawing to be coarse.
    size : (width, height) in inches of 100 pixels
    axes : int, list of str or dict
        How many axes (draw gets an array of them), or a mosaic (draw gets a dict), or keywords
        of ``Figure.subplots``.
    actions : dict of name -> function, optional
        Buttons. ``action(**values)`` returns the controls to move, as a dict.
    **controls
        ``name=(low, high, step, value)`` a slider, ``name=[...]`` a choice (or
        ``name=([...], start)``), ``name=True`` a tick box, or a widget such as ``Matrix``.

    Returns
    -------
    Exhibit : display it by ending a cell with it.
    """
    return Exhibit(draw, controls, size=size, axes=axes, actions=actions)


def step_through(draw, frames: int, *, size=(8, 3.4), axes=1, interval=600, **controls) -> Exhibit:
    """Show ``draw(ax, step, **values)`` for step 0, 1, ..., frames - 1, with Back, Next and Play.

    Parameters
    ----------
    draw, size, axes, **controls
        As in ``explore``.
    frames : int >= 2
    interval : int >= 66
        Milliseconds per step while playing.
    """
    if frames < 2 or interval < 66:
        raise ValueError(
            f"step_through takes frames >= 2, interval >= 66, got {frames}, {interval}"
        )
    step = control("step", (0, frames - 1, 1, 0))
    play = widgets.Play(min=0, max=frames - 1, interval=interval, description="Play")
    play.observe(lambda change: setattr(step, "value", change.new), "value")
    step.observe(lambda change: setattr(play, "value", change.new), "value")
    moves = {
        "Back": lambda step, **_: {"step": max(step - 1, 0)},
        "Next": lambda step, **_: {"step": min(step + 1, frames - 1)},
    }
    exhibit = Exhibit(draw, {"step": step, **controls}, size=size, axes=axes, actions=moves)
    row = exhibit.children[1]
    *others, back, forward, reset = row.children
    row.children = (play, back, forward, *others, reset)
    return exhibit
