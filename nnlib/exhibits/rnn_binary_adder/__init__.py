"""RNN binary adder: the task, the cell, the training, the carry, longer numbers, what breaks it."""

from .broken import BROKEN, CutInTime, WrongSlope, break_it, draw_broken
from .carry import CARRY_MAP, DIRECTION, FLIP, UNIT_NAMES, carrier, draw_carry, draw_flip, pushed
from .cell import CELL, FRAMES, STAGES, draw_cell
from .lengths import LENGTHS, chain, draw_lengths, holds, measured, team
from .lengths import RECIPES as TEAMS
from .lengths import STAGES as TEAM_STAGES
from .nets import ADDER, ROAD, SquaredError, adder_road, build, draw_adder, learn, trained
from .notes import (
    NOTES,
    draw_notes,
    first_good,
    first_weights,
    old_net,
    old_runs,
    one_pair,
    right_sums,
)  # fmt: skip
from .task import TASK, carry_in, carry_out, draw_task, encode, every_pair, number, score
from .threshold import HAND, LATCH, draw_hand, draw_latch, hand_adder, latch
from .training import (
    LIVE,
    LOSSES,
    OPTIMIZERS,
    RACE,
    compare_recipes,
    draw_race,
    draw_training,
    train_adder,
)  # fmt: skip

__all__ = [
    "ADDER", "BROKEN", "CARRY_MAP", "CELL", "DIRECTION", "FLIP", "FRAMES", "HAND", "LATCH",
    "LENGTHS", "LIVE", "LOSSES", "NOTES", "OPTIMIZERS", "RACE", "ROAD", "STAGES", "TASK", "TEAMS",
    "TEAM_STAGES", "UNIT_NAMES", "CutInTime", "SquaredError", "WrongSlope", "adder_road",
    "break_it", "build", "carrier", "carry_in", "carry_out", "chain", "compare_recipes",
    "draw_adder", "draw_broken", "draw_carry", "draw_cell", "draw_flip", "draw_hand",
    "draw_latch", "draw_lengths", "draw_notes", "draw_race", "draw_task", "draw_training",
    "encode", "every_pair", "first_good", "first_weights", "hand_adder", "holds", "latch",
    "learn", "measured", "number", "old_net", "old_runs", "one_pair", "pushed", "right_sums",
    "score", "team", "train_adder", "trained",
]  # fmt: skip
