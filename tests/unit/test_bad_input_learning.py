"""What losses, penalties, optimizers, recurrent layers, gates and training say to bad input."""

import warnings

import numpy as np
import pytest

import nnlib as nn
from nnlib import schedules
from nnlib.gates import Value

V, T = ValueError, TypeError
NAN, INF = float("nan"), float("inf")


def rng(seed=0):
    return np.random.default_rng(seed)


S, Y = np.ones((2, 3)), np.array([0, 2])
R = np.ones(4)
X, LABELS = np.ones((6, 2)), np.zeros(6, int)
SEQ = np.ones((2, 5, 3))
CE, THETA = nn.SoftmaxCrossEntropy, [np.ones(2)]


def holding(array, value):
    array = array.astype(float)
    array.flat[0] = value
    return array


def called(loss, *args):
    return loss(*args)


def rnn(kind=nn.LSTM, **kwargs):
    return kind(3, 4, rng=rng(), **kwargs)


def back(layer, dout=None, **kwargs):
    out = layer(SEQ)
    return layer.backward(np.ones_like(out) if dout is None else dout, **kwargs)


def stepped(opt, *grads):
    return opt(THETA, lr=0.1).step(list(grads))


def train(net=None, opt=None, x=X, y=LABELS, loss=None, **options):
    net = net or nn.Linear(2, 2, rng=rng())
    opt = opt or nn.SGD(net.parameters(), lr=0.1)
    options = {"epochs": 1, "batch_size": 2, "rng": rng()} | options
    return list(nn.train(net, loss or CE(), opt, x, y, **options))


def sequences(net=None, x=SEQ, y=None, **options):
    net = net or nn.Sequential(rnn(), nn.Linear(4, 2, rng=rng()))
    y = np.zeros((2, 5), int) if y is None else y
    return train(net, x=x, y=y, **options)


class Frozen(nn.Linear):
    """A net whose backward was never run."""


# what is wrong: (what is done, the error, words of its message)
CASES = {
    # losses of classes
    "scores in a list": (lambda: CE()([[1.0, 2]], [0]), T, "SoftmaxCrossEntropy scores"),
    "integer scores": (lambda: CE()(np.ones((2, 3), int), Y), T, "SoftmaxCrossEntropy scores"),
    "NaN scores": (lambda: CE()(holding(S, NAN), Y), V, "SoftmaxCrossEntropy scores .*NaN"),
    "infinite scores": (lambda: nn.Hinge()(holding(S, INF), Y), V, "Hinge scores .*infinity"),
    "scores of one example": (lambda: CE()(np.ones(3), 1), V, r"scores \(N, ..., K\).*\(3,\)"),
    "no examples": (lambda: CE()(np.ones((0, 3)), []), V, "scores .* N >= 1"),
    "one-hot y": (lambda: CE()(S, np.eye(3)[Y]), V, "labels y .*argmax"),
    "y of floats": (lambda: nn.Hinge()(S, [0.0, 2.0]), T, "Hinge takes labels y .*float64"),
    "y as a column": (lambda: CE()(S, Y[:, None]), V, r"labels y of shape \(2,\).*\(2, 1\)"),
    "too few y": (lambda: CE()(S, [1]), V, r"labels y of shape \(2,\), .*\(1,\)"),
    "y = K": (lambda: CE()(S, [0, 3]), V, r"labels y .* 0\.\.2, got 0\.\.3"),
    "y = -1 not ignored": (lambda: CE()(S, [0, -1]), V, r"labels y .*got -1\.\.0"),
    "y beside the ignored one": (lambda: CE(ignore=-1)(S, [-1, 7]), V, "labels y .*got 7"),
    "all ignored": (lambda: CE(ignore=-1)(S, [-1, -1]), V, "y of which some entry counts"),
    "only classes of weight 0": (lambda: CE([0, 1, 0])(S, Y), V, "y of which some entry counts"),
    "weights of other classes": (lambda: CE([1, 2])(S, Y), V, "weights of 3 classes, got 2"),
    "negative weights": (lambda: CE([1, -1, 1]), V, "SoftmaxCrossEntropy weights"),
    "weights all 0": (lambda: nn.NLL([0, 0]), V, "NLL weights"),
    "weights of a table": (lambda: CE([[1, 2]]), V, "SoftmaxCrossEntropy weights"),
    "NaN weights": (lambda: CE([1, NAN]), V, "SoftmaxCrossEntropy weights"),
    "smoothing 1": (lambda: CE(smoothing=1), V, "smoothing"),
    "smoothing below 0": (lambda: CE(smoothing=-0.1), V, "smoothing"),
    "smoothing in words": (lambda: CE(smoothing="a bit"), T, "smoothing"),
    "ignore half": (lambda: CE(ignore=0.5), T, "ignore"),
    "scores given to NLL": (lambda: nn.NLL()(3 * S, Y), V, "NLL takes scores .*log-prob"),
    "margin below 0": (lambda: nn.Hinge(margin=-1), V, "Hinge margin"),
    "margin NaN": (lambda: nn.SquaredHinge(margin=NAN), V, "Hinge margin"),
    "backward before the call": (lambda: CE().backward(), V, r"loss\(scores, y\)"),
    # losses of numbers
    "(4, 1) against (4,)": (lambda: nn.MSE()(R[:, None], R), V, r"MSE takes y .*\(4, 1\).*\(4,\)"),
    "(4,) against (4, 1)": (lambda: nn.MAE()(R, R[:, None]), V, r"MAE takes y .*\(4,\).*\(4, 1\)"),
    "one y for all": (lambda: nn.Huber()(R, 1.0), V, r"Huber takes y .*\(\)"),
    "y of words": (lambda: nn.MSE()(R, np.array(list("abcd"))), T, "MSE takes y"),
    "y of NaN": (lambda: nn.MSE()(R, holding(R, NAN)), V, "MSE takes y .*NaN"),
    "y beyond float32": (
        lambda: nn.MSE()(R.astype(np.float32), holding(R, 1e300)), V, "MSE takes y",
    ),
    "nothing to compare": (lambda: nn.MSE()(np.ones(0), np.ones(0)), V, "MSE takes scores"),
    "delta 0": (lambda: nn.Huber(delta=0), V, "Huber delta"),
    "MSLE of scores -1": (lambda: nn.MSLE()(-R, R), V, "MSLE takes scores > -1"),
    "MSLE of y -5": (lambda: nn.MSLE()(R, -5 * R), V, "MSLE takes y > -1, got -5"),
    "MAPE of y 0": (lambda: nn.MAPE()(R, holding(R, 0)), V, "MAPE takes y without zeros"),
    "loss too large": (lambda: nn.MSE()(1e200 * R, R), V, "MSE takes scores whose loss fits"),
    # losses of yes and no
    "logistic of ±1": (lambda: nn.Logistic()(R, -R), V, r"Logistic takes y in 0\.\.1, got -1"),
    "logistic of a column": (lambda: nn.Logistic()(R[:, None], R), V, "Logistic takes y"),
    "cross-entropy of scores": (
        lambda: nn.BinaryCrossEntropy()(3 * R, R), V, "scores that are probabilities",
    ),
    "cross-entropy of y = 2": (lambda: nn.BinaryCrossEntropy()(R, 2 * R), V, "takes y in 0"),
    "eps 0": (lambda: nn.BinaryCrossEntropy(eps=0), V, "BinaryCrossEntropy eps"),
    "hinge of y = 0": (lambda: nn.BinaryHinge()(R, 0 * R), V, r"y of -1 and \+1, got 0"),
    "hinge of y = 2": (lambda: nn.BinaryHinge()(R, 2 * R), V, r"y of -1 and \+1, got 2"),
    "binary margin below 0": (lambda: nn.BinaryHinge(margin=-1), V, "BinaryHinge margin"),
    "exponential of y = 0": (lambda: nn.Exponential()(R, 0 * R), V, r"Exponential takes y"),
    "exponential of -1e4": (lambda: nn.Exponential()(-1e4 * R, R), V, "Exponential takes scores"),
    # penalties
    "lam below 0": (lambda: nn.L2(-1), V, "L2 lam"),
    "lam NaN": (lambda: nn.L1(NAN), V, "L1 lam"),
    "penalty of an array": (lambda: nn.L2(0.1)(np.ones(3)), T, "L2 takes net"),
    "penalty backward alone": (lambda: nn.L2(0.1).backward(), V, r"penalty\(net\)"),
    "penalty before net.backward": (
        lambda: [p := nn.L1(0.1), p(Frozen(2, 2, rng=rng())), p.backward()],
        V, "needs net.backward",
    ),
    # optimizers
    "lr 0": (lambda: nn.SGD(THETA, lr=0), V, "SGD lr"),
    "lr below 0": (lambda: nn.Adam(THETA, lr=-1), V, "Adam lr"),
    "lr NaN": (lambda: nn.Momentum(THETA, lr=NAN), V, "Momentum lr"),
    "lr in words": (lambda: nn.SGD(THETA, lr="fast"), T, "SGD lr"),
    "lr set to -1": (lambda: setattr(nn.SGD(THETA, lr=1), "lr", -1), V, "SGD lr"),
    "mu 1": (lambda: nn.Momentum(THETA, lr=1, mu=1), V, "Momentum mu"),
    "Nesterov's mu below 0": (lambda: nn.Nesterov(THETA, lr=1, mu=-0.1), V, "Nesterov mu"),
    "rho 1": (lambda: nn.RMSprop(THETA, rho=1), V, "RMSprop rho"),
    "Adadelta's rho 1": (lambda: nn.Adadelta(THETA, rho=1), V, "Adadelta rho"),
    "beta1 1": (lambda: nn.Adam(THETA, beta1=1), V, "Adam beta1"),
    "beta2 1": (lambda: nn.Adam(THETA, beta2=1), V, "Adam beta2"),
    "beta2 below 0": (lambda: nn.AdamW(THETA, beta2=-0.5), V, "AdamW beta2"),
    "eps of RMSprop 0": (lambda: nn.RMSprop(THETA, eps=0), V, "RMSprop eps"),
    "eps of Adadelta 0": (lambda: nn.Adadelta(THETA, eps=0), V, "Adadelta eps"),
    "eps of Adagrad 0": (lambda: nn.Adagrad(THETA, eps=0), V, "Adagrad eps"),
    "decay below 0": (lambda: nn.AdamW(THETA, decay=-1), V, "AdamW decay"),
    "no parameters": (lambda: nn.SGD([], lr=1), V, "SGD takes .*parameter"),
    "an array as params": (lambda: nn.SGD(np.ones(2), lr=1), T, r"params .*\[theta\]"),
    "integer parameters": (lambda: nn.SGD([np.ones(2, int)], lr=1), T, "SGD params"),
    "a parameter twice": (lambda: nn.SGD(THETA * 2, lr=1), V, "params once"),
    "NaN parameters": (lambda: nn.SGD([np.array([NAN])], lr=1), V, "SGD params"),
    "too many gradients": (lambda: stepped(nn.SGD, *THETA * 2), V, "takes 1 gradients, got 2"),
    "no gradients": (lambda: stepped(nn.Adam), V, "takes 1 gradients, got 0"),
    "gradient (2, 1)": (lambda: stepped(nn.SGD, np.ones((2, 1))), V, r"\(2,\), got \(2, 1\)"),
    "gradient in a list": (lambda: stepped(nn.SGD, [1.0, 2.0]), T, "gradients as arrays"),
    "integer gradient": (lambda: stepped(nn.SGD, np.ones(2, int)), T, "gradients as arrays"),
    # schedules
    "step -1": (lambda: schedules.cosine(-1, 0.1, 10), V, "cosine takes step >= 0"),
    "step 0.5": (lambda: schedules.exponential(0.5, 0.1, 0.9), T, "exponential takes step"),
    "every 0": (lambda: schedules.staircase(1, 0.1, 0), V, "staircase every"),
    "factor 0 of exponential": (lambda: schedules.exponential(1, 0.1, 0), V, "exponential factor"),
    "factor 0": (lambda: schedules.staircase(1, 0.1, 5, factor=0), V, "staircase factor"),
    "rate below 0": (lambda: schedules.cosine(1, -0.1, 5), V, "cosine lr"),
    "cosine of 0 steps": (lambda: schedules.cosine(1, 0.1, 0), V, "cosine steps"),
    "end below 0": (lambda: schedules.cosine(1, 0.1, 5, end=-1), V, "cosine end"),
    "inverse of 0 steps": (lambda: schedules.inverse(1, 0.1, 0), V, "inverse steps"),
    "warm-up of 0 steps": (lambda: schedules.warmup(1, 0.1, 0), V, "warmup steps"),
    "warm-up at step -1": (lambda: schedules.warmup(-1, 0.1, 5), V, "warmup takes step >= 0"),
    "warm-up to a rate below 0": (lambda: schedules.warmup(1, -0.1, 5), V, "warmup lr"),
    # recurrent layers
    "0 hidden": (lambda: nn.RNN(3, 0, rng=rng()), V, "RNN n_hidden"),
    "n_in half": (lambda: nn.GRU(1.5, 4, rng=rng()), T, "GRU n_in"),
    "a seed for rng": (lambda: nn.LSTM(3, 4, rng=0), T, "LSTM takes rng"),
    "forget bias infinite": (lambda: rnn(forget_bias=INF), V, "LSTM forget_bias"),
    "activation in words": (lambda: rnn(nn.RNN, activation="tanh"), V, "RNN takes activation"),
    "activation made": (lambda: rnn(nn.RNN, activation=nn.Tanh()), V, "RNN takes activation"),
    "x without time": (lambda: rnn()(np.ones((2, 3))), V, r"LSTM takes x of shape \(N, T, 3\)"),
    "x of other size": (lambda: rnn()(np.ones((2, 5, 4))), V, r"x of shape \(N, T, 3\).*5, 4\)"),
    "x of no steps": (lambda: rnn()(np.ones((2, 0, 3))), V, "x .* T >= 1"),
    "x of no examples": (lambda: rnn()(np.ones((0, 5, 3))), V, "x .* N >= 1"),
    "integer x": (lambda: rnn(nn.GRU)(np.ones((2, 5, 3), int)), T, "GRU takes x of floats"),
    "h0 of one example": (lambda: rnn()(SEQ, h0=np.ones(4)), V, r"h0 .*\(2, 4\).*\(4,\)"),
    "h0 of integers": (lambda: rnn()(SEQ, h0=np.ones((2, 4), int)), V, "h0 as floats"),
    "c0 of other size": (lambda: rnn()(SEQ, c0=np.ones((2, 3))), V, r"c0 .*\(2, 4\).*\(2, 3\)"),
    "dout of other size": (lambda: back(rnn(), np.ones((2, 5, 3))), V, "dout of shape"),
    "dh (1, 4)": (lambda: back(rnn(nn.RNN), dh=np.ones((1, 4))), V, r"dh .*\(2, 4\).*\(1, 4\)"),
    "dc (4, 2)": (lambda: back(rnn(), dc=np.ones((4, 2))), V, r"dc .*\(2, 4\).*\(4, 2\)"),
    "length 0": (lambda: rnn()(SEQ, lengths=[0, 5]), V, r"lengths .* 1\.\.5, got 0\.\.5"),
    "length 6 of 5": (lambda: rnn()(SEQ, lengths=[1, 6]), V, r"lengths .* 1\.\.5, got 1\.\.6"),
    "a length too many": (lambda: rnn()(SEQ, lengths=[1, 2, 3]), V, "lengths as 2 whole numbers"),
    "lengths of floats": (lambda: rnn()(SEQ, lengths=[1.0, 2.0]), V, "lengths .*float64"),
    "lengths both ways": (
        lambda: nn.Bidirectional(rnn(), rnn())(SEQ, lengths=[9, 9]), V, "lengths",
    ),
    "lengths without a recurrent layer": (
        lambda: nn.Sequential(nn.Tanh())(SEQ, lengths=[5, 5]), V, "Sequential takes lengths",
    ),
    "state before a call": (lambda: rnn().final_state(), V, "final_state needs a forward pass"),
    "recurrent backward first": (lambda: rnn().backward(SEQ), V, "backward needs a forward"),
    "one cell for both": (lambda: [c := rnn(), nn.Bidirectional(c, c)], V, "ahead and back"),
    "a Linear both ways": (
        lambda: nn.Bidirectional(rnn(), nn.Linear(3, 4, rng=rng())), T, "takes back",
    ),
    "cells of two input sizes": (
        lambda: nn.Bidirectional(rnn(), nn.GRU(2, 4, rng=rng())), V, "ahead and back .*3 and 2",
    ),
    # gates
    "NaN in a gate": (lambda: Value(NAN), V, "Value data"),
    "words in a gate": (lambda: Value(1) + "one", T, "Value data"),
    "an array in a gate": (lambda: Value(1) * np.ones(2), T, "Value data"),
    "division by 0": (lambda: Value(1) / Value(0), V, "Value takes a divisor"),
    "0 to the power -1": (lambda: Value(0) ** -1, V, "Value takes a base > 0"),
    "root of -1": (lambda: Value(-1) ** 0.5, V, "Value takes a base > 0"),
    "negative base, variable power": (lambda: Value(-1) ** Value(2), V, "Value takes a base > 0"),
    "log 0": (lambda: Value(0).log(), V, "Value takes log"),
    "exp 1000": (lambda: Value(1000).exp(), V, "Value takes exp"),
    # training
    "batches of 0": (lambda: list(nn.batches(5, 0, rng())), V, "batches size"),
    "batches of nothing": (lambda: list(nn.batches(0, 5, rng())), V, "batches n"),
    "batches without chance": (lambda: list(nn.batches(5, 2, None)), T, "batches takes rng"),
    "uint8 images": (lambda: train(x=np.ones((6, 2), np.uint8)), T, "x of floats, .*scale"),
    "x of NaN": (lambda: train(x=holding(X, NAN)), V, "train x"),
    "x of another width": (lambda: train(x=np.ones((6, 3))), V, "Linear takes x"),
    "x empty": (lambda: train(x=np.ones((0, 2)), y=[]), V, "x of shape"),
    "y shorter": (lambda: train(y=LABELS[:5]), V, "as many x as y"),
    "y a number": (lambda: train(y=3), V, "as many x as y"),
    "x in a list": (lambda: train(x=[[1.0, 2.0]] * 6), T, "x as a NumPy array"),
    "a function as net": (lambda: list(nn.train(np.tanh, CE(), nn.SGD(THETA, lr=1), X, LABELS,
                                                epochs=1, batch_size=2, rng=rng())), T, "net"),
    "a class as loss": (lambda: train(loss=CE), T, "train takes loss of class Loss, got type"),
    "a rate as opt": (lambda: train(opt=0.1), T, "train takes opt of class Optimizer, got float"),
    "a number as schedule": (lambda: train(schedule=0.1), T, "train takes schedule"),
    "a number as penalty": (lambda: train(penalty=0.1), T, "train takes penalty"),
    "metrics in a list": (lambda: train(metrics=[nn.share_correct]), T, "train takes metrics"),
    "0 epochs": (lambda: train(epochs=0), V, "train epochs"),
    "batch size 0": (lambda: train(batch_size=0), V, "train batch_size"),
    "a seed for train": (lambda: train(rng=1), T, "train takes rng"),
    "clip 0": (lambda: train(clip=0), V, "train clip"),
    "another net's optimizer": (lambda: train(opt=nn.SGD(THETA, lr=1)), V, "train takes opt"),
    "an optimizer of a copy": (
        lambda: [n := nn.Linear(2, 2, rng=rng()),
                 train(n, nn.SGD(n.astype(float).parameters(), lr=1))],
        V, "train takes opt",
    ),
    "a schedule below 0": (lambda: train(schedule=lambda t: -1.0), V, "SGD lr"),
    "bptt 0": (lambda: sequences(bptt=0), V, "train bptt"),
    "bptt of vectors": (lambda: train(bptt=2), V, r"x \(N, T, ...\) and y"),
    "bptt of one label each": (lambda: sequences(y=np.zeros(2, int), bptt=2), V, "y .* bptt"),
    "bptt with lengths": (lambda: sequences(bptt=2, lengths=[5, 5]), V, "either bptt or lengths"),
    "a length missing": (lambda: sequences(lengths=[5]), V, "as many lengths as x"),
    "a length of 0": (lambda: sequences(lengths=[5, 0]), V, "LSTM takes lengths"),
    "lengths for vectors": (lambda: train(lengths=LABELS + 1), V, "train takes lengths only"),
    "valid without y": (
        lambda: nn.fit(nn.Linear(2, 2, rng=rng()), CE(), None, X, LABELS, valid=X),
        T, "fit takes valid",
    ),
    "bptt both ways": (
        lambda: sequences(
            nn.Sequential(nn.Bidirectional(rnn(), rnn()), nn.Linear(8, 2, rng=rng())), bptt=2
        ),
        V, "bptt .*Bidirectional",
    ),
    "limit 0": (lambda: nn.clip_gradients(THETA, 0), V, "clip_gradients limit"),
    "labels for accuracy as a column": (
        lambda: nn.accuracy(nn.Linear(2, 2, rng=rng()), X, LABELS[:, None]), V, "labels y",
    ),
    "one-hot for share_correct": (lambda: nn.share_correct(S, np.eye(3)[Y]), V, "argmax"),
    "a seed for save": (lambda: nn.save("no.npz", nn.Linear(2, 2, rng=rng()), rng=3), T, "rng"),
}  # fmt: skip


def test_there_are_enough():
    assert len(CASES) >= 140


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_in_words(name):
    act, error, words = CASES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=words):
            act()


def test_what_looks_bad_but_is_right():
    """Bits as bools, labels as small integers, y in a list, soft targets, a rate of 0 later."""
    scores = np.array([0.5, -1.0])
    assert nn.Logistic()(scores, np.array([True, False])) == nn.Logistic()(scores, [1, 0])
    assert CE()(S, np.array([0, 2], np.uint8)) == CE()(S, Y)
    assert nn.MSE()(np.ones(2), [1, 3]) == 2
    opt = nn.SGD([np.ones(2)], lr=0.1)
    opt.lr = 0
    opt.step([np.ones(2)])
    assert (opt.params[0] == 1).all()
