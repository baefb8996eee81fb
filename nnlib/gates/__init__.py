"""Gates: numbers that remember how they were computed, and so know their derivatives.

The one tape in nnlib, of scalars, to look at: every node keeps its gate, its inputs, its
value, its local derivatives and its gradient, and ``draw`` shows them all.
"""

from .value import Value, trace

__all__ = ["Value", "trace"]
