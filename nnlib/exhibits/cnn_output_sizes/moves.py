"""What the buttons do: step a window, make it fit, add and change layers."""

import re

from .settings import read
from .stack import ALLOWED, LIMIT, PRESETS, WORD

FIELDS = ["layer", "input_size", "kernel", "kernels", "stride", "padding", "dilation"]
LAST = 99  # highest window position the slider reaches


def stepped(by):
    """An action that moves the window on, and round at the end."""

    def act(position, **fields):
        fields = {name: value for name, value in fields.items() if name in FIELDS}
        try:
            plan = read(**fields)
        except ValueError:
            return {}
        count = min(plan.rows.count * plan.columns.count, LAST + 1)
        return {"position": (position % count + by) % count} if count else {}

    return act


def make_fit(position, **fields):
    """Settings that leave no remainder: padding added behind, or a kernel that is small enough."""
    try:
        plan = read(**fields)
    except ValueError:
        return {}
    axes = plan.rows, plan.columns
    if plan.kind == "transposed" or not any(a.room < 0 or a.rest for a in axes):
        return {}
    if not plan.fits:
        return {"kernel": " x ".join(str(min(a.k, (a.padded - 1) // a.dilation + 1)) for a in axes)}
    after = [a.after + -a.room % a.stride for a in axes]
    if plan.kind == "max pooling" and any(p >= a.k for p, a in zip(after, axes)):
        sizes = [str(a.size - a.rest) for a in axes]
        return {"input_size": f"{plan.c_in} x {' x '.join(sizes)}"}
    return {"padding": f"{axes[0].before} {after[0]} {axes[1].before} {after[1]}"}


def preset(name):
    """An action that puts up a known network."""
    return lambda **_: {**PRESETS[name], "pick": 1}


def place(layers, pick) -> tuple:
    """The words, and which of them is picked."""
    words = layers.split()
    return words, min(pick, len(words)) - 1


def add(word):
    """An action that puts a layer behind the picked one, and picks it."""

    def act(layers, pick, **_):
        words, at = place(layers, pick)
        if len(words) >= LIMIT:
            return {}
        words.insert(at + 1, word)
        return {"layers": " ".join(words), "pick": at + 2}

    return act


def remove(layers, pick, **_):
    """The action that takes the picked layer away."""
    words, at = place(layers, pick)
    if not words:
        return {}
    del words[at]
    return {"layers": " ".join(words), "pick": max(at, 1)}


def change(letter, values):
    """An action that moves one setting of the picked layer on to its next value."""

    def act(layers, pick, **_):
        words, at = place(layers, pick)
        found = WORD.fullmatch(words[at]) if words else None
        if not found:
            return {}
        kind, count, letters = found.groups()
        if letter not in ALLOWED.get(kind, ""):
            return {}
        now = dict(re.findall(r"([kspdg])(-?\d+(?:x-?\d+)?)", letters))
        default = {"k": "3", "s": count or "2" if kind != "conv" else "1", "p": "0"}[letter]
        here = now.get(letter, default)
        after = values[(values.index(here) + 1) % len(values)] if here in values else values[0]
        now[letter] = after
        words[at] = f"{kind}{count or ''}" + "".join(k + now[k] for k in "kspdg" if k in now)
        return {"layers": " ".join(words)}

    return act


STACK_ACTIONS = {
    **{name: preset(name) for name in PRESETS},
    "Add conv": add("conv16k3p1"),
    "Add pool": add("pool2"),
    "Add flatten": add("flatten"),
    "Add dense": add("dense10"),
    "Remove": remove,
    "Next kernel": change("k", ["1", "3", "5", "7", "11"]),
    "Next stride": change("s", ["1", "2", "3", "4"]),
    "Next padding": change("p", ["0", "1", "2", "3"]),
}
