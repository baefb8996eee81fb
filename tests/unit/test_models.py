"""Classic networks: their published numbers, from the spec and from the built network."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import models

IMAGENET = (3, 224, 224)


def rng(seed=0):
    return np.random.default_rng(seed)


def numbers(row):
    return row.parameters, row.macs


def test_lenet5_of_1998_layer_by_layer():
    table = nn.summary(models.lenet5(), (1, 32, 32), depth=1)
    assert [row.parameters for row in table] == [156, 12, 1516, 32, 48120, 10164, 0]
    assert [row.connections for row in table] == [
        122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840,
    ]  # fmt: skip
    assert [row.units for row in table] == [4704, 1176, 1600, 400, 120, 84, 10]
    assert (table.total.parameters, table.total.connections) == (60_000, 340_908)
    assert [row.receptive_field for row in table][:5] == [5, 6, 14, 16, 32]


def test_lenet5_connection_table_and_its_dense_variant():
    table = models.C3_TABLE
    assert table.shape == (6, 16) and table.sum() == 60
    assert table.sum(axis=0).tolist() == [3] * 6 + [4] * 9 + [6]
    assert table.sum(axis=1).tolist() == [10] * 6  # every map of S2 is used equally often
    for k in range(6):  # three, then four neighbours in a ring
        assert set(np.flatnonzero(table[:, k])) == {k, (k + 1) % 6, (k + 2) % 6}
        assert set(np.flatnonzero(table[:, 6 + k])) == {(k + i) % 6 for i in range(4)}
    dense = nn.summary(models.Conv(16, 5), (6, 14, 14)).total
    assert (dense.parameters, dense.connections) == (2_416, 241_600)
    modern = nn.summary(models.lenet5_modern(), (1, 32, 32))
    assert modern.total.parameters == 61_706
    assert [modern[name].receptive_field for name in ("C1", "S2", "C3", "S4", "C5")] == [
        5, 6, 14, 16, 32,
    ]  # fmt: skip


def test_alexnet():
    table = nn.summary(models.alexnet(), (3, 227, 227))
    assert numbers(table.total) == (60_965_224, 724_406_816)
    assert nn.summary(models.alexnet(groups=1), (3, 227, 227)).total.parameters == 62_378_344
    first = table["conv1.0"]
    assert first.parameters == 34_944 and first.connections == 105_705_600
    assert first.units == 290_400  # the paper prints 253,440
    assert [table[f"conv{i}.0"].units for i in (2, 3, 4, 5)] == [186_624, 64_896, 64_896, 43_264]
    last = table["pool5"]
    assert (last.receptive_field, last.stride, last.offset) == (195, 32, 97 - 64)
    half = str(models.Drop(0.5))
    assert [row.name for row in table if row.layer == half] == ["fc6.3", "fc7.2"]
    with pytest.raises(ValueError, match="groups takes a divisor"):
        nn.summary(models.alexnet(groups=3), (3, 227, 227))


def test_vgg():
    parameters = {11: 132_863_336, 13: 133_047_848, 16: 138_357_544, 19: 143_667_240}
    for depth, expected in parameters.items():
        table = nn.summary(models.vgg(depth), IMAGENET)
        assert table.total.parameters == expected
        assert sum(row.parameters > 0 for row in table) == depth
    table = nn.summary(models.vgg(16), IMAGENET)
    assert table.total.macs == 15_470_264_320
    last = table["pool5"]
    assert (last.receptive_field, last.stride, last.offset) == (212, 32, 211 / 2 - 90)
    three = nn.summary([models.Conv(1, 3)] * 3, (1, 7, 7))
    assert [row.receptive_field for row in three] == [3, 5, 7]
    c = 64
    stack = nn.summary([models.Conv(c, 3, bias=False)] * 3, (c, 7, 7)).total.parameters
    single = nn.summary(models.Conv(c, 7, bias=False), (c, 7, 7)).total.parameters
    assert (stack, single) == (27 * c**2, 49 * c**2)


def test_googlenet_and_its_first_block():
    table = nn.summary(models.googlenet(), IMAGENET)
    assert table.total.parameters == 6_998_552
    assert [table[name].out[0] for name in ("3a", "3b", "4a", "4e", "5b")] == [
        256, 480, 512, 832, 1024,
    ]  # fmt: skip
    assert table["5b"].out == (1024, 7, 7)
    block = nn.summary(models.inception(64, 96, 128, 16, 32, 32), (192, 28, 28))
    naive = nn.summary(models.naive_inception(64, 128, 32), (192, 28, 28))
    assert (block.total.macs, naive.total.macs) == (128_049_152, 303_464_448)
    weights = block.total.macs // 28**2, naive.total.macs // 28**2
    assert weights == (163_328, 387_072)
    assert weights[0] // 1024 == 159  # as the paper's table counts
    assert (block.rows[-1].out[0], naive.rows[-1].out[0]) == (256, 416)
    assert (block["0.5x5"].macs, naive["0.5x5"].macs) == (12_443_648, 120_422_400)


def test_resnet():
    parameters = {
        18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808,
    }  # fmt: skip
    for depth, expected in parameters.items():
        table = nn.summary(models.resnet(depth), IMAGENET)
        assert table.total.parameters == expected
        layers = [row for row in table if row.macs and "shortcut" not in row.name]
        assert len(layers) == depth

    def field(depth, late):
        table = nn.summary(models.resnet(depth, late_stride=late), IMAGENET)
        return table["conv5_3"].receptive_field

    assert (field(50, False), field(50, True), field(101, False)) == (483, 427, 1027)
    late = nn.summary(models.resnet(50, late_stride=True), IMAGENET)
    early = nn.summary(models.resnet(50), IMAGENET)
    assert (early.total.macs, late.total.macs) == (3_857_973_248, 4_089_184_256)
    assert early["conv5_3"].out == late["conv5_3"].out == (2048, 7, 7)


SMALL = {
    "lenet5": (models.lenet5(), (1, 32, 32)),
    "lenet5 modern": (models.lenet5_modern(), (1, 28 + 4, 32)),
    "alexnet, narrow": (
        {
            "conv": [models.Conv(6, 11, 4, groups=3), nn.ReLU, nn.LRN()],
            "end": models.Flat(),
        },
        (3, 31, 31),
    ),
    "vgg, narrow": (models.vgg(11, 10, width=2, dense=8), (3, 32, 32)),
    "googlenet": (models.googlenet(), (3, 33, 33)),
    "resnet-18": (models.resnet(18), (3, 33, 33)),
    "resnet-50, narrow": (models.resnet(50, 10, width=2), (3, 33, 33)),
    "resnet-50 late, narrow": (models.resnet(50, 10, 2, late_stride=True), (3, 40, 33)),
    "naive inception": (models.naive_inception(2, 3, 4), (2, 6, 5)),
}


@pytest.mark.parametrize("name", SMALL)
def test_the_table_of_a_spec_is_that_of_the_built_network(name):
    spec, shape = SMALL[name]
    net = nn.build(spec, shape, rng=rng())
    counted, built = nn.summary(spec, shape), nn.summary(net, shape)
    assert [row[2:] for row in counted] == [row[2:] for row in built]
    # an array at a time, without the counting code; a table holds weights at zero
    used = sum(a.size for a in net.parameters())
    used -= sum((~la.table).sum() * np.prod(la.window.k) for la in convs(net))
    assert counted.total.parameters == used
    out = net(rng().standard_normal((1, *shape)))
    assert out.shape == (1, *counted.rows[-1].out)


def convs(net):
    return [layer for layer in net.walk() if isinstance(layer, nn.Conv2d)]


def test_a_convolution_without_bias_keeps_it_at_zero():
    net = nn.build([models.Conv(2, 3, bias=False), models.Norm()], (1, 5, 5), rng=rng())
    assert [name for name, _, _ in net.named_parameters()] == ["0.W", "1.gamma", "1.beta"]
    errors = nn.gradcheck(net, rng().standard_normal((3, 1, 5, 5)))
    assert max(errors.values()) < 1e-6
    half = net.astype(np.float32)
    assert half(np.ones((2, 1, 5, 5), np.float32)).dtype == np.float32
    assert not half[0].b.any()


def test_building_copies_the_layers_that_stand_in_a_spec():
    mine = nn.Linear(4, 3, rng=rng())
    net = nn.build([nn.Tanh(), mine, nn.ReLU], (4,), rng=rng(1))
    assert net[1] is not mine and np.array_equal(net[1].W, mine.W)
    net[1].W[...] = 0
    assert mine.W.any() and isinstance(net[2], nn.ReLU)


@pytest.mark.parametrize("shape, features", [((3, 5, 4), 3), ((5, 4), 4), ((4,), 4)])
def test_batch_norm_counts_maps_or_features(shape, features):
    assert nn.summary(models.Norm(), shape).total.parameters == 2 * features
    built = nn.build(models.Norm(), shape, rng=rng())
    assert len(built[0].gamma) == features and built.out_shape(shape) == shape


@pytest.mark.parametrize("name", ["lenet5", "resnet-18, narrow"])
def test_classic_networks_pass_the_gradient_check_along_directions(name):
    spec, shape = {
        "lenet5": (models.lenet5(), (1, 32, 32)),
        "resnet-18, narrow": (models.resnet(18, 3, width=2), (1, 33, 33)),
    }[name]
    net, x, h = nn.build(spec, shape, rng=rng(1)), rng(2).standard_normal((2, *shape)), 1e-6
    dout = rng(3).standard_normal(net(x, training=True).shape)
    net.backward(dout)
    for array, gradient in zip(net.parameters(), net.gradients(), strict=True):
        v = rng(4).standard_normal(array.shape) * (gradient != 0)
        array += h * v
        above = (net(x, training=True) * dout).sum()
        array -= 2 * h * v
        below = (net(x, training=True) * dout).sum()
        array += h * v
        assert (above - below) / (2 * h) == pytest.approx((gradient * v).sum(), rel=2e-3, abs=1e-4)


def test_lenet5_learns_the_digits():
    d = nn.data.digits()
    large = d.x_train[:200].repeat(3, axis=2).repeat(3, axis=3)
    x = np.pad(large, ((0, 0), (0, 0), (4, 4), (4, 4)))
    net = nn.build(models.lenet5(), (1, 32, 32), rng=rng(), init=nn.init.xavier).astype(np.float32)
    opt = nn.Adam(net.parameters(), lr=2e-3)
    loss = nn.SoftmaxCrossEntropy()
    run = nn.train(net, loss, opt, x, d.y_train[:200], epochs=5, batch_size=20, rng=rng())
    losses = [record.loss for record in run]
    assert losses[-1] < 0.3 * losses[0]
    assert nn.accuracy(net, x, d.y_train[:200]) > 0.9


def test_digit_codes_are_ten_different_pictures():
    codes = models.digit_codes()
    assert codes.shape == (10, 84) and set(np.unique(codes)) == {-1.0, 1.0}
    apart = (codes[:, None] != codes).sum(axis=2) + 84 * np.eye(10, dtype=int)
    assert apart.min() >= 8
    one = codes[1].reshape(12, 7)
    assert (one[:, 3] == 1).all() and (one[11] == [-1, 1, 1, 1, 1, 1, -1]).all()


def test_squash_maps_one_to_one():
    out = models.Squash()(np.array([[1.0, -1.0, 0.0, 100.0]]))
    np.testing.assert_allclose(out, [[1, -1, 0, 1.7159]], atol=1e-5)


def test_residual_with_a_shortcut_says_when_the_two_disagree():
    body, shortcut = nn.Linear(4, 3, rng=rng()), nn.Linear(4, 2, rng=rng())
    with pytest.raises(ValueError, match="body and shortcut must agree"):
        nn.Residual(body, shortcut=shortcut)(np.ones((1, 4)))
    with pytest.raises(ValueError, match="twice"):
        nn.Residual(body, shortcut=body)
    with pytest.raises(TypeError, match="takes layers"):
        nn.Residual(body, shortcut="1x1")
