"""An exercise is a function to write. The key is code, so that a test can prove it.

In a module of this package::

    @exercise(cases=lambda rng: (rng.normal(size=3), 0), hint="Which class is left out?",
              mistakes=[Mistake(with_true_class, "You added the true class too.")])
    def hinge(scores, y):
        return ...

In a notebook the learner fills in ``def hinge(scores, y): ...`` and calls ``check(hinge)``.
"""

import copy
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from IPython.display import Markdown

EXERCISES: dict = {}
MARKS = {"blank": "…", "wrong": "✗", "right": "✓"}


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, as a function, and the hint for exactly that mistake."""

    answer: Callable
    hint: str


@dataclass(frozen=True)
class Result:
    """What ``check`` found: status "blank", "wrong" or "right", and a message."""

    status: str
    message: str

    def __repr__(self):
        return f"{MARKS[self.status]} {self.message}"


@dataclass(frozen=True)
class Exercise:
    """A key, the arguments it is tried on, a hint, and the typical mistakes."""

    key: Callable
    cases: Callable  # rng -> tuple of arguments
    hint: str
    mistakes: tuple

    def check(self, answer, tries: int = 20) -> Result:
        """Compare ``answer`` with the key on ``tries`` random cases."""
        rng = np.random.default_rng(0)
        cases = [self.cases(rng) for _ in range(tries)]
        suspects = list(self.mistakes)
        wrong = None
        for args in cases:
            given = copy.deepcopy(args)
            try:
                with np.errstate(all="ignore"):  # what overflows shows in the result
                    got = answer(*given)
            except NotImplementedError:
                got = None
            except Exception as problem:  # the learner's code may do anything
                return Result("wrong", f"your function raised {type(problem).__name__}: {problem}")
            if got is None or got is Ellipsis:
                return Result("blank", "not attempted yet")
            if not all(map(same, given, args)):
                return Result("wrong", "your function changes its arguments; work on a copy")
            want = self.key(*copy.deepcopy(args))
            wrong = wrong or difference(got, want)
            with np.errstate(all="ignore"):
                suspects = [m for m in suspects if same(got, m.answer(*copy.deepcopy(args)))]
        if wrong is None:
            return Result("right", f"right, on {tries} random cases")
        return Result("wrong", suspects[0].hint if suspects else wrong)


def numbers(value):
    """``value`` as a list of float arrays, or None if it is something else."""
    try:
        parts = value if isinstance(value, tuple) else (value,)
        return [np.asarray(part, dtype=float) for part in parts]
    except (TypeError, ValueError):
        return None


def difference(got, want) -> str | None:
    """What is wrong with ``got``, in words; None if it agrees with ``want``."""
    mine, theirs = numbers(got), numbers(want)
    if mine is None:
        return f"it should return numbers, not {type(got).__name__}"
    if len(mine) != len(theirs):
        return f"it should return {len(theirs)} values, not {len(mine)}"
    for a, b in zip(mine, theirs):
        if a.shape != b.shape:
            return f"it should return shape {b.shape}, not {a.shape}"
        if np.isfinite(b).all() and not np.isfinite(a).all():
            return "the result contains nan or inf"
        if not np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True):
            return f"for one of the cases you return {brief(a)}, right is {brief(b)}"
    return None


def brief(array):
    return np.array2string(np.round(array, 4), threshold=6, edgeitems=2, separator=", ")


def same(a, b) -> bool:
    """Equal as numbers, or simply equal."""
    if numbers(a) is None or numbers(b) is None:
        return type(a) is type(b) and a == b
    return difference(a, b) is None


def exercise(*, cases, hint: str, mistakes=()):
    """Register the decorated function as the key of the exercise of its name."""

    def register(key):
        if key.__name__ in EXERCISES:
            raise ValueError(f"two exercises are called {key.__name__}")
        EXERCISES[key.__name__] = Exercise(key, cases, hint, tuple(mistakes))
        return key

    return register


def load_all() -> dict:
    """Every exercise of the course, by name."""
    package = importlib.import_module(__package__)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{__package__}.{module.name}")
    return EXERCISES


def _find(name) -> Exercise:
    name = getattr(name, "__name__", name)
    exercises = load_all()
    if name not in exercises:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(sorted(exercises))}")
    return exercises[name]


def check(answer):
    """Say whether ``answer`` is right, not attempted yet, or wrong, and then what to look at."""
    print(_find(answer).check(answer))


def hint(name):
    """A nudge for the exercise of this name (or function)."""
    print(_find(name).hint)


def solution(name) -> Markdown:
    """The key of the exercise of this name (or function), for after you tried."""
    text = textwrap.dedent(inspect.getsource(_find(name).key))
    return Markdown(f"```python\n{text[text.index('def ') :]}```")
