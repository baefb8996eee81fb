"""The sliding window, forward and turned around."""

import numpy as np

from ... import viz
from ...conv import correlate
from ...interact import TextField
from .boards import board, bracket, frame, grid, num, sign, some
from .examples import EXAMPLES

IMAGE, KERNEL = (0, 0, 6, 6), (7.2, 0, 3, 6)  # slots: left, top, columns, rows
RESULT, ANSWER = (11.4, 0, 3, 6), (15.6, 0, 6, 6)
TABLE = 7.5  # where the table of products stands
BOARD = {"size": (8.6, 4.25)}
OUTPUT, PIXEL = "an output cell", "an input pixel"


def scan(ax, step, example):
    """One output cell after another: the window, its products, their running sum."""
    image, kernel, bias = EXAMPLES[example]
    out = correlate(image, kernel) + bias
    row, column = divmod(step, out.shape[1])
    filled = np.where(np.arange(out.size).reshape(out.shape) <= step, out, np.nan)
    said = draw_forward(ax, image, kernel, bias, row, column, filled)
    rest = out.size - step - 1
    return said + (f" {some(rest, 'cell').capitalize()} left." if rest else " The map is full.")


def look(ax, image, kernel, bias, pick, row, column):
    """Pick an output cell and see what it saw, or a pixel and see every output it touches."""
    try:
        x, w = matrix_in("image", image, 6), matrix_in("kernel", kernel, 3)
        if w.shape[0] > x.shape[0] or w.shape[1] > x.shape[1]:
            raise ValueError(f"the kernel {size_of(w)} does not fit into the image {size_of(x)}")
    except ValueError as problem:
        board(ax, 21.7, 9.2)
        ax.text(0, 3, f"Not yet: {problem}.", size=12)
        return f"Not yet: {problem}."
    out = correlate(x, w) + bias
    within = out.shape if pick == OUTPUT else x.shape
    row, column = min(row, within[0] - 1), min(column, within[1] - 1)
    if pick == OUTPUT:
        return draw_forward(ax, x, w, bias, row, column, out)
    return draw_backward(ax, x, w, out, row, column)


def look_controls() -> dict:
    """Two matrices to type, and where to look."""
    bad = ["", "1 2; 3", "1 two; 3 4", "1 2 3 4 5 6 7 8", "nan 1; 1 1"]
    start = "1 0 1 0; 1 1 1 0; 1 0 1 0; 0 0 1 0"
    image = TextField(start, good=["1 2 3; 4 5 6; 7 8 9", "0 0 0 0 0 0; 0 0 9 0 0 0"], bad=bad)
    kernel = TextField("1 -1; 1 -1", good=["1 2; 3 4", "0.5", "1 0; 0 1"], bad=[*bad, "1 2 3 4"])
    at = (0, 5, 1, 1)
    return {
        "image": image, "kernel": kernel, "bias": (-3, 3, 1, 0), "pick": [OUTPUT, PIXEL],
        "row": at, "column": at,
    }  # fmt: skip


def typed(example):
    """A button: put one of the worked examples into the text fields."""

    def act(**_):
        image, kernel, bias = EXAMPLES[example]
        return {"image": as_text(image), "kernel": as_text(kernel), "bias": bias}

    return act


def as_text(matrix) -> str:
    return "; ".join(" ".join(str(v) for v in line) for line in matrix)


def matrix_in(name, text, most) -> np.ndarray:
    """The matrix typed as rows with ; between them; ValueError says what is wrong."""
    rows = [line.split() for line in text.replace(",", " ").strip(" ;").split(";")]
    try:
        matrix = [[float(v) for v in line] for line in rows]
    except ValueError:
        raise ValueError(f"the {name} takes numbers, with a ; between its rows") from None
    if not matrix[0] or len({len(line) for line in matrix}) > 1:
        raise ValueError(f"the {name} takes rows of equal length, with a ; between them")
    if len(matrix) > most or len(matrix[0]) > most:
        raise ValueError(f"the {name} takes at most {most} rows and columns here")
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 9:
        raise ValueError(f"the {name} takes numbers from −9 to 9 here")
    if np.abs(matrix)[np.nonzero(matrix)].min(initial=9) < 0.01:
        raise ValueError(f"the {name} takes 0, or numbers at least 0.01 in size, here")
    return np.array(matrix)


def size_of(matrix) -> str:
    return "×".join(map(str, matrix.shape))


def draw_forward(ax, image, kernel, bias, row, column, shown) -> str:
    """The window of one output cell, its products and their running sum."""
    (kh, kw), n = kernel.shape, kernel.size
    seen = image[row : row + kh, column : column + kw]
    products = seen * kernel
    at = grid(ax, image, IMAGE, f"image {size_of(image)}")
    frame(ax, at, row, column, kh, kw)
    grid(ax, kernel, KERNEL, "kernel")
    grid(ax, products, RESULT, "products")
    at = grid(ax, shown, ANSWER, f"feature map {size_of(shown)}")
    frame(ax, at, row, column)
    sign(ax, 6.1, 2.5, "×")
    sign(ax, 10.3, 2.5, "=")
    sign(ax, 14.5, 2.5, "→")
    terms = [*products.ravel(), bias]
    names = [f"{u},{v}" for u in range(kh) for v in range(kw)] + ["bias"]
    table(ax, np.array([terms, np.cumsum(terms)]), names, ["product", "sum so far"], n)
    board(ax, 21.7, 9.2)
    written = " + ".join(f"{num(x)}·{bracket(w)}" for x, w in zip(seen.ravel(), kernel.ravel()))
    tail = f" + bias {bracket(bias)}" if bias else ""
    total = products.sum() + bias
    return f"Output cell ({row}, {column}) = {written}{tail} = <b>{num(total)}</b>."


def table(ax, values, names, rows, last):
    """Numbered terms and what they come to; the column ``last`` is framed."""
    left = 21.7 / 2 - values.shape[1] / 2 + 1
    corner = grid(ax, values, (left, TABLE, values.shape[1], 2))
    for k, name in enumerate(names):
        ax.text(left + k, TABLE - 0.75, name, ha="center", va="bottom", size=9)
    for k, name in enumerate(rows):
        ax.text(left - 0.8, TABLE + k, name, ha="right", va="center_baseline")
    if last is not None:
        frame(ax, corner, 1, last)


def touched(image, kernel, row, column) -> list:
    """Every output cell that a pixel touches, with the cell of the kernel: (p, q, u, v)."""
    (H, W), (kh, kw) = image.shape, kernel.shape
    return [
        (row - u, column - v, u, v)
        for u in reversed(range(kh))
        for v in reversed(range(kw))
        if 0 <= row - u <= H - kh and 0 <= column - v <= W - kw
    ]


def draw_backward(ax, image, kernel, out, row, column) -> str:
    """Every output cell that one pixel touches, and through which weight."""
    cells, pixel = touched(image, kernel, row, column), image[row, column]
    at = grid(ax, image, IMAGE, f"image {size_of(image)}")
    frame(ax, at, row, column, color=viz.ORANGE)
    grid(ax, kernel, KERNEL, "kernel")
    turned = np.full(kernel.shape, np.nan)
    for _, _, u, v in cells:
        turned[-1 - u, -1 - v] = kernel[u, v]
    grid(ax, turned, RESULT, "turned by 180°", limit=2.2 * (np.abs(kernel).max() or 1))
    at = grid(ax, out, ANSWER, f"feature map {size_of(out)}")
    for p, q, _, _ in cells:
        frame(ax, at, p, q, color=viz.ORANGE)
    sign(ax, 14.5, 2.5, "→")
    weights = np.array([kernel[u, v] for _, _, u, v in cells])
    names = [f"{p},{q}" for p, q, _, _ in cells]
    table(ax, np.array([weights, weights * pixel]), names, ["weight", "weight × pixel"], None)
    board(ax, 21.7, 9.2)
    change = ", ".join(num(w) for w in weights)
    part = "" if len(cells) == kernel.size else " as far as it lies on the map"
    return (
        f"Pixel ({row}, {column}) = {num(pixel)} lies in {some(len(cells), 'window')}. Raise it "
        f"by 1, and the framed outputs change by {change}: "
        f"<b>the kernel turned by 180°{part}</b>."
    )
