"""The loop of every experiment here: take the gradient, take the step, remember where."""

import numpy as np


def walk(opt, gradient, steps: int) -> np.ndarray:
    """Where ``opt`` has been: its one array after 0, 1, ..., ``steps`` steps along ``gradient``."""
    (theta,) = opt.params
    path = [theta.copy()]
    for _ in range(steps):
        opt.step([np.asarray(gradient(theta))])
        path.append(theta.copy())
    return np.array(path)


def steps_of(opt, gradients) -> np.ndarray:
    """How far each of these gradients, one after another, moves the one parameter of ``opt``."""
    queue = iter(gradients)
    path = walk(opt, lambda theta: np.full(1, next(queue), float), len(gradients))
    return -np.diff(path[:, 0])
