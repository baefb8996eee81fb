"""A museum of unfair comparisons: each piece is one rule of fairness broken."""

import functools

import numpy as np

import nnlib as nn
from nnlib import viz

from .race import ARRIVED, METHODS, NAMES, STEPS, gaps, number, run, tuned
from .surfaces import surface
from .walk import steps_of


class MultiplyingAdam(nn.Adam):
    """A published mistake: m (1 - β₁ᵗ) and v (1 - β₂ᵗ) where one must divide."""

    def update(self, theta, g, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        m_hat, v_hat = m * (1 - self.beta1**self.t), v * (1 - self.beta2**self.t)
        theta -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class ConstantAdam(nn.Adam):
    """A published mistake: m / (1 - β₁) and v / (1 - β₂), without the power t."""

    def update(self, theta, g, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        m_hat, v_hat = m / (1 - self.beta1), v / (1 - self.beta2)
        theta -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class UncorrectedAdam(nn.Adam):
    """Adam without bias correction."""

    def __init__(self, params, lr: float):
        super().__init__(params, lr, correct=False)


PIECES = {
    "fair": "Every rule is kept: own tuned rates, one start, one noise, as many gradients.",
    "one rate for all": "A shared rate is tuned for whoever it happens to suit: slide it.",
    "Adam multiplied by (1 - βᵗ)": "The correction is multiplied where one must divide.",
    "Adam divided by (1 - β)": "The correction has lost its power t and never fades.",
    "Adam without correction": "The start at zero is never undone.",
    "Adam at three times its rate": "A factor hidden in the code is not in the legend.",
    "other numbers of steps": "SGD gets 200 steps, others 120, 80 or 40, under one axis.",
    "other starts": "Each method begins somewhere else, as unpaired seeds do.",
}
BROKEN = {
    "Adam multiplied by (1 - βᵗ)": MultiplyingAdam,
    "Adam divided by (1 - β)": ConstantAdam,
    "Adam without correction": UncorrectedAdam,
}
UNEQUAL = {"SGD": 200, "Momentum": 80, "Nesterov": 80, "Adagrad": 120, "Adadelta": 120,
           "RMSprop": 40, "Adam": 40, "AdamW": 40}  # fmt: skip


@functools.lru_cache(maxsize=256)
def compare(piece: str, name: str, shared_rate: float) -> np.ndarray:
    """Gap of every method at the end of the comparison (methods,), fair but for ``piece``."""
    there = surface(name)
    rates, start, optimizers = tuned(name), np.array(there.start), [m[0] for m in METHODS.values()]
    ends = [STEPS] * len(NAMES)
    if piece == "one rate for all":
        rates = np.full(len(NAMES), shared_rate)
    elif piece in BROKEN:
        optimizers[NAMES.index("Adam")] = BROKEN[piece]
    elif piece == "Adam at three times its rate":
        rates = np.where([n == "Adam" for n in NAMES], 3 * rates, rates)
    elif piece == "other numbers of steps":
        ends = [UNEQUAL[n] for n in NAMES]
    elif piece == "other starts":
        shifts = np.random.default_rng(5).uniform(-1, 1, (len(NAMES), 1, 2))
        start = start + shifts
    path = run(there, start, rates[:, None], optimizers=optimizers)
    gap = gaps(there, path)[:, :, 0]
    return np.array([gap[end, k] for k, end in enumerate(ends)])


def ranks(gap: np.ndarray) -> np.ndarray:
    """1 for the smallest gap; equal gaps in the order of the methods."""
    places = np.empty(len(gap), int)
    places[np.argsort(gap, kind="stable")] = np.arange(1, len(gap) + 1)
    return places


def draw_museum(ax, piece: str, surface_name: str, shared_rate: float) -> str:
    """The ranking of a fair race on the left, that of the chosen piece on the right."""
    fair, shown = compare("fair", surface_name, 0.1), compare(piece, surface_name, shared_rate)
    before, after = ranks(fair), ranks(shown)
    for k, look in enumerate(METHODS.values()):
        moved = before[k] != after[k]
        ax.plot(
            [0, 1], [-before[k], -after[k]], color=look.color, lw=2.5 if moved else 1.2,
            marker=look.marker, ms=9, mec="white", alpha=1 if moved else 0.55,
        )  # fmt: skip
        ax.text(-0.04, -before[k], f"{number(fair[k])}   {NAMES[k]}", ha="right", va="center")
        ax.text(1.04, -after[k], f"{NAMES[k]}   {number(shown[k])}", ha="left", va="center")
    ax.text(0, -0.1, "fair", ha="center", color="#444444")
    ax.text(1, -0.1, piece, ha="center", color="#444444")
    ax.set(xlim=(-0.75, 1.75), ylim=(-8.6, 0.5))
    ax.set_title("place in the race, and how far above the minimum")
    ax.set_axis_off()
    moved = int((before != after).sum())
    winner = NAMES[after.argmin()]
    change = f"{moved} of 8 change places" if moved else "Nobody changes places"
    tie = " (several have arrived)" if (shown <= ARRIVED).sum() > 1 else ""
    return f"{PIECES[piece]} <b>{change}</b>; {winner} is first{tie}."


def draw_adams(ax, published: str, steps: int) -> str:
    """Length of each step of Adam / η under a constant gradient: right it is 1."""
    lengths = {
        name: steps_of(adam([np.zeros(1)], lr=1.0), np.ones(steps))
        for name, adam in (("Adam", nn.Adam), (published, BROKEN[published]))
    }
    t = np.arange(1, steps + 1)
    for (name, values), color in zip(lengths.items(), (viz.GREEN, viz.ORANGE)):
        ax.plot(t, values, color=color, label=name)
        ax.plot(t[-1], values[-1], "o", color=color, ms=6, clip_on=False)
    ax.set(xscale="log", yscale="log", xlim=(1, 1000), ylim=(0.1, 100), xlabel="step t")
    ax.set_title("length of the step / η, gradient 1 at every step")
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.minorticks_off()
    ax.legend(loc="upper right", fontsize=9)
    values = lengths[published]
    return (
        f"At t = 1 the published step is <b>{values[0]:.3g}</b> η, at t = {steps} it is "
        f"<b>{values[-1]:.3g}</b> η; its largest is {values.max():.3g} η. The right one is always "
        f"{lengths['Adam'][0]:.3g} η."
    )
