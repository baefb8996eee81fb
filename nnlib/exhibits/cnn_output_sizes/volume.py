"""Three channels, two filters, stride 2: every product of a small convolution."""

import numpy as np
from matplotlib import colormaps

from ... import viz
from ...conv import Conv2d
from .paper import centres, frame, grid, numbers, paint, sheet

VOLUME = {"size": (8.6, 5.3)}
VOLUME_STEPS = 9

# A worked example that many notes reprint: 5×5 pixels in three channels, two 3×3×3 filters.
X = np.array([
    [[0, 1, 1, 0, 2], [2, 2, 2, 2, 1], [1, 0, 0, 2, 0], [0, 1, 1, 0, 0], [1, 2, 0, 0, 2]],
    [[1, 0, 2, 2, 0], [0, 0, 0, 2, 0], [1, 2, 1, 2, 1], [1, 0, 0, 0, 0], [1, 2, 1, 1, 1]],
    [[2, 1, 2, 0, 0], [1, 0, 0, 1, 0], [0, 2, 1, 0, 1], [0, 1, 2, 2, 2], [2, 1, 0, 0, 1]],
], float)  # fmt: skip
W = np.array([
    [[[-1, 1, 0], [0, 1, 0], [0, 1, 1]], [[-1, -1, 0], [0, 0, 0], [0, -1, 0]],
     [[0, 0, -1], [0, 1, 0], [1, -1, -1]]],
    [[[1, 1, -1], [-1, -1, 1], [0, -1, 1]], [[0, 1, 0], [-1, 0, -1], [-1, 1, 0]],
     [[-1, 0, 0], [-1, 0, 1], [-1, 0, 0]]],
], float)  # fmt: skip
B = np.array([1.0, 0.0])
SIGNED = colormaps[viz.SIGNED]
GREYS = colormaps["Greys"]
CHANNELS = {"red": viz.ORANGE, "green": viz.GREEN, "blue": viz.BLUE}


def volume_conv() -> Conv2d:
    """The layer of the example: 3 channels in, 2 maps out, 3×3, stride 2, one ring of zeros."""
    conv = Conv2d(3, 2, 3, stride=2, pad=1, rng=np.random.default_rng(0))
    conv.W[...], conv.b[...] = W, B
    return conv


def cells_with_numbers(ax, x, y, cell, values, colors, **kwargs):
    """A grid with its numbers."""
    grid(ax, x, y, cell, colors)
    across, down = centres(x, y, cell, *values.shape)
    numbers(ax, across, down, values, color=viz.readable(colors).ravel(), **kwargs)


def draw_volume(ax, step, which_filter):
    """One number of the output: three windows, three kernels, 27 products, four summands."""
    sheet(ax, 84, 51.5)
    which, (i, j) = which_filter, divmod(step, 3)
    padded = np.pad(X, ((0, 0), (1, 1), (1, 1)))
    rows, columns = slice(2 * i, 2 * i + 3), slice(2 * j, 2 * j + 3)
    products = padded[:, rows, columns] * W[which] + 0.0  # no −0
    sums = products.sum(axis=(1, 2))
    heads = ((1, "input with padding"), (22, f"filter {which}"), (33.5, "products"), (45, "sum"))
    for x, text in heads:
        ax.text(x, 1.6, text, size=11, weight="bold")
    for c, (name, color) in enumerate(CHANNELS.items()):
        y, cell = 5.4 + 16 * c, 1.9
        ax.text(1, y - 0.8, f"channel {c}, {name}", size=9, color="#444444")
        draw_channel(ax, y, cell, padded[c], rows, columns, color)
        for x, values in ((22, W[which, c]), (33.5, products[c])):
            look = SIGNED(0.5 + values / 8)
            cells_with_numbers(ax, x, y + 3.8, 2.6, values, look, size=11)
        ax.text(30.9, y + 7.7, "→", ha="left", va="center", size=13)
        ax.text(45.5, y + 7.7, f"{sums[c]:+.0f}".replace("-", "−"), va="center", size=13)
    ax.text(45.5, 50.6, f"{B[which]:+.0f}", va="center", size=13)
    ax.text(33.5, 50.6, f"bias b{'₀₁'[which]}", va="center", size=10)
    out = volume_conv()(X[None])[0]
    draw_outputs(ax, out, step, which)
    first, *others = [*sums, B[which]]
    terms = "".join(f" {'−' if s < 0 else '+'} {abs(s):.0f}" for s in others)
    said = f"{first:.0f}{terms} = {out[which, i, j]:.0f}".replace("-", "−")
    ax.text(58, 46.5, said, size=13, weight="bold")
    return (
        f"Filter {which}, row {i}, column {j}: the window starts at row {2 * i} and column {2 * j} "
        f"of the padded image in <b>all three channels at once</b>. 27 products and the bias: "
        f"<b>{said}</b>."
    )


def draw_channel(ax, y, cell, channel, rows, columns, color):
    """One padded channel with the window on it."""
    look = GREYS(0.16 * channel)
    look[[0, -1]] = look[:, [0, -1]] = paint((1,), "#e6e6e6")[0]
    cells_with_numbers(ax, 1, y, cell, channel, look, size=9)
    frame(ax, 1 + cell, y + cell, 5 * cell, 5 * cell, color=viz.INK, lw=1.2)
    frame(ax, 1 + cell * columns.start, y + cell * rows.start, 3 * cell, 3 * cell, color=color)


def draw_outputs(ax, out, step, which):
    """The two maps as far as they are computed; both filters work at every position."""
    known, (i, j) = (np.arange(9) <= step).reshape(3, 3), divmod(step, 3)
    for f in range(2):
        x, y, cell = 58, 5.4 + 20 * f, 5.2
        ax.text(x, y - 0.8, f"output, map {f}", size=10, weight="bold")
        look = paint((3, 3), "#f4f4f4")
        look[known] = SIGNED(0.5 + out[f][known] / 24)
        grid(ax, x, y, cell, look)
        across, down = centres(x, y, cell, 3, 3)
        ink = viz.readable(look[known])
        numbers(ax, across[known], down[known], out[f][known], size=13, color=ink)
        color, lw = (viz.INK, 2.5) if f == which else ("#777777", 1.2)
        frame(ax, x + cell * j, y + cell * i, cell, cell, color=color, lw=lw)
