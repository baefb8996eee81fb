"""Penalties R(W) on the weights: they never see the data."""

import numpy as np

from .checks import real
from .layer import Layer


class Penalty:
    """λ·R(W), summed over the weight matrices of a net; biases are left alone.

    ``R = penalty(net)`` is the number to add to the loss. ``penalty.backward()`` adds its
    gradient to the dW of every layer, so call it after ``net.backward``.

    Parameters
    ----------
    lam : float >= 0
        λ, the strength.
    """

    def __init__(self, lam: float):
        self.lam = real(f"{type(self).__name__} lam", lam, 0)
        self.net = None

    def __call__(self, net: Layer) -> float:
        if not isinstance(net, Layer):
            raise TypeError(f"{type(self).__name__} takes net, a Layer, got {type(net).__name__}")
        self.net = net
        return float(self.lam * sum(self.R(W) for _, _, W in self.weights()))

    def weights(self):
        """(layer, name, array) of every learnable array that is not a vector."""
        if self.net is None:
            raise ValueError(f"{type(self).__name__}.backward needs a call first: penalty(net)")
        named = [(layer, name) for _, layer, name in self.net.named_parameters()]
        return [
            (layer, name, getattr(layer, name))
            for layer, name in named
            if getattr(layer, name).ndim > 1
        ]

    def backward(self):
        """dW += λ dR/dW for every weight matrix."""
        for layer, name, W in self.weights():
            dW = getattr(layer, "d" + name, None)
            if dW is None:
                raise ValueError(f"{type(self).__name__}.backward needs net.backward(dout) first")
            setattr(layer, "d" + name, dW + self.lam * self.dR(W))


class L2(Penalty):
    """R(W) = Σ W², dR/dW = 2W. "Weight decay" elsewhere is 2λ."""

    def R(self, W):
        return (W**2).sum()

    def dR(self, W):
        return 2 * W


class L1(Penalty):
    """R(W) = Σ |W|, dR/dW = sign(W), and 0 at W = 0."""

    def R(self, W):
        return np.abs(W).sum()

    def dR(self, W):
        return np.sign(W)
