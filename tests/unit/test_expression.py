"""Expressions: what they compute, what they refuse, where they point, and what they never run."""

import ast
import math
import warnings

import numpy as np
import pytest

from nnlib.gates import Expression, ExpressionError, Value, trace
from nnlib.gates.expression import CHARACTERS, GATES, VARIABLES, read

POINT = {"x": 0.7, "y": 1.9, "z": -0.4}


def value(text, **values):
    formula = Expression(text)
    return formula(**(values or {name: POINT[name] for name in formula.names})).data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x + y) * z", (0.7 + 1.9) * -0.4),
        ("x - y - z", 0.7 - 1.9 + 0.4),
        ("x / y / z", 0.7 / 1.9 / -0.4),
        ("2 ** x ** y", 2**0.7**1.9),
        ("-x ** 2", -(0.7**2)),
        ("(-x) ** 2", 0.7**2),
        ("x ** -2", 0.7**-2),
        ("x ** y", 0.7**1.9),
        ("--x", 0.7),
        ("-(-3)", 3),
        ("-3", -3),
        ("-0 + x", 0.7),
        ("max(x, y, z)", 1.9),
        ("min(z, x, y)", -0.4),
        ("exp(x) + log(y) + ln(y)", math.exp(0.7) + 2 * math.log(1.9)),
        ("tanh(x) - relu(z) + relu(y)", math.tanh(0.7) + 1.9),
        ("σ(x) - sigmoid(x)", 0),
        ("1e-1*x + .5 + 2.", 0.07 + 2.5),
        ("x−y×z÷x·y", 0.7 - 1.9 * -0.4 / 0.7 * 1.9),
        ("  max (x,y)  ", 1.9),
    ],
)
def test_values(text, expected):
    assert value(text) == pytest.approx(expected, abs=1e-12)


def test_any_name_may_be_a_variable():
    formula = Expression("self + nudge * values - text")
    assert formula(self=1, nudge=2, values=3, text=4).data == 3


def test_names_come_in_order_and_once():
    assert Expression("b*a + c*b - w0").names == ("b", "a", "c", "w0")
    assert Expression("2 + 3").names == ()


def test_one_name_is_one_leaf_and_gates_carry_their_text():
    out = Expression("x*x + 2")(x=3)
    nodes = trace(out)
    assert [node.name for node in nodes] == ["x", "x * x", "", "x * x + 2"]
    assert nodes[1].inputs == (nodes[0], nodes[0])
    out.backward()
    assert nodes[0].grad == 6 and isinstance(out, Value)


def test_gradients_agree_with_differences():
    formula = Expression("log(x**2 + y) / (1 + exp(-z)) - max(x, y) * tanh(x - z)")
    out = formula(**POINT)
    out.backward()
    for node in trace(out):
        if node.name in POINT:
            above = formula(**POINT | {node.name: POINT[node.name] + 1e-6}).data
            below = formula(**POINT | {node.name: POINT[node.name] - 1e-6}).data
            assert node.grad == pytest.approx((above - below) / 2e-6, rel=1e-7)


def test_a_nudge_is_felt_by_everything_behind_it():
    formula = Expression("max(x, y, z) * x + exp(y)")
    out = formula(**POINT)
    out.backward()
    for k, node in enumerate(trace(out)):
        slope = (formula((k, 1e-6), **POINT).data - formula((k, -1e-6), **POINT).data) / 2e-6
        assert slope == pytest.approx(node.grad, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", 0, "type an expression"),
        ("x +", 3, "missing at the end"),
        ("x + * y", 4, "cannot be read"),
        ("σ(x) + * y", 7, "cannot be read"),
        ("x y", 2, "operation is missing"),
        ("2x", 1, "needs a *"),
        ("2 (x)", 2, "needs a *"),
        ("1e5x", 3, "needs a *"),
        ("(x)(y)", 3, "needs a *"),
        ("(x) y", 4, "needs a *"),
        ("(x+y", 0, "never closed"),
        ("x + (y * (z)", 4, "never closed"),
        ("x) + (y", 1, "never opened"),
        ("x^2", 1, "**"),
        ("x.real", 0, "not arithmetic"),
        ("x = 3", 2, "no place here"),
        ("σ(x) + log()", 7, "log takes one number, got 0"),
        ("x + max(y)", 4, "max takes two numbers or more"),
        ("exp(x, y)", 0, "one number"),
        ("exp + x", 0, "exp is a function"),
        ("y + foo(x)", 4, "foo is no function"),
        ("foo_bar_baz(x)", 0, "no such function"),
        ("x // y", 2, "not arithmetic"),
        ("x, y", 0, "not arithmetic"),
        ("+x", 0, "not arithmetic"),
        ("True", 0, "between -1e6 and 1e6"),
        ("x + 1e999", 4, "between -1e6 and 1e6"),
        ("1000001", 0, "between -1e6 and 1e6"),
        ("a + lengthy", 4, "up to 6"),
        ("_x", 0, "up to 6"),
        ("a+b+c+d+e+f+g", 12, f"at most {VARIABLES} names"),
        ("x" + "+x" * (GATES + 1), 2 * GATES + 3, f"at most {GATES} gates"),
        ("max(" + "x," * (GATES + 1) + "x)", 2 * GATES + 8, f"at most {GATES} gates"),
        ("-" * 60 + "x", 61, "gates"),
        ("x" * (CHARACTERS + 1), CHARACTERS, f"at most {CHARACTERS} characters"),
    ],
)
def test_what_is_wrong_is_pointed_at(text, place, words):
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    problem = caught.value
    assert words in problem.reason and problem.place == place
    reason, line, caret = str(problem).split("\n")
    assert reason == problem.reason and line == f"  {problem.text}"
    assert caret == " " * (place + 2) + "^"


def test_exactly_as_many_as_allowed():
    assert len(Expression("a+b+c+d+e+f").names) == VARIABLES
    assert value("x" + "+x" * GATES, x=1) == GATES + 1
    assert Expression("(" * 49 + "x" + ")" * 49).names == ("x",)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("1 + log(x - 5)", 4, "log of a number > 0, got -4.3"),
        ("(x - y) / (x - x)", 8, "divisor other than 0"),
        ("exp(2000 * x)", 0, "exp of at most 709"),
        ("x + 9**9**9**9", 8, "too large"),
        ("10 ** 400 * x", 3, "too large"),
        ("x * 1e6**6**6", 7, "too large"),
        ("(0 - x) ** .5", 8, "base > 0"),
        ("z ** y", 2, "base > 0"),
        ("x / exp(-500 - 200)", 2, "too large"),
    ],
)
def test_a_value_that_does_not_exist_is_pointed_at(text, place, words):
    formula = Expression(text)
    with pytest.raises(ExpressionError, match="this gate wants") as caught:
        formula(**{name: POINT[name] for name in formula.names})
    assert words in caught.value.reason and caught.value.place == place


HOSTILE = [
    "__import__('os').system('true')", "().__class__.__bases__", "x.__class__", "x.__class__()",
    "eval(x)", "exec(x)", "open(x)", "print(x)", "lambda: x", "lambda x: x", "[x for x in y]",
    "x if y else z", "x if(y)else(z)", "1if x else 2", "0or x", "not(x)", "x and y", "x@y", "x%y",
    "x<<y", "x|y", "~x", "x<y", "x==y", "x:=y", "*x", "max(*x)", "max(**x)", "max(x, y=1)", "{x}",
    "[x]", "'x'", '"x"', "f'{x}'", "b'x'", "`x`", "x;y", "x\ny", "x\\\ny", "x\x00", "x#y", "x!y",
    "3j", "0x10", "0b1", "None", "...", "()", "x[0]", "max[0]", "(max)(x, y).x", "yield x",
    "await x", "max(max, x)", "x(y)(z)", "𝐱", "ｘ", "١ + x", "x\u202e+y", "x\u00a0+y", "é", "µ",
    "9" * 99, "(" * 100, "[" * 90, "-" * 100, "x." * 50, "max(" * 33, "9**" * 33 + "9", "x" * 10**6,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_but_arithmetic_gets_through(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ExpressionError) as caught:
            Expression(text)(x=1.0)
    assert 0 <= caught.value.place <= len(caught.value.text) <= max(CHARACTERS, len(text))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "source",
    ["x.real", "x[0]", "lambda: x", "[x]", "x < y", "x and y", "'x'", "x if y else z", "not x",
     "~x", "x % y", "x @ y", "(x := 1)", "max(*x)", "max(x, key=y)", "print(x)", "x.f(y)", "3j"],
)  # fmt: skip
def test_the_list_of_allowed_things_is_a_gate_of_its_own(source, monkeypatch):
    """Even what ``look`` would have stopped does not pass the tree."""
    monkeypatch.setattr("nnlib.gates.expression.look", lambda text: None)
    with pytest.raises(ExpressionError):
        Expression(source)


def test_reading_runs_nothing():
    assert isinstance(read("x + y"), ast.BinOp)
    with pytest.raises(ExpressionError, match="cannot be read"):
        read("x +* y")


def test_what_is_given_is_checked():
    with pytest.raises(TypeError, match="takes a text, got int"):
        Expression(3)
    with pytest.raises(ValueError, match=r"takes values of \('x', 'y'\), got \('x',\)"):
        Expression("x + y")(x=1)
    with pytest.raises(ValueError, match="got"):
        Expression("x")(x=1, y=2)
    assert repr(Expression(" x+1 ")) == "Expression('x+1')"


def test_random_formulas_equal_numpy():
    rng = np.random.default_rng(0)
    operations = ["({} + {})", "({} - {})", "{} * {}", "max({}, {})", "min({}, {})", "tanh({})*{}"]
    scope = {"max": max, "min": min, "tanh": math.tanh} | POINT
    for _ in range(60):
        parts = ["x", "y", "z", "1.5", "2"]
        while len(parts) > 1:
            a, b = (parts.pop(rng.integers(len(parts))) for _ in range(2))
            parts.append(rng.choice(operations).format(a, b))
        assert value(parts[0], **POINT | {}) == pytest.approx(
            eval(parts[0], {"__builtins__": {}}, scope)
        )
