"""Recurrent layers against plain loops, torch and worked numbers; states, lengths, both ways."""

import numpy as np
import pytest

import nnlib as nn

from .recurrent_cases import CELLS, LENGTHS, rng, state

EVERY_CELL = pytest.mark.parametrize("cell", CELLS)


def sigma(z):
    return 1 / (1 + np.exp(-z))


F = {nn.Tanh: np.tanh, nn.Sigmoid: sigma, nn.ReLU: lambda z: z * (z > 0), nn.Identity: lambda z: z}


def one_step(layer, x, h, c):
    """The cell as the papers have it, gate by gate, for one example."""
    H = layer.Wh.shape[1]
    part = {name: slice(k * H, (k + 1) * H) for k, name in enumerate(layer.gates)}

    def Wx(gate):
        return layer.Wx[part[gate]] @ x + layer.b[part[gate]]

    def Wh(gate):
        return layer.Wh[part[gate]] @ h

    if isinstance(layer, nn.LSTM):
        i, f, o = (sigma(Wx(gate) + Wh(gate)) for gate in "ifo")
        c = f * c + i * np.tanh(Wx("g") + Wh("g"))
        return o * np.tanh(c), c
    if isinstance(layer, nn.GRU):
        r, z = (sigma(Wx(gate) + Wh(gate)) for gate in "rz")
        n = np.tanh(Wx("n") + r * Wh("n"))
        return z * h + (1 - z) * n, c
    return F[layer.activation](Wx("h") + Wh("h")), c


def jitter(layer):
    for array in layer.parameters():
        array += 0.3 * rng(7).standard_normal(array.shape)
    return layer


@EVERY_CELL
def test_forward_is_the_cell_step_by_step(cell):
    layer, x = jitter(CELLS[cell]()), rng(1).standard_normal((2, 5, 3))
    starts = {"h0": state(2, 4), "c0": state(2, 4, 4)}
    given = {k: starts[k] for k in ("h0", "c0")[: len(layer.states)]}
    out = layer(x, **given)
    for k in range(2):
        h, c = starts["h0"][k], starts["c0"][k]
        assert np.array_equal(layer.h[k, 0], h)
        for t in range(5):
            h, c = one_step(layer, x[k, t], h, c)
            np.testing.assert_allclose(out[k, t], h, atol=1e-12)
            np.testing.assert_allclose(layer.h[k, t + 1], h, atol=1e-12)
            if "c0" in given:
                np.testing.assert_allclose(layer.c[k, t + 1], c, atol=1e-12)
    assert layer.h.shape == (2, 6, 4)
    final = layer.final_state()
    assert len(final) == len(layer.states)
    assert np.array_equal(final[0], out[:, -1]) and final[0].base is None


@EVERY_CELL
@pytest.mark.parametrize("lengths", [None, LENGTHS])
def test_gradients_of_the_states(cell, lengths):
    """h0 and c0 by differences, while the final states pull too: L = Σ out·w + h_T·u + c_T·v."""
    layer, x = jitter(CELLS[cell]()), rng(1).standard_normal((3, 5, 3))
    names = layer.states
    starts = {f"{name}0": state(3, 4, k) for k, name in enumerate(names)}
    pulls = {f"d{name}": state(3, 4, 10 + k) for k, name in enumerate(names)}
    w = rng(5).standard_normal((3, 5, 4))

    def L():
        total = (layer(x, lengths=lengths, **starts) * w).sum()
        return total + sum((s * p).sum() for s, p in zip(layer.final_state(), pulls.values()))

    L()
    dx = layer.backward(w, **pulls)
    gradients = {"dx": dx} | {f"d{name}": getattr(layer, f"d{name}") for name in layer.params}
    gradients |= {f"d{name}0": getattr(layer, f"d{name}0").copy() for name in names}
    checks = {"dx": x} | {f"d{name}": getattr(layer, name) for name in layer.params}
    checks |= {f"d{name}": array for name, array in starts.items()}
    for name, array in checks.items():
        error = nn.relative_error(gradients[name], nn.numeric_gradient(L, array))
        assert error < 1e-7, (name, error)


def test_gradcheck_takes_states_and_lengths():
    layer, x = CELLS["lstm"](), rng(1).standard_normal((3, 5, 3))
    errors = nn.gradcheck(layer, x, h0=state(3, 4), c0=state(3, 4, 4), lengths=LENGTHS)
    assert list(errors) == ["x", "h0", "c0", "Wx", "Wh", "b"]
    assert max(errors.values()) < 1e-7


def test_gradcheck_through_a_loss_with_padding():
    net = nn.Sequential(CELLS["gru"](), nn.Linear(4, 3, rng=rng()))
    x, y = rng(1).standard_normal((3, 5, 3)), rng(2).integers(0, 3, (3, 5))
    y[1, 2:], y[2, 1:] = -1, -1
    loss = nn.SoftmaxCrossEntropy(ignore=-1)
    errors = nn.gradcheck(net, x, loss=loss, y=y, lengths=LENGTHS)
    assert len(errors) == 6 and max(errors.values()) < 1e-6


class TestLSTMByHand:
    """W44 and W45."""

    def test_one_step(self):
        layer = nn.LSTM(1, 1, rng=rng())
        layer.Wx[:, 0], layer.Wh[...], layer.b[...] = [0, 1, 0.5, 0.5], 0, 0
        out = layer(np.ones((1, 1, 1)), c0=np.array([[0.8]]))
        values = [layer.f, layer.i, layer.g, layer.o, layer.c[:, 1], out]
        expected = [0.7311, 0.5, 0.4621, 0.6225, 0.8159, 0.4188]
        np.testing.assert_allclose([v.item() for v in values], expected, atol=5e-5)

    @pytest.mark.parametrize(
        ("forget", "steps", "kept"),
        [(0.5, 20, 9.5e-7), (0.5, 100, 7.9e-31), (0.9, 20, 0.1216), (0.9, 100, 2.7e-5),
         (0.99, 20, 0.818), (0.99, 100, 0.366)],
    )  # fmt: skip
    def test_the_cell_keeps_what_the_forget_gate_lets_through(self, forget, steps, kept):
        bias = np.log(forget / (1 - forget))
        layer = nn.LSTM(1, 1, rng=rng(), forget_bias=bias)
        layer.Wx[...], layer.Wh[...] = 0, 0
        out = layer(np.zeros((1, steps, 1)), c0=np.ones((1, 1)))
        layer.backward(np.zeros_like(out), dc=np.ones((1, 1)))
        assert layer.dc0.item() == pytest.approx(kept, rel=0.02)
        assert layer.c[0, -1].item() == pytest.approx(kept, rel=0.02)

    @pytest.mark.parametrize(
        ("bias", "half"), [(0, 1.0), (1, 2.2), (2, 5.5), (3, 14.3), (5, 103.2)]
    )
    def test_half_life_of_a_forget_bias(self, bias, half):
        layer = nn.LSTM(1, 2, rng=rng(), forget_bias=bias)
        np.testing.assert_array_equal(layer.b, [0, 0, bias, bias, 0, 0, 0, 0])
        layer.Wx[...], layer.Wh[...] = 0, 0
        layer(np.zeros((1, 1, 1)))
        f = layer.f.flat[0]
        assert np.log(0.5) / np.log(f) == pytest.approx(half, abs=0.05)

    @pytest.mark.parametrize(("scale", "kept"), [(0.5, 8.9e-16), (1, 1), (1.5, 6.4e8)])
    def test_a_linear_rnn_multiplies_by_wh_again_and_again(self, scale, kept):
        layer = nn.RNN(1, 8, rng=rng(), activation=nn.Identity)
        layer.Wh[...] = scale * np.linalg.qr(rng(2).standard_normal((8, 8)))[0]
        out = layer(np.zeros((1, 50, 1)))
        dh = state(1, 8)
        layer.backward(np.zeros_like(out), dh=dh)
        ratio = np.linalg.norm(layer.dh0) / np.linalg.norm(dh)
        assert ratio == pytest.approx(kept, rel=0.01)


class TestLengths:
    @EVERY_CELL
    def test_each_sequence_is_as_if_alone(self, cell):
        layer, x = jitter(CELLS[cell]()), rng(1).standard_normal((3, 5, 3))
        out = layer(x, lengths=LENGTHS)
        final = [array.copy() for array in layer.final_state()]
        dout = rng(2).standard_normal(out.shape)
        dx = layer.backward(dout)
        together = [g.copy() for g in layer.gradients()]
        alone = [0] * len(together)
        for k, length in enumerate(LENGTHS):
            single = layer(x[k : k + 1, :length])
            np.testing.assert_allclose(out[k, :length], single[0], atol=1e-12)
            assert (out[k, length:] == out[k, length - 1]).all()
            for mine, theirs in zip(final, layer.final_state(), strict=True):
                np.testing.assert_allclose(mine[k], theirs[0], atol=1e-12)
            pull = dout[k : k + 1, :length].copy()
            pull[0, -1] += dout[k, length:].sum(axis=0)  # the padding repeats the last state
            np.testing.assert_allclose(dx[k, :length], layer.backward(pull)[0], atol=1e-12)
            assert not dx[k, length:].any()
            alone = [a + g for a, g in zip(alone, layer.gradients(), strict=True)]
        for mine, theirs in zip(together, alone, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-12)

    @EVERY_CELL
    def test_nothing_in_the_padding_matters(self, cell):
        x = rng(1).standard_normal((3, 5, 3))
        wild = x.copy()
        wild[1, 2:], wild[2, 1:] = np.nan, 1e300
        for make in (CELLS[cell], lambda: nn.Bidirectional(CELLS[cell](), CELLS[cell](1))):
            tame_net, wild_net = make(), make()
            out = tame_net(x, lengths=LENGTHS)
            assert np.array_equal(wild_net(wild, lengths=LENGTHS), out)
            dx = tame_net.backward(np.ones_like(out))
            assert np.array_equal(wild_net.backward(np.ones_like(out)), dx)
            for mine, theirs in zip(wild_net.gradients(), tame_net.gradients(), strict=True):
                assert np.array_equal(mine, theirs)

    @EVERY_CELL
    def test_full_lengths_change_nothing(self, cell):
        layer, x = CELLS[cell](), rng(1).standard_normal((3, 5, 3))
        assert np.array_equal(layer(x, lengths=np.array([5, 5, 5])), layer(x))


class TestBidirectional:
    @EVERY_CELL
    def test_second_half_reads_backwards(self, cell):
        ahead, back, x = CELLS[cell](), CELLS[cell](1), rng(1).standard_normal((2, 5, 3))
        out = nn.Bidirectional(ahead, back)(x)
        np.testing.assert_allclose(out[:, :, :4], CELLS[cell]()(x))
        np.testing.assert_allclose(out[:, ::-1, 4:], CELLS[cell](1)(x[:, ::-1]))

    def test_reverse_pass_starts_at_the_end_of_each_sequence(self):
        x, both = (
            rng(1).standard_normal((3, 5, 3)),
            nn.Bidirectional(CELLS["gru"](), CELLS["gru"]()),
        )
        out = both(x, lengths=LENGTHS)
        for k, length in enumerate(LENGTHS):
            alone = both(x[k : k + 1, :length])
            np.testing.assert_allclose(out[k, :length], alone[0], atol=1e-12)

    def test_two_thousand_from_two_thousands(self):
        """W59."""
        both = nn.Bidirectional(nn.RNN(2, 1000, rng=rng()), nn.RNN(2, 1000, rng=rng()))
        assert both.out_shape((7, 2)) == (7, 2000)
        one = nn.RNN(2, 1000, rng=rng())
        size = sum(p.size for p in one.parameters())
        assert sum(p.size for p in both.parameters()) == 2 * size

    def test_first_layer_without_dx(self):
        both, x = (
            nn.Bidirectional(CELLS["lstm"](), CELLS["rnn"]()),
            rng(1).standard_normal((2, 4, 3)),
        )
        both.needs_dx = False
        assert both.backward(np.ones_like(both(x))) is None
        lean = both.gradients()
        both.needs_dx = True
        both.backward(np.ones((2, 4, 8)))
        for mine, theirs in zip(lean, both.gradients(), strict=True):
            assert np.array_equal(mine, theirs)


class TestCarrying:
    @EVERY_CELL
    def test_pieces_with_the_state_carried_equal_the_whole(self, cell):
        layer, x = CELLS[cell](), rng(1).standard_normal((2, 6, 3))
        whole = layer(x)
        layer(x[:, :4])
        starts = dict(zip(("h0", "c0"), layer.final_state()))
        np.testing.assert_allclose(layer(x[:, 4:], **starts), whole[:, 4:], atol=1e-14)
        layer(x[:, :4])
        layer.start = layer.final_state()
        np.testing.assert_allclose(layer(x[:, 4:]), whole[:, 4:], atol=1e-14)

    def test_final_state_is_a_copy(self):
        layer, x = CELLS["lstm"](), rng(1).standard_normal((2, 4, 3))
        out = layer(x)
        h, c = layer.final_state()
        h[...], c[...] = 7, 7
        assert np.array_equal(layer.h[:, -1], out[:, -1]) and not (layer.c[:, -1] == 7).any()

    @EVERY_CELL
    def test_states_of_the_caller_are_left_alone(self, cell):
        layer, x = CELLS[cell](), rng(1).standard_normal((2, 4, 3))
        h0, dh = state(2, 4), state(2, 4, 1)
        before = h0.copy(), dh.copy()
        out = layer(x, h0=h0)
        layer.backward(np.ones_like(out), dh=dh)
        assert np.array_equal(h0, before[0]) and np.array_equal(dh, before[1])


@EVERY_CELL
def test_dtypes_of_states_do_not_leak(cell):
    """float64 states into a float32 net stay float32; a float64 net on float32 x is float64."""
    layer = CELLS[cell]().astype(np.float32)
    x = rng(1).standard_normal((2, 4, 3)).astype(np.float32)
    out = layer(x, h0=state(2, 4))
    dx = layer.backward(np.ones_like(out), dh=state(2, 4))
    assert out.dtype == dx.dtype == layer.h.dtype == layer.dh0.dtype == np.float32
    assert all(g.dtype == np.float32 for g in layer.gradients())
    wide = CELLS[cell]()
    assert wide(x).dtype == np.float64
    np.testing.assert_array_equal(wide(x), wide(x.astype(np.float64)))


@EVERY_CELL
def test_weights_start_by_gate_and_differ(cell):
    layer = CELLS[cell]()
    blocks = len(layer.gates)
    assert layer.Wx.shape == (4 * blocks, 3) and layer.Wh.shape == (4 * blocks, 4)
    assert len(np.unique(layer.Wx)) == layer.Wx.size
    big = type(layer)(50, 100, rng=rng())
    assert np.std(big.Wx) == pytest.approx(np.sqrt(2 / 150), rel=0.05)
    assert np.std(big.Wh) == pytest.approx(np.sqrt(2 / 200), rel=0.05)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_against_torch(kind):
    torch = pytest.importorskip("torch")
    ours = jitter(getattr(nn, kind)(3, 4, rng=rng()))
    theirs = getattr(torch.nn, kind)(3, 4, batch_first=True, dtype=torch.float64)
    weights = theirs.weight_ih_l0, theirs.weight_hh_l0, theirs.bias_ih_l0, theirs.bias_hh_l0
    with torch.no_grad():
        for weight, array in zip(weights, (*ours.parameters(), np.zeros_like(ours.b))):
            weight.copy_(torch.tensor(array))
    x, h0, c0 = rng(1).standard_normal((2, 6, 3)), state(2, 4), state(2, 4, 4)
    z = torch.tensor(x, requires_grad=True)
    states = [torch.tensor(s[None], requires_grad=True) for s in (h0, c0)][: len(ours.states)]
    out, _ = theirs(z, tuple(states) if kind == "LSTM" else states[0])
    dout = rng(2).standard_normal(out.shape)
    out.backward(torch.tensor(dout))
    np.testing.assert_allclose(
        ours(x, **dict(zip(("h0", "c0"), [h0, c0][: len(states)]))), out.detach(), atol=1e-12
    )
    np.testing.assert_allclose(ours.backward(dout), z.grad, atol=1e-12)
    for mine, weight in zip(ours.gradients(), weights):
        np.testing.assert_allclose(mine, weight.grad, atol=1e-12)
    np.testing.assert_allclose(ours.dh0, states[0].grad[0], atol=1e-12)
    if kind == "LSTM":
        np.testing.assert_allclose(ours.dc0, states[1].grad[0], atol=1e-12)


@pytest.mark.parametrize("size", [1e4, 3e38])
def test_huge_inputs_saturate_without_warnings(size):
    x = np.array([[[size], [-size]]], np.float32)
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        layer = kind(1, 2, rng=rng())
        layer.Wx[...] = np.sign(layer.Wx)
        layer = layer.astype(np.float32)
        with np.errstate(all="raise", under="ignore"):
            out = layer(x)
            layer.backward(np.ones_like(out))
        assert np.isfinite(out).all() and all(np.isfinite(g).all() for g in layer.gradients())
