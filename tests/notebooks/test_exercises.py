"""Every exercise: its key is right, a blank is blank, each typical mistake gets its own hint."""

import numpy as np
import pytest

from nnlib.exercises import EXERCISES, load_all

load_all()
EVERY_EXERCISE = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
EVERY_MISTAKE = pytest.mark.parametrize(
    ("exercise", "mistake"),
    [
        pytest.param(exercise, mistake, id=f"{name}-{place}")
        for name, exercise in EXERCISES.items()
        for place, mistake in enumerate(exercise.mistakes)
    ],
)


def not_written(*args):
    raise NotImplementedError


GARBAGE = {
    "text": lambda *args: "x",
    "an error": lambda *args: 1 / 0,
    "nan": lambda *args: float("nan"),
    "infinity": lambda *args: np.inf,
    "too many": lambda *args: tuple(range(9)),
    "ragged": lambda *args: [[1], [2, 3]],
    "a dict": lambda *args: {},
    "a function": lambda *args: len,
    "of no arguments": lambda: 1,
    "its argument": lambda *args: args[0] if len(np.shape(args[0])) == 3 else object(),
}


@EVERY_EXERCISE
def test_key_is_right_and_leaves_its_arguments_alone(exercise):
    assert exercise.check(exercise.key, tries=50).status == "right"


@EVERY_EXERCISE
def test_there_is_a_hint_and_at_least_one_typical_mistake(exercise):
    assert exercise.hint and exercise.mistakes
    hints = [mistake.hint for mistake in exercise.mistakes]
    assert all(hints) and len(set(hints)) == len(hints)


@EVERY_EXERCISE
@pytest.mark.parametrize("blank", [lambda *args: ..., lambda *args: None, not_written])
def test_blank_is_not_attempted(exercise, blank):
    assert repr(exercise.check(blank)) == "… not attempted yet"


@EVERY_MISTAKE
def test_mistake_is_rejected_with_its_own_hint(exercise, mistake):
    result = exercise.check(mistake.answer)
    assert (result.status, result.message) == ("wrong", mistake.hint)


@EVERY_EXERCISE
@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_wrong_and_crashes_nothing(exercise, answer):
    result = exercise.check(answer)
    assert result.status == "wrong" and result.message


@EVERY_EXERCISE
def test_changing_the_arguments_is_wrong(exercise):
    """A right answer that writes into what it was given is not right."""

    def greedy(*args):
        answer = exercise.key(*args)
        for array in args:
            if isinstance(array, np.ndarray) and array.size:
                array.flat[0] += 1
        return answer

    has_arrays = any(isinstance(a, np.ndarray) for a in exercise.cases(np.random.default_rng(0)))
    expected = "wrong" if has_arrays else "right"
    assert exercise.check(greedy).status == expected
