"""Gates: numbers that remember how they were computed, and so know their derivatives.

The one tape in nnlib, of scalars, to look at: every node keeps its gate, its inputs, its
value, its local derivatives and its gradient, and ``draw`` shows them all. An ``Expression``
makes such a graph from a line of arithmetic.
"""

from .expression import Expression, ExpressionError
from .value import Value, trace

__all__ = ["Expression", "ExpressionError", "Value", "trace"]
