"""Three ways to break the adder: cut the gradient, bend the slope, turn the numbers round."""

import numpy as np

from ... import viz
from ...recurrent import RNN
from .nets import build, learn
from .notes import sample
from .task import BITS, every_pair, percent

STEPS = 200
BROKEN = {"size": (8.6, 3.7), "axes": ["CCCCCPPPP"]}


def flat(a):
    """(N, T, K) -> (N·T, K)."""
    return a.reshape(-1, a.shape[-1])


class CutInTime(RNN):
    """An RNN whose slopes stop at the step they come from: h_{t-1} counts as a constant."""

    def backward(self, dout, dh=None):
        dz = dout * (1 - self.h[:, 1:] ** 2)
        return keep_gradients(self, dz, dout)


class WrongSlope(RNN):
    """The slip of ``deriv=True`` handed the wrong thing: slope 1 - z² instead of 1 - h²."""

    def backward(self, dout, dh=None):
        x, h = self.x.swapaxes(0, 1), self.h
        z = x @ self.Wx.T + h[:, :-1] @ self.Wh.T + self.b
        dz, dh = np.empty_like(dout), np.zeros_like(dout[:, 0])
        for t in reversed(range(dout.shape[1])):
            dz[:, t] = (dout[:, t] + dh) * (1 - z[:, t] ** 2)
            dh = dz[:, t] @ self.Wh
        self.dh0 = dh
        return keep_gradients(self, dz, dout)


def keep_gradients(cell, dz, dout):
    """From dz to the gradients of the weights, as in ``RNN.backward``."""
    cell.dWx = flat(dz).T @ flat(cell.x.swapaxes(0, 1))
    cell.dWh = flat(dz).T @ flat(cell.h[:, :-1])
    cell.db = flat(dz).sum(axis=0)
    return dz @ cell.Wx if cell.needs_dx else None


VARIANTS = {
    "as it should be": (RNN, False, viz.GREEN),
    "no gradient through time": (CutInTime, False, viz.BLUE),
    "slope of the wrong thing": (WrongSlope, False, viz.ORANGE),
    "highest place first": (RNN, True, viz.PURPLE),
}


DARK = {viz.GREEN: "#00704f", viz.BLUE: viz.BLUE, viz.ORANGE: "#a63c00", viz.PURPLE: "#8f3f6d"}


def right_bits(net, reverse: bool) -> np.ndarray:
    """Which bits of 2,000 pairs are right, (2000, 8), the lowest place first."""
    x, y, _ = sample()
    if reverse:
        return ((net(x[:, ::-1]) > 0) == y[:, ::-1])[:, ::-1, 0]
    return ((net(x) > 0) == y)[..., 0]


def best_blind() -> np.ndarray:
    """The most one can get right, place by place, without seeing the lower places.

    A carry comes into place t in (2ᵗ - 1) / 2ᵗ⁺¹ of all cases, less than half: say no carry.
    """
    t = np.arange(BITS)
    return 1 - (2.0**t - 1) / 2.0 ** (t + 1)


def break_it(hidden, seed):
    """The four nets from the same weights on the same minibatches; a snapshot every 4 updates."""
    members, lost = {}, set()
    _, _, x, y = every_pair()
    for name, (cell, reverse, _) in VARIANTS.items():
        net, rng = build(hidden, seed, cell=cell)
        data = (x[:, ::-1], y[:, ::-1]) if reverse else (x, y)
        members[name] = net, learn(net, rng, steps=STEPS, data=data)
    path = []

    def snapshot(done):
        right = {name: right_bits(net, VARIANTS[name][1]) for name, (net, _) in members.items()}
        path.append((done, *(bits.all(axis=1).mean() for bits in right.values())))
        places = [bits.mean(axis=0) for bits in right.values()]
        return {
            "progress": done / STEPS,
            "path": np.array(path),
            "places": places,
            "hidden": hidden,
        }

    yield snapshot(0)
    for k in range(1, STEPS + 1):
        for name, (_, steps) in members.items():
            if name not in lost:
                try:
                    with np.errstate(all="ignore"):
                        next(steps)
                except ValueError:  # the loss refuses scores that are no numbers
                    lost.add(name)
        if k % 4 == 0:
            yield snapshot(k)


def draw_broken(axes, snapshot):
    """Whole sums right while four nets learn, and their right bits place by place."""
    path, ax, at = snapshot["path"], axes["C"], axes["P"]
    for k, (name, (_, _, color)) in enumerate(VARIANTS.items()):
        ax.plot(path[:, 0], path[:, 1 + k], color=color)
        at.plot(range(BITS), snapshot["places"][k], "o-", color=color, ms=4)
        ax.text(2 + 92 * (k % 2), 1.3 - 0.13 * (k // 2), name, color=DARK[color])
    at.plot(range(BITS), best_blind(), color=viz.INK, lw=1, ls="--")
    at.text(7.2, 0.66, "dashed: the most that is\npossible without the carry", ha="right")
    ax.set(xlim=(0, STEPS), ylim=(0, 1.42), xlabel="updates")
    ax.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.set_title("whole sums right, of 2,000")
    at.set(xlim=(-0.3, BITS - 0.7), ylim=(0.2, 1.03), xlabel="worth of the place")
    at.set_xticks(range(BITS), [str(1 << t) for t in range(BITS)])
    at.set_yticks([0.25, 0.5, 0.75, 1], ["25%", "50%", "75%", "100%"])
    at.set_title("bits right, place by place")
    if len(path) == 1:
        return "Four nets with the same first weights. Press Start."
    ends = ", ".join(f"{name} <b>{percent(v)}</b>" for name, v in zip(VARIANTS, path[-1, 1:]))
    return f"After {int(path[-1, 0])} updates, whole sums right: {ends}."
