"""Gates: worked circuits, every gate by differences, fan-out, repetition, ties, the drawing."""

import math

import numpy as np
import pytest

from nnlib.gates import Value, trace
from nnlib.gates.drawing import apart, layout


def test_the_multiply_and_add_circuit():
    """W11: f = (x + y) z."""
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    q = x + y
    f = q * z
    f.backward()
    assert (q.data, f.data) == (3, -12)
    assert (x.grad, y.grad, z.grad, q.grad, f.grad) == (-4, -4, 3, -4, 1)
    assert q.op == "+" and q.inputs == (x, y) and q.local == (1, 1)
    assert f.op == "×" and f.inputs == (q, z) and f.local == (-4, 3)


def test_the_circuit_with_max():
    """W12: 2(xy + max(z, w))."""
    x, y, z, w = Value(3), Value(-4), Value(2), Value(-1)
    f = 2 * (x * y + z.max(w))
    f.backward()
    assert f.data == -20
    assert [v.grad for v in (x, y, z, w)] == [-8, 6, 2, 0]


@pytest.mark.parametrize("whole", [True, False])
def test_the_sigmoid_neuron(whole):
    """W13: as one gate, and as the gates it is made of."""
    inputs = w0, x0, w1, x1, w2 = [Value(v) for v in (2, -1, -3, -2, -3)]
    dot = w0 * x0 + w1 * x1 + w2
    f = dot.sigmoid() if whole else 1 / (1 + (-dot).exp())
    f.backward()
    assert dot.data == 1 and f.data == pytest.approx(0.7311, abs=5e-5)
    assert dot.grad == pytest.approx(0.19661, abs=5e-6)
    expected = [-0.1966, 0.3932, -0.3932, -0.5898, 0.1966]
    assert [v.grad for v in inputs] == pytest.approx(expected, abs=5e-5)


ONE = {
    "neg": (lambda a: -a, lambda a: -a),
    "square": (lambda a: a**2, lambda a: a**2),
    "root": (lambda a: a**0.5, lambda a: a**0.5),
    "inverse power": (lambda a: a**-3, lambda a: a**-3),
    "power 0": (lambda a: a**0, lambda a: 1.0),
    "exp": (lambda a: a.exp(), math.exp),
    "log": (lambda a: a.log(), math.log),
    "tanh": (lambda a: a.tanh(), math.tanh),
    "sigmoid": (lambda a: a.sigmoid(), lambda a: 1 / (1 + math.exp(-a))),
    "relu": (lambda a: a.relu(), lambda a: max(a, 0)),
    "number - a": (lambda a: 3 - a, lambda a: 3 - a),
    "number / a": (lambda a: 3 / a, lambda a: 3 / a),
    "number ** a": (lambda a: 3**a, lambda a: 3**a),
    "number + a": (lambda a: 3 + a, lambda a: 3 + a),
    "number * a": (lambda a: 3 * a, lambda a: 3 * a),
    "a of numpy": (lambda a: np.float64(3) * a - np.float32(2), lambda a: 3 * a - 2),
    "a + number": (lambda a: a + 3, lambda a: a + 3),
    "max with number": (lambda a: a.max(0.5), lambda a: max(a, 0.5)),
    "min with number": (lambda a: a.min(0.5), lambda a: min(a, 0.5)),
}
TWO = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "max": lambda a, b: a.max(b) if isinstance(a, Value) else max(a, b),
    "min": lambda a, b: a.min(b) if isinstance(a, Value) else min(a, b),
}


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("at", [0.3, 1.7])
def test_gates_of_one_input(name, at):
    ours, plain = ONE[name]
    a = Value(at)
    out = ours(a)
    out.backward()
    h = 1e-6
    assert out.data == pytest.approx(plain(at))
    assert a.grad == pytest.approx((plain(at + h) - plain(at - h)) / (2 * h), abs=1e-7, rel=1e-7)


@pytest.mark.parametrize("at", [-1.3, 2.0])
def test_gates_that_take_negative_numbers(at):
    for name in ("neg", "square", "inverse power", "tanh", "sigmoid", "relu", "exp"):
        ours, plain = ONE[name]
        a = Value(at)
        out = ours(a)
        out.backward()
        assert out.data == pytest.approx(plain(at))
        numeric = (plain(at + 1e-6) - plain(at - 1e-6)) / 2e-6
        assert a.grad == pytest.approx(numeric, abs=1e-6)


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize(("p", "q"), [(0.7, 1.9), (2.5, 0.4)])
def test_gates_of_two_inputs(name, p, q):
    f, h = TWO[name], 1e-6
    a, b = Value(p), Value(q)
    out = f(a, b)
    out.backward()
    assert out.data == pytest.approx(f(p, q))
    assert a.grad == pytest.approx((f(p + h, q) - f(p - h, q)) / (2 * h), rel=1e-7)
    assert b.grad == pytest.approx((f(p, q + h) - f(p, q - h)) / (2 * h), rel=1e-7)
    assert out.local == (a.grad, b.grad)


class TestFanOut:
    def test_gradients_of_all_uses_add_up(self):
        x = Value(3)
        (x * x + x + x.max(x)).backward()
        assert x.grad == 6 + 1 + 1

    def test_a_diamond(self):
        x = Value(2)
        a = x * 3
        b, c = a.exp(), a.log()
        (b * c).backward()
        numeric = (
            math.exp(3 * 2.000001) * math.log(3 * 2.000001)
            - math.exp(3 * 1.999999) * math.log(3 * 1.999999)
        ) / 2e-6
        assert x.grad == pytest.approx(numeric, rel=1e-8)

    def test_backward_twice_is_backward_once(self):
        x = Value(1.5)
        y = x * x * x
        y.backward()
        first = x.grad
        y.backward()
        assert x.grad == first == 3 * 1.5**2

    def test_another_output_forgets_the_first(self):
        x, y = Value(2), Value(5)
        (x * y).backward()
        (x + 1).backward()
        assert x.grad == 1 and y.grad == 2

    def test_a_chain_of_ten_thousand_gates(self):
        x = Value(1)
        out = x
        for _ in range(10_000):
            out = out + x
        out.backward()
        assert x.grad == 10_001 and len(trace(out)) == 10_001

    def test_trace_puts_inputs_first_and_each_node_once(self):
        x, y = Value(1, "x"), Value(2, "y")
        a = x * y
        out = a * a + x
        order = trace(out)
        assert len(order) == 5 and order[-1] is out
        for node in order:
            assert all(order.index(i) < order.index(node) for i in node.inputs)


@pytest.mark.parametrize(("gate", "grads"), [("max", (1, 0)), ("min", (1, 0))])
def test_the_first_of_equals_takes_the_gradient(gate, grads):
    a, b = Value(2), Value(2)
    getattr(a, gate)(b).backward()
    assert (a.grad, b.grad) == grads
    getattr(b, gate)(a).backward()
    assert (b.grad, a.grad) == grads


def test_relu_is_closed_at_zero():
    """As the layer: slope 0 also at x = 0."""
    a = Value(0.0)
    a.relu().backward()
    assert a.grad == 0


def test_huge_inputs_saturate():
    for size in (1e4, -1e4):
        a = Value(size)
        for out in (a.sigmoid(), a.tanh(), a.relu()):
            out.backward()
            assert math.isfinite(out.data) and math.isfinite(a.grad)


def test_repr_tells_name_value_and_gradient():
    x = Value(2, "x")
    assert repr(x) == "Value(x = 2)" and x.grad is None
    (x * 3).backward()
    assert repr(x) == "Value(x = 2, grad 3)" and repr(x * 3) == "Value(6)"


def circuit():
    w0, x0, w1, x1, w2 = [Value(v, n) for v, n in zip((2, -1, -3, -2, -3), "abcde")]
    return 1 / (1 + (-(w0 * x0 + w1 * x1 + w2)).exp())


def crossing():
    """A circuit some of whose wires pass whole columns."""
    x, y = Value(2, "x"), Value(0.3, "y")
    a = x * y
    return a * x + (a + y).tanh()


class TestDrawing:
    def draw(self, out, **options):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(12, 3))
        ax = figure.add_axes([0, 0, 1, 1])
        out.draw(ax, **options)
        figure.canvas.draw()
        return figure, ax, [text.get_text() for text in ax.texts]

    def test_every_number_is_there(self):
        out = circuit()
        out.backward()
        _, _, texts = self.draw(out)
        for node in trace(out):
            assert f"{node.data:.4g}".replace("-", "−") in texts
            assert f"{node.grad:.4g}".replace("-", "−") in texts
            for slope in node.local:
                assert f"×{slope:.3g}".replace("-", "−") in texts
            if node.op:
                assert node.op in texts
            elif node.name:
                assert node.name in texts

    def test_without_gradients_and_without_local_derivatives(self):
        out = Value(2, "x") * 7
        _, _, texts = self.draw(out, local=False)
        assert texts.count("14") == 1 and "value" in texts
        assert not any("gradient" in text or "local" in text for text in texts)
        assert "×7" not in texts and "gradient" not in self.draw(out)[2]
        out.backward()
        more = self.draw(out, local=False)[2]
        assert sorted(set(more) - set(texts)) == ["1", "gradient"] and more.count("2") == 2

    def test_shared_numbers_show_what_comes_back_on_each_wire(self):
        x = Value(3, "x")
        out = x * x * 5
        out.backward()
        _, _, texts = self.draw(out)
        assert texts.count("15") == 2  # one on each wire
        assert "30" in texts  # the sum of both

    @pytest.mark.parametrize("build", [circuit, crossing, lambda: Value(1, "x")])
    def test_nothing_overlaps_or_leaves_the_axes(self, build):
        out = build()
        out.backward()
        figure, ax, _ = self.draw(out)
        boxes = [t.get_window_extent() for t in ax.texts if t.get_text()]
        for k, box in enumerate(boxes):
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
            assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
            for other in boxes[:k]:
                width = min(box.x1, other.x1) - max(box.x0, other.x0)
                height = min(box.y1, other.y1) - max(box.y0, other.y0)
                assert width < 1 or height < 0.4 * min(box.height, other.height)

    def test_places_of_a_column_are_apart_and_first_inputs_on_top(self):
        out = circuit()
        nodes = trace(out)
        places, wires = layout(nodes)
        assert len(wires) == sum(len(node.inputs) for node in nodes)
        by_column = {}
        for x, y in places.values():
            by_column.setdefault(x, []).append(y)
        for ys in by_column.values():
            assert (np.diff(sorted(ys)) > 1 - 1e-9).all()
        for node in nodes:
            ys = [places[id(a)][1] for a in node.inputs]
            assert ys == sorted(ys)
            assert all(places[id(a)][0] < places[id(node)][0] for a in node.inputs)

    def test_long_wires_have_places_of_their_own(self):
        out = crossing()
        nodes = trace(out)
        places, wires = layout(nodes)
        assert len(places) == len(nodes) + sum(len(points) - 2 for points in wires.values())
        long = [points for points in wires.values() if len(points) > 2]
        assert len(long) == 3
        for points in long:
            steps = np.diff([places[p][0] for p in points])
            assert (steps == steps[0]).all() and steps[0] > 0


@pytest.mark.parametrize(
    ("wishes", "found"),
    [([0, 5], [0, 5]), ([0, 0], [-0.5, 0.5]), ([0, 0, 0], [-1, 0, 1]), ([3, 0], [1, 2]),
     ([0, 0.5, 9], [-0.25, 0.75, 9])],
)  # fmt: skip
def test_apart(wishes, found):
    assert apart(wishes) == pytest.approx(found)
