"""Inside the state: what an optimizer remembers of the gradients, and what it makes of them."""

import functools

import numpy as np

import nnlib as nn
from nnlib import viz

STEPS = 100


def constant(t):
    return np.ones(len(t))


def alternating(t):
    return (-1.0) ** t


def sparse(t):
    """One gradient in ten; the others are 0."""
    return (t % 10 == 0).astype(float)


def noisy(t):
    """Mean 0.3, standard deviation 1."""
    return 0.3 + np.random.default_rng(0).standard_normal(len(t))


def fading(t):
    return 0.95**t


GRADIENTS = {
    "constant": constant, "alternating": alternating, "sparse": sparse, "noisy": noisy,
    "fading": fading,
}  # fmt: skip

# method -> (optimizer of (params, memory, correct), names of its lines, they from (g, slots, t))
MEMORIES = {
    "Momentum": (
        lambda p, memory, _: nn.Momentum(p, lr=1.0, mu=memory),
        {"v / η, with the sign of g": lambda v: -v[0]},
    ),
    "Adagrad": (
        lambda p, memory, _: nn.Adagrad(p, lr=1.0),
        {"√n, root of the sum of g²": lambda n: np.sqrt(n[0])},
    ),
    "RMSprop": (
        lambda p, memory, _: nn.RMSprop(p, lr=1.0, rho=memory),
        {"√n, root of the average of g²": lambda n: np.sqrt(n[0])},
    ),
    "Adadelta": (
        lambda p, memory, _: nn.Adadelta(p, rho=memory),
        {"RMS[g]": lambda s: np.sqrt(s[0]), "100 · RMS[Δ]": lambda s: 100 * np.sqrt(s[1] + 1e-6)},
    ),
    "Adam": (
        lambda p, memory, correct: nn.Adam(p, lr=1.0, beta2=memory, correct=correct),
        {"mean m": lambda s: s[0], "root of v": lambda s: np.sqrt(s[1])},
    ),
}


@functools.lru_cache(maxsize=128)
def remember(method: str, kind: str, memory: float, scale: float, correct: bool) -> tuple:
    """(gradients, {name of a line: its values}, steps / η) of one parameter, η = 1.

    Adam's lines are the corrected ones, m̂ and √v̂, when ``correct`` is True.
    """
    build, lines = MEMORIES[method]
    theta = np.zeros(1)
    opt = build([theta], memory, correct)
    gradients = scale * GRADIENTS[kind](np.arange(STEPS))
    seen, steps = {name: [] for name in lines}, []
    for g in gradients:
        before = theta.item()
        opt.step([np.array([g])])
        steps.append(before - theta.item())
        slots = [slot.item() for slot in opt.state[0]]
        if method == "Adam" and correct:
            slots = [slots[0] / (1 - opt.beta1**opt.t), slots[1] / (1 - opt.beta2**opt.t)]
        for name, line in lines.items():
            seen[name].append(line(slots))
    return gradients, {name: np.array(values) for name, values in seen.items()}, np.array(steps)


def draw_state(axes, method, gradient, memory, scale, bias_correction) -> str:
    """The gradients, the running arrays, and the length of each step over η."""
    first, second, third = axes
    g, lines, steps = remember(method, gradient, memory, scale, bias_correction)
    t = np.arange(1, STEPS + 1)
    first.vlines(t, 0, g / scale, color=viz.BLUE, lw=1.6)
    first.set(xlim=(0, STEPS), ylim=(-3.2, 3.2), title="gradients / scale", xlabel="step")

    true = np.sqrt(np.cumsum(g * g) / t) / scale
    if method in {"RMSprop", "Adam"}:
        second.plot(t, true, color=viz.INK, lw=1.2, ls=":", label="true mean of g², root")
    for (name, values), color in zip(lines.items(), (viz.ORANGE, viz.PURPLE)):
        shown = values if name.startswith("100") else values / scale
        known = f"{name}, corrected" if bias_correction and method == "Adam" else name
        second.plot(t, shown, color=color, label=known)
    high = {"Momentum": 11 if memory <= 0.9 else 110, "Adagrad": 11}.get(method, 3.2)
    second.set(xlim=(0, STEPS), ylim=(-high, high), title="what is remembered", xlabel="step")
    second.legend(loc="lower right", fontsize=9, handlelength=1.2, borderpad=0)

    third.axhline(1, color="#555555", lw=0.8)
    third.plot(t, np.maximum(np.abs(steps), 1e-9), "o", color=viz.GREEN, ms=3)
    third.set(yscale="log", xlim=(0, STEPS), ylim=(1e-4, 2e3))
    third.set(title="length of the step / η", xlabel="step")
    third.set_yticks([1e-4, 1e-2, 1, 1e2])
    third.minorticks_off()
    at = ", ".join(f"{abs(steps[k - 1]):.3g}" for k in (1, 10, 100))
    return f"Step / η of <b>{method}</b> at t = 1, 10, 100: <b>{at}</b>. " + comment(
        method, memory, scale, bias_correction
    )


def comment(method, memory, scale, correct) -> str:
    """What holds for the method whatever the gradients are."""
    if method == "Momentum":
        return (
            f"A step of one gradient goes on as {memory:g}, {memory**2:.3g} ... of it: at most "
            f"{1 / (1 - memory):.4g} times |g| in the end."
        )
    if method == "Adagrad":
        return "The sum n never falls, so a gradient of the same size moves less and less."
    if method == "RMSprop" and memory == 0:
        return "Only the newest square is remembered: any gradient but 0 gives a step of η."
    if method == "RMSprop":
        return (
            f"The average reaches back about {1 / (1 - memory):.4g} steps, so the start at 0 "
            "makes the first steps long, and the scale of the gradients cancels."
        )
    if method == "Adadelta":
        return (
            "There is no rate: RMS[Δ] starts at √ε = 0.001, and the steps can grow only as "
            "their own average does."
        )
    if correct:
        return f"With correction the first step is η, whatever the scale ({scale:g} here)."
    first = (1 - 0.9) / np.sqrt(1 - memory) if memory else 0.1
    return f"Without correction the first step is 0.1 / √(1 - β₂) = {first:.3g} times η."
