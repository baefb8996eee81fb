"""What a network costs, layer by layer, before a single weight is drawn."""

from __future__ import annotations

from html import escape
from math import prod
from typing import NamedTuple

import numpy as np

from .checks import natural
from .models.build import example_shape
from .models.joins import Chain, Join, chain
from .models.sight import axes_of, widest


class Row(NamedTuple):
    """One line of a ``Summary``: a layer, for one example.

    parameters, connections, macs : as defined in ``nnlib.models.Count``.
    memory : bytes of the output, kept until the backward pass.
    """

    name: str
    layer: str
    out: tuple
    axes: tuple
    parameters: int
    connections: int
    macs: int
    memory: int

    @property
    def flops(self) -> int:
        """Floating-point operations, 2·MACs: a product and an addition."""
        return 2 * self.macs

    @property
    def units(self) -> int:
        """Numbers in the output: neurons, in the older papers."""
        return prod(self.out)

    @property
    def receptive_field(self):
        """Pixels one unit sees along each axis; a pair where rows and columns differ."""
        return same([axis.field for axis in self.axes])

    @property
    def stride(self):
        """Pixels from one unit's field to its neighbour's."""
        return same([axis.stride for axis in self.axes])

    @property
    def offset(self):
        """Centre of the first unit's field; the first pixel lies at 0."""
        return same([axis.offset for axis in self.axes])


def same(values):
    """One number if all are equal, None if there are none, else all of them."""
    if len(set(values)) == 1:
        return values[0]
    return tuple(values) or None


class Summary:
    """A table of ``rows``, one per layer, and their sum ``total``.

    ``summary["C3"]`` is the row of that name, or the sum of the rows inside it.
    """

    def __init__(self, rows: list):
        self.rows = rows
        self.total = add_up("total", rows)._replace(layer="")

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, name: str) -> Row:
        name = str(name)
        inside = [row for row in self.rows if f"{row.name}.".startswith(f"{name}.")]
        if not inside:
            raise ValueError(f"summary has no row {name!r}; it has {[r.name for r in self.rows]}")
        return inside[0] if inside[0].name == name else add_up(name, inside)

    def cells(self) -> list:
        """The table as text, row by row: heading, layers, total."""
        heading = (
            "name", "layer", "output", "parameters", "connections", "MACs", "FLOPs", "memory",
            "field", "stride", "offset",
        )  # fmt: skip
        return [heading, *map(line, self.rows), (*line(self.total)[:8], "", "", "")]

    def __str__(self):
        cells = self.cells()
        widths = [max(map(len, column)) for column in zip(*cells)]
        lines = [
            "  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(
                zip(row, widths)
            )).rstrip()
            for row in cells
        ]  # fmt: skip
        rule = "-" * max(map(len, lines))
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self):
        heading, *body = self.cells()
        rows = [table_row(heading, "th"), *(table_row(row, "td") for row in body[:-1])]
        rows.append(table_row(body[-1], "th"))
        return "<table>" + "".join(rows) + "</table>"


def table_row(cells, tag) -> str:
    """One row of an HTML table; numbers stand at the right."""
    sides = ["left"] * 2 + ["right"] * (len(cells) - 2)
    inside = (
        f'<{tag} style="text-align:{side}">{escape(cell)}</{tag}>'
        for cell, side in zip(cells, sides)
    )
    return f"<tr>{''.join(inside)}</tr>"


def line(row: Row) -> tuple:
    """A row as text."""
    counts = (f"{n:,}" for n in (row.parameters, row.connections, row.macs, row.flops))
    sight = (size(row.receptive_field), size(row.stride), size(row.offset))
    return row.name, row.layer, size(row.out), *counts, data_size(row.memory), *sight


def size(value) -> str:
    """A number, a shape, or a dash for None."""
    if value is None:
        return "-"
    return "×".join(f"{n:g}" if n < 1e6 else str(n) for n in np.atleast_1d(value).tolist())


def data_size(count: int) -> str:
    """Bytes with a unit."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} GB"


def add_up(name: str, rows: list) -> Row:
    """One row for many: sums, and the output and the view of the last."""
    sums = (sum(getattr(row, field) for row in rows) for field in Row._fields[4:])
    out, axes = (rows[-1].out, rows[-1].axes) if rows else ((), ())
    layers = [row.layer for row in rows if row.layer]
    label = ", ".join(layers) if len(layers) <= 3 else f"{len(layers)} layers"
    return Row(name, label, out, axes, *sums)


def summary(net, shape: tuple, *, dtype=np.float32, depth: int | None = None) -> Summary:
    """Count a network layer by layer, for one example of ``shape``.

    Per layer: output shape, parameters, connections, MACs (multiply-adds), FLOPs = 2·MACs,
    bytes of the output, receptive field, its stride and offset.

    Parameters
    ----------
    net : Layer, part, list or dict
        A network, or the spec of one (``nnlib.models``): no weights are needed.
    shape : tuple of int
        (C, H, W), (T, D) or (D,): one example, without N.
    dtype : dtype
        Of the activations, for the memory.
    depth : int >= 1, optional
        Levels of nesting to show; what lies deeper is added up in one row.

    Returns
    -------
    Summary : prints as text, in a notebook as a table.

    Errors
    ------
    TypeError for something that is no network, ValueError where a layer does not fit.
    """
    shape = example_shape("summary", shape)
    levels = None if depth is None else natural("summary depth", depth)
    rows = list(walk(chain(net), (), shape, axes_of(shape), np.dtype(dtype).itemsize))
    if levels:
        rows = collapsed(rows, levels)
    return Summary([row._replace(name=".".join(row.name)) for row in rows])


def walk(item, path, shape, axes, itemsize):
    """Yield the rows of one part; their names are paths."""
    if isinstance(item, Chain):
        for name, inner in item.parts.items():
            for row in walk(inner, (*path, name), shape, axes, itemsize):
                yield row
                shape, axes = row.out, row.axes
    elif isinstance(item, Join):
        ends = []
        for name, way in item.ways().items():
            rows = list(walk(way, (*path, name), shape, axes, itemsize))
            yield from rows
            ends.append((rows[-1].out, rows[-1].axes) if rows else (shape, axes))
        out = item.joined([end for end, _ in ends])
        view = widest([axes for _, axes in ends])
        yield Row((*path, str(item)), "", out, view, 0, 0, 0, prod(out) * itemsize)
    else:
        out, axes, *costs = item.count(shape, axes)
        yield Row(path, str(item), out, axes, *costs, prod(out) * itemsize)


def collapsed(rows, levels):
    """Rows whose names agree up to ``levels``, added up."""
    groups = {}
    for row in rows:
        groups.setdefault(row.name[:levels], []).append(row)
    return [group[0] if len(group) == 1 else add_up(name, group) for name, group in groups.items()]
