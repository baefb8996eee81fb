"""Races: two ways to do the same work, run in turns, compared by their median times.

A module of races imports ``race`` and decorates functions; ``__main__`` imports the module.
"""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None


class Race(NamedTuple):
    """A named pair of contestants, and the ratio to stay under."""

    name: str
    make: Callable  # () -> (ours, theirs), two functions without arguments
    goals: tuple  # ours / theirs at most: with the CPU's own BLAS kernels, with 256-bit ones


RACES = []


def race(name: str, goals: tuple, *args):
    """Register ``make(*args)``, which returns ``(ours, theirs)``, as one race."""

    def register(make):
        RACES.append(Race(name, lambda: make(*args), goals))
        return make

    return register


def run(contest: Race, turn: int, seconds: float = 1.0, least: int = 15) -> tuple:
    """Median times (ours, theirs): ``turn`` runs of each in turn, for ``seconds`` in all.

    With 1 each finds the caches as the other left them; with 20 as a loop of its own does,
    which is how a net trains.

    CPU time of the whole process (PyTorch goes backward on a thread of its own): on one
    thread it is the time on the clock, less what other programs took away.
    """
    ours, theirs = contest.make()
    times = [], []
    for _ in range(2):  # warm up
        ours(), theirs()
    end = time.perf_counter() + seconds
    while len(times[0]) < least or time.perf_counter() < end:
        for contestant, laps in zip((ours, theirs), times):
            for _ in range(turn):
                start = time.process_time()
                contestant()
                laps.append(time.process_time() - start)
    return statistics.median(times[0]), statistics.median(times[1])
