"""From a line of arithmetic to a circuit of gates, and to nothing else of Python."""

from __future__ import annotations

import ast
import math
import operator
import re

from .value import Value

CHARACTERS, VARIABLES, GATES = 100, 6, 12
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip
ONE = {"exp": Value.exp, "log": Value.log, "ln": Value.log, "tanh": Value.tanh,
       "σ": Value.sigmoid, "sigmoid": Value.sigmoid, "relu": Value.relu}  # fmt: skip
MANY = {"max": Value.max, "min": Value.min}
ALLOWED = "allowed are + - * / **, max min exp log σ tanh relu, numbers and names such as x or w0"
TYPED = str.maketrans("−–×·÷", "--**/")  # what a keyboard or a formula may have instead
NUMBER = r"(?<![\w.])(?>(?:\d[\d.]*|\.\d+)(?:[eE][+-]?\d+)?)"  # (?>...): all of it or none


class ExpressionError(ValueError):
    """What is wrong with an expression, and where.

    Attributes
    ----------
    text : str
        The expression.
    place : int
        The character that the caret points at.
    reason : str
        What was wanted, in words.
    """

    def __init__(self, text: str, place: int, reason: str):
        self.text, self.place, self.reason = text, min(max(place, 0), len(text)), reason
        super().__init__(f"{reason}\n  {text}\n  {' ' * self.place}^")


class Expression:
    """An arithmetic expression that makes its circuit, as often as you give it numbers.

    ``+ - * / **``, unary minus, parentheses, ``max min exp log σ tanh relu`` (``ln`` and
    ``sigmoid`` too), numbers, and up to six names. Nothing is ever evaluated by Python::

        f = Expression("(x + y) * z")
        out = f(x=-2, y=5, z=-4)     # a Value, -12.0
        out.backward()

    Parameters
    ----------
    text : str
        At most 100 characters and 12 gates.

    Attributes
    ----------
    names : tuple of str
        The variables, in the order in which they appear.

    Raises
    ------
    ExpressionError
        A ValueError that points at the place with a caret and says what is allowed.
    """

    def __init__(self, text: str):
        if not isinstance(text, str):
            raise TypeError(f"Expression takes a text, got {type(text).__name__}")
        self.text = text.strip()
        look(self.text)
        self._tree = read(self.text)
        gates = sum(map(self._gates, ast.walk(self._tree)))
        if gates > GATES:  # which also bounds the depth of all that follows
            raise self._error(len(self.text), f"at most {GATES} gates fit, this makes {gates}")
        self.names = tuple(dict.fromkeys(self._examine(self._tree)))
        if len(self.names) > VARIABLES:
            at = re.search(rf"(?<!\w){self.names[VARIABLES]}(?!\w)", self.text).start()
            raise self._error(at, f"at most {VARIABLES} names, {self.names[VARIABLES]} is one more")

    def __repr__(self):
        return f"Expression({self.text!r})"

    def __call__(self, nudge: tuple | None = None, /, **values: float) -> Value:
        """The circuit at these values of the names; a leaf carries its name, a gate its text.

        ``nudge``, a pair (k, h) in front of the values, adds h to the k-th number that is made
        (``trace`` lists them in this order), and everything behind it feels the change: that is
        how gradients are checked.
        """
        if set(values) != set(self.names):
            raise ValueError(f"{self!r} takes values of {self.names}, got {tuple(values)}")
        made, leaves = [], {}

        def keep(node, name):
            node.name = name
            if not all(map(math.isfinite, node.local)):
                raise OverflowError
            if nudge and len(made) == nudge[0]:
                node.data += nudge[1]
            made.append(node)
            return node

        def build(node):
            if isinstance(node, ast.Name):
                if node.id not in leaves:
                    leaves[node.id] = keep(Value(values[node.id]), node.id)
                return leaves[node.id]
            if (number := constant(node)) is not None:
                return keep(Value(number), "")
            name, (first, *others) = ast.unparse(node), operands(node)
            if isinstance(node, ast.Call) and node.func.id in MANY:
                out = build(first)
                for other in others:  # made one by one, as ``trace`` lists them
                    out = keep(MANY[node.func.id](out, build(other)), name)
                return out
            parts = [build(part) for part in (first, *others)]
            try:
                return keep(operation(node)(*parts), name)
            except (ValueError, ArithmeticError) as problem:
                reason = str(problem).removeprefix("Value takes ")
                if isinstance(problem, ArithmeticError) or "inf" in reason:
                    reason = "a result that is not too large to be written down"
                raise self._error(self._place(node), f"this gate wants {reason}") from None

        return build(self._tree)

    def _error(self, place, reason):
        return ExpressionError(self.text, place, reason)

    def _place(self, node) -> int:
        """The character that a node is about: the sign of an operation, else its beginning."""
        if isinstance(node, ast.BinOp):
            start, stop = self._span(node.left)[1], self._span(node.right)[0]
            return start + re.search(r"[-+*/−–×·÷]|$", self.text[start:stop]).start()
        return self._span(node)[0]

    def _span(self, node):
        raw = self.text.translate(TYPED).encode()  # ast counts bytes, a reader characters
        return tuple(len(raw[:n].decode()) for n in (node.col_offset, node.end_col_offset))

    def _gates(self, node) -> int:
        if isinstance(node, ast.Call):
            return max(len(node.args) - 1, 1)
        return constant(node) is None and isinstance(node, ast.BinOp | ast.UnaryOp)

    def _examine(self, node):
        """Let through what is on the list, and yield the names; everything else is an error."""
        if isinstance(node, ast.Name):
            self._examine_name(node)
            yield node.id
        elif constant(node) is None:
            self._examine_operation(node)
            for part in operands(node):
                yield from self._examine(part)

    def _examine_name(self, node):
        if node.id in ONE or node.id in MANY:
            raise self._error(self._place(node), f"{node.id} is a function: {node.id}(...)")
        if len(node.id) > 6 or node.id.startswith("_"):
            raise self._error(self._place(node), "a name has up to 6 letters and digits")

    def _examine_operation(self, node):
        if isinstance(node, ast.Constant):
            reason = f"a number between -1e6 and 1e6 is wanted; {ALLOWED}"
            raise self._error(self._place(node), reason)
        if isinstance(node, ast.Call):
            return self._examine_call(node)
        known = isinstance(node, ast.BinOp) and type(node.op) in OPERATORS
        if not known and not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)):
            raise self._error(self._place(node), f"this is not arithmetic; {ALLOWED}")

    def _examine_call(self, node):
        name, count = getattr(node.func, "id", None), len(node.args)
        if name not in ONE and name not in MANY:
            short = len(name or "") in range(1, 7)
            reason = f"{name} is no function; for a product write {name} * (...)" if short else None
            raise self._error(self._place(node), reason or f"no such function; {ALLOWED}")
        if node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
            raise self._error(self._place(node), f"{name} takes plain numbers; {ALLOWED}")
        if (count != 1) if name in ONE else (count < 2):
            wanted = "one number" if name in ONE else "two numbers or more, with commas"
            raise self._error(self._place(node), f"{name} takes {wanted}, got {count}")


def look(text: str):
    """What can be seen before reading: length, characters, parentheses, missing signs."""

    def complain(place, reason):
        raise ExpressionError(text, place, reason)

    if not text:
        complain(0, f"type an expression; {ALLOWED}")
    if len(text) > CHARACTERS:
        raise ExpressionError(text[:CHARACTERS], CHARACTERS, f"at most {CHARACTERS} characters")
    if "^" in text:
        complain(text.index("^"), "a power is written **")
    if bad := re.search(r"[^A-Za-z0-9_α-ωΑ-Ω.+\-*/(), −–×·÷]", text):
        complain(bad.start(), f"this character has no place here; {ALLOWED}")
    if text[-1] in "+-*/,−–×·÷":
        complain(len(text), "something is missing at the end")
    opened = []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")" and not opened:
            complain(place, "this parenthesis was never opened")
        elif character == ")":
            opened.pop()
    if opened:
        complain(opened[-1], "this parenthesis is never closed")
    for gap in (rf"{NUMBER}\s*([A-Za-zα-ωΑ-Ω(])", r"\)\s*([\w(])", r"\w\s+(\w)"):
        if missing := re.search(gap, text):
            complain(missing.start(1), "an operation is missing before this; a product needs a *")


def read(text: str) -> ast.expr:
    """The tree of Python's own parser, which reads and does not run."""
    try:
        return ast.parse(text.translate(TYPED), mode="eval").body
    except SyntaxError as problem:
        place = (problem.offset or 1) - 1
    except (ValueError, MemoryError, RecursionError):
        place = 0
    raise ExpressionError(text, place, f"this cannot be read; {ALLOWED}")


def constant(node) -> float | None:
    """The number that a node stands for, with its minus; None if it is something else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        number = constant(inner) if isinstance(inner, ast.Constant) else None
        return None if number is None else -number
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if type(value) in (int, float) and abs(value) <= 1e6 else None


def operands(node) -> list:
    """The nodes that a gate takes; the constant power of x**2 belongs to its gate."""
    if isinstance(node, ast.BinOp):
        squared = isinstance(node.op, ast.Pow) and constant(node.right) is not None
        return [node.left] if squared else [node.left, node.right]
    return [node.operand] if isinstance(node, ast.UnaryOp) else node.args


def operation(node):
    """The function that makes the gate."""
    if isinstance(node, ast.Call):
        return ONE[node.func.id]
    if isinstance(node, ast.UnaryOp):
        return operator.neg
    if len(operands(node)) == 1:
        return lambda a: a ** constant(node.right)
    return OPERATORS[type(node.op)]
