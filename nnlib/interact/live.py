"""Training while you watch: a task that draws, listens for Stop, and never blocks the page."""

import asyncio
import html
import inspect
import time
import weakref

import ipywidgets as widgets

from .exhibit import SHARP, Exhibit

CHUNK = 0.025  # seconds of training between two looks at the outside world
PERIOD = 0.12  # seconds between two pictures
RUNNING = weakref.WeakValueDictionary()  # name of run -> the exhibit that trains


class Live(Exhibit):
    """An exhibit with Start, Stop and a progress bar; made by ``live``."""

    def __init__(self, run, draw, controls, **kwargs):
        self.run = run
        parameters = inspect.signature(run).parameters
        self.settings = [name for name in controls if name in parameters]
        self.views = [name for name in controls if name in inspect.signature(draw).parameters]
        self.task, self.stopping = None, False
        self.bar = widgets.HTML()
        super().__init__(draw, controls, **kwargs)

    def _prepare(self):
        chosen = self._chosen()
        self._take(next(self.run(**chosen)), chosen)

    def _chosen(self):
        return {name: value for name, value in self._arguments().items() if name in self.settings}

    def _rows(self, actions):
        rows = super()._rows(actions)
        self.start_button = self._button("Start", self.begin)
        self.stop_button = self._button("Stop", self.stop)
        self.start_button.button_style, self.stop_button.disabled = "primary", True
        buttons = widgets.HBox([self.start_button, self.stop_button, self.bar])
        return [*rows, buttons]

    def _draw(self, scale, values=None):
        values = {k: v for k, v in self._arguments(values).items() if k in self.views}
        if self.drafts:
            values["draft"] = scale < SHARP
        return lambda axes: self.draw(axes, self.snapshot, **values)

    def reset(self):
        """Back to the untrained net; a training that runs comes to its end first."""
        self.stopping = True
        self.snapshot_of = None
        super().reset()

    def _moved(self):
        """A changed setting means a new start: show the untrained net again."""
        self.waiting = False  # a value that comes while it is made ready asks once more
        if self.task is None and repr(self._chosen()) != repr(self.snapshot_of):
            self._prepare()
        super()._moved()

    def _rested(self):
        super()._rested()
        self.busy = self.task is not None or self.waiting

    def _take(self, snapshot, chosen):
        self.snapshot, self.snapshot_of = snapshot, chosen
        self.version += 1
        self.cache.clear()
        self._show_progress()

    def _show_progress(self):
        share = float(self.snapshot["progress"])
        self.bar.value = (
            f"<progress value='{share:.4f}' aria-label='progress'></progress> {share:.0%} done"
        )

    def begin(self):
        """Start the task, from the beginning; another one of the same name ends."""
        other = RUNNING.get(self.run.__qualname__)
        if other is not None and other.task is not None:
            other.stop()
        RUNNING[self.run.__qualname__] = self
        self.stopping, self.busy = False, True
        self.start_button.disabled, self.stop_button.disabled = True, False
        work = self._train(self._chosen())
        if self.loop is None:  # plain Python: nobody could press Stop
            return asyncio.run(work)
        self.task = self.loop.create_task(work)

    def stop(self):
        """Ask the task to end; it looks every few hundredths of a second."""
        self.stopping, self.busy = True, self.task is not None

    async def _train(self, chosen):
        steps = self.run(**chosen)
        try:
            shown = chunk = 0.0
            for snapshot in steps:
                if time.monotonic() - shown > PERIOD:
                    self._take(snapshot, chosen)
                    self.redraw(1)
                    shown = time.monotonic()
                if time.monotonic() - chunk > CHUNK:
                    await asyncio.sleep(0)  # here Stop, Reset and the sliders are heard
                    chunk = time.monotonic()
                    if self.stopping:
                        break
            if self.snapshot_of is not None:
                self._take(snapshot, chosen)
        except Exception as problem:  # a task would swallow it
            self._say(self.error, f"<pre>{html.escape(repr(problem))}</pre>")
        finally:
            steps.close()
            self.task = None
            self.start_button.disabled, self.stop_button.disabled = False, True
            if not self.error.value:
                self._ended()
            self.busy = False

    def _ended(self):
        if self.snapshot_of is None:  # Reset was pressed meanwhile
            self._prepare()
        self.redraw(SHARP)


def live(run, draw, *, size=(8, 3.4), axes=1, **controls) -> Live:
    """Train on a click and draw what happens, at most eight times a second.

    Parameters
    ----------
    run : generator function
        ``run(**settings)`` trains and yields a snapshot after every step or few (at most
        0.03 s of work between two): a dict with ``progress`` from 0 to 1 and whatever the
        drawing needs, copied, so that it does not change any more. The first one comes at
        once and shows the untrained state.
    draw : function
        ``draw(ax, snapshot, **views)`` as in ``explore``.
    **controls
        As in ``explore``. Those named in ``run`` are settings and take effect at the next
        Start; those named in ``draw`` change the picture at once, also while it trains.
    """
    return Live(run, draw, controls, size=size, axes=axes)
