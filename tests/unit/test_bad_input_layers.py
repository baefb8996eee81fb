"""What the feed-forward layers say to input that makes no sense: which argument, what it wanted.

Every case raises; the few that must come out right instead stand at the end.
"""

import numpy as np
import pytest

import nnlib as nn

RNG = np.random.default_rng(0)
V, W = ValueError, TypeError


def images(*shape, dtype=np.float64):
    return np.ones(shape, dtype)


def conv(*args, **kwargs):
    return nn.Conv2d(*(args or (2, 3, 3)), **kwargs, rng=RNG)


def conv1(*args, **kwargs):
    return nn.Conv1d(*(args or (2, 3, 3)), **kwargs, rng=RNG)


def up(*args, **kwargs):
    return nn.ConvTranspose2d(*(args or (2, 3, 3)), **kwargs, rng=RNG)


def run(layer, x, dout=None, training=True):
    out = layer(x, training=training)
    return layer.backward(np.ones_like(out) if dout is None else dout)


X = images(2, 2, 5, 5)
NAN = float("nan")
INF = float("inf")

# what is wrong: (what is done, the error, words of its message)
CASES = {
    # conv_size and dropped_pixels
    "size 0": (lambda: nn.conv_size(0, 3), V, "conv_size size takes a whole number >= 1, got 0"),
    "size of a float": (lambda: nn.conv_size(7.0, 3), W, "conv_size size takes a whole number"),
    "window 0": (lambda: nn.conv_size(7, 0), V, "conv_size k .* >= 1, got 0"),
    "window of a bool": (lambda: nn.conv_size(7, True), W, "conv_size k takes a whole number"),
    "step 0": (lambda: nn.conv_size(7, 3, 0), V, "conv_size stride .* >= 1, got 0"),
    "step -1": (lambda: nn.conv_size(7, 3, -1), V, "conv_size stride .* >= 1, got -1"),
    "pad -1": (lambda: nn.conv_size(7, 3, 1, -1), V, "conv_size pad .* >= 0, got -1"),
    "pad half": (lambda: nn.conv_size(7, 3, 1, 0.5), W, "conv_size pad takes a whole number"),
    "three pads": (lambda: nn.conv_size(7, 3, 1, (1, 1, 1)), V, "conv_size pad .* or a pair"),
    "pad in words": (lambda: nn.conv_size(7, 3, 1, "full"), V, '"same" or "valid", got \'full\''),
    "pad None": (lambda: nn.conv_size(7, 3, 1, None), W, "conv_size pad takes a whole number"),
    "dilation 0": (lambda: nn.conv_size(7, 3, dilation=0), V, "conv_size dilation .* >= 1"),
    "window too large": (
        lambda: nn.conv_size(4, 7, 1, 1), V, "7 with dilation 1 reaches over 7, got an input of 4",
    ),
    "window too large with its padding": (
        lambda: nn.conv_size(4, 9, 1, (1, 2)), V, r"input of 4 with padding 1 \+ 2",
    ),
    "dilated too far": (lambda: nn.conv_size(6, 3, dilation=3), V, "dilation 3 reaches over 7"),
    "dropped: size 0": (lambda: nn.dropped_pixels(0, 3), V, "dropped_pixels size"),
    "dropped: no fit": (lambda: nn.dropped_pixels(2, 3), V, "dropped_pixels k .* fits"),
    # constructing a convolution
    "no input maps": (lambda: conv(0, 3, 3), V, "Conv2d c_in .* >= 1, got 0"),
    "output maps as float": (lambda: conv(2, 3.0, 3), W, "Conv2d c_out takes a whole number"),
    "kernel 0": (lambda: conv(2, 3, 0), V, "Conv2d k .* >= 1, got 0"),
    "kernel (3, 0)": (lambda: conv(2, 3, (3, 0)), V, "Conv2d k .* >= 1, got 0"),
    "kernel of three": (lambda: conv(2, 3, (3, 3, 3)), V, "Conv2d k .* or a pair"),
    "kernel as array": (lambda: conv(2, 3, np.ones((3, 3))), W, "Conv2d k takes a whole number"),
    "stride 0": (lambda: conv(stride=0), V, "Conv2d stride .* >= 1, got 0"),
    "stride (1, -2)": (lambda: conv(stride=(1, -2)), V, "Conv2d stride .* >= 1, got -2"),
    "stride as float": (lambda: conv(stride=1.5), W, "Conv2d stride takes a whole number"),
    "negative pad": (lambda: conv(pad=-1), V, "Conv2d pad .* >= 0, got -1"),
    "negative bottom": (lambda: conv(pad=((0, -1), (0, 0))), V, "Conv2d pad .* >= 0, got -1"),
    "pad of four": (lambda: conv(pad=(1, 1, 1, 1)), V, r"Conv2d pad takes a pair .*\(1, 1, 1, 1\)"),
    "pad of three for rows": (lambda: conv(pad=((1, 1, 1), 0)), V, "Conv2d pad .* or a pair"),
    "unknown pad": (lambda: conv(pad="SAME"), V, "Conv2d pad .* got 'SAME'"),
    "pad True": (lambda: conv(pad=True), W, "Conv2d pad takes a whole number, got True"),
    "no dilation": (lambda: conv(dilation=0), V, "Conv2d dilation .* >= 1, got 0"),
    "seed for a generator": (lambda: nn.Conv2d(2, 3, 3, rng=0), W, "Conv2d takes rng="),
    "old generator": (
        lambda: nn.Conv2d(2, 3, 3, rng=np.random), W, "rng=numpy.random.default_rng",
    ),
    "no generator": (lambda: nn.Conv2d(2, 3, 3), W, "rng"),
    "table turned round": (
        lambda: conv(table=np.ones((3, 2))), V, r"Conv2d table .*\(c_in, c_out\) = \(2, 3\)",
    ),
    "table of twos": (lambda: conv(table=np.full((2, 3), 2)), V, "Conv2d table takes 0s and 1s"),
    "table with NaN": (lambda: conv(table=np.full((2, 3), NAN)), V, "Conv2d table takes 0s and 1s"),
    "map without input": (
        lambda: conv(table=[[1, 0, 1], [1, 0, 0]]), V, "Conv2d table takes an input for every",
    ),
    "three groups of four maps": (
        lambda: nn.group_table(4, 6, 3), V, "group_table groups takes a divisor of 4",
    ),
    "no groups": (lambda: nn.group_table(4, 6, 0), V, "group_table groups .* >= 1"),
    "conv1d: window 0": (lambda: conv1(2, 3, 0), V, "Conv1d k .* >= 1, got 0"),
    "conv1d: window a pair": (lambda: conv1(2, 3, (3, 3)), W, "Conv1d k takes a whole number"),
    "conv1d: stride 0": (lambda: conv1(stride=0), V, "Conv1d stride .* >= 1, got 0"),
    "conv1d: negative pad": (lambda: conv1(pad=(0, -1)), V, "Conv1d pad .* >= 0, got -1"),
    "conv1d: no generator": (lambda: nn.Conv1d(2, 3, 3, rng=None), W, "Conv1d takes rng="),
    "transposed: same": (lambda: up(pad="same"), V, "ConvTranspose2d pad takes numbers, got"),
    "transposed: stride 0": (lambda: up(stride=0), V, "ConvTranspose2d stride .* >= 1"),
    "transposed: c_in 0": (lambda: up(0, 3, 3), V, "ConvTranspose2d c_in .* >= 1"),
    # feeding it
    "8-bit image": (lambda: conv()(images(2, 2, 5, 5, dtype=np.uint8)), W, "scale it first"),
    "whole numbers": (lambda: conv()(images(2, 2, 5, 5, dtype=int)), W, "Conv2d takes x of floats"),
    "bools": (lambda: conv()(images(2, 2, 5, 5, dtype=bool)), W, "x of floats, got bool"),
    "complex": (lambda: conv()(images(2, 2, 5, 5, dtype=complex)), W, "got complex128"),
    "objects": (lambda: conv()(images(2, 2, 5, 5, dtype=object)), W, "got object"),
    "a list": (lambda: conv()([[1.0]]), W, "Conv2d takes x as a NumPy array, got list"),
    "None": (lambda: conv()(None), W, "x as a NumPy array, got NoneType"),
    "channels last": (
        lambda: conv()(images(2, 5, 5, 2)), V,
        r"Conv2d takes x of shape \(N, 2, H, W\), got \(N, 5, 5, 2\)",
    ),
    "one image without N": (lambda: conv()(images(2, 5, 5)), V, r"\(N, 2, H, W\), got \(N, 5, 5\)"),
    "vectors": (lambda: conv()(images(2, 2)), V, r"\(N, 2, H, W\), got \(N, 2\)"),
    "empty batch": (lambda: conv()(images(0, 2, 5, 5)), V, r"N >= 1, got \(0, 2, 5, 5\)"),
    "image too small": (lambda: conv()(images(2, 2, 2, 5)), V, "Conv2d k takes a window that fits"),
    "image without rows": (lambda: conv(pad=3)(images(2, 2, 0, 5)), V, "got an input of 0"),
    "conv1d: time last": (
        lambda: conv1()(images(4, 2, 7)), V, r"Conv1d takes .*\(N, T, 2\), got \(N, 2, 7\)",
    ),
    "conv1d: images": (lambda: conv1()(X), V, r"Conv1d takes x of shape \(N, T, 2\)"),
    "conv1d: too short": (lambda: conv1()(images(2, 2, 2)), V, "Conv1d k takes a window that fits"),
    "conv1d: words": (lambda: conv1()(images(2, 5, 2, dtype=int)), W, "Conv1d takes x of floats"),
    "transposed: channels": (lambda: up()(images(2, 3, 5, 5)), V, r"x of shape \(N, 2, H, W\)"),
    "transposed: all cut off": (lambda: up(pad=4)(images(2, 2, 3, 3)), V, "pad leaves no pixel"),
    "backward first": (lambda: conv().backward(X), V, "Conv2d.backward needs a forward pass first"),
    "wrong dout": (
        lambda: run(conv(), X, images(2, 3, 5, 5)), V,
        r"dout of shape \(2, 3, 3, 3\), got \(2, 3, 5, 5\)",
    ),
    "dout that would broadcast": (lambda: run(conv(), X, images(1, 1, 1, 1)), V, "takes dout"),
    "gradients before backward": (lambda: conv().gradients(), V, "no gradient of W yet"),
    "the same layer twice": (
        lambda: (lambda c: nn.Sequential(c, nn.ReLU(), c))(conv()), V, "appears twice",
    ),
    "maps that do not meet": (
        lambda: nn.Sequential(conv(), conv())(X), V, r"\(N, 2, H, W\), got \(N, 3, 3, 3\)",
    ),
    # plain arrays
    "kernel over the edge": (
        lambda: nn.correlate(np.ones(3), np.ones(4)), V, r"correlate w .*\(3,\), got \(4,\)",
    ),
    "kernel wider than x": (
        lambda: nn.convolve(np.ones((3, 3)), np.ones((1, 4))), V, "convolve f takes at most",
    ),
    "row on an image": (lambda: nn.correlate(X[0, 0], np.ones(3)), V, "correlate w takes 2 dim"),
    "image on a row": (lambda: nn.convolve(np.ones(3), X[0, 0]), V, "convolve f takes 1 dim"),
    "a batch": (lambda: nn.correlate(X, X), V, "correlate x takes a vector or a matrix"),
    "an empty signal": (lambda: nn.convolve([], [1.0]), V, "convolve x .* not empty"),
    "an empty kernel": (lambda: nn.convolve([1.0], []), V, "convolve f .* not empty"),
    "words": (lambda: nn.correlate(["a"], [1.0]), W, "correlate x takes real numbers"),
    "imaginary kernel": (lambda: nn.correlate([1.0], [1j]), W, "correlate w takes real numbers"),
    "true and false": (lambda: nn.convolve([True], [True]), W, "convolve x takes real numbers"),
    "unknown mode": (lambda: nn.correlate([1.0], [1.0], "wide"), V, "correlate mode .* 'wide'"),
    "unknown mode 2": (lambda: nn.convolve([1.0], [1.0], 1), V, "convolve mode .* got 1"),
    "mode in a list": (lambda: nn.convolve([1.0], [1.0], ["same"]), V, "convolve mode"),
    # pooling
    "pool 0": (lambda: nn.MaxPool2d(0), V, "MaxPool2d k .* >= 1, got 0"),
    "pool 2.0": (lambda: nn.MaxPool2d(2.0), W, "MaxPool2d k takes a whole number"),
    "pool stride 0": (lambda: nn.AveragePool2d(2, 0), V, "AveragePool2d stride .* >= 1, got 0"),
    "pool pad -1": (lambda: nn.MaxPool2d(2, 2, -1), V, "MaxPool2d pad .* >= 0, got -1"),
    "pool of padding only": (lambda: nn.MaxPool2d(2, 2, 2), V, "MaxPool2d pad .* less than k = 2"),
    "pool pad of one side": (
        lambda: nn.AveragePool2d((2, 3), 1, ((0, 1), (0, 3))), V, "AveragePool2d pad .* 3, got 3",
    ),
    "pool same?": (lambda: nn.MaxPool2d(2, 2, "equal"), V, "MaxPool2d pad .* 'equal'"),
    "count_pad 1": (lambda: nn.AveragePool2d(2, count_pad=1), W, "AveragePool2d count_pad"),
    "count_pad as word": (lambda: nn.AveragePool2d(2, count_pad="no"), W, "count_pad takes a bool"),
    "pool of vectors": (lambda: nn.MaxPool2d(2)(images(2, 4)), V, r"MaxPool2d .*\(N, C, H, W\)"),
    "pool of 8 bits": (lambda: nn.MaxPool2d(2)(X.astype(np.uint8)), W, "MaxPool2d takes x"),
    "pool too large": (lambda: nn.MaxPool2d(6)(X), V, "MaxPool2d k takes a window that fits"),
    "average too large": (lambda: nn.AveragePool2d((1, 6))(X), V, "AveragePool2d k takes a window"),
    "pool backward first": (lambda: nn.MaxPool2d(2).backward(X), V, "MaxPool2d.backward needs"),
    "pool wrong dout": (lambda: run(nn.MaxPool2d(2), X, X), V, "MaxPool2d.backward takes dout"),
    "trainable: no maps": (lambda: nn.TrainablePool2d(0, 2), V, "TrainablePool2d c .* >= 1"),
    "trainable: maps": (
        lambda: nn.TrainablePool2d(3, 2)(X), V, r"TrainablePool2d takes x of shape \(N, 3, H, W\)",
    ),
    "stochastic: seed": (lambda: nn.StochasticPool2d(2, rng=7), W, "StochasticPool2d takes rng="),
    "stochastic: k": (lambda: nn.StochasticPool2d(-2, rng=RNG), V, "StochasticPool2d k .* >= 1"),
    "global: vectors": (
        lambda: nn.GlobalAveragePool2d()(images(2, 4)), V, r"GlobalAveragePool2d .*\(N, C, H, W\)",
    ),
    "global: nothing": (lambda: nn.GlobalAveragePool2d()(images(2, 3, 0, 4)), V, "N, C, H, W"),
    # activations
    "leaky alpha -1": (lambda: nn.LeakyReLU(-1), V, r"LeakyReLU alpha .*\[0, 1\], got -1"),
    "leaky alpha NaN": (lambda: nn.LeakyReLU(NAN), V, "LeakyReLU alpha"),
    "leaky alpha word": (lambda: nn.LeakyReLU("0.1"), W, "LeakyReLU alpha takes a number"),
    "elu alpha -1": (lambda: nn.ELU(-1), V, "ELU alpha"),
    "elu alpha inf": (lambda: nn.ELU(INF), V, "ELU alpha"),
    "swish beta -1": (lambda: nn.Swish(-1), V, "Swish beta"),
    "swish beta None": (lambda: nn.Swish(None), W, "Swish beta takes a number"),
    "relu of whole numbers": (lambda: nn.ReLU()(images(2, 3, dtype=int)), W, "ReLU takes x"),
    "gelu of one vector": (lambda: nn.GELU()(np.ones(3)), V, r"GELU takes x of shape \(N, ...\)"),
    "softmax of nothing": (lambda: nn.Softmax()(images(0, 3)), V, "Softmax takes x .* N >= 1"),
    "mish backward first": (lambda: nn.Mish().backward(X), V, "Mish.backward needs a forward"),
    "elu wrong dout": (lambda: run(nn.ELU(), X, X[:1]), V, "ELU.backward takes dout"),
    "scores of no classes": (lambda: nn.Softmax()(images(2, 0)), V, "Softmax takes x"),
    "log-scores of no classes": (lambda: nn.LogSoftmax()(images(2, 0)), V, "LogSoftmax takes x"),
    # normalization
    "bn: 0 features": (lambda: nn.BatchNorm(0), V, "BatchNorm d .* >= 1"),
    "bn: rho 1": (lambda: nn.BatchNorm(3, 1), V, r"BatchNorm rho .*\[0, 1\), got 1"),
    "bn: rho -0.1": (lambda: nn.BatchNorm(3, -0.1), V, "BatchNorm rho"),
    "bn: eps 0": (lambda: nn.BatchNorm(3, eps=0), V, r"BatchNorm eps .*\(0, inf"),
    "bn: features": (lambda: nn.BatchNorm(3)(images(4, 2)), V, r"BatchNorm .*\(N, 3\), \(N, T"),
    "bn: channels last": (lambda: nn.BatchNorm(3)(images(4, 5, 5, 3)), V, r"\(N, 3, H, W\)"),
    "bn: five axes": (lambda: nn.BatchNorm(3)(images(2, 3, 2, 2, 3)), V, "BatchNorm takes x"),
    "bn: one example": (lambda: run(nn.BatchNorm(2), images(1, 2)), V, "BatchNorm .* in training"),
    "bn: whole numbers": (lambda: nn.BatchNorm(2)(images(4, 2, dtype=int)), W, "BatchNorm takes x"),
    "ln: features": (lambda: nn.LayerNorm(3)(images(4, 2)), V, r"LayerNorm .*\(N, ..., 3\)"),
    "ln: d as float": (lambda: nn.LayerNorm(3.0), W, "LayerNorm d takes a whole number"),
    "ln: eps 0": (lambda: nn.LayerNorm(3, 0), V, "LayerNorm eps"),
    "lrn: even n": (lambda: nn.LRN(4), V, "LRN n takes an odd number, .* got 4"),
    "lrn: k 0": (lambda: nn.LRN(5, 0), V, "LRN k"),
    "lrn: alpha -1": (lambda: nn.LRN(5, 2, -1), V, "LRN alpha"),
    "lrn: beta NaN": (lambda: nn.LRN(5, 2, 1, NAN), V, "LRN beta"),
    "lrn: vectors": (lambda: nn.LRN()(images(4, 2)), V, r"LRN takes x of shape \(N, C, H, W\)"),
    # dropout and embedding
    "dropout 1": (lambda: nn.Dropout(1, rng=RNG), V, r"Dropout p .*\[0, 1\), got 1"),
    "dropout -0.1": (lambda: nn.Dropout(-0.1, rng=RNG), V, "Dropout p"),
    "dropout in percent": (lambda: nn.Dropout(50, rng=RNG), V, "Dropout p"),
    "dropout True": (lambda: nn.Dropout(True, rng=RNG), W, "Dropout p takes a number"),
    "dropout seed": (lambda: nn.Dropout(0.5, rng=3), W, "Dropout takes rng="),
    "dropout of 8 bits": (
        lambda: nn.Dropout(0.5, rng=RNG)(X.astype(np.uint8)), W, "Dropout takes x of floats",
    ),
    "no words": (lambda: nn.Embedding(0, 3, rng=RNG), V, "Embedding n_words .* >= 1"),
    "no features": (lambda: nn.Embedding(3, 0, rng=RNG), V, "Embedding d .* >= 1"),
    "embedding seed": (lambda: nn.Embedding(3, 2, rng=1), W, "Embedding takes rng="),
    "word of the next table": (
        lambda: nn.Embedding(3, 2, rng=RNG)(np.array([[0, 3]])), V, r"Embedding .* 0..2, got 0..3",
    ),
    "word -1": (lambda: nn.Embedding(3, 2, rng=RNG)(np.array([-1, 0])), V, "0..2, got -1..0"),
    "words as floats": (
        lambda: nn.Embedding(3, 2, rng=RNG)(np.zeros((2, 2))), W, "array of integers, got float64",
    ),
    "words as bools": (lambda: nn.Embedding(3, 2, rng=RNG)(np.zeros(2, bool)), W, "got bool"),
    "words as a list": (lambda: nn.Embedding(3, 2, rng=RNG)([0, 1]), W, "integers, got list"),
    "no examples": (lambda: nn.Embedding(3, 2, rng=RNG)(np.zeros((0, 2), int)), V, "N >= 1"),
    "one word without N": (lambda: nn.Embedding(3, 2, rng=RNG)(np.array(1)), V, r"\(N, ...\)"),
    "words after floats": (
        lambda: nn.Sequential(nn.Linear(2, 2, rng=RNG), nn.Embedding(3, 2, rng=RNG))(images(2, 2)),
        W, "Embedding takes x as an array of integers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_by_name(name):
    do, error, words = CASES[name]
    with pytest.raises(error, match=words):
        do()


def test_there_are_many_cases():
    assert len(CASES) >= 80


LAYERS = {
    "conv": (lambda: conv(), (2, 2, 5, 5)),
    "max pool": (lambda: nn.MaxPool2d(2), (2, 2, 4, 4)),
    "average pool": (lambda: nn.AveragePool2d(2), (2, 2, 4, 4)),
    "relu": (nn.ReLU, (2, 5)),
    "leaky relu": (nn.LeakyReLU, (2, 5)),
    "elu": (nn.ELU, (2, 5)),
    "sigmoid": (nn.Sigmoid, (2, 5)),
    "gelu": (nn.GELU, (2, 5)),
    "batch norm": (lambda: nn.BatchNorm(5), (4, 5)),
    "layer norm": (lambda: nn.LayerNorm(5), (4, 5)),
    "softmax": (nn.Softmax, (2, 5)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_nan_is_never_hidden(name):
    """Layers do not look for NaN, losses do; but a layer must pass it on, not swallow it."""
    make, shape = LAYERS[name]
    for place in (0, -1):
        x = RNG.standard_normal(shape)
        x.reshape(-1)[place] = NAN
        assert np.isnan(make()(x, training=True)).any()


def test_numbers_of_numpy_are_numbers_too():
    layer = conv(np.int64(2), np.int8(3), (np.int32(3), 3), stride=[1, 2], pad=[np.int64(1), 0])
    assert layer.out_shape((2, 5, 5)) == (3, 5, 2)
    assert nn.conv_size(np.int64(7), 3) == 5
    assert nn.Dropout(np.float32(0.5), rng=RNG).p == 0.5
