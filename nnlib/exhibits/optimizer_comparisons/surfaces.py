"""The surfaces of the race: f(x, y), its gradient, its minima, and where to start."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist

import nnlib as nn

X, Y = (-4.0, 4.0), (-3.0, 3.0)  # one window for every surface
BANDS = 22


class Surface(NamedTuple):
    """A function of the plane to go down on.

    ``value(x, y)`` and ``gradient(x, y)`` (two arrays) take arrays of any shape. ``floor`` is
    the value at the lowest of ``minima``; ``noise`` is the standard deviation of what is added
    to every gradient, as a minibatch would.
    """

    value: Callable
    gradient: Callable
    start: tuple
    minima: tuple
    floor: float = 0.0
    noise: float = 0.0


def ravine(condition: float) -> Surface:
    """f = ((x - 1)² + κ (y + 0.5)²) / 2: κ times as steep across as along.

    Its minimum is not at (0, 0): there AdamW's decay would find it without any gradient.
    """
    return Surface(
        value=lambda x, y: ((x - 1) ** 2 + condition * (y + 0.5) ** 2) / 2,
        gradient=lambda x, y: (x - 1, condition * (y + 0.5)),
        start=(-3.0, 1.0),
        minima=((1.0, -0.5),),
    )


def saddle() -> Surface:
    """f = x²/2 - y²/2 + y⁴/16: flat at (0, 0), and lower on two sides of it."""
    return Surface(
        value=lambda x, y: x * x / 2 - y * y / 2 + y**4 / 16,
        gradient=lambda x, y: (x, y**3 / 4 - y),
        start=(-3.0, 0.001),
        minima=((0.0, 2.0), (0.0, -2.0)),
        floor=-1.0,
    )


def beale() -> Surface:
    """f = (1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)². Source: Beale, 1958."""

    def parts(x, y):
        return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y

    def value(x, y):
        a, b, c = parts(x, y)
        return a * a + b * b + c * c

    def gradient(x, y):
        a, b, c = parts(x, y)
        along = a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1)
        return 2 * along, 2 * x * (a + 2 * y * b + 3 * y * y * c)

    return Surface(value, gradient, start=(1.0, 1.5), minima=((3.0, 0.5),))


def rosenbrock() -> Surface:
    """f = (1 - x)² + 100 (y - x²)²: a bent valley. Source: Rosenbrock, 1960."""

    def gradient(x, y):
        off = y - x * x
        return -2 * (1 - x) - 400 * x * off, 200 * off

    return Surface(
        value=lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
        gradient=gradient,
        start=(-1.2, 1.0),
        minima=((1.0, 1.0),),
    )


def noisy_bowl() -> Surface:
    """A ravine with κ = 4, and noise of standard deviation 1 on every gradient."""
    return ravine(4.0)._replace(start=(-3.0, 2.0), noise=1.0)


def plateau() -> Surface:
    """f = 1 - exp(-((x - 1)² + (y + 0.5)²) / 2): hardly any slope until you are near."""

    def near(x, y):
        return np.exp(-((x - 1) ** 2 + (y + 0.5) ** 2) / 2)

    return Surface(
        value=lambda x, y: 1 - near(x, y),
        gradient=lambda x, y: ((x - 1) * near(x, y), (y + 0.5) * near(x, y)),
        start=(-1.6, 1.2),
        minima=((1.0, -0.5),),
    )


def two_minima() -> Surface:
    """∂f/∂x = (x + 2)(x - 0.5)(x - 2) / 4, ∂f/∂y = y: the deeper minimum is the far one."""
    return Surface(
        value=lambda x, y: (x**4 / 4 - x**3 / 6 - 2 * x * x + 2 * x) / 4 + y * y / 2,
        gradient=lambda x, y: ((x * x - 4) * (x - 0.5) / 4, y),
        start=(3.0, 2.0),
        minima=((-2.0, 0.0), (2.0, 0.0)),
        floor=-5 / 3,
    )


SURFACES = {
    "ravine": ravine, "saddle": saddle, "Beale": beale, "Rosenbrock": rosenbrock,
    "noisy bowl": noisy_bowl, "plateau": plateau, "two minima": two_minima,
}  # fmt: skip


def surface(name: str, condition: float = 25) -> Surface:
    """The surface of that name; ``condition`` is κ of the ravine."""
    return ravine(float(condition)) if name == "ravine" else SURFACES[name]()


def gradient_error(name: str, x: float, y: float) -> float:
    """The gradient of a surface against central differences, at one point."""
    there, p = surface(name), np.array([x, y])
    numeric = nn.numeric_gradient(lambda: there.value(*p), p)
    return nn.relative_error(np.array(there.gradient(*p)), numeric)


@functools.lru_cache(maxsize=16)
def landscape(name: str, condition: float, width: int, height: int) -> np.ndarray:
    """The surface from above, lowest row first (H, W, 4): white low, blue high, in bands."""
    there = surface(name, condition)
    x, y = np.meshgrid(np.linspace(*X, width), np.linspace(*Y, height))
    level = np.sqrt(np.log1p(10 * (there.value(x, y) - there.floor)))
    band = np.floor(level / level.max() * BANDS)
    shade = 0.85 * band / BANDS + 0.15 * (band % 2)  # every second band a little darker
    image = np.full((height, width, 4), 255, np.uint8)
    image[..., :3] = 255 * (1 - shade[..., None] * (1 - np.array([0.66, 0.78, 0.92])))
    return image


class Ground(Artist):
    """The landscape under an axes, computed for its very pixels: an ``imshow`` would resample."""

    def __init__(self, name: str, condition: float):
        super().__init__()
        self.look = name, float(condition)
        self.set_zorder(-1)

    def draw(self, renderer):
        left, bottom, right, top = np.round(self.axes.bbox.extents).astype(int).tolist()
        image = landscape(*self.look, right - left, top - bottom)
        renderer.draw_image(renderer.new_gc(), left, bottom, image)


def draw_landscape(ax, name: str, condition: float = 25):
    """The surface with a star on each of its minima; the axes are the same for all surfaces."""
    ax.add_artist(Ground(name, condition))
    x, y = np.array(surface(name, condition).minima).T
    ax.plot(x, y, "*", color="white", mec="#1a1a1a", ms=13, mew=1)
    ax.set(xlim=X, ylim=Y, xlabel="x", ylabel="y", aspect="equal", anchor="N")
    ax.grid(False)
