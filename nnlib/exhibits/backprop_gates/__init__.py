"""Exhibits of the notebook on backprop gates.

Beside each drawing stands its layout, the size and axes that ``explore`` needs.
"""

from .direction import BOWL, bowl, downhill, draw_bowl, gradient, slope_along
from .museum import MUSEUM, RIGHT, ROOMS, check_room, draw_museum, train_room
from .precision import CURVE, FUNCTIONS, H_RANGE, WAYS, draw_curve, estimate, exact
from .single import GATE, draw_gate, one_gate
from .typed import circuit, draw_circuit
from .walk import differences

WHOLE = {"size": (8.6, 4.24)}

__all__ = [
    "BOWL", "CURVE", "FUNCTIONS", "GATE", "H_RANGE", "MUSEUM", "RIGHT", "ROOMS", "WAYS", "WHOLE",
    "bowl", "check_room", "circuit", "differences", "downhill", "draw_bowl",
    "draw_circuit", "draw_curve", "draw_gate", "draw_museum", "estimate", "exact", "gradient",
    "one_gate", "slope_along", "train_room",
]  # fmt: skip
