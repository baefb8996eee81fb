"""The first exhibit of the course: a small network folds the plane round a spiral."""

from typing import NamedTuple

import numpy as np

import nnlib as nn
from nnlib import viz

GRID, TILE = 96, 40  # cells per side of the big picture and of one unit's picture


class Film(NamedTuple):
    """A training to leaf through: the net as it was at some steps, and the loss at every step."""

    x: np.ndarray
    y: np.ndarray
    steps: list
    nets: list
    losses: np.ndarray
    accuracies: list


def film(hidden: int, steps: int = 400, every: int = 10) -> Film:
    """Train 2 → hidden → hidden → 3 on a three-armed spiral and keep the net every few steps.

    Full batches in float64 from a fixed seed: the same film on every machine.
    """
    rng = np.random.default_rng(4)
    x, y = nn.data.spiral(240, noise=0.03, rng=rng)
    net = nn.Sequential(
        nn.Linear(2, hidden, rng=rng), nn.Tanh(),
        nn.Linear(hidden, hidden, rng=rng), nn.Tanh(),
        nn.Linear(hidden, 3, rng=rng),
    )  # fmt: skip
    loss, opt = nn.SoftmaxCrossEntropy(), nn.Adam(net.parameters(), lr=0.03)
    losses, kept, accuracies = [loss(net(x), y)], [net.astype(float)], [nn.accuracy(net, x, y)]
    for record in nn.train(net, loss, opt, x, y, epochs=steps, batch_size=len(x), rng=rng):
        losses.append(loss(net(x), y))
        if record.step % every == 0:
            kept.append(net.astype(float))
            accuracies.append(nn.accuracy(net, x, y))
    return Film(x, y, list(range(0, steps + 1, every)), kept, np.array(losses), accuracies)


def plane(cells: int) -> np.ndarray:
    """Points on a grid over the square from -1.15 to 1.15, top row first."""
    edge = np.linspace(-1.15, 1.15, cells)
    return np.stack(np.meshgrid(edge, edge[::-1]), axis=-1).reshape(-1, 2)


def blend(p: np.ndarray) -> np.ndarray:
    """Mix the class colours in the shares p (n, 3), on a light ground."""
    colors = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in viz.CLASSES[:3]])
    return 1 - 0.62 * (1 - p @ colors)


def tiles(layers: list) -> np.ndarray:
    """Up to four units (n, cells) of each layer as small pictures, one row per layer."""
    seam = TILE + 4
    rows = np.full((len(layers), 4, seam, seam), np.nan)
    for row, units in zip(rows, layers, strict=True):
        units = units[:4].reshape(-1, TILE, TILE)
        row[: len(units), 2:-2, 2:-2] = units
    return rows.swapaxes(1, 2).reshape(len(layers) * seam, -1)


def draw_learning(axes, films: dict, hidden_units: int, training_step: int) -> str:
    """The plane coloured by the net's answer, its hidden units, and the loss so far."""
    shown = films[hidden_units]
    k = shown.steps.index(training_step)
    net, left, middle, right = shown.nets[k], axes["plane"], axes["units"], axes["loss"]

    p = nn.softmax(net(plane(GRID))).reshape(GRID, GRID, 3)
    left.imshow(blend(p), extent=(-1.15, 1.15, -1.15, 1.15), interpolation="bilinear")
    viz.points(left, shown.x, shown.y, size=16)
    left.set_title("the answer of the network")
    left.set_axis_off()

    straight = nn.Sequential(*net[:2])(plane(TILE))
    bent = nn.Sequential(*net[2:4])(straight)
    viz.mosaic(middle, viz.shaded(tiles([straight.T, bent.T]), 1.2))
    middle.set_title("units of layer 1 (top) and layer 2")
    middle.set_axis_off()

    steps = np.arange(training_step + 1)
    right.semilogy(shown.losses, color="#d8d8d8")
    right.semilogy(steps, shown.losses[: training_step + 1], color=viz.BLUE)
    right.plot(training_step, shown.losses[training_step], "o", color=viz.ORANGE)
    right.set(xlim=(-8, 408), ylim=(5e-4, 3), title="loss", xlabel="training step")
    right.set_xticks([0, 200, 400])
    wrong = round((1 - shown.accuracies[k]) * len(shown.y))
    return (
        f"After <b>{training_step}</b> steps the loss is <b>{shown.losses[training_step]:.4f}</b>; "
        f"{wrong} of {len(shown.y)} points lie on a ground of the wrong colour."
    )
