"""Exercises of 11_optimizer_comparisons: one step of four methods, and how long it may be."""

import numpy as np

from .engine import Mistake, exercise


def _numbers(rng):
    return rng.normal(size=3), rng.normal(size=3)


def _uphill(theta, g, v, lr, mu):
    v = mu * v - lr * g
    return theta - v, v


def _old_velocity(theta, g, v, lr, mu):
    return theta + v, mu * v - lr * g


def _average(theta, g, v, lr, mu):
    v = mu * v - (1 - mu) * lr * g
    return theta + v, v


@exercise(
    cases=lambda rng: (*_numbers(rng), rng.normal(size=3), rng.uniform(0.01, 1), 0.9),
    hint="First the new velocity v = mu * v - lr * g, then theta + v. Return both.",
    mistakes=[
        Mistake(_uphill, "v already points downhill (it holds -lr * g): add it, theta + v"),
        Mistake(_old_velocity, "you moved by the old velocity: compute the new v first"),
        Mistake(_average, "that is the average form; here v is a sum, without the factor 1 - mu"),
    ],
)
def momentum_step(theta, g, v, lr, mu):
    v = mu * v - lr * g
    return theta + v, v


def _adagrad_harmonic(lr, t):
    return lr / t


def _adagrad_squared(lr, t):
    return lr / np.sqrt(t + 1)


def _adagrad_constant(lr, t):
    return lr + 0.0 * t


@exercise(
    cases=lambda rng: (rng.uniform(0.01, 1), int(rng.integers(2, 500))),
    hint="After t gradients of 1 the sum n of their squares is t. The step is lr * g / sqrt(n).",
    mistakes=[
        Mistake(_adagrad_harmonic, "divide by the root of n, not by n: n holds squares"),
        Mistake(_adagrad_squared, "n starts at 0, so after t gradients it is t, not t + 1"),
        Mistake(_adagrad_constant, "that is the first step; n grows by 1 with every gradient"),
    ],
)
def adagrad_step_length(lr, t):
    return lr / np.sqrt(t)


def _rmsprop_sum(theta, g, n, lr, rho, eps):
    n = rho * n + g**2
    return theta - lr * g / (np.sqrt(n) + eps), n


def _rmsprop_swapped(theta, g, n, lr, rho, eps):
    n = (1 - rho) * n + rho * g**2
    return theta - lr * g / (np.sqrt(n) + eps), n


def _rmsprop_no_root(theta, g, n, lr, rho, eps):
    n = rho * n + (1 - rho) * g**2
    return theta - lr * g / (n + eps), n


def _rmsprop_inside(theta, g, n, lr, rho, eps):
    n = rho * n + (1 - rho) * g**2
    return theta - lr * g / np.sqrt(n + eps), n


def _rmsprop_case(rng):
    return (*_numbers(rng), rng.exponential(size=3), rng.uniform(0.01, 1), 0.9, 1e-3)


@exercise(
    cases=_rmsprop_case,
    hint="n = rho * n + (1 - rho) * g**2, then theta - lr * g / (sqrt(n) + eps). Return both.",
    mistakes=[
        Mistake(_rmsprop_sum, "n is an average: the new square has the weight 1 - rho"),
        Mistake(_rmsprop_swapped, "rho is what is kept of the old n; the new square gets 1 - rho"),
        Mistake(_rmsprop_no_root, "n holds squares: divide by its root"),
        Mistake(_rmsprop_inside, "eps stands outside the root here: sqrt(n) + eps"),
    ],
)
def rmsprop_step(theta, g, n, lr, rho, eps):
    n = rho * n + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(n) + eps), n


def _adam(theta, g, m, v, t, lr, correct, inside=False):
    beta1, beta2, eps = 0.9, 0.999, 1e-3
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = correct(m, beta1, t), correct(v, beta2, t)
    down = np.sqrt(v_hat + eps) if inside else np.sqrt(v_hat) + eps
    return theta - lr * m_hat / down, m, v


def _adam_uncorrected(theta, g, m, v, t, lr):
    return _adam(theta, g, m, v, t, lr, lambda a, beta, t: a)


def _adam_multiplied(theta, g, m, v, t, lr):
    return _adam(theta, g, m, v, t, lr, lambda a, beta, t: a * (1 - beta**t))


def _adam_constant(theta, g, m, v, t, lr):
    return _adam(theta, g, m, v, t, lr, lambda a, beta, t: a / (1 - beta))


def _adam_inside(theta, g, m, v, t, lr):
    return _adam(theta, g, m, v, t, lr, lambda a, beta, t: a / (1 - beta**t), inside=True)


def _adam_overwritten(theta, g, m, v, t, lr):
    theta, m, v = adam_step(theta, g, m, v, t, lr)
    return theta, m / (1 - 0.9**t), v / (1 - 0.999**t)


def _adam_case(rng):
    t = int(rng.integers(2, 30))
    m, v = 0.1 * rng.normal(size=3), 0.01 * rng.exponential(size=3)
    return (*_numbers(rng), m, v, t, rng.uniform(0.01, 1))


@exercise(
    cases=_adam_case,
    hint="Four lines: the new m, the new v, both divided by 1 - beta**t, then the step.",
    mistakes=[
        Mistake(_adam_uncorrected, "m and v start at 0: divide them by 1 - beta**t first"),
        Mistake(_adam_multiplied, "divide by 1 - beta**t; multiplying makes the bias worse"),
        Mistake(_adam_constant, "the correction fades: 1 - beta**t, with the power t"),
        Mistake(_adam_inside, "eps stands outside the root: sqrt(v_hat) + eps"),
        Mistake(_adam_overwritten, "return m and v as they are; only the step is corrected"),
    ],
)
def adam_step(theta, g, m, v, t, lr):
    beta1, beta2, eps = 0.9, 0.999, 1e-3
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def _one_over_l(A):
    return 1 / np.linalg.eigvalsh(A).max()


def _flattest(A):
    return 2 / np.linalg.eigvalsh(A).min()


def _trace(A):
    return 2 / np.trace(A)


def _entry(A):
    return 2 / A.max()


def _bowl(rng):
    B = rng.normal(size=(3, 3))
    return (B @ B.T + 0.1 * np.eye(3),)


@exercise(
    cases=_bowl,
    hint="L is the largest curvature: the largest eigenvalue of A, np.linalg.eigvalsh(A).max().",
    mistakes=[
        Mistake(_one_over_l, "1 / L is safe, but twice as much is still stable"),
        Mistake(_flattest, "the steepest direction diverges first: the largest eigenvalue"),
        Mistake(_trace, "the trace is the sum of all curvatures; only the largest counts"),
        Mistake(_entry, "the largest entry is not the largest curvature: take eigenvalues"),
    ],
)
def largest_stable_rate(A):
    return 2 / np.linalg.eigvalsh(A).max()
