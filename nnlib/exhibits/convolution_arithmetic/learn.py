"""A kernel that is not designed but found: gradient descent on nine weights."""

import functools

import numpy as np

from ... import viz
from ...conv import Conv2d, correlate
from ...losses import MSE
from ...optimizers import Adam
from .boards import board, grid, num, show, toned
from .examples import kernel_of, photograph

LEARN = {"size": (8.6, 4.1), "axes": ["WWWWMMMMKKKLLLL"]}
GOALS = ["Sobel ↔", "Emboss", "Laplacian", "Mean"]
SOURCES = ["photograph", "random pixels"]
STEPS, STRIDE = 240, 5  # in all; per frame


@functools.cache
def learned(goal, train_on, layer_turns_its_kernel) -> tuple:
    """Train one 3×3 kernel to make the map that a known kernel makes.

    Returns the kernel (STEPS + 1, 3, 3) and the loss (STEPS + 1,) before each step. A layer
    that turns its kernel by 180° does to an image what one that does not does to the turned
    image: so it is trained.
    """
    rng = np.random.default_rng(1)
    image = photograph(64) if train_on == "photograph" else rng.normal(size=(64, 64))
    target = correlate(image, kernel_of(goal))
    if layer_turns_its_kernel:
        image, target = np.rot90(image, 2), np.rot90(target, 2)
    x, y = image[None, None], target[None, None]
    layer, loss = Conv2d(1, 1, 3, rng=np.random.default_rng(1)), MSE()
    layer.needs_dx = False  # the first layer hands nothing further back
    opt, kernels, losses = Adam(layer.parameters(), lr=0.1), [], []
    for _ in range(STEPS + 1):
        losses.append(loss(layer(x), y))
        kernels.append(layer.W[0, 0].copy())
        layer.backward(loss.backward())
        opt.step(layer.gradients())
    return np.array(kernels), np.array(losses)


def learning(axes, step, goal, train_on, layer_turns_its_kernel):
    """The map that is wanted, the map it makes, its kernel, and the loss."""
    kernels, losses = learned(goal, train_on, layer_turns_its_kernel)
    done, wanted = step * STRIDE, kernel_of(goal)
    w, pixels = kernels[done], photograph(64)
    used = np.flip(w) if layer_turns_its_kernel else w
    show(axes["W"], toned(correlate(pixels, wanted), wanted), f"wanted: {goal}")
    show(axes["M"], toned(correlate(pixels, used), wanted), "what it makes now")
    place, style = axes["K"], {"limit": 4, "form": "{:.2f}", "size": 9}
    grid(place, wanted, (0, 0, 3, 3), "wanted", **style)
    grid(place, np.round(w, 2), (0, 4.2, 3, 3), "learned", **style)
    board(place, 2.7, 6.9, top=-1.4)
    curve = axes["L"]
    curve.plot(np.log10(losses + 1e-12), color=viz.GREY, lw=1)
    curve.plot(np.log10(losses[: done + 1] + 1e-12), color=viz.BLUE)
    curve.set(xlim=(0, STEPS), ylim=(-12, 2), title="log₁₀ of the loss", xlabel="step")
    off, turned = np.abs(w - wanted).max(), np.abs(np.flip(w) - wanted).max()
    near = f"no weight of the learned kernel is more than <b>{off:.3f}</b> off"
    if layer_turns_its_kernel:
        near += f", and turned by 180° not more than <b>{turned:.3f}</b>"
    return f"After {done} steps the loss is {num(losses[done], '.2g')};<br> {near}."
