"""Exhibits of the notebook on the gates of the LSTM.

Beside each drawing stands its layout, the size and axes that ``explore`` needs.
"""

from .ablation import ABLATION, NEEDS, NoPeep, draw_variants, train_variants
from .along_time import (
    ACTIVATIONS,
    CLIPS,
    CURVES,
    back_by_step,
    draw_along_time,
    half_life,
    make_lstm,
    make_rnn,
)
from .famous import FAMOUS, RACES, draw_race, race
from .memory import HOLD, UNITS, draw_memory, play
from .series import FORECAST, SERIES, draw_forecast, fixed_forecasts, forecast, relative_error
from .step import SEE, STAGES, WEIGHTS, again, draw_gates, draw_stages, one_unit
from .unit import OFF, UNIT, draw_unit, fresh_unit, held_values, learn_values, train_unit

__all__ = [
    "ABLATION", "ACTIVATIONS", "CLIPS", "CURVES", "FAMOUS", "FORECAST", "HOLD", "NEEDS", "OFF",
    "RACES", "SEE", "SERIES", "STAGES", "UNIT", "UNITS", "WEIGHTS", "NoPeep", "again",
    "back_by_step", "draw_along_time", "draw_forecast", "draw_gates", "draw_memory", "draw_race",
    "draw_stages", "draw_unit", "draw_variants", "fixed_forecasts", "forecast", "fresh_unit",
    "half_life", "held_values", "learn_values", "make_lstm", "make_rnn", "one_unit", "play",
    "race", "relative_error", "train_unit", "train_variants",
]  # fmt: skip
