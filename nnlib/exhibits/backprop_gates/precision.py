"""The gradient check checked: its error against the step size h."""

import functools
import math

import numpy as np

from ... import viz

H_RANGE = (-15, 0)  # powers of ten
CURVE = {"size": (8.6, 3.9), "axes": ["UUUUDDD"]}
FUNCTIONS = {  # f, f', f''' at x: what the truncation error needs
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), 1.0),
    "exp": (np.exp, 1.0),
    "x³": (lambda x: x * x * x, 1.5),
    "|x|, near its kink": (np.abs, 0.001),
}
WAYS = ["central", "one-sided"]
LABEL = {"fc": "white", "ec": "none", "pad": 1.2}  # over a line that passes behind


def exact(name) -> tuple:
    """(f', f'', f''') at the point of the function, by formula."""
    x = FUNCTIONS[name][1]
    if name == "sigmoid":
        s = 1 / (1 + math.exp(-x))
        d = s * (1 - s)
        return d, d * (1 - 2 * s), d * (1 - 6 * s + 6 * s * s)
    return {
        "exp": (math.exp(x),) * 3, "x³": (3 * x * x, 6 * x, 6.0), "|x|, near its kink": (1.0, 0, 0)
    }[name]  # fmt: skip


def estimate(name, way, h, dtype=np.float64):
    """The difference quotient, computed in ``dtype``, and the two values it compares."""
    f, x = FUNCTIONS[name]
    x, h = dtype(x), dtype(h)
    left = x - h if way == "central" else x
    above, below = f(x + h), f(left)
    return float((above - below) / ((x + h) - left)) if x + h != left else 0.0, above, below


@functools.lru_cache(32)
def error_curve(name, way, bits):
    """h from 1e-15 to 1, and the error of the quotient for each."""
    dtype = np.float64 if bits == 64 else np.float32
    hs = 10 ** np.linspace(*H_RANGE, 181)
    slope = exact(name)[0]
    errors = [abs(estimate(name, way, h, dtype)[0] - slope) / abs(slope) for h in hs]
    return hs, np.maximum(errors, 1e-17)


def draw_curve(axes, log10_of_h, function, difference, bits):
    """The U of truncation and round-off; the digits that are left after the subtraction."""
    dtype = np.float64 if bits == 64 else np.float32
    h, unit = 10.0**log10_of_h, float(np.finfo(dtype).eps)
    got, above, below = estimate(function, difference, h, dtype)
    first, second, third = exact(function)
    error = abs(got - first) / abs(first)
    u_curve(axes["U"], function, difference, bits, h, error)
    digits_left(axes["D"], difference, got, first, above, below, dtype)
    central = difference == "central"
    truncation = abs(third) * h * h / 6 if central else abs(second) * h / 2
    roundoff = unit * abs(float(above)) / h
    if function.startswith("|x|"):
        x = FUNCTIONS[function][1]
        why = "the step is too short to reach the kink."
        if not central:
            why = "the step goes to the right, and the kink lies to the left."
        elif h > x:
            why = "the step is within reach of the kink: the quotient mixes both sides."
        if above == below:
            why = "x + h is rounded back to x, and no step is left."
    else:
        larger = "truncation" if truncation > roundoff else "round-off"
        why = (
            f"{larger} is the larger part (truncation about {truncation / abs(first):.0e}, "
            f"round-off about {roundoff / abs(first):.0e})."
        )
        if above != below and error < 0.01 * max(truncation, roundoff) / abs(first):
            why += " Here the errors happen to cancel."
    return f"At h = {h:.1e} the quotient is wrong by <b>{max(error, 0):.1e}</b> of the slope: {why}"


def u_curve(ax, function, difference, bits, h, error):
    hs, errors = error_curve(function, difference, bits)
    first, second, third = exact(function)
    unit = float(np.finfo(np.float64 if bits == 64 else np.float32).eps)
    height = abs(FUNCTIONS[function][0](FUNCTIONS[function][1]))
    central = difference == "central"
    cut = abs(third) * hs**2 / 6 if central else abs(second) * hs / 2
    floor, x = 1e-17, np.log10(hs)
    ax.plot(x, np.log10(errors), color=viz.INK, lw=1.3)
    ax.plot(x, np.log10(np.maximum(cut / abs(first), floor)), color=viz.ORANGE, ls="--", lw=1.6)
    ax.plot(x, np.log10(unit * height / hs / abs(first)), color=viz.BLUE, ls="--", lw=1.6)
    ax.plot(np.log10(h), np.log10(max(error, floor)), "o", color=viz.GREEN, ms=11, zorder=4)
    ax.set(xlim=H_RANGE, ylim=(-17.5, 2.5), xlabel="step h", ylabel="error of the slope")
    ax.set_xticks([-15, -10, -5, 0], ["1e−15", "1e−10", "1e−5", "1"])
    ax.set_yticks([-16, -12, -8, -4, 0], ["1e−16", "1e−12", "1e−8", "1e−4", "1"])
    ax.text(-14.6, 2.2, "round-off ~ 1/h", color=viz.BLUE, va="top", size=10.5, bbox=LABEL)
    power = "h²" if central else "h"
    ax.text(-0.4, 2.2, f"truncation ~ {power}", color="#B84A00", va="top", ha="right", size=10.5)


def digits_left(ax, difference, got, first, above, below, dtype):
    """The two values that are subtracted; what they share is lost."""
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(1, 0))
    places = 16 if dtype is np.float64 else 8
    texts = [f"{float(v):.{places}f}" for v in (above, below)]
    same = 0
    while same < len(texts[0]) and texts[0][: same + 1] == texts[1][: same + 1]:
        same += 1

    def line(y, head, text, pale):
        ax.text(0, y, head, va="center_baseline", size=10.5)
        shown = {"family": "monospace", "size": 11, "va": "center_baseline"}
        ax.text(0.27, y, text[:pale], color="#6f6f6f", **shown)
        rest = " " * pale + text[pale:] if pale < len(text) else ""
        ax.text(0.27, y, rest, color="#B84A00", weight="bold", **shown)

    ax.text(0, 0.06, "subtract two nearly equal numbers:", weight="bold", va="center_baseline")
    line(0.2, "f(x + h)", texts[0], same)
    line(0.32, "f(x − h)" if difference == "central" else "f(x)", texts[1], same)
    left = sum(c.isdigit() for c in texts[0][same:])
    ax.text(0, 0.44, f"{left} digits differ; only they carry the slope", va="center_baseline")
    line(0.64, "quotient", f"{got:.{places}f}", 0)
    line(0.76, "exact", f"{first:.{places}f}", 20)
