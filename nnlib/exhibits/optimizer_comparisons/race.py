"""The race: eight methods, one start, one surface, as many gradients for each of them."""

import functools
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import IdentityTransform

import nnlib as nn
from nnlib import viz

from .surfaces import draw_landscape, surface

STEPS = 200
RATES = 10 ** (np.arange(-32, 21) / 8)  # 0.0001 to 316, eight per decade
FLOOR, ARRIVED = 1e-16, 1e-15  # differences to the minimum below these are rounding
SHARED = 0.05
RULES = "own", "own, tuned from here", f"{SHARED} for all"
TUNING, RACING = 1, 2  # seeds: a rate is not tuned on the noise it races with


class Look(NamedTuple):
    """A method of the race and how it is drawn."""

    optimizer: type
    color: str
    marker: str


METHODS = {
    "SGD": Look(nn.SGD, viz.INK, "o"),
    "Momentum": Look(nn.Momentum, viz.BLUE, "s"),
    "Nesterov": Look(nn.Nesterov, viz.SKY, "D"),
    "Adagrad": Look(nn.Adagrad, viz.GREEN, "^"),
    "Adadelta": Look(nn.Adadelta, viz.AMBER, "v"),
    "RMSprop": Look(nn.RMSprop, viz.ORANGE, "P"),
    "Adam": Look(nn.Adam, viz.PURPLE, "X"),
    "AdamW": Look(nn.AdamW, "#7b2d8b", "h"),
}
NAMES = tuple(METHODS)


class Lanes:
    """Mixed into an optimizer: ``lr`` may be an array, one rate for each row of theta.

    A sweep over forty rates is then one run of forty rows, at the price of one. The gradients are
    our own, so a step does without looking them over, which takes as long as the step itself.
    """

    lr = None

    def step(self, grads):
        self.t += 1
        self.update(self.params[0], grads[0], *self.state[0])


@functools.cache
def in_lanes(optimizer: type) -> type:
    return type(optimizer.__name__, (Lanes, optimizer), {})


def run(there, starts, rates, *, steps=STEPS, seed=RACING, optimizers=None) -> np.ndarray:
    """Where every method is after 0, 1, ..., ``steps`` gradients.

    Parameters
    ----------
    there : Surface
    starts : (x, y), or an array that broadcasts to (methods, R, 2)
    rates : array (methods, R)
        R runs of each method, with a rate each.
    steps : int
        Number of gradients, for every run.
    seed : int
        Draws the noise of the surface: one sequence, which all runs meet.
    optimizers : list of Optimizer classes, optional
        One per row of ``rates``; the eight of ``METHODS`` if left out.

    Returns
    -------
    path : array (steps + 1, methods, R, 2), inf or nan where a run has left the numbers
    """
    rates = np.asarray(rates, float)
    optimizers = optimizers or [look.optimizer for look in METHODS.values()]
    path = np.empty((steps + 1, *rates.shape, 2))
    theta = path[0] = np.broadcast_to(np.asarray(starts, float), path.shape[1:])
    theta = theta.copy()
    noise = there.noise * np.random.default_rng(seed).standard_normal((steps, 2))
    team = [in_lanes(optimizer)([row], lr=1.0) for optimizer, row in zip(optimizers, theta)]
    for member, lr in zip(team, rates):
        member.lr = lr[:, None]
    with np.errstate(all="ignore"):
        for t in range(steps):
            g = np.stack(there.gradient(theta[..., 0], theta[..., 1]), axis=-1) + noise[t]
            for member, own in zip(team, g):
                member.step([own])
            path[t + 1] = theta
    return path


def gaps(there, path: np.ndarray) -> np.ndarray:
    """f - f(minimum) along a path, at least ``FLOOR``; inf where the run has diverged."""
    with np.errstate(all="ignore"):
        gap = there.value(path[..., 0], path[..., 1]) - there.floor
    return np.where(np.isfinite(gap) & (gap < 1e9), np.maximum(gap, FLOOR), np.inf)


@functools.lru_cache(maxsize=256)
def sweep(name: str, condition: float, start: tuple) -> np.ndarray:
    """Score of every method at every rate of ``RATES``: array (methods, rates).

    The score is the typical gap in the last quarter of the run (the geometric mean), which
    rewards arriving and staying, not crossing the minimum by luck in the last step.
    """
    there = surface(name, condition)
    path = run(there, start, np.tile(RATES, (len(METHODS), 1)), seed=TUNING)
    return np.exp(np.log(gaps(there, path[-STEPS // 4 :])).mean(axis=0))


def tuned(name: str, condition: float = 25, start: tuple | None = None) -> np.ndarray:
    """The rate of each method with the best score from ``start`` (the surface's own one)."""
    start = start or surface(name, condition).start
    return RATES[sweep(name, condition, start).argmin(axis=1)]


@functools.lru_cache(maxsize=256)
def raced(name: str, condition: float, start: tuple, rates: tuple) -> tuple:
    """(path (steps + 1, methods, 2), gap (steps + 1, methods)) of one race."""
    there = surface(name, condition)
    path = run(there, start, np.array(rates)[:, None])[:, :, 0]
    return path, gaps(there, path)


def number(value: float) -> str:
    return "diverged" if not np.isfinite(value) else f"{value:.2g}"


def draw_race(
    axes, step, surface_name, condition_number, move_start_right, move_start_up, rates,
    all_rates_times, **ticks,
) -> str:  # fmt: skip
    """The race as the controls set it: ``rates`` is one of ``RULES``.

    ``ticks`` says of each method whether it is shown.
    """
    x, y = surface(surface_name).start
    start = round(x + move_start_right, 4), round(y + move_start_up, 4)
    chosen = [method for method in NAMES if ticks.get(method, True)]
    if rates == RULES[-1]:
        own = np.full(len(NAMES), SHARED)
    else:
        own = tuned(surface_name, condition_number, start if rates == RULES[1] else None)
    return draw_moment(
        axes, surface_name, condition_number, start, all_rates_times * own, step, chosen
    )


def draw_moment(axes, name, condition, start, rates, step, chosen) -> str:
    """Paths on the surface, the gap against the step, and the table of the moment.

    ``axes`` has "map", "loss" and "table"; ``rates`` holds a rate for each of the eight
    methods, ``chosen`` the names of those that are shown.
    """
    path, gap = raced(name, condition, start, tuple(rates))
    shown = [k for k, method in enumerate(NAMES) if method in chosen]
    axes["map"].set_title("the way down")
    draw_landscape(axes["map"], name, condition)
    draw_paths(axes["map"], path, shown, step, start)
    draw_gaps(axes["loss"], gap, shown, step, surface(name).noise > 0)
    draw_table(axes["table"], gap[step], rates, shown)
    if not shown:
        return "Tick at least one method."
    order = sorted(shown, key=lambda k: gap[step, k])
    lost = [NAMES[k] for k in shown if not np.isfinite(gap[step, k])]
    if step == 0:
        return f"All start at ({start[0]:g}, {start[1]:g}), {number(gap[0, 0])} above the minimum."
    first, last = order[0], order[-1]
    said = f"After <b>{step}</b> of {STEPS} gradients each, from ({start[0]:g}, {start[1]:g}): "
    if len(lost) == len(shown):
        return said + "every method shown has diverged; smaller rates would help."
    arrived = [NAMES[k] for k in order if gap[step, k] <= ARRIVED]
    if arrived:
        said += f"<b>{', '.join(arrived)}</b> arrived, to within rounding"
    else:
        said += f"<b>{NAMES[first]}</b> leads, {number(gap[step, first])} above the minimum"
    if len(shown) > max(1, len(arrived)) and not lost:
        said += f"; {NAMES[last]} is last, {number(gap[step, last])} above it"
    return said + (f"; diverged: {', '.join(lost)}." if lost else ".")


def draw_paths(ax, path, shown, step, start):
    """All of each path pale, strong up to ``step``, and a marker at its head."""
    trails = np.clip(np.nan_to_num(path, nan=1e3), -1e3, 1e3).swapaxes(0, 1)[shown]
    colors = [METHODS[NAMES[k]].color for k in shown]
    ax.add_collection(LineCollection(trails, colors=colors, lw=1, alpha=0.25), autolim=False)
    ax.add_collection(LineCollection(trails[:, : step + 1], colors=colors, lw=1.6), autolim=False)
    draw_markers(ax, trails[:, step], shown)
    ax.plot(*start, "o", color="none", mec=viz.INK, ms=11, mew=1.5)


def draw_markers(ax, places, shown):
    """The markers of the methods ``shown`` at ``places`` (n, 2), as one artist: it is quicker."""
    looks = [METHODS[NAMES[k]] for k in shown]
    styles = [MarkerStyle(look.marker) for look in looks]
    ax.add_collection(
        PathCollection(
            [style.get_path().transformed(style.get_transform()) for style in styles], sizes=[64],
            facecolors=[look.color for look in looks], edgecolors="white", linewidths=0.8,
            offsets=places, offset_transform=ax.transData, transform=IdentityTransform(), zorder=3,
        ),
        autolim=False,
    )  # fmt: skip


def draw_gaps(ax, gap, shown, step, noisy):
    """All of each curve pale, and strong as far as the race has come."""
    curves = np.stack(np.broadcast_arrays(np.arange(len(gap))[:, None], gap.clip(max=1e12)), -1)
    curves = curves.swapaxes(0, 1)[shown]
    colors = [METHODS[NAMES[k]].color for k in shown]
    ax.set(yscale="log", xlim=(0, STEPS), ylim=(1e-3, 1e2) if noisy else (1e-13, 1e4))
    ax.set(title="f above its minimum", xlabel="gradients used")
    ax.set_yticks([1e-3, 1e-1, 10] if noisy else [1e-12, 1e-8, 1e-4, 1, 1e4])
    ax.minorticks_off()
    ax.add_collection(LineCollection(curves, colors=colors, lw=1, alpha=0.3), autolim=False)
    ax.add_collection(LineCollection(curves[:, : step + 1], colors=colors, lw=1.8), autolim=False)
    ax.axvline(step, color="#555555", lw=0.8)


def draw_table(ax, gap, rates, shown):
    """The gap of the moment as a bar for each method, on the scale of the curves above."""
    lengths = np.interp(np.log10(gap.clip(1e-16, 1e4)), [-16, 4], [0.02, 0.9])
    rows = [-shown.index(k) for k in shown]
    colors = [METHODS[NAMES[k]].color for k in shown]
    ax.hlines(rows, 0, lengths[shown], colors=colors, lw=9, alpha=0.35)
    draw_markers(ax, np.column_stack([lengths[shown], rows]), shown)
    for row, k in zip(rows, shown):
        text = f"{rates[k]:>7.2g} {number(gap[k]):>9}"
        ax.text(1.9, row, text, ha="right", va="center", fontsize=9, family="monospace")
    ax.set(xlim=(0, 1.9), ylim=(-7.6, 0.6), title="rate, and f above its minimum")
    ax.set_xticks([])
    ax.set_yticks(rows, [NAMES[k] for k in shown])
    ax.grid(False)
