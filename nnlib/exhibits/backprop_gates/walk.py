"""How far a forward and a backward pass have come, gate by gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...gates import Expression, Value, trace

H = 1e-5  # of the central differences, relative to the number that is nudged


@dataclass
class Walk:
    """How far a pass through a circuit has come.

    Attributes
    ----------
    nodes, gates : list of Value
        Everything in the order of the forward pass; the gates only.
    known : int
        How many gates have computed their value.
    grads : dict of id -> float
        The gradients as far as they have been added up.
    current : Value or None
        The gate at work.
    phase : str
        "start", "forward", "output", "backward", or "done" beyond the last step.
    """

    nodes: list
    gates: list
    known: int
    grads: dict
    current: Value | None
    phase: str


def steps_of(out) -> int:
    """Frames of a walk: the inputs, each gate forward, the output, each gate backward."""
    return 2 * sum(bool(node.op) for node in trace(out)) + 2


def walk(out, step: int) -> Walk:
    """Where a pass stands after ``step`` steps."""
    nodes = trace(out)
    gates = [node for node in nodes if node.op]
    count = len(gates)
    known, back = min(step, count), step - count - 1
    grads = {id(out): 1.0} if back >= 0 else {}
    for gate in gates[::-1][: max(back, 0)]:
        for a, slope in zip(gate.inputs, gate.local):
            grads[id(a)] = grads.get(id(a), 0.0) + slope * grads[id(gate)]
    phase = "done" if back > count else "backward" if back > 0 else "output"
    if back < 0:
        phase = "forward" if step else "start"
    current = {"forward": gates[known - 1 :], "backward": gates[count - back :]}.get(phase)
    return Walk(nodes, gates, known, grads, current[0] if current else None, phase)


def differences(expression: Expression, values: dict, out) -> dict:
    """∂out/∂node by central differences for every node that is no plain number: id -> float."""
    found = {}
    for k, node in enumerate(trace(out)):
        if node.op or node.name:
            h = H * max(1.0, abs(node.data))
            try:
                above = expression((k, h), **values).data
                found[id(node)] = (above - expression((k, -h), **values).data) / (2 * h)
            except ValueError:  # beside this point lies one where the circuit has no value
                found[id(node)] = np.nan
    return found


def agree(gradient: float, difference: float) -> bool:
    """Equal within what central differences can do."""
    return abs(gradient - difference) <= 1e-5 * max(1.0, abs(gradient), abs(difference))


def handed_back(walk, gate) -> bool:
    """Whether a gate has passed its gradient on to its inputs."""
    if walk.phase == "backward":
        return walk.gates.index(gate) >= walk.gates.index(walk.current)
    return walk.phase == "done"


def complete(walk, node) -> bool:
    """Whether every gate that uses ``node`` has handed its part back."""
    users = [gate for gate in walk.gates if any(a is node for a in gate.inputs)]
    return all(handed_back(walk, gate) for gate in users)
