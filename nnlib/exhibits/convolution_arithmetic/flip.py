"""Convolution or correlation: in two dimensions, and along a signal."""

import numpy as np

from ... import viz
from ...conv import convolve, correlate
from .boards import board, bracket, grid, num, sign
from .examples import kernel_of

MODES = ["valid", "same", "full"]
SIGNS = {"size": (8.6, 4.3)}
MOVING = {"size": (8.6, 3.6), "axes": ["SSSSSF"]}


def dotted(*places) -> np.ndarray:
    """A 7×7 image, 1 at some places and 0 elsewhere."""
    image = np.zeros((7, 7))
    image[tuple(np.transpose(places))] = 1
    return image


DOTS = {
    "one dot": dotted((3, 3)), "two dots": dotted((2, 1), (3, 5)),
    "an edge": np.repeat([[0.0, 0, 0, 1, 1, 1, 1]], 7, axis=0),
}  # fmt: skip
STAMPS = {
    "1 to 9": np.arange(1.0, 10).reshape(3, 3), "Sobel ↔": kernel_of("Sobel ↔"),
    "Laplacian": kernel_of("Laplacian"), "1 2 3": np.array([[1.0, 2, 3]]),
}  # fmt: skip


def flip(ax, image, kernel, mode, turn_the_kernel):
    """A kernel laid on an image as it is, or turned by 180° first."""
    x, w = DOTS[image], STAMPS[kernel]
    out = (convolve if turn_the_kernel else correlate)(x, w, mode)
    other = (correlate if turn_the_kernel else convolve)(x, w, mode)
    used = np.flip(w) if turn_the_kernel else w
    grid(ax, x, (0, 0, 7, 9), "image")
    grid(ax, w, (8.2, -0.2, 3, 3), "kernel", limit=20)
    grid(ax, used, (8.2, 5.6, 3, 3), "turned by 180°" if turn_the_kernel else "as it is", limit=20)
    sign(ax, 9.2, 3.7, "is laid on ↓", size=10)
    sign(ax, 7.1, 4, "×")
    sign(ax, 11.8, 4, "→")
    name = "convolution" if turn_the_kernel else "correlation"
    grid(ax, out, (12.9, 0, 9, 9), f"{name}, {mode}: {out.shape[0]}×{out.shape[1]}", limit=20)
    board(ax, 21.7, 9, top=-1.6)
    differ = int((~np.isclose(out, other)).sum())
    if np.array_equal(np.flip(w), w):
        why = "this kernel looks the same when turned by 180°, so flipping it changes nothing"
    elif differ:
        turn = "without" if turn_the_kernel else "with"
        why = f"{turn} the turn, {differ} of {out.size} cells would differ"
    else:
        why = "here nothing that differs lies in reach"
    stamp = ""
    if image == "one dot":
        order = "as it is written" if turn_the_kernel else "turned by 180°"
        stamp = f" One dot prints the kernel <b>{order}</b>."
    return f"This is the <b>{name}</b>: {why}.{stamp}"


SIGNALS = {
    "1 to 6": np.arange(1.0, 7), "constant 5": np.full(6, 5.0),
    "noisy step": np.repeat([1.0, 5.0], 12) + np.random.default_rng(2).normal(0, 0.7, 24),
    "one pulse": np.eye(24)[12] * 6,
}  # fmt: skip
FILTERS = {  # name -> the m weights for a signal of length n
    "average, 1/m": lambda m, n: np.full(m, 1 / m),
    "slip: 1/n": lambda m, n: np.full(m, 1 / n),
    "fading": lambda m, n: np.arange(m, 0, -1) / (m * (m + 1) / 2),
    "difference": lambda m, n: np.eye(m)[0] - np.eye(m)[-1],
}
PADDINGS = {"narrow": "valid", "equal": "same", "wide": "full"}


def moving(axes, signal, filter, length, padding, look_at, turn_the_filter):
    """A filter slides along a signal: what comes out, how much of it, and one output in full."""
    x, m = SIGNALS[signal], length
    n, f = len(x), FILTERS[filter](m, len(x))
    plot, weights = axes["S"], axes["F"]
    plot.plot(np.arange(1, n + 1), x, "o-", color=viz.GREY, lw=1, ms=4)
    plot.text(0.01, 0.95, "signal", color="#666666", transform=plot.transAxes, va="top")
    plot.text(0.01, 0.87, "output", color=viz.BLUE, transform=plot.transAxes, va="top")
    plot.set(xlim=(1 - 9, n + 9), ylim=(-6.6, 7.6), xlabel="place in the signal")
    used = np.flip(f) if turn_the_filter else f
    viz.blocks(weights, np.arange(1, m + 1), used, 0.7, colors=viz.AMBER)
    weights.axhline(0, color="#555555", lw=0.8)
    title = "turned filter" if turn_the_filter else "filter"
    weights.set(xlim=(0, 10), ylim=(-1.1, 1.1), title=title, xlabel="weight")
    mode = PADDINGS[padding]
    if mode == "valid" and m > n:
        plot.set(title="no place for the filter")
        none = f"A filter of {m} finds no place inside a signal of {n}"
        return f"{none}:<br> n − m + 1 = {num(n - m + 1)}."
    y = (convolve if turn_the_filter else correlate)(x, f, mode)
    before = {"valid": 0, "same": m // 2 if turn_the_filter else (m - 1) // 2, "full": m - 1}[mode]
    first = 1 - before + (m - 1) / 2  # above the middle of its first window
    plot.plot(first + np.arange(len(y)), y, "o-", color=viz.BLUE, ms=5)
    rule = {"valid": "n − m + 1", "same": "n", "full": "n + m − 1"}[mode]
    plot.set(title=f"{padding}: {rule} = {len(y)} numbers")
    o = min(look_at, len(y)) - 1
    seen = np.arange(m) + o - before  # counted from 0; outside the signal there are zeros
    inputs = [x[k] if 0 <= k < n else 0.0 for k in seen]
    ends = np.array([seen[0] + 0.6, seen[-1] + 1.4])
    plot.fill_between(ends, -6.6, 7.6, color=viz.AMBER, alpha=0.25, lw=0)
    plot.plot(seen + 1, inputs, "o", color=viz.ORANGE, ms=6)
    plot.plot(first + o, y[o], "s", color=viz.BLUE, ms=10)
    products = " + ".join(f"{bracket(w, '.3g')}·{bracket(v, '.3g')}" for w, v in zip(used, inputs))
    written = f"Output {o + 1} = {products} = <b>{num(y[o], '.3g')}</b>."
    return f"{lengths(n, m, padding, rule, y)}<br> {written}<br> {weighed(f)}"


def lengths(n, m, padding, rule, y) -> str:
    listed = f": {', '.join(num(v, '.3g') for v in y)}" if n <= 6 else ""
    return f"n = {n}, m = {m}, {padding}: {rule} = <b>{len(y)}</b> numbers{listed}."


def weighed(f) -> str:
    """What the sum and the shape of a filter mean."""
    total = f.sum()
    level = "stays 5" if np.isclose(total, 1) else f"becomes <b>{num(5 * total, '.3g')}</b>"
    even = np.allclose(f, np.flip(f))
    turn = "it looks the same when turned." if even else "turned, it is another filter."
    return f"The weights add up to {num(total, '.3g')}: a level of 5 {level}; {turn}"
