"""Stop, save, load, go on: the same weights as without a stop, if everything was saved."""

import functools
import tempfile
from pathlib import Path

import numpy as np

from ... import viz
from ...data import digits
from ...losses import SoftmaxCrossEntropy
from ...optimizers import Adam
from ...training import Position, load, save, train
from .grids import DARK_ORANGE
from .network import cnn

STEPS, PER_EPOCH, BATCH = 60, 45, 32  # steps in all; 45 minibatches of 32 are an epoch
EVERYTHING = "all of it"
RESTORED = [EVERYTHING, "no place in the data", "no optimizer state", "the weights only"]
RESUME = {"size": (8.6, 3.3), "axes": 2}


class Run:
    """A net, its optimizer, its generator and its position: all that a training depends on."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.net = cnn(self.rng, maps=2)
        self.opt = Adam(self.net.parameters(), lr=0.01)
        self.position = Position()

    def go_on(self, until, saving=False):
        """Train up to step ``until``; the losses, and the weights after every step."""
        data, losses, weights = digits(np.float64), [], []
        steps = train(
            self.net, SoftmaxCrossEntropy(), self.opt, data.x_train, data.y_train, epochs=9,
            batch_size=BATCH, rng=self.rng, position=self.position,
        )  # fmt: skip
        while self.position.step < until:
            losses.append(next(steps).loss)
            weights.append(np.concatenate([a.ravel() for a in self.net.parameters()]))
            if saving:
                file = scratch_file(self.position.step)
                save(file, self.net, self.opt, rng=self.rng, position=self.position)
        return losses, weights


@functools.cache
def straight():
    """The run that was never stopped; after every step all of it was saved."""
    losses, weights = Run(seed=0).go_on(STEPS, saving=True)
    return np.array(losses), np.array(weights)


def parts(run, restored) -> tuple:
    """What ``save`` and ``load`` are given besides the path and the net."""
    opt = run.opt if restored in (EVERYTHING, "no place in the data") else None
    place = {"rng": run.rng, "position": run.position}
    return (opt,), place if restored in (EVERYTHING, "no optimizer state") else {}


@functools.lru_cache(128)
def interrupted(stop, restored):
    """Load what was saved after step ``stop`` into new objects, go on; losses and weights."""
    straight()
    second = Run(seed=99)  # another start, other shuffles: all that matters must come by file
    (opt,), place = parts(second, restored)
    load(scratch_file(stop), second.net, opt, **place)
    second.position.step = stop
    losses, weights = second.go_on(STEPS)
    return np.array(losses), np.array(weights)


@functools.cache
def scratch() -> tempfile.TemporaryDirectory:
    """A folder that disappears when the kernel ends."""
    return tempfile.TemporaryDirectory(prefix="nnlib-")


def scratch_file(name="run") -> Path:
    """A path for a file that is needed only in this session."""
    return Path(scratch().name) / f"{name}.npz"


def draw_resume(axes, stop_after_step, restored):
    """Both loss curves, and how far the weights are apart after every step."""
    whole, weights = straight()
    losses, resumed = interrupted(stop_after_step, restored)
    apart = np.abs(resumed - weights[stop_after_step:]).max(axis=1)
    left, right = axes
    left.plot(np.arange(1, STEPS + 1), whole, color="#bbbbbb", lw=5)
    left.plot(np.arange(stop_after_step + 1, STEPS + 1), losses, color=viz.ORANGE, lw=1.6)
    left.text(STEPS - 1, 2.35, "never stopped", color="#5a5a5a", ha="right")
    left.text(STEPS - 1, 2.15, "stopped and resumed", color=DARK_ORANGE, ha="right")
    left.set(xlim=(0, STEPS), ylim=(0, 2.6), xlabel="step", title="loss of each minibatch")
    right.plot(np.arange(stop_after_step + 1, STEPS + 1), apart, color=viz.ORANGE)
    right.set(xlim=(0, STEPS), ylim=(-0.01, 0.4), xlabel="step")
    right.set_title("largest difference between the weights")
    for ax in axes:
        ax.axvline(stop_after_step, color=viz.INK, lw=1, ls="--")
    last = apart[-1]
    says = "<b>0: the same bits</b>" if last == 0 else f"<b>{last:.4f}</b>"
    return (
        f"Stopped after step {stop_after_step}, restored: {restored}. After step {STEPS} the two "
        f"nets differ by at most {says}."
    )
