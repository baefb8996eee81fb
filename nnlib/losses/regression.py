"""Losses for numbers: the scores should equal y, entry by entry.

Every ``each`` has the shape of y, and the mean runs over all its entries.
"""

import numpy as np

from ..checks import real
from .loss import Loss, targets


class MSE(Loss):
    """Mean squared error: L_i = (s - y)².

    One outlier weighs as its square, so it can outweigh all other examples together.

    Shapes
    ------
    scores (N, ...), y (N, ...)  ->  each (N, ...)

    After a call ``error`` holds s - y.
    """

    def forward(self, scores, y):
        self.error = scores - y
        return self.error**2

    def dscores(self):
        return 2 * self.error


class MAE(Loss):
    """Mean absolute error: L_i = |s - y|; slope sign(s - y), and 0 at s = y.

    An outlier pulls no harder than any other example: MAE is the less sensitive one.

    Shapes and attributes as ``MSE``.
    """

    def forward(self, scores, y):
        self.error = scores - y
        return np.abs(self.error)

    def dscores(self):
        return np.sign(self.error)


class Huber(Loss):
    """Squared near zero, absolute far away: ½e² if |e| ≤ δ, else δ(|e| - ½δ), e = s - y.

    With δ = 1 it is the smooth L1 loss.

    Parameters
    ----------
    delta : float > 0
        δ, where the parabola goes over into the line.

    Shapes and attributes as ``MSE``. Source: Huber, 1964.
    """

    def __init__(self, delta: float = 1.0):
        self.delta = real("Huber delta", delta, 0, open_low=True)

    def forward(self, scores, y):
        self.error = scores - y
        near = np.clip(self.error, -self.delta, self.delta)
        return near * (self.error - 0.5 * near)

    def dscores(self):
        return np.clip(self.error, -self.delta, self.delta)


class LogCosh(Loss):
    """L_i = ln cosh(s - y): about ½e² near zero and |e| - ln 2 far away; slope tanh(e).

    Computed as |e| + ln(1 + exp(-2|e|)) - ln 2, because cosh overflows beyond 710.

    Shapes and attributes as ``MSE``.
    """

    def forward(self, scores, y):
        self.error = scores - y
        size = np.abs(self.error)
        return np.maximum(size + np.log1p(np.exp(-2 * size)) - np.log(2.0).item(), 0)

    def dscores(self):
        return np.tanh(self.error)


class MSLE(Loss):
    """Mean squared logarithmic error: L_i = (ln(1 + s) - ln(1 + y))².

    For targets over many powers of ten: a factor of two costs the same everywhere. It is
    blind to negative numbers (clipped to 0, y = -5 and s = -500 would cost nothing), so
    scores and y at or below -1 are an error.

    Shapes
    ------
    scores (N, ...) > -1, y (N, ...) > -1  ->  each (N, ...)

    After a call ``ratio`` holds ln((1 + s) / (1 + y)).
    """

    def check(self, name, scores, y):
        y = targets(name, scores, y)
        for what, values in (("scores", scores), ("y", y)):
            if values.min() <= -1:
                raise ValueError(f"MSLE takes {what} > -1, got {values.min():g}")
        return y

    def forward(self, scores, y):
        self.scores = scores
        self.ratio = np.log1p(scores) - np.log1p(y)
        return self.ratio**2

    def dscores(self):
        return 2 * self.ratio / (1 + self.scores)


class MAPE(Loss):
    """Mean absolute percentage error: L_i = 100 |s - y| / |y|.

    Without meaning at y = 0, and huge near it; a y of 0 is an error, not a clipped million.

    Shapes
    ------
    scores (N, ...), y (N, ...) without zeros  ->  each (N, ...)

    After a call ``error`` holds (s - y) / |y|.
    """

    def check(self, name, scores, y):
        y = targets(name, scores, y)
        if not y.all():
            raise ValueError("MAPE takes y without zeros, because it divides by |y|, got 0")
        return y

    def forward(self, scores, y):
        self.size = np.abs(y)
        self.error = (scores - y) / self.size
        return 100 * np.abs(self.error)

    def dscores(self):
        return 100 * np.sign(self.error) / self.size
