"""Momentum on a quadratic: the plane of η and μ, and the run at one point of it."""

import functools

import matplotlib
import numpy as np

import nnlib as nn
from nnlib import viz

from .walk import walk

STEPS = 60
RATE = (0.0, 4.0)  # η L, beyond 2 (1 + μ) < 4 nothing is stable


def radius(rate, mu):
    """|largest root| of r² - (1 + μ - ηλ) r + μ: by what a step multiplies the distance, at last.

    ``rate`` is η times the curvature λ. Where the roots are complex it is √μ, whatever η is.
    """
    b = 1 + mu - rate
    under = b * b - 4 * mu
    return np.where(under < 0, np.sqrt(mu), (np.abs(b) + np.sqrt(np.maximum(under, 0))) / 2)


def slowest(rate, mu, condition: float):
    """The larger radius of the steepest (ηL) and the flattest (ηL/κ) direction."""
    return np.maximum(radius(rate, mu), radius(rate / condition, mu))


def best(condition: float) -> tuple:
    """(η L, μ) with the smallest ``slowest``: Polyak's 4 / (1 + 1/√κ)² and ((√κ-1) / (√κ+1))²."""
    root = np.sqrt(condition)
    return float(4 / (1 + 1 / root) ** 2), float(((root - 1) / (root + 1)) ** 2)


def digit(r: float) -> float:
    """Steps for one more decimal digit when each multiplies the distance by r."""
    return np.log(10) / -np.log(r) if 0 < r < 1 else (0.0 if r == 0 else np.inf)


@functools.lru_cache(maxsize=64)
def plane(condition: float) -> np.ndarray:
    """The plane as an image (160, 240, 3): dark is fast, white is slow, grey is unstable."""
    rate = np.linspace(*RATE, 241)[1:] - RATE[1] / 480
    mu = (np.arange(160)[:, None] + 0.5) / 160
    r = slowest(rate, mu, condition)
    with np.errstate(divide="ignore"):
        speed = np.log10(np.log(10) / -np.log(np.minimum(r, 1 - 1e-9)))  # digits: 10^speed steps
    colors = matplotlib.colormaps["YlGnBu_r"](np.clip(speed, 0, 2.5) / 2.5)[..., :3]
    colors[r >= 1] = 0.82
    return (255 * colors).astype(np.uint8)


@functools.lru_cache(maxsize=256)
def descend(condition: float, rate: float, mu: float) -> np.ndarray:
    """Both coordinates (steps + 1, 2) on f = (x² + κ y²) / 2 from (1, 1), with L = κ."""
    opt = nn.Momentum([np.ones(2)], lr=rate / condition, mu=mu)
    return walk(opt, lambda theta: theta * [1.0, condition], STEPS)


def draw_plane(axes, condition_number: int, lr_times_L: float, mu: float) -> str:
    """Left the map of all settings, right the run at the chosen one."""
    left, right = axes
    kappa = float(condition_number)
    viz.mosaic(left, plane(kappa)[::-1], (*RATE, 0, 1), "auto")
    rate = np.linspace(0, 4, 200)
    left.plot(rate, np.clip(rate / 2 - 1, 0, 1), color=viz.INK, lw=1.2)
    left.plot(rate, np.where(rate < 4, (1 - np.sqrt(rate)) ** 2, np.nan), color=viz.ORANGE, lw=1.2)
    left.plot(rate, (1 - np.sqrt(rate / kappa)) ** 2, color=viz.ORANGE, lw=1.2, ls="--")
    left.text(3.45, 0.18, "unstable", ha="center", fontsize=9.5)
    left.plot(*best(kappa), "*", color="white", mec=viz.INK, ms=15)
    left.plot(lr_times_L, mu, "o", color=viz.ORANGE, mec="white", mew=1.5, ms=11)
    left.set(xlim=RATE, ylim=(0, 1), xlabel="η · L", ylabel="μ", title="dark: fast; star: best")
    left.grid(False)

    seen = np.clip(descend(kappa, lr_times_L, mu), -1e6, 1e6)
    right.plot(seen[:, 1], color=viz.PURPLE, label="steep direction")
    right.plot(seen[:, 0], color=viz.BLUE, label="flat direction")
    right.set(xlim=(0, STEPS), ylim=(-2, 2), title="the run at the dot", xlabel="step")
    right.legend(loc="lower right", ncols=2, frameon=True, edgecolor="none", fontsize=9)

    r = float(slowest(lr_times_L, mu, kappa))
    if abs(r - 1) < 1e-9:
        return "At the edge: in the end the steps <b>neither shrink nor grow</b>."
    if r > 1:
        return f"Each step multiplies the distance by <b>{r:.3f}</b> in the end: unstable."
    swings = [
        name
        for name, share in (("steep", 1.0), ("flat", 1 / kappa))
        if (1 + mu - lr_times_L * share) ** 2 < 4 * mu or lr_times_L * share > (1 + mu)
    ]
    how = {0: "no direction swings", 2: "both directions swing"}.get(
        len(swings), f"the {''.join(swings)} direction swings"
    )
    fastest = float(slowest(*best(kappa), kappa))
    return (
        f"Each step multiplies the distance by <b>{r:.3f}</b> in the end, one digit in "
        f"<b>{digit(r):.3g}</b> steps, and {how}. The star needs {digit(fastest):.3g} steps for a "
        f"digit; the best without momentum {digit((kappa - 1) / (kappa + 1)):.3g}."
    )
