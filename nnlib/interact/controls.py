"""From a short description to a control: ``(0, 3, 0.1, 1)`` is a slider, a list a choice."""

import ipywidgets as widgets
import numpy as np
from traitlets import Any, List

WIDE = {"description_width": "initial"}


class TextField(widgets.Text):
    """A line of text. ``good`` and ``bad`` are sample values that tests type in."""

    good = List().tag(sync=True)
    bad = List().tag(sync=True)

    def __init__(self, value: str, *, good: list, bad: list, width: str = "26em", **kwargs):
        super().__init__(
            value=value, good=good, bad=bad, continuous_update=False, style=WIDE,
            layout=widgets.Layout(width=width), **kwargs,
        )  # fmt: skip


class Matrix(widgets.VBox):
    """A slider for every number of a matrix; the draw function gets the array.

    Parameters
    ----------
    start : array (R, C)
        The first values.
    low, high, step : float
        Range of every slider.
    rows, columns : list of str
        What the rows and columns mean; also the accessible name of each slider.
    """

    value = Any()

    def __init__(self, start, low, high, step, rows, columns, description=""):
        start = np.asarray(start, float)
        if start.shape != (len(rows), len(columns)):
            raise ValueError(f"Matrix takes {len(rows)}×{len(columns)} numbers, got {start.shape}")
        self.description = description
        self.cells = [
            [self._slider(v, low, high, step, f"{r}, {c}") for v, c in zip(line, columns)]
            for line, r in zip(start, rows, strict=True)
        ]
        head = [self._heading(text, "10.5em") for text in columns]
        lines = [[self._heading(r), *cells] for r, cells in zip(rows, self.cells)]
        super().__init__([widgets.HBox(line) for line in [[self._heading(""), *head], *lines]])
        self.add_class("nn-matrix")
        self._writing = False
        self._read()
        self.observe(self._write, "value")

    def _slider(self, value, low, high, step, name):
        slider = widgets.FloatSlider(
            value=value, min=low, max=high, step=step, description=name,
            readout_format=readout(step), layout=widgets.Layout(width="10.5em"),
        )  # fmt: skip
        slider.observe(self._read, "value")
        return slider

    def _heading(self, text, width="4em"):
        heading = widgets.Label(text, layout=widgets.Layout(width=width))
        heading.add_class("nn-heading")
        return heading

    def _read(self, _=None):
        if not self._writing:
            # the browser turns 0.2 into low + k·step, 0.20000000000000018: no reason to draw anew
            self.value = tuple(tuple(round(c.value, 9) for c in line) for line in self.cells)

    def _write(self, _):
        self._writing = True
        for line, numbers in zip(self.cells, self.value, strict=True):
            for cell, number in zip(line, numbers, strict=True):
                if round(cell.value, 9) != number:
                    cell.value = float(number)
        self._writing = False


def control(name: str, spec) -> widgets.Widget:
    """A labelled control.

    ``spec`` is ``(low, high, step, value)`` for a slider (whole numbers make an integer
    slider), a list or dict for a choice, ``([...], value)`` for one that starts at ``value``,
    True or False for a tick box, or a widget.
    """
    label = name.replace("_", " ")
    if isinstance(spec, widgets.Widget):
        spec.description = spec.description or label
        return spec
    if isinstance(spec, bool):
        return widgets.Checkbox(spec, description=label, indent=False, layout={"width": "auto"})
    if isinstance(spec, (list, dict)):
        return choice(label, spec)
    if isinstance(spec, tuple) and len(spec) == 2 and isinstance(spec[0], (list, dict)):
        return choice(label, *spec)
    if isinstance(spec, tuple) and len(spec) == 4:
        return slider(label, *spec)
    raise TypeError(
        f"{name} takes (low, high, step, value), a list, True, False or a widget, got {spec!r}"
    )


def slider(label, low, high, step, value) -> widgets.Widget:
    """A slider with as many decimals as its step has."""
    whole = all(isinstance(v, int) for v in (low, high, step, value))
    return (widgets.IntSlider if whole else widgets.FloatSlider)(
        value=value, min=low, max=high, step=step, description=label, style=WIDE,
        readout_format="d" if whole else readout(step), layout={"width": "min(100%, 29em)"},
    )  # fmt: skip


def readout(step) -> str:
    """A format with as many decimals as the step has."""
    return f".{len(np.format_float_positional(step, trim='-').partition('.')[2])}f"


def log_slider(low: float, high: float, value: float, per_decade: int = 20) -> widgets.Widget:
    """A slider over powers of ten, for a learning rate: ``lr=log_slider(1e-4, 10, 0.1)``.

    All three numbers move to the nearest of its steps, ``per_decade`` to a factor of ten.
    """
    low, value, high = (np.round(np.log10([low, value, high]) * per_decade) / per_decade).tolist()
    return widgets.FloatLogSlider(
        value=10**value, base=10, min=low, max=high, step=1 / per_decade, style=WIDE,
        readout_format=".2g", layout={"width": "min(100%, 29em)"},
    )  # fmt: skip


def choice(label, options, value=None) -> widgets.Widget:
    """Buttons side by side for a few short options, else a menu."""
    options = list(options.items()) if isinstance(options, dict) else options
    names = [o[0] if isinstance(o, tuple) else str(o) for o in options]
    start = {} if value is None else {"value": value}
    if len(names) <= 6 and sum(map(len, names)) <= 44:
        style = {**WIDE, "button_width": "auto"}
        return widgets.ToggleButtons(options=options, description=label, style=style, **start)
    return widgets.Dropdown(
        options=options, description=label, style=WIDE, layout={"width": "max-content"}, **start
    )


def plain(value):
    """``value`` as the draw function wants it: a matrix as an array."""
    nested = isinstance(value, tuple) and value and isinstance(value[0], tuple)
    return np.array(value) if nested else value
