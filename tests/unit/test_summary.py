"""Counting: worked numbers, receptive fields measured by gradient, bad input."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.models import (
    AveragePool,
    Block,
    Branches,
    Conv,
    Dense,
    Drop,
    Flat,
    GlobalAverage,
    MaxPool,
    Norm,
    TrainablePool,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def total(net, shape):
    return nn.summary(net, shape).total


def test_dense_layers_add_up_and_do_not_multiply():
    assert total([Dense(15), Dense(10)], (784,)).parameters == 11_935  # not 117,625
    assert total([Dense(500), Dense(10)], (784,)).parameters == 397_510
    assert total([Flat(), Dense(10)], (3, 32, 32)).parameters == 30_730
    five_to_ten = total(Dense(10), (5,))
    assert (five_to_ten.parameters, five_to_ten.connections) == (60, 60)
    assert (five_to_ten.macs, five_to_ten.flops) == (50, 100)


def test_shared_unshared_and_dense_connections_of_one_map():
    one, six = nn.summary(Conv(1, 10), (1, 100, 100)), nn.summary(Conv(6, 10), (1, 100, 100))
    assert one["0"].out == (1, 91, 91) and one.total.parameters == 101
    assert six.total.parameters == 606 and six.total.macs == 4_968_600
    assert one.total.connections == 836_381  # each a parameter, if none were shared
    dense = total([Flat(), Dense(91 * 91)], (1, 100, 100))
    assert dense.parameters == 82_818_281
    assert 6 * dense.parameters == 496_909_686


def test_convolutions_of_the_lecture():
    first = total(Conv(64, 3, pad=1), (3, 224, 224))
    assert (first.parameters, first.macs, first.flops) == (1_792, 86_704_128, 173_408_256)
    row = total(Conv(100, 3, pad="same"), (3, 32, 32))
    assert (row.parameters, row.macs, row.flops) == (2_800, 2_764_800, 5_529_600)
    pool = nn.summary(MaxPool(2), (64, 224, 224))["0"]
    assert (pool.units, pool.out) == (802_816, (64, 112, 112))
    assert pool.memory == 4 * pool.units and pool.parameters == pool.macs == 0
    assert pool.connections == 64 * 224 * 224  # windows side by side: every pixel once


def test_every_column_of_a_small_net():
    table = nn.summary(
        {
            "conv": [Conv(4, 3, stride=2, groups=2), Norm(), nn.ReLU],
            "pool": TrainablePool(2),
            "end": [GlobalAverage(), Drop(0.5), Dense(3)],
        },
        (2, 13, 9),
        dtype=np.float64,
    )
    got = [(r.name, r.out, r.parameters, r.connections, r.macs, r.memory) for r in table]
    assert got == [
        ("conv.0", (4, 6, 4), 4 * 9 + 4, 40 * 24, 36 * 24, 8 * 96),
        ("conv.1", (4, 6, 4), 8, 0, 0, 8 * 96),
        ("conv.2", (4, 6, 4), 0, 0, 0, 8 * 96),
        ("pool", (4, 3, 2), 8, 4 * 6 * 5, 24, 8 * 24),
        ("end.0", (4,), 0, 24, 0, 32),
        ("end.1", (4,), 0, 0, 0, 32),
        ("end.2", (3,), 15, 15, 12, 24),
    ]
    views = [(r.receptive_field, r.stride, r.offset) for r in table]
    assert views[:4] == [(3, 2, 1.0)] * 3 + [(5, 4, 2.0)]
    assert views[4] == ((13, 9), 4, (6.0, 4.0)) == views[6]
    assert table.total.parameters == 40 + 8 + 8 + 15 and len(table) == 7
    assert table.total.memory == sum(row.memory for row in table)


def test_a_row_by_name_and_rows_by_depth():
    spec = {"a": [Conv(2, 3), nn.ReLU], "ab": [Conv(2, 3), [nn.ReLU, Conv(1, 1)]]}
    table = nn.summary(spec, (1, 8, 8))
    assert table["a"].parameters == 20 and table["ab"].parameters == 38 + 3
    assert table["ab.1.1"].parameters == 3 and table["ab.1"].out == (1, 4, 4)
    shallow = nn.summary(spec, (1, 8, 8), depth=1)
    assert [row.name for row in shallow] == ["a", "ab"]
    assert shallow.total[4:] == table.total[4:]
    assert shallow["ab"].receptive_field == 5 and shallow["a"].layer == "Conv(2, 3), ReLU"
    with pytest.raises(ValueError, match=r"no row 'b'; it has \['a\.0'"):
        table["b"]


def test_text_and_html_hold_the_same_cells():
    table = nn.summary([Conv(2, (3, 1)), Flat(), Dense(1_000_000)], (1, 50, 40))
    text, html = str(table), table._repr_html_()
    lines = text.split("\n")
    assert len(lines) == 7 and len({len(line) for line in lines[2:5]}) == 1
    for cell in ("Conv(2, (3, 1))", "2×48×40", "3,840,000,000", "7,680,000,000", "3×1", "4 MB"):
        assert cell in text and f">{cell}<" in html
    assert html.count("<tr>") == 5 and text.endswith("MB") and repr(table) == text
    assert "50×40" in lines[4]  # a dense unit sees the whole image
    assert "&lt;" in nn.summary({"<b>": Flat()}, (2,))._repr_html_()
    assert "-" in str(nn.summary(Dense(2), (3,))).split("\n")[2]  # no image, no field


def test_names_of_layers_show_what_differs_from_the_default():
    table = nn.summary(
        nn.Sequential(
            nn.Conv2d(2, 4, 3, pad=((1, 0), (2, 2)), table=[[1, 0, 1, 1], [0, 1, 1, 1]], rng=rng()),
            nn.Conv2d(4, 4, (2, 1), stride=2, pad="same", rng=rng()),
            nn.MaxPool2d(2),
        ),
        (2, 9, 9),
    )
    assert [row.layer for row in table] == [
        "Conv(4, 3, pad=((1, 0), 2), table=2×4)",
        "Conv(4, (2, 1), stride=2, pad=same)",
        "MaxPool(2, stride=2)",
    ]


def test_parts_show_themselves_as_they_are_written():
    assert repr(Conv(64, 3, pad=1)) == "Conv(64, 3, pad=1)" == str(Conv(64, 3, 1, 1))
    block = Block([Conv(2, 3, pad=1), nn.ReLU], shortcut=[Conv(2, 1)])
    assert repr(block) == "Block([Conv(2, 3, pad=1), ReLU], shortcut=[Conv(2, 1)])"
    assert repr(Branches([Flat(), nn.Tanh])) == "Branches([Flat(), Tanh])"
    rows = nn.summary([block, nn.Tanh], (2, 4, 4)).rows
    assert [(row.name, row.layer) for row in rows[-2:]] == [("0.sum", ""), ("1", "Tanh")]


# Layers whose weights are set to one, so that dx shows exactly what a unit sees.
STACKS = {
    "conv": [Conv(1, 3), Conv(1, 3), Conv(1, 3)],
    "stride": [Conv(1, 3, stride=2), Conv(1, 2), AveragePool(3, 2), Conv(1, 3)],
    "pad": [Conv(1, 3, 2, pad=1), Conv(1, 5, pad=((2, 0), (1, 3))), AveragePool(2, 2, pad=1)],
    "same": [Conv(1, 4, 3, pad="same"), AveragePool(3, 1, "same")],
    "dilation": [Conv(1, 3, dilation=2), Conv(1, (2, 3), (1, 2), dilation=(4, 1))],
    "trainable pool": [TrainablePool(2), Conv(1, 3), TrainablePool(3, 1)],
    "residual": [Conv(1, 3), Block([Conv(1, 3, pad=1), Conv(1, 3, pad=1)]), Conv(1, 2)],
    "shortcut": [Block([Conv(1, 3, 2, pad=1), Conv(1, 5, pad=2)], [Conv(1, 1, 2)]), Conv(1, 2)],
    "branches": [Branches([Conv(1, 1), Conv(1, 5, pad=2), AveragePool(3, 1, 1)]), Conv(1, 2)],
    "dense": [Conv(1, 3, 2), Flat(), Dense(1)],
    "global": [Conv(1, 4, 3), GlobalAverage()],
}


@pytest.mark.parametrize("name", STACKS)
def test_receptive_field_is_what_the_gradient_reaches(name):
    shape = (1, 41, 37)
    net = nn.build(STACKS[name], shape, rng=rng())
    for array in net.parameters():
        array[...] = 1
    row = nn.summary(net, shape).rows[-1]
    out = net(np.zeros((1, *shape)))
    places = [(0, 0), (1, 2)] if out.ndim == 4 else [None]
    for place in places:
        dout = np.zeros(out.shape)
        if place:
            dout[0, :, place[0], place[1]] = 1
        else:
            dout[0, 0] = 1
        reached = net.backward(dout)[0, 0] != 0
        for axis, other in ((0, 1), (1, 0)):
            seen, view = np.flatnonzero(reached.any(axis=other)), row.axes[axis]
            centre = view.offset + view.stride * (place[axis] if place else 0)
            first, last = centre - (view.field - 1) / 2, centre + (view.field - 1) / 2
            assert seen[0] == max(first, 0) and seen[-1] == min(last, shape[1 + axis] - 1)


def test_receptive_field_of_a_transposed_convolution():
    for k, stride, pad, dilation in [(3, 2, 1, 1), (4, 2, 0, 1), (5, 3, 2, 1), (3, 1, 0, 2)]:
        layer = nn.ConvTranspose2d(1, 1, k, stride, pad, dilation, rng=rng())
        layer.W[...] = 1
        row = nn.summary(layer, (1, 9, 9))["0"]
        out = layer(np.ones((1, 1, 9, 9)))
        assert row.out == out.shape[1:] and row.stride == 1 / stride
        widest = 0
        for i in range(out.shape[2]):
            dout = np.zeros(out.shape)
            dout[0, 0, i, 4] = 1
            seen = np.flatnonzero(layer.backward(dout)[0, 0].any(axis=1))
            if len(seen):
                centre = row.offset + i * row.stride
                assert np.abs(seen - centre).max() <= (k - 1) * dilation / 2 / stride + 1e-9
                widest = max(widest, np.ptp(seen) + 1)
        assert row.receptive_field == widest
        assert row.parameters == k * k + 1 and row.macs == 81 * k * k
        assert row.connections == row.macs + row.units


def test_sequences_are_counted_along_time():
    conv = nn.summary(nn.Conv1d(3, 4, 2, 1, (2, 0), 2, rng=rng()), (10, 3))["0"]
    assert (conv.out, conv.parameters, conv.macs) == ((10, 4), 28, 240)
    assert (conv.receptive_field, conv.stride, conv.offset) == (3, 1, -1.0)
    assert conv.connections == 280
    dense = nn.summary([Dense(4), Dense(2)], (5, 3))
    assert dense.total.parameters == 16 + 10 and dense.total.macs == 5 * (12 + 8)
    assert dense["1"].receptive_field == 1 and dense["1"].out == (5, 2)
    words = nn.summary([nn.Embedding(50, 8, rng=rng()), nn.LayerNorm(8), Dense(2)], (7,))
    assert [row.out for row in words] == [(7, 8), (7, 8), (7, 2)]
    assert [row.parameters for row in words] == [400, 16, 18]
    assert [row.macs for row in words] == [0, 56, 112]
    assert [row.connections for row in words] == [0, 112, 126]
    assert [row.receptive_field for row in words] == [1, 1, 1]


def test_recurrent_layers_use_their_weights_at_every_step():
    table = nn.summary([nn.Conv1d(3, 3, 2, rng=rng()), nn.LSTM(3, 4, rng=rng())], (7, 3))
    lstm = table["1"]
    weights = 4 * 4 * (3 + 4)
    assert (lstm.out, lstm.parameters) == ((6, 4), weights + 16)
    assert (lstm.macs, lstm.connections) == (6 * weights, 6 * (weights + 16))
    assert lstm.receptive_field == 7  # the last step has seen the whole sequence
    behind = nn.summary([nn.RNN(3, 4, rng=rng()), Flat(), Dense(2)], (6, 3))
    assert [row.receptive_field for row in behind] == [6, 6, 6]  # there are no more steps
    both = nn.Bidirectional(nn.RNN(3, 4, rng=rng()), nn.GRU(3, 2, rng=rng()))
    row = nn.summary(both, (5, 3)).total
    assert row.out == (5, 6) and row.macs == 5 * (4 * 7 + 6 * 5)
    assert row.parameters == sum(array.size for array in both.parameters())


def test_a_boltzmann_machine_counts_the_biases_of_both_sides():
    total = nn.summary(nn.RBM(9, 4, rng=rng()), (9,)).total
    assert (total.out, total.parameters, total.connections, total.macs) == ((4,), 49, 40, 36)


def test_a_new_kind_of_layer_brings_its_own_rule():
    class Scale(nn.Layer):
        params = ("W",)

        def __init__(self):
            self.W = np.ones(1)

    with pytest.raises(TypeError, match=r"no rule counts Scale: .*counted\(Scale\)"):
        nn.summary(Scale(), (3,))

    @nn.models.counted(Scale)
    def scale(layer, shape, axes):
        return nn.models.Count(shape, axes, 1, 3, 3)

    assert nn.summary([Scale()], (3,)).total.macs == 3
    assert nn.summary(nn.Softmax(), (3,)).rows[0][1:3] == ("Softmax", (3,))


BAD = [
    (lambda: nn.summary(3, (1,)), TypeError, "a spec is made of parts"),
    (lambda: nn.summary([Dense(1), "ReLU"], (1,)), TypeError, "got 'ReLU'"),
    (lambda: nn.summary([int], (1,)), TypeError, "a class of layers, got <class 'int'>"),
    (lambda: nn.summary(Dense(1), 5), TypeError, "summary shape takes the shape of one"),
    (lambda: nn.summary(Dense(1), ()), TypeError, "summary shape"),
    (lambda: nn.summary(Dense(1), (2.0,)), TypeError, "summary shape takes a whole number"),
    (lambda: nn.summary(Dense(1), (0,)), ValueError, "summary shape takes a whole number >= 1"),
    (lambda: nn.summary(Dense(1), (4,), depth=0), ValueError, "summary depth"),
    (lambda: nn.summary(Dense(0), (4,)), ValueError, "Dense n_out"),
    (lambda: nn.summary(Dense("10"), (4,)), TypeError, "Dense n_out"),
    (lambda: nn.summary(Conv(0, 3), (1, 5, 5)), ValueError, "Conv c_out"),
    (lambda: nn.summary(Conv(1, 3, stride=0), (1, 5, 5)), ValueError, "Conv stride"),
    (lambda: nn.summary(Conv(1, 6), (1, 5, 5)), ValueError, "Conv k takes a window that fits"),
    (lambda: nn.summary(Conv(1, 3), (25,)), ValueError, r"\(C, H, W\), got \(25,\)"),
    (lambda: nn.summary(Conv(1, 3, pad="full"), (1, 5, 5)), ValueError, "Conv pad"),
    (lambda: nn.summary(Conv(3, 3, groups=2), (2, 5, 5)), ValueError, "groups"),
    (lambda: nn.summary(Conv(3, 3, table=np.ones((3, 2))), (2, 5, 5)), ValueError, "Conv table"),
    (lambda: nn.summary(Conv(3, 3, 1, 1, groups=3, table=np.eye(3)), (3, 5, 5)), ValueError, "or"),
    (lambda: nn.summary(MaxPool(3), (9,)), ValueError, "MaxPool"),
    (lambda: nn.summary(MaxPool(3, pad=3), (1, 9, 9)), ValueError, "pad"),
    (lambda: nn.summary(GlobalAverage(), (9,)), ValueError, "GlobalAverage"),
    (lambda: nn.summary(Drop(1.0), (9,)), ValueError, "Drop p"),
    (lambda: nn.summary(Block([Dense(3)]), (4,)), ValueError, "Block takes"),
    (lambda: nn.summary(Branches([]), (4,)), ValueError, "Branches takes"),
    (
        lambda: nn.summary(Branches([Conv(1, 1), Conv(1, 3)]), (1, 5, 5)),
        ValueError,
        "Branches takes branches that agree",
    ),
    (lambda: nn.summary(nn.Linear(3, 2, rng=rng()), (4,)), ValueError, "Linear takes"),
    (lambda: nn.summary(nn.Conv2d(3, 2, 1, rng=rng()), (4, 5, 5)), ValueError, "Conv2d takes"),
    (lambda: nn.build(Dense(1), (4,), rng=0), TypeError, "build takes rng"),
    (lambda: nn.build(7, (4,), rng=rng()), TypeError, "a spec is made of"),
    (lambda: nn.build(Dense(1), 4, rng=rng()), TypeError, "build shape"),
    (lambda: nn.build(Dense(-1), (4,), rng=rng()), ValueError, "n_out"),
    (lambda: nn.build([Conv(1, 3), Conv(1, 3)], (1, 4, 4), rng=rng()), ValueError, "fits"),
    (lambda: nn.models.vgg(12), ValueError, "vgg depth takes one of"),
    (lambda: nn.models.resnet(20), ValueError, "resnet depth takes one of"),
    (lambda: nn.models.resnet([50]), ValueError, "resnet depth"),
    (lambda: nn.models.RBF(np.ones(3)), ValueError, "RBF codes"),
    (lambda: nn.models.RBF([[1.0, np.nan]]), ValueError, "RBF codes"),
    (lambda: nn.models.RBF(np.ones((2, 3)))(np.ones((1, 2))), ValueError, "RBF takes x of shape"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
