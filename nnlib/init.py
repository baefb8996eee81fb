"""How weights start: small, and all different.

Each function draws an array of ``shape`` for a layer with ``fan_in`` inputs and ``fan_out``
outputs per unit. ``rng`` is a ``numpy.random.Generator``.
"""

import numpy as np


def normal(shape, fan_in, fan_out, rng, std=0.01):
    """Normal(0, std²): what one did before 2010."""
    return std * rng.standard_normal(shape)


def xavier(shape, fan_in, fan_out, rng):
    """Normal(0, 2 / (fan_in + fan_out)): keeps the variance through tanh layers.

    Source: Glorot and Bengio, 2010.
    """
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal(shape)


def he(shape, fan_in, fan_out, rng):
    """Normal(0, 2 / fan_in): the factor 2 makes up for the half that ReLU cuts off.

    Source: He et al., Delving deep into rectifiers, 2015.
    """
    return np.sqrt(2 / fan_in) * rng.standard_normal(shape)


def zeros(shape, fan_in, fan_out, rng):
    """All zeros. Fine for a single linear layer; in a deep net every unit stays the same."""
    return np.zeros(shape)
