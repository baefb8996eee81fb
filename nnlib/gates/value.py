"""A scalar that remembers which gate made it, and the walk that carries gradients back."""

from __future__ import annotations

import math

from ..checks import real


class Value:
    """A number in a circuit of gates: + - * / **, max, min, exp, log, tanh, sigmoid, relu.

    Compute with it as with a number; ``out.backward()`` then gives every node of the circuit
    its gradient ∂out/∂node. Each gate knows only its local derivatives; the chain rule
    multiplies them by the gradient that arrives from the output, and where one number feeds
    several gates the gradients that come back add up::

        x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
        out = (x + y) * z
        out.backward()
        x.grad                      # -4.0

    Parameters
    ----------
    data : float
        The value.
    name : str, optional
        Shown in drawings.

    Attributes
    ----------
    data : float
        The forward value.
    op : str
        The gate that made it: "+", "×", "max" ...; "" for an input of the circuit.
    inputs : tuple of Value
        What went into the gate.
    local : tuple of float
        ∂(this)/∂(input), one for each input, at the values of the forward pass.
    grad : float or None
        ∂(out)/∂(this) of the last ``backward``; None before.

    Source: the circuits of CS231n; Karpathy, micrograd, 2020.
    """

    __array_ufunc__ = None  # np.float64(2) * value is left to Value

    def __init__(self, data: float, name: str = ""):
        self.data = real("Value data", data)
        self.name = str(name)
        self.op, self.inputs, self.local, self.grad = "", (), (), None

    def __repr__(self):
        name = f"{self.name} = " if self.name else ""
        gradient = "" if self.grad is None else f", grad {self.grad:g}"
        return f"Value({name}{self.data:g}{gradient})"

    def __add__(self, other):
        a, b = self, wrap(other)
        return gate("+", a.data + b.data, (a, 1), (b, 1))

    def __sub__(self, other):
        a, b = self, wrap(other)
        return gate("−", a.data - b.data, (a, 1), (b, -1))

    def __mul__(self, other):
        a, b = self, wrap(other)
        return gate("×", a.data * b.data, (a, b.data), (b, a.data))

    def __truediv__(self, other):
        a, b = self, wrap(other)
        if b.data == 0:
            raise ValueError("Value takes a divisor other than 0, got 0")
        return gate("÷", a.data / b.data, (a, 1 / b.data), (b, -a.data / b.data**2))

    def __pow__(self, power):
        if not isinstance(power, Value):
            return self._power(real("Value power", power))
        a, b = self, power
        if a.data <= 0:
            raise ValueError(f"Value takes a base > 0 when the exponent varies too, got {a.data:g}")
        out = a.data**b.data
        return gate("pow", out, (a, b.data * out / a.data), (b, out * math.log(a.data)))

    def _power(self, n):
        a = self
        if (a.data < 0 and n != int(n)) or (a.data == 0 and n < 1 and n != 0):
            raise ValueError(f"Value takes a base > 0 for the power {n:g}, got {a.data:g}")
        slope = n * a.data ** (n - 1) if n else 0
        return gate(f"^{n:g}", a.data**n, (a, slope))

    def __neg__(self):
        return gate("neg", -self.data, (self, -1))

    def __radd__(self, other):
        return wrap(other) + self

    def __rsub__(self, other):
        return wrap(other) - self

    def __rmul__(self, other):
        return wrap(other) * self

    def __rtruediv__(self, other):
        return wrap(other) / self

    def __rpow__(self, other):
        return wrap(other) ** self

    def max(self, other) -> Value:
        """The larger of two; of equals the first takes the whole gradient."""
        a, b = self, wrap(other)
        first = a.data >= b.data
        return gate("max", a.data if first else b.data, (a, int(first)), (b, int(not first)))

    def min(self, other) -> Value:
        """The smaller of two; of equals the first takes the whole gradient."""
        a, b = self, wrap(other)
        first = a.data <= b.data
        return gate("min", a.data if first else b.data, (a, int(first)), (b, int(not first)))

    def exp(self) -> Value:
        """eᵃ, its own derivative."""
        if self.data > 709:
            raise ValueError(f"Value takes exp of at most 709, got {self.data:g}")
        out = math.exp(self.data)
        return gate("exp", out, (self, out))

    def log(self) -> Value:
        """ln a; slope 1/a."""
        if self.data <= 0:
            raise ValueError(f"Value takes log of a number > 0, got {self.data:g}")
        return gate("ln", math.log(self.data), (self, 1 / self.data))

    def tanh(self) -> Value:
        """tanh a; slope 1 - tanh² a."""
        out = math.tanh(self.data)
        return gate("tanh", out, (self, 1 - out**2))

    def sigmoid(self) -> Value:
        """σ(a) = 1 / (1 + e⁻ᵃ); slope σ (1 - σ)."""
        out = (1 + math.tanh(self.data / 2)) / 2
        return gate("σ", out, (self, out * (1 - out)))

    def relu(self) -> Value:
        """max(0, a); slope 1 where a > 0, else 0."""
        return gate("relu", max(0.0, self.data), (self, int(self.data > 0)))

    def backward(self):
        """Set ``grad`` of this node and of all it was computed from; earlier ones are forgotten."""
        order = trace(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for a, slope in zip(node.inputs, node.local):
                a.grad += slope * node.grad

    def draw(self, ax, local: bool = True):
        """Draw the circuit on a matplotlib Axes, inputs on the left; about 15 nodes stay legible.

        Above each wire its value, below it its gradient (after ``backward``). With ``local``
        each entry of a gate shows the factor by which the gradient is multiplied there.
        """
        from .drawing import draw

        draw(self, ax, local)


def wrap(number) -> Value:
    """A plain number as an input of the circuit."""
    return number if isinstance(number, Value) else Value(number)


def gate(op: str, data: float, *inputs) -> Value:
    """A node from its gate, its value and (input, local derivative) pairs."""
    out = Value(data)
    out.op, out.inputs = op, tuple(a for a, _ in inputs)
    out.local = tuple(float(slope) for _, slope in inputs)
    return out


def trace(out: Value) -> list:
    """Every node behind ``out``, each after all its inputs: the order of the forward pass."""
    order, seen, stack = [], set(), [(out, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.inputs))
    return order
