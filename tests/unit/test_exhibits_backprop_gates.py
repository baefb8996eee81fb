"""The drawings of the backprop gates notebook: what they compute, and what they say."""

import re

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits import backprop_gates as show
from nnlib.exhibits.backprop_gates import museum, precision, typed
from nnlib.exhibits.backprop_gates.walk import agree, complete, differences, steps_of, walk
from nnlib.gates import Expression, trace
from nnlib.interact import Picture

NEURON = "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"
FORMULAS = [
    "(x + y) * z", "2 * (x*y + max(z, w))", NEURON, "x*x + x", "x", "tanh(tanh(tanh(exp(x))))",
    "a*b + c*d + max(e, f)*tanh(a) + σ(b)", "(a*b + c*d + e*f) * (a + c + e) * (b + d)",
    "max(x,y)/min(x,z) - x*y*z + x**2 - exp(y)*w", "log(x**2 + 1) - min(x, y) * 3",
    "tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(x))))))))))",
]  # fmt: skip
START = [2.0, -1.0, -3.0, -2.0, -3.0, 1.0]


def said(axes, draw, size=(8.6, 5.2)):
    """The caption, drawn on real axes."""
    return Picture(size, axes).render(draw)[1]


class TestWalk:
    def out(self):
        return Expression("(x + y) * z")(x=-2, y=5, z=-4)

    def test_forward_then_output_then_backward(self):
        out = self.out()
        assert steps_of(out) == 6
        phases = [walk(out, step).phase for step in range(6)]
        assert phases == ["start", "forward", "forward", "output", "backward", "backward"]
        at_work = [now.current.op if now.current else "" for now in map(walk, [out] * 6, range(6))]
        assert at_work == ["", "+", "×", "", "×", "+"]
        assert [walk(out, step).known for step in range(6)] == [0, 1, 2, 2, 2, 2]

    @pytest.mark.parametrize("text", FORMULAS)
    def test_the_last_step_has_the_gradients_of_backward(self, text):
        formula = Expression(text)
        out = formula(**dict(zip(formula.names, START)))
        last, done = walk(out, steps_of(out) - 1), walk(out, steps_of(out))
        out.backward()
        assert done.phase == "done" and done.current is None and done.grads == last.grads
        for node in trace(out):
            assert last.grads[id(node)] == pytest.approx(node.grad, abs=1e-15)
            assert complete(last, node) and complete(done, node)

    def test_gradients_add_up_on_the_way(self):
        out = Expression("x*x + x")(x=3)
        x = trace(out)[0]
        sums = [walk(out, step).grads.get(id(x)) for step in range(6)]
        assert sums == [None, None, None, None, 1, 7]
        assert [complete(walk(out, step), x) for step in (3, 4, 5)] == [False, False, True]

    def test_differences_are_those_of_every_wire(self):
        formula = Expression("2 * (x*y + max(z, w))")
        values = {"x": 3, "y": -4, "z": 2, "w": -1}
        out = formula(**values)
        out.backward()
        found = differences(formula, values, out)
        nodes = [node for node in trace(out) if node.op or node.name]
        assert len(found) == len(nodes) == 8  # the plain 2 has none
        assert all(agree(node.grad, found[id(node)]) for node in nodes)

    def test_a_tie_disagrees_and_an_edge_has_no_difference(self):
        formula, values = Expression("max(x, y)"), {"x": 1, "y": 1}
        out = formula(**values)
        out.backward()
        found = differences(formula, values, out)
        x = trace(out)[0]
        assert not agree(x.grad, found[id(x)]) and found[id(x)] == pytest.approx(0.5)
        edge = Expression("log(x)")(x=1e-6)
        assert np.isnan(differences(Expression("log(x)"), {"x": 1e-6}, edge)[id(trace(edge)[0])])

    def test_agree_is_relative_and_absolute(self):
        assert agree(1e6, 1e6 + 5) and not agree(1e6, 1e6 + 50)
        assert agree(0, 5e-6) and not agree(0, 5e-5) and not agree(1, np.nan)


class TestCircuit:
    @pytest.mark.parametrize("text", FORMULAS)
    @pytest.mark.parametrize("part", [0, 0.3, 0.5, 0.8, 1])
    def test_numbers_stand_clear_of_each_other_and_inside(self, text, part):
        last = steps_of(Expression(text)(**dict(zip(Expression(text).names, START)))) - 1
        picture = Picture((8.6, 5.2))
        step = round(part * last)
        picture.render(lambda ax: show.draw_circuit(ax, text, START, step))
        boxes = [t.get_window_extent() for t in picture.axes.texts if t.get_text().strip()]
        for k, box in enumerate(boxes):
            assert box.x0 > -1 and box.x1 < 861 and box.y0 > -1 and box.y1 < 521
            for other in boxes[:k]:
                width = min(box.x1, other.x1) - max(box.x0, other.x0)
                height = min(box.y1, other.y1) - max(box.y0, other.y0)
                assert width < 2 or height < 0.5 * min(box.height, other.height)

    def test_the_table_shows_the_product(self):
        picture = Picture((8.6, 5.2))
        caption = picture.render(lambda ax: show.draw_circuit(ax, "(x + y) * z", [-2, 5, -4], 4))[1]
        texts = [text.get_text() for text in picture.axes.texts]
        assert "gate ×, backward" in texts and "to x + y" in texts and "×  1" in texts
        assert texts.count("=  −4") == 1 and texts.count("=  3") == 1
        assert "Step 4 of 5, backward: gate × hands back −4 × 1 = −4 and 3 × 1 = 3" in caption

    def test_the_whole_pass_in_words(self):
        caption = said(1, lambda ax: show.draw_circuit(ax, NEURON, [2, -1, -3, -2, -3]))
        assert "f = 0.7311" in caption and "<b>w0 −0.1966, x0 0.3932" in caption
        assert "x1 −0.5898" in caption and "All agree" in caption
        assert "Step" not in caption
        last = said(1, lambda ax: show.draw_circuit(ax, NEURON, [2, -1, -3, -2, -3], 17))
        assert last.startswith("Step 17 of 17: all is handed back") and last.endswith(caption)
        assert "no name, so no gradient" in said(1, lambda ax: show.draw_circuit(ax, "2 + 3", []))

    def test_a_tie_is_said_in_red(self):
        picture = Picture((8.6, 5.2))
        caption = picture.render(lambda ax: show.draw_circuit(ax, "max(x, y)", [1, 1]))[1]
        assert "tie" in caption
        wrong = [t for t in picture.axes.texts if t.get_text().startswith("≠")]
        assert wrong and all(t.get_color() == typed.WRONG for t in wrong)

    def test_bad_input_points_at_the_place(self):
        picture = Picture((8.6, 5.2))
        caption = picture.render(lambda ax: show.draw_circuit(ax, "x + y.real", [1, 1]))[1]
        texts = [text.get_text() for text in picture.axes.texts]
        assert texts[:2] == ["x + y.real", "    ^"] and "At character 5" in caption

    def test_the_exhibit_names_its_sliders_and_counts_its_steps(self):
        exhibit = show.circuit("(x + y) * z", x=-2, y=5, z=-4)
        controls = exhibit.controls
        inputs = [controls[slot] for slot in typed.SLOTS]
        assert [s.description for s in inputs[:3]] == ["x", "y", "z"]
        assert [s.disabled for s in inputs] == [False] * 3 + [True] * 3
        assert controls["step"].max == 5 and [s.value for s in inputs[:3]] == [-2, 5, -4]
        controls["f"].value = NEURON
        assert [s.description for s in inputs] == ["w0", "x0", "w1", "x1", "w2", "unused"]
        assert inputs[4].layout.visibility == "visible" and inputs[5].layout.visibility == "hidden"
        assert controls["step"].max == 17 == typed.players(exhibit)[0].max
        controls["f"].value = "x +"
        assert controls["step"].max == 17 and "missing at the end" in exhibit.caption.value
        controls["f"].value = "2"
        assert all(s.disabled for s in inputs) and not exhibit.error.value

    def test_every_sample_does_what_it_says(self):
        values = [1.5, -0.7, 2.2, 0.3, 1, 1]
        for text in typed.GOOD:
            assert "At character" not in said(
                1, lambda ax, text=text: show.draw_circuit(ax, text, values)
            )
        for text in typed.BAD:
            assert "At character" in said(
                1, lambda ax, text=text: show.draw_circuit(ax, text, values)
            )


class TestSingleGate:
    @pytest.mark.parametrize(
        ("gate", "a", "b", "expected"),
        [("add", 3, -2, (2, 2)), ("multiply", 3, -2, (-4, 6)), ("max", 3, -2, (2, 0)),
         ("max", -3, 2, (0, 2)), ("max", 1, 1, (2, 0))],
    )  # fmt: skip
    def test_gradients(self, gate, a, b, expected):
        first, second, _ = show.one_gate(gate, a, b, 2.0)
        assert (first.grad, second.grad) == expected

    @pytest.mark.parametrize(("gate", "total"), [("add", 4), ("multiply", 12), ("max", 2)])
    def test_a_fork_adds(self, gate, total):
        first, other, _ = show.one_gate(gate, 3, -2, 2.0, shared=True)
        assert first is other and first.grad == total

    @pytest.mark.parametrize(
        ("settings", "words"),
        [(("add", 3, -2, 2.0, False), "whole 2, not half"),
         (("multiply", 3, -2, 2.0, False), "−4 is 2 × the lower value, 6 is 2 × the upper"),
         (("max", 3, -2, 2.0, False), "upper value is larger"),
         (("max", -3, -2, 2.0, False), "lower value is larger"),
         (("max", 1, 1, 2.0, False), "A tie"),
         (("multiply", 3, -2, 2.0, True), "6 + 6 = 12"),
         (("max", 3, -2, 2.0, True), "2 + 0 = 2")],
    )  # fmt: skip
    def test_told(self, settings, words):
        assert words in said(show.GATE["axes"], lambda axes: show.draw_gate(axes, *settings))


class TestBowl:
    def test_the_gradient_is_that_of_the_bowl(self):
        rng = np.random.default_rng(0)
        for theta in rng.normal(size=(20, 2)):
            for k in range(2):
                h = np.eye(2)[k] * 1e-6
                numeric = (show.bowl(theta + h) - show.bowl(theta - h)) / 2e-6
                assert show.gradient(theta)[k] == pytest.approx(numeric, abs=1e-8)

    def test_slopes_of_three_one(self):
        theta = np.array([3.0, 0.5])
        assert np.array_equal(show.gradient(theta), [3, 1])
        steepest = np.degrees(np.arctan2(1, 3))
        assert show.slope_along(theta, steepest) == pytest.approx(np.sqrt(10))
        assert show.slope_along(theta, 0) == pytest.approx(3)
        assert show.slope_along(theta, 45) == pytest.approx(2.828, abs=5e-4)
        assert show.slope_along(theta, steepest + 90) == pytest.approx(0, abs=1e-12)

    def test_a_step_downhill_stays_on_the_sliders(self):
        assert show.downhill(3, 0.5, 0.5, direction=0) == {"theta_1": 1.5, "theta_2": 0}
        assert show.downhill(-4, 4, 2, direction=0) == {"theta_1": 4, "theta_2": -4}

    def test_promise_and_gain_are_told(self):
        def caption(*settings):
            return said(show.BOWL["axes"], lambda axes: show.draw_bowl(axes, *settings))

        text = caption(3, 0.5, 45, 0.3)
        assert "(3, 1)" in text and "2.828" in text and "nowhere more than 3.162" in text
        assert "promises a fall of 3.000; 2.505 is gained" in text
        assert "2.000 is lost instead" in caption(3, 0.5, 45, 2)
        assert "The bottom" in caption(0, 0, 45, 1)


class TestPrecision:
    @pytest.mark.parametrize("name", show.FUNCTIONS)
    def test_exact_derivatives(self, name):
        f, x = show.FUNCTIONS[name]
        first, second, third = show.exact(name)
        h = 1e-4
        assert first == pytest.approx((f(x + h) - f(x - h)) / (2 * h), rel=1e-7)
        assert second == pytest.approx((f(x + h) - 2 * f(x) + f(x - h)) / h**2, rel=1e-5, abs=1e-6)
        h = 1e-2 if x > 0.1 else 1e-4
        thirds = f(x + 2 * h) - 2 * f(x + h) + 2 * f(x - h) - f(x - 2 * h)
        assert third == pytest.approx(thirds / (2 * h**3), rel=1e-3, abs=1e-2)

    def test_truncation_shrinks_with_h_squared_or_h(self):
        slope = show.exact("exp")[0]
        for way, factor in (("central", 100), ("one-sided", 10)):
            errors = [abs(show.estimate("exp", way, h)[0] - slope) for h in (1e-2, 1e-3)]
            assert errors[0] / errors[1] == pytest.approx(factor, rel=0.02)

    def test_the_best_step_and_a_step_too_small_to_be_felt(self):
        for way, bits, low, high in [
            ("central", 64, 1e-6, 1e-4), ("one-sided", 64, 1e-9, 1e-7), ("central", 32, 1e-3, 1e-1)
        ]:  # fmt: skip
            hs, errors = precision.error_curve("sigmoid", way, bits)
            smooth = np.convolve(np.log10(errors), np.full(9, 1 / 9), "same")[4:-4]
            assert low < hs[4:-4][smooth.argmin()] < high
        assert show.estimate("exp", "central", 1e-9, np.float32)[0] == 0

    def test_the_caption_names_the_larger_error(self):
        def caption(*settings):
            return said(show.CURVE["axes"], lambda axes: show.draw_curve(axes, *settings))

        assert "truncation is the larger" in caption(-1.0, "exp", "central", 64)
        assert "round-off is the larger" in caption(-12.0, "exp", "central", 64)
        assert "mixes both sides" in caption(-1.0, "|x|, near its kink", "central", 64)
        assert "too short to reach" in caption(-5.0, "|x|, near its kink", "central", 64)
        for log_h in (-15.0, 0.0):
            for bits in (64, 32):
                assert "nan" not in caption(log_h, "x³", "one-sided", bits)

    def test_the_curve_is_finite(self):
        for name in show.FUNCTIONS:
            hs, errors = precision.error_curve(name, "central", 64)
            assert np.isfinite(errors).all() and errors.min() >= 1e-17 and len(hs) == len(errors)


class TestMuseum:
    def test_the_right_pass_is_that_of_nnlib(self):
        P, x, Y, _ = museum.checkpoint()
        rng = np.random.default_rng(0)
        shortcut = nn.Residual(nn.Linear(16, 16, rng=rng), nn.ReLU())
        layers = [nn.Linear(64, 16, rng=rng), nn.ReLU(), shortcut, nn.Linear(16, 10, rng=rng)]
        net, loss = nn.Sequential(*layers, nn.Sigmoid()), nn.MSE()
        linear = [net[0], shortcut.body[0], net[3]]
        for k, layer in enumerate(linear, 1):
            layer.W[...], layer.b[...] = P[f"W{k}"], P[f"b{k}"]
        v = museum.forward(P, x, Y)
        assert pytest.approx(5 * loss(net(x), Y)) == v.L  # ½ Σ over ten outputs, not their mean
        net.backward(loss.backward())
        found = museum.backward(v)
        for k, layer in enumerate(linear, 1):
            assert np.allclose(found[f"W{k}"], 5 * layer.dW, atol=1e-14)
            assert np.allclose(found[f"b{k}"], 5 * layer.db, atol=1e-14)

    @pytest.mark.parametrize("room", [museum.RIGHT, *museum.ROOMS])
    def test_what_is_written_is_what_is_computed(self, room):
        """The text of every line, run as Python, gives the numbers that the step gives."""
        P, x, Y, _ = museum.checkpoint()
        v = museum.forward(P, x, Y)
        scope = dict(vars(v))
        for text, step in museum.lines_of(room):
            exec(text, {}, scope)
            step(v)
            for name in re.findall(r"d\w+(?=[ ,])", text.split("=")[0] + " "):
                assert np.array_equal(scope[name], getattr(v, name)), (room, text, name)

    @pytest.mark.parametrize("room", museum.ROOMS)
    def test_one_line_and_only_that_repairs_a_room(self, room):
        number = museum.ROOMS[room][0]
        assert max(show.check_room(room).values()) > 0.1
        for line in range(1, 10):
            right = max(show.check_room(room, line).values()) < 1e-7
            assert right == (line == number)
        wrong, right = museum.lines_of(room), museum.lines_of(room, number)
        assert [a[0] != b[0] for a, b in zip(wrong, right)].index(True) == number - 1
        assert right == museum.LINES

    def test_what_is_nearer_the_loss_stays_green(self):
        red = {
            room: "".join(name for name, e in show.check_room(room).items() if e > 1e-6)
            for room in museum.ROOMS
        }
        assert red["A"] == "W1b1W2b2W3b3" and red["C"] == "W1b1W2b2"
        assert red["B"] == red["D"] == red["E"] == red["F"] == "W1b1"

    def test_every_loss_falls_all_the_same(self):
        right, accuracy = show.train_room(museum.RIGHT)
        assert accuracy > 0.93 and right[-1] < 0.1
        for room in museum.ROOMS:
            losses, _ = show.train_room(room)
            assert losses[0] == right[0] and losses[-1] < 0.3 * losses[0]

    def test_told(self):
        def caption(*settings):
            return said(show.MUSEUM["axes"], lambda axes: show.draw_museum(axes, *settings))

        assert "red for <b>W1, b1</b>" in caption("D", 0)
        assert "Line 3 was right already" in caption("D", 3)
        assert "Found: line 7" in caption("D", 7) and "must be added" in caption("D", 7)
        assert "Every gradient is right" in caption(museum.RIGHT, 0)
        assert "Found: line 4" in caption("E", 4)
