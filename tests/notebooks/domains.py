"""Which values of a control are worth trying, alone and together."""

import itertools
import random

from .frontend import Model

MOST = 12  # options of one control
SLIDERS = {"IntSliderModel", "FloatSliderModel", "BoundedIntTextModel", "BoundedFloatTextModel",
           "FloatLogSliderModel", "PlayModel"}  # fmt: skip
RANGES = {"IntRangeSliderModel", "FloatRangeSliderModel"}
CHOICES = {"DropdownModel", "RadioButtonsModel", "ToggleButtonsModel", "SelectModel",
           "SelectionSliderModel"}  # fmt: skip
SWITCHES = {"CheckboxModel", "ToggleButtonModel"}
NUMBERS = {"IntTextModel", "FloatTextModel"}
PAGES = {"TabModel", "AccordionModel", "StackModel"}
SILENT = {"HTMLModel", "HTMLMathModel", "LabelModel", "ImageModel", "ValidModel",
          "IntProgressModel", "FloatProgressModel"}  # fmt: skip


class Unknown(Exception):
    """A control of a kind that nobody taught the sweep."""


def domain(model: Model) -> tuple[str, list] | None:
    """(trait, values to try) of a control; None if it is none, or disabled."""
    kind, state = model.kind, model.state
    if state.get("disabled") or kind in SILENT:
        return None
    if "good" in state:  # a control that brings its own samples, as TextField does
        return "value", list(state["good"])
    if kind in SLIDERS:
        low, middle, high = ends_and_middle(state)
        if kind == "FloatLogSliderModel":
            low, middle, high = (state["base"] ** power for power in (low, middle, high))
        return "value", [low, middle, high]
    if kind in RANGES:
        low, middle, high = ends_and_middle(state)
        return "value", [[low, high], [low, middle], [middle, high], [middle, middle]]
    if kind in CHOICES:
        return "index", list(range(len(state["_options_labels"])))[:MOST]
    if kind in SWITCHES:
        return "value", [True, False]
    if kind in NUMBERS:
        return "value", [-1, 0, 1, 1_000_000]
    if kind in PAGES:
        return "selected_index", list(range(len(state["children"])))
    if "value" in state:
        raise Unknown(f"a {kind} without samples: give it good = [...] and bad = [...]")
    return None


def ends_and_middle(state: dict) -> tuple:
    """Lowest value, the step nearest the middle, highest value."""
    low, high, step = state["min"], state["max"], state.get("step")
    middle = (low + high) / 2
    if step:
        middle = round(low + round((middle - low) / step) * step, 10)
    return low, (int(middle) if isinstance(low, int) and middle == int(middle) else middle), high


def pairwise(domains: list[list], seed: int = 0) -> list[list]:
    """Rows of values in which every pair of values of every two controls occurs (greedy)."""
    rng = random.Random(seed)
    sizes = [len(values) for values in domains]
    open_pairs = {
        (i, a, j, b)
        for i, j in itertools.combinations(range(len(domains)), 2)
        for a in range(sizes[i])
        for b in range(sizes[j])
    }
    rows = []
    while open_pairs:
        best = max(
            (candidate(sizes, open_pairs, rng) for _ in range(20)),
            key=lambda row: len(pairs(row) & open_pairs),
        )
        open_pairs -= pairs(best)
        rows.append([values[k] for values, k in zip(domains, best)])
    return rows


def candidate(sizes, open_pairs, rng) -> list[int]:
    row = [rng.randrange(size) for size in sizes]
    i, row[i], j, row[j] = rng.choice(sorted(open_pairs))
    return row


def pairs(row: list[int]) -> set:
    return {(i, a, j, b) for (i, a), (j, b) in itertools.combinations(enumerate(row), 2)}
