"""Convolution against loops, scipy, the curriculum's worked numbers and exact identities."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def loops(x, W, b, k, stride, pads, dilation, table):
    """The formula of Conv2d, one output number at a time."""
    x = np.pad(x, ((0, 0), (0, 0), *pads))
    reach = [(k[a] - 1) * dilation[a] + 1 for a in (0, 1)]
    size = [(x.shape[2 + a] - reach[a]) // stride[a] + 1 for a in (0, 1)]
    out = np.zeros((len(x), len(W), *size))
    for n, f, p, q in np.ndindex(out.shape):
        out[n, f, p, q] = b[f]
        for c, i, j in np.ndindex(W.shape[1:]):
            pixel = x[n, c, p * stride[0] + i * dilation[0], q * stride[1] + j * dilation[1]]
            out[n, f, p, q] += table[c][f] * W[f, c, i, j] * pixel
    return out


SETTINGS = {
    "plain": {"k": (3, 3)},
    "rectangle": {"k": (2, 3)},
    "stride per axis": {"k": (3, 2), "stride": (2, 3)},
    "pad all four sides": {"k": (2, 2), "pad": ((1, 0), (2, 3))},
    "pad rows": {"k": (2, 2), "pad": ((0, 2), (0, 0))},
    "dilation per axis": {"k": (2, 3), "dilation": (3, 2)},
    "everything": {"k": (2, 3), "stride": (3, 2), "pad": ((2, 1), (0, 3)), "dilation": (2, 1)},
    "table": {"k": (2, 2), "table": [[1, 0, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]]},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_conv2d_is_the_formula(name):
    how = {"stride": (1, 1), "pad": ((0, 0), (0, 0)), "dilation": (1, 1), "table": np.ones((3, 4))}
    how |= SETTINGS[name]
    conv = nn.Conv2d(3, 4, **how, rng=rng())
    conv.b[...] = rng(1).standard_normal(4)
    x = rng(2).standard_normal((2, 3, 7, 8))
    args = how["k"], how["stride"], how["pad"], how["dilation"], how["table"]
    np.testing.assert_allclose(conv(x), loops(x, conv.W, conv.b, *args), atol=1e-12)


@pytest.mark.parametrize("k,stride", [(3, 1), (4, 1), (2, 2), (3, 2), (5, 3), (2, 5), (1, 3)])
def test_same_keeps_the_size_and_pads_at_the_end(k, stride):
    for height, width in ((7, 8), (5, 1), (6, 9)):
        conv = nn.Conv2d(1, 1, k, stride, "same", rng=rng())
        x = rng(1).standard_normal((1, 1, height, width))
        assert conv(x).shape == (1, 1, -(-height // stride), -(-width // stride))
        pads = []
        for size in (height, width):
            total = max(0, (-(-size // stride) - 1) * stride + k - size)
            pads.append((total // 2, total - total // 2))
        assert all(after - before in (0, 1) for before, after in pads)
        by_hand = nn.Conv2d(1, 1, k, stride, pads, rng=rng())
        assert np.array_equal(conv(x), by_hand(x))


def test_padding_is_written_in_four_ways():
    x = rng(1).standard_normal((2, 1, 5, 6))
    outs = [
        nn.Conv2d(1, 2, 3, pad=pad, rng=rng())(x) for pad in (1, (1, 1), [(1, 1), (1, 1)], "same")
    ]
    assert all(np.array_equal(outs[0], out) for out in outs)
    rows, columns = (
        nn.Conv2d(1, 1, 3, pad=pad, rng=rng())(x).shape[2:] for pad in ((2, 0), (0, 2))
    )
    assert rows == (7, 4) and columns == (3, 8)
    assert nn.Conv2d(1, 1, 3, pad="valid", rng=rng())(x).shape == (2, 1, 3, 4)


def test_conv2d_agrees_with_scipy():
    x, W = rng(1).standard_normal((6, 7)), rng(2).standard_normal((3, 2))
    conv = nn.Conv2d(1, 1, (3, 2), rng=rng())
    conv.W[...] = W
    np.testing.assert_allclose(
        conv(x[None, None])[0, 0], signal.correlate2d(x, W, "valid"), atol=1e-12
    )


def test_conv1d_is_conv2d_on_one_row():
    for pad, pads in ((2, (2, 2)), ((3, 1), (3, 1)), ("valid", (0, 0)), ("same", (0, 1))):
        strip = nn.Conv2d(3, 4, (1, 3), (1, 2), ((0, 0), pads), (1, 2), rng=rng())
        line = nn.Conv1d(3, 4, 3, 2, pad, 2, rng=rng())
        if pad == "same":
            strip.window.pad = ((0, 0), (1, 2))
        line.W[...], line.b[...] = strip.W[:, :, 0], [1, 2, 3, 4]
        strip.b[...] = line.b
        x = rng(1).standard_normal((2, 8, 3))
        expected = strip(x.transpose(0, 2, 1)[:, :, None])[:, :, 0].transpose(0, 2, 1)
        np.testing.assert_allclose(line(x), expected, atol=1e-12)


def test_causal_conv1d_never_looks_ahead():
    conv = nn.Conv1d(2, 3, 4, pad=(3, 0), rng=rng())
    x = rng(1).standard_normal((1, 9, 2))
    before = conv(x)
    x[:, 5:] += 1
    after = conv(x)
    assert np.array_equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] != after[:, 5:]).all()


def test_wrong_weights_of_the_table_stay_out():
    table = [[1, 0], [1, 1]]
    conv = nn.Conv2d(2, 2, 3, table=table, rng=rng())
    assert not conv.W[1, 0].any() and conv.W[0].all() and conv.W[1, 1].all()
    x = rng(1).standard_normal((2, 2, 5, 5))
    out = conv(x)
    conv.W[1, 0] = 9  # an optimizer with noise or decay might
    assert np.array_equal(conv(x), out)
    conv.backward(np.ones_like(out))
    assert not conv.dW[1, 0].any() and conv.dW[0].all() and conv.dW[1, 1].all()


def test_groups_are_separate_convolutions():
    conv = nn.Conv2d(4, 6, 3, table=nn.group_table(4, 6, 2), rng=rng())
    x = rng(1).standard_normal((2, 4, 5, 5))
    for inputs, outputs in ((slice(0, 2), slice(0, 3)), (slice(2, 4), slice(3, 6))):
        part = nn.Conv2d(2, 3, 3, rng=rng())
        part.W[...] = conv.W[outputs, inputs]
        np.testing.assert_allclose(conv(x)[:, outputs], part(x[:, inputs]), atol=1e-12)
    assert nn.group_table(3, 6, 3).tolist() == [
        [1, 1, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 1, 1],
    ]


def test_initial_weights_count_only_connected_inputs():
    """he: variance 2 / fan-in, and with 16 groups of one map the fan-in is 25, not 400."""
    dense = nn.Conv2d(16, 400, 5, rng=rng())
    grouped = nn.Conv2d(16, 400, 5, table=nn.group_table(16, 400, 16), rng=rng())
    assert dense.W.var() == pytest.approx(2 / 400, rel=0.05)
    assert grouped.W[grouped.W != 0].var() == pytest.approx(2 / 25, rel=0.05)
    fans = []

    def spy(shape, fan_in, fan_out, rng):
        fans.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    nn.Conv2d(3, 4, (2, 5), rng=rng(), init=spy)
    nn.Conv1d(3, 4, 5, rng=rng(), init=spy)
    nn.ConvTranspose2d(3, 4, 4, 2, rng=rng(), init=spy)
    assert fans == [((4, 3, 2, 5), 30, 40), ((4, 3, 5), 15, 20), ((3, 4, 4, 4), 12, 64)]


ADJOINTS = {
    "conv": (nn.Conv2d(3, 4, (3, 2), (2, 1), ((1, 2), (0, 1)), (1, 2), rng=rng()), (2, 3, 7, 6)),
    "tall": (nn.Conv2d(2, 3, 3, pad=1, rng=rng()), (2, 2, 19, 4)),
    "tall, gaps": (nn.Conv2d(2, 3, (2, 3), (3, 2), ((3, 0), 0), rng=rng()), (2, 2, 21, 5)),
    "tall, dilated": (nn.Conv2d(2, 2, 3, (2, 1), 1, (3, 1), rng=rng()), (2, 2, 23, 4)),
    "table": (nn.Conv2d(2, 2, 3, table=[[1, 0], [1, 1]], rng=rng()), (3, 2, 5, 4)),
    "conv1d": (nn.Conv1d(3, 4, 3, 2, (2, 1), 2, rng=rng()), (2, 8, 3)),
    "transposed": (
        nn.ConvTranspose2d(3, 2, (3, 2), (2, 3), ((0, 1), (1, 0)), rng=rng()),
        (2, 3, 4, 3),
    ),
}


@pytest.mark.parametrize("name", ADJOINTS)
def test_adjoint_identity(name):
    """A linear layer without bias: <f(x), d> = <x, dx> = <W, dW>, to the last digits."""
    layer, shape = ADJOINTS[name]
    x = rng(1).standard_normal(shape)
    out = layer(x)
    d = rng(2).standard_normal(out.shape)
    dx = layer.backward(d)
    axes = (0, 1) if out.ndim == 3 else (0, 2, 3)
    np.testing.assert_allclose(layer.db, d.sum(axis=axes), rtol=1e-12)
    assert (x * dx).sum() == pytest.approx((out * d).sum(), rel=1e-12)
    assert (layer.W * layer.dW).sum() == pytest.approx((out * d).sum(), rel=1e-12)


def test_transposed_convolution_is_the_dx_of_a_convolution():
    for how in ((3, 1, 0, 1), ((2, 3), (2, 1), ((1, 0), (2, 1)), (2, 1)), (2, 3, 0, 1)):
        up = nn.ConvTranspose2d(3, 2, *how, rng=rng())
        x = rng(1).standard_normal((2, 3, 4, 5))
        up.b[...] = 1, -2
        out = up(x)
        down = nn.Conv2d(2, 3, *how, rng=rng())
        down.W[...] = up.W
        assert down(out).shape == x.shape
        np.testing.assert_allclose(out - up.b[:, None, None], down.backward(x), atol=1e-12)


def test_transposed_convolution_stamps():
    up = nn.ConvTranspose2d(1, 1, 2, 2, rng=rng())
    up.W[...] = [[[[1, 2], [3, 4]]]]
    out = up(np.array([[[[1.0, 10.0]]]]))
    assert out.tolist() == [[[[1, 2, 10, 20], [3, 4, 30, 40]]]]
    double = nn.ConvTranspose2d(1, 1, 3, 2, ((1, 0), (1, 0)), rng=rng())
    assert double.out_shape((1, 14, 7)) == (1, 28, 14)
    assert double.out_shape((1, 1, 1)) == (1, 2, 2)
    assert nn.ConvTranspose2d(1, 1, 3, pad=1, rng=rng()).out_shape((1, 1, 1)) == (1, 1, 1)


def test_two_precisions_meet_in_the_higher_one():
    for layer, shape in ADJOINTS.values():
        x = rng(1).standard_normal(shape)
        exact = layer(x.astype(np.float32).astype(np.float64))
        np.testing.assert_allclose(layer(x.astype(np.float32)), exact, rtol=1e-12, atol=1e-12)
        assert layer.astype(np.float32)(x).dtype == np.float64


def test_first_layer_skips_dx():
    for layer, shape in ADJOINTS.values():
        lean = layer.astype(np.float64)
        lean.needs_dx = False
        out = lean(rng(1).standard_normal(shape))
        assert lean.backward(np.ones_like(out)) is None and lean.dW.any()


@pytest.mark.parametrize(
    "n,c,size,f,k,pad",
    [
        (64, 1, 8, 16, 3, 1), (64, 1, 28, 6, 5, 2), (64, 6, 14, 16, 5, 0), (16, 3, 32, 32, 3, 1),
        (16, 32, 16, 64, 3, 1), (1, 3, 112, 64, 3, 1), (16, 64, 16, 16, 3, 1),
        (16, 16, 16, 64, 3, 1), (64, 16, 14, 16, 3, 1), (16, 64, 14, 6, 3, 0),
        (16, 64, 16, 16, 1, 0), (16, 16, 16, 64, 5, 2), (4, 64, 32, 64, 3, 1),
        (64, 16, 16, 16, 5, 2), (32, 64, 8, 64, 3, 1), (16, 128, 8, 128, 3, 1),
        (8, 256, 8, 256, 3, 1),
    ],
)  # fmt: skip
def test_memory_stays_within_twice_what_goes_in_and_out(n, c, size, f, k, pad):
    """Beyond inputs (x, W), output and their gradients: at most 2.1 times those."""
    conv = nn.Conv2d(c, f, k, pad=pad, rng=rng()).astype(np.float32)
    x = rng().standard_normal((n, c, size, size), np.float32)
    dout = rng().standard_normal((n, *conv.out_shape(x.shape[1:])), np.float32)
    tracemalloc.start()
    try:
        out = conv(x, training=True)
        dx = conv.backward(dout)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    extra = peak - out.nbytes - dx.nbytes - conv.dW.nbytes
    assert extra <= 2.1 * sum(a.nbytes for a in (x, conv.W, out, dout, dx, conv.dW))


# ------------------------------------------------------------------ sizes


@pytest.mark.parametrize(
    "size,k,pad,stride,out",
    [
        (7, 3, 0, 1, 5), (7, 3, 0, 2, 3), (5, 3, 1, 2, 3), (7, 3, 1, 2, 4), (32, 5, 2, 1, 32),
        (32, 5, 0, 1, 28), (224, 3, 1, 1, 224), (224, 2, 0, 2, 112), (227, 11, 0, 4, 55),
        (224, 11, 0, 4, 54), (4, 2, 0, 1, 3), (3, 2, 0, 1, 2), (4, 3, 1, 1, 4), (28, 3, 0, 2, 13),
        (100, 10, 0, 1, 91), (5, 3, "same", 2, 3), (28, 5, "valid", 2, 12), (28, 5, (2, 0), 1, 26),
    ],
)  # fmt: skip
def test_W26_output_sizes(size, k, pad, stride, out):
    assert nn.conv_size(size, k, stride, pad) == out


@pytest.mark.parametrize(
    "args,dropped",
    [
        ((28, 5, 2), 1), ((224, 11, 4), 1), ((227, 11, 4), 0), ((28, 3, 2), 1), ((7, 3, 1), 0),
        ((8, 3, 2, 1), 0), ((10, 2, 5), 3), ((10, 3, 4, 0, 2), 1), ((10, 3, 5, (0, 1)), 2),
        ((2, 1, 9, 3), 2), ((28, 5, 2, "same"), 0),
    ],
)  # fmt: skip
def test_dropped_pixels(args, dropped):
    assert nn.dropped_pixels(*args) == dropped


PADS = st.one_of(
    st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.just("same"), st.just("valid"),
)  # fmt: skip
AXIS = st.tuples(st.integers(1, 12), st.integers(1, 5), st.integers(1, 5), PADS, st.integers(1, 3))


@settings(max_examples=300, deadline=None)
@given(AXIS, AXIS)
def test_conv_size_is_what_conv2d_returns(rows, columns):
    def size(axis):
        try:
            return nn.conv_size(*axis)
        except ValueError:
            return None

    sizes, (h, w) = (size(rows), size(columns)), (rows[0], columns[0])
    k, stride, pad, dilation = zip(rows[1:], columns[1:])
    conv = nn.Conv2d(1, 1, k, stride, pad, dilation, rng=rng())
    x = np.ones((1, 1, h, w))
    if None in sizes:
        with pytest.raises(ValueError, match="Conv2d k takes a window that fits"):
            conv(x)
    else:
        out = conv(x)
        assert out.shape == (1, 1, *sizes) == (1, *conv.out_shape((1, h, w)))
        assert conv.backward(out).shape == x.shape


@settings(max_examples=200, deadline=None)
@given(AXIS)
def test_dropped_pixels_are_those_without_gradient_at_the_end(axis):
    size, k, stride, pad, _ = axis
    axis = size, k, min(stride, k), pad, 1  # no gaps inside or between windows
    try:
        dropped = nn.dropped_pixels(*axis)
    except ValueError:
        assume(False)
    conv = nn.Conv1d(1, 1, *axis[1:], rng=rng())
    conv.W[...] = 1
    out = conv(np.ones((1, size, 1)))
    seen = np.flatnonzero(conv.backward(np.ones_like(out))[0, :, 0])
    assert dropped == (size - 1 - seen.max() if len(seen) else size)


# ------------------------------------------------------------------ functions on plain arrays


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_functions_agree_with_scipy(mode):
    for n, m in itertools.product((5, 6, 7), (1, 2, 3, 4)):
        x, f = rng(n).standard_normal(n), rng(m).standard_normal(m)
        np.testing.assert_allclose(nn.convolve(x, f, mode), signal.convolve(x, f, mode), atol=1e-12)
        y, g = rng(n).standard_normal((n, 8)), rng(m).standard_normal((m, 3))
        np.testing.assert_allclose(
            nn.convolve(y, g, mode), signal.convolve2d(y, g, mode), atol=1e-12
        )
        if mode != "same" or m % 2:
            np.testing.assert_allclose(
                nn.correlate(x, f, mode), signal.correlate(x, f, mode), atol=1e-12
            )
            np.testing.assert_allclose(
                nn.correlate(y, g, mode), signal.correlate2d(y, g, mode), atol=1e-12
            )


def test_correlate_same_is_conv2d_same():
    for shape in ((2, 4), (3, 2), (5, 5)):
        conv = nn.Conv2d(1, 1, shape, pad="same", rng=rng())
        x = rng(1).standard_normal((6, 7))
        np.testing.assert_allclose(
            nn.correlate(x, conv.W[0, 0], "same"), conv(x[None, None])[0, 0], atol=1e-12
        )


def test_wide_convolution_commutes_and_integers_stay_exact():
    x, f = np.arange(6).reshape(2, 3), np.array([[1, -2], [0, 5]])
    assert np.array_equal(nn.convolve(x, f, "full"), nn.convolve(f, x, "full"))
    bright = np.full((3, 3), 200, np.uint8)
    assert nn.correlate(bright, np.full((3, 3), 2, np.uint8)).tolist() == [[3600]]
    assert nn.correlate(np.ones(4, np.float32), np.ones(2, np.float32)).dtype == np.float32
    assert nn.convolve([1, 2, 3], [1, 1]).tolist() == [3, 5]


# ------------------------------------------------------------------ worked numbers


def conv_with(kernels, b=0, **how):
    kernels = np.array(kernels, float)
    conv = nn.Conv2d(kernels.shape[1], len(kernels), kernels.shape[2:], **how, rng=rng())
    conv.W[...], conv.b[...] = kernels, b
    return conv


def test_W19_two_edge_kernels():
    x = np.array([[1, 0, 1, 0], [1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 0]], float)
    out = conv_with([[[[1, -1], [1, -1]]], [[[1, 1], [-1, -1]]]])(x[None, None])[0]
    assert out[0].tolist() == [[1, -1, 2], [1, -1, 2], [1, -2, 2]]
    assert out[1].tolist() == [[-1, -1, 0], [1, 1, 0], [1, 0, 0]]


def test_W21_one_channel():
    x = [[2, 1, 0, 2, 3], [9, 5, 4, 2, 0], [2, 3, 4, 5, 6], [1, 2, 3, 1, 0], [0, 4, 4, 2, 8]]
    out = conv_with([[[[-1, 0, 1]] * 3]], 1)(np.array(x, float)[None, None])
    assert out[0, 0].tolist() == [[-4, 1, 2], [0, -1, -4], [9, 0, 4]]


def test_W22_three_channels():
    R = [[0, 2, 2, 0, 2], [1, 1, 1, 1, 1], [0, 0, 1, 2, 2], [0, 0, 1, 2, 2], [0, 2, 2, 2, 0]]
    G = [[1, 0, 2, 1, 1], [1, 2, 2, 1, 0], [1, 1, 0, 2, 1], [0, 0, 0, 1, 1], [2, 1, 1, 2, 0]]
    B = [[0, 1, 2, 2, 0], [0, 1, 1, 0, 0], [2, 2, 0, 2, 1], [0, 1, 1, 0, 2], [1, 2, 2, 1, 1]]
    kR = [[-1, 1, 0], [-1, 0, 1], [-1, 1, -1]]
    kG = [[1, 0, 1], [1, 1, 0], [1, 0, 1]]
    kB = [[-1, -1, -1], [0, 1, 0], [0, 1, 1]]
    out = conv_with([[kR, kG, kB]], 1, pad=1)(np.array([[R, G, B]], float))[0, 0]
    assert out.tolist() == [
        [7, 9, 6, 7, 4], [7, 9, 6, 4, 5], [7, 8, 6, 9, 7], [0, 7, 8, 5, 3], [5, 6, 5, 2, 1],
    ]  # fmt: skip
    centre = [(np.array(k) * np.array(c)[1:4, 1:4]).sum() for k, c in ((kR, R), (kG, G), (kB, B))]
    assert [*centre, 1, out[2, 2]] == [1, 5, -1, 1, 6]


def test_W23_size_and_parameters_of_the_cs231n_demo():
    conv = nn.Conv2d(3, 2, 3, 2, 1, rng=rng())
    assert conv.out_shape((3, 5, 5)) == (2, 3, 3)
    assert sum(p.size for p in conv.parameters()) == 56


def test_W24_feature_of_a_cross():
    x = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    x, kernel = np.array(x, float)[None, None], [[[[1, 0, 1], [0, 1, 0], [1, 0, 1]]]]
    assert conv_with(kernel)(x)[0, 0].tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert conv_with(kernel, stride=2)(x)[0, 0].tolist() == [[4, 4], [2, 4]]


def test_W25_moving_average():
    x, f = np.arange(1, 7), np.full(3, 1 / 3)
    np.testing.assert_allclose(nn.convolve(x, f), [2, 3, 4, 5])
    wide = nn.convolve(x, f, "full")
    np.testing.assert_allclose(wide, [1 / 3, 1, 2, 3, 4, 5, 11 / 3, 2])
    assert len(wide) == len(x) + len(f) - 1


def test_W27_how_often_each_pixel_is_visited():
    visits = []
    for pad in (0, 1):
        conv = conv_with(np.ones((1, 1, 3, 3)), pad=pad)
        out = conv(np.ones((1, 1, 5, 5)))
        seen = conv.backward(np.ones_like(out))[0, 0]
        visits.append((seen[0, 0], seen[0, 2], seen[2, 2]))
    assert visits == [(1, 3, 9), (4, 6, 9)]


def test_W36_parameters_of_lenets_third_layer():
    table = np.zeros((6, 16), int)
    for k in range(6):
        table[[k, (k + 1) % 6, (k + 2) % 6], k] = 1
        table[[k, (k + 1) % 6, (k + 2) % 6, (k + 3) % 6], 6 + k] = 1
    for k, maps in enumerate(([0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]), start=12):
        table[maps, k] = 1
    table[:, 15] = 1
    conv = nn.Conv2d(6, 16, 5, table=table, rng=rng())
    assert np.count_nonzero(conv.W) + conv.b.size == 1516
    assert conv.table.sum() == 60


def test_W61_the_six_gradient_formulas_of_a_cnn():
    """CGRAD-1..6 by hand with plain convolutions, against the layers' backward."""
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3, rng=rng(1)), nn.Tanh(), nn.TrainablePool2d(2, 2), nn.Tanh(),
        nn.Conv2d(2, 3, 2, rng=rng(2)),
    )  # fmt: skip
    conv1, tanh1, pool, tanh2, conv2 = net
    pool.W[...], pool.b[...] = (0.7, -1.3), (0.1, 0.2)
    x = rng(3).standard_normal((1, 1, 10, 10))
    out = net(x)
    delta3 = rng(4).standard_normal(out.shape)
    net.backward(delta3)
    for k, p in np.ndindex(3, 2):  # CGRAD-3, CGRAD-4
        np.testing.assert_allclose(
            conv2.dW[k, p], nn.correlate(tanh2.out[0, p], delta3[0, k]), atol=1e-10
        )
        assert conv2.db[k] == pytest.approx(delta3[0, k].sum())
    for p in range(2):
        back = sum(nn.convolve(conv2.W[k, p], delta3[0, k], "full") for k in range(3))
        delta2 = (1 - tanh2.out[0, p] ** 2) * back  # CGRAD-5
        assert pool.dW[p] == pytest.approx((pool.down[0, p] * delta2).sum())  # CGRAD-6
        assert pool.db[p] == pytest.approx(delta2.sum())
        up = np.kron(delta2, np.ones((2, 2))) / 4  # CGRAD-2
        delta1 = (1 - tanh1.out[0, p] ** 2) * pool.W[p] * up  # CGRAD-1
        np.testing.assert_allclose(conv1.dW[p, 0], nn.correlate(x[0, 0], delta1), atol=1e-10)
    assert max(nn.gradcheck(net, x).values()) < 1e-9


# ------------------------------------------------------------------ torch, where it is installed


@pytest.mark.parametrize("dilation", [1, (2, 1)])
@pytest.mark.parametrize("stride", [1, (2, 3)])
def test_agrees_with_torch(stride, dilation):
    torch = pytest.importorskip("torch")
    x = rng(1).standard_normal((2, 3, 9, 8))
    for layer, function in (
        (nn.Conv2d(3, 4, (3, 2), stride, (1, 2), dilation, rng=rng()), torch.conv2d),
        (
            nn.ConvTranspose2d(3, 4, (3, 2), stride, (1, 2), dilation, rng=rng()),
            torch.conv_transpose2d,
        ),
    ):
        out = layer(x)
        d = rng(2).standard_normal(out.shape)
        dx = layer.backward(d)
        X, W, b = (torch.tensor(a, requires_grad=True) for a in (x, layer.W, layer.b))
        peer = function(X, W, b, stride=stride, padding=(1, 2), dilation=dilation)
        peer.backward(torch.tensor(d))
        for mine, theirs in (
            (out, peer.detach()), (dx, X.grad), (layer.dW, W.grad), (layer.db, b.grad),
        ):  # fmt: skip
            np.testing.assert_allclose(mine, theirs.numpy(), atol=1e-10)
