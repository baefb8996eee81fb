"""Preprocessing: numbers learned from the training data, applied to training and test data.

Every function measures ``x_train`` and returns a ``Transform``::

    scale = nn.preprocessing.standardize(x_train)
    net_input, test_input = scale(x_train), scale(x_test)

Measuring the test data too would leak it into training; measuring it on its own would move
it to another place than the data the net has seen.
"""

from __future__ import annotations

import numpy as np

from .checks import finite, natural, real


class Transform:
    """z = W(x - μ), with μ and W from the training data.

    Attributes
    ----------
    mean : array
        μ, broadcast over one example.
    scale : array or None
        W where it is diagonal: a factor for each entry of x - μ.
    W : array (K, D) or None
        A full W, for examples of D numbers in all; its rows are the new axes.
    variances : array (K,) or None
        Of the training data along the rows of W, before whitening.
    """

    def __init__(self, shape, mean, *, scale=None, W=None, variances=None):
        self.shape, self.mean, self.scale = tuple(shape), mean, scale
        self.W, self.variances = W, variances

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """z for examples x (N, ...); float32 stays float32."""
        if finite("Transform x", x).shape[1:] != self.shape:
            raise ValueError(f"Transform takes x of shape (N, *{self.shape}), got {x.shape}")
        gap = x - self.mean.astype(x.dtype)
        if self.W is not None:
            return gap.reshape(len(x), -1) @ self.W.T.astype(x.dtype)
        return gap if self.scale is None else gap * self.scale.astype(x.dtype)

    def inverse(self, z: np.ndarray) -> np.ndarray:
        """The x that z came from; the nearest one if W left out directions."""
        wanted = self.shape if self.W is None else self.W.shape[:1]
        if finite("Transform.inverse z", z).shape[1:] != wanted:
            raise ValueError(f"Transform.inverse takes z of shape (N, *{wanted}), got {z.shape}")
        if self.W is not None:
            gap = (z @ np.linalg.pinv(self.W).T.astype(z.dtype)).reshape(len(z), *self.shape)
        else:
            gap = z if self.scale is None else z / self.scale.astype(z.dtype)
        return gap + self.mean.astype(z.dtype)


def measured(name, x, least=1) -> np.ndarray:
    """Training data (N, ...) as float64."""
    if finite(f"{name} x", x).ndim < 2 or len(x) < least:
        raise ValueError(f"{name} takes x of shape (N, ...) with N >= {least}, got {x.shape}")
    return x.astype(np.float64)


def over(name, x, axis) -> tuple:
    """The axes to average over, as a tuple that holds the examples' axis 0."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(natural(f"{name} axis", a, 0) for a in axes)
    if 0 not in axes or max(axes) >= x.ndim or len(set(axes)) < len(axes):
        raise ValueError(f"{name} axis takes 0 and other axes of x {x.shape}, got {axis!r}")
    return axes


def center(x: np.ndarray, axis=0) -> Transform:
    """z = x - μ: the mean of every number over the training data becomes 0.

    Parameters
    ----------
    x : float array (N, ...)
        Training data.
    axis : int or tuple of int
        Averaged over: 0 gives the mean image (AlexNet), (0, 2, 3) a mean per channel (VGG).
    """
    x = measured("center", x)
    return Transform(x.shape[1:], x.mean(axis=over("center", x, axis), keepdims=True)[0])


def standardize(x: np.ndarray, axis=0) -> Transform:
    """z = (x - μ) / σ: mean 0 and variance 1 for every number.

    A number that is the same in all training data has σ = 0; it is only centered.

    Parameters as ``center``; σ² is divided by N.
    """
    x = measured("standardize", x)
    axes = over("standardize", x, axis)
    mean = x.mean(axis=axes, keepdims=True)[0]
    std = x.std(axis=axes, keepdims=True)[0]
    constant = std <= 10 * np.finfo(float).eps * np.abs(mean)
    return Transform(x.shape[1:], mean, scale=1 / np.where(constant, 1, std))


def principal_axes(name, x, k) -> tuple:
    """μ, the K eigenvectors of the covariance as rows V, and the variances along them."""
    x = measured(name, x, least=2)
    flat = x.reshape(len(x), -1)
    gap = flat - flat.mean(axis=0)
    variances, V = np.linalg.eigh(gap.T @ gap / (len(x) - 1))  # Σv = λv
    variances, V = np.maximum(variances[::-1], 0), V.T[::-1]
    rank = int((variances > 1e-12 * variances[0]).sum())
    if k is None and rank == 0:
        raise ValueError(f"{name} takes data that varies, got {len(x)} equal examples")
    k = rank if k is None else natural(f"{name} k", k)
    if k > len(V):
        raise ValueError(f"{name} k takes 1..{len(V)} of {len(V)} directions, got {k}")
    largest = V[np.arange(len(V)), np.abs(V).argmax(axis=1)]
    V = V * np.sign(largest)[:, None]  # v and -v are both right; the largest entry is positive
    return x.mean(axis=0), V[:k], variances[:k]


def pca(x: np.ndarray, k: int | None = None) -> Transform:
    """Principal components: z = V(x - μ), the k directions in which the data varies most (主成分).

    The rows of V are eigenvectors of the covariance Σ = X'ᵀX' / (N - 1), X' = X - μ, ordered
    by their eigenvalues, the variances along them. The numbers of z are uncorrelated.

    Parameters
    ----------
    x : float array (N, ...), N >= 2
        Training data; an example counts as one vector of D numbers.
    k : int in 1..D, optional
        By default every direction in which the data varies at all.

    Source: Pearson, 1901; Hotelling, 1933.
    """
    mean, V, variances = principal_axes("pca", x, k)
    return Transform(mean.shape, mean, W=V, variances=variances)


def whiten(
    x: np.ndarray, k: int | None = None, eps: float = 0.0, rotate_back: bool = False
) -> Transform:
    """PCA, then each component divided by its standard deviation: covariance I (白化).

    z = (V(x - μ)) / √(λ + ε)

    Parameters
    ----------
    x, k
        As ``pca``. A direction without variance cannot be whitened with ε = 0.
    eps : float >= 0
        ε; damps the directions of least variance, which are mostly noise.
    rotate_back : bool
        Multiply by Vᵀ: the whitened data nearest to the original, so that an image still
        looks like one (ZCA). z then has D numbers.

    Source: Bell and Sejnowski, The independent components of natural scenes, 1997.
    """
    if not isinstance(rotate_back, (bool, np.bool_)):
        raise TypeError(f"whiten rotate_back takes a bool, got {rotate_back!r}")
    eps = real("whiten eps", eps, 0)
    mean, V, variances = principal_axes("whiten", x, k)
    if not (variances + eps > 1e-12 * variances[0]).all():
        raise ValueError("whiten takes data that varies in all k directions, or eps > 0")
    W = V / np.sqrt(variances + eps)[:, None]
    return Transform(mean.shape, mean, W=V.T @ W if rotate_back else W, variances=variances)
