"""The loop: what it yields, that it learns, stops, resumes exactly, and says why it diverged."""

import json
import pickle
import warnings
import zipfile

import numpy as np
import pytest

import nnlib as nn


def rng(seed=0):
    return np.random.default_rng(seed)


def blobs(n=40, dtype=np.float64):
    y = np.arange(n) % 3
    return (rng(1).standard_normal((n, 2)) + 3 * y[:, None]).astype(dtype), y


class Noise(nn.Layer):
    """Draws random numbers and keeps an array: what dropout and batch norm do."""

    state = ("mean",)

    def __init__(self, rng):
        self.rng, self.mean = rng, np.zeros(1)

    def forward(self, x):
        if not self.training:
            return x - self.mean
        self.mean[...] = 0.9 * self.mean + 0.1 * x.mean()
        return x + 0.1 * self.rng.standard_normal(x.shape).astype(x.dtype)

    def backward(self, dout):
        return dout


def make(optimizer=nn.Adam, seed=0):
    generator = rng(seed)
    net = nn.Sequential(
        nn.Linear(2, 8, rng=generator), nn.Tanh(), Noise(generator),
        nn.Linear(8, 3, rng=generator),
    )  # fmt: skip
    return net, optimizer(net.parameters(), lr=0.05), generator


def run(net, opt, generator, x, y, **options):
    options = {"epochs": 3, "batch_size": 16, "rng": generator} | options
    return nn.train(net, nn.SoftmaxCrossEntropy(), opt, x, y, **options)


class TestRecords:
    def test_one_for_each_update_of_each_epoch(self):
        x, y = blobs()
        records = list(run(*make(), x, y, metrics={"right": nn.share_correct}))
        assert [(r.step, r.epoch) for r in records] == [(k + 1, k // 3) for k in range(9)]
        assert all(r.lr == 0.05 and 0 <= r.metrics["right"] <= 1 for r in records)
        assert records[-1].loss < records[0].loss

    def test_loss_and_gradient_norm_are_those_of_the_whole_batch(self):
        x, y = blobs()
        net = nn.Linear(2, 3, rng=rng())
        loss, W, b = nn.SoftmaxCrossEntropy(), net.W.copy(), net.b.copy()
        L = loss(net(x), y)
        net.backward(loss.backward())
        norm = np.sqrt((net.dW**2).sum() + (net.db**2).sum())
        opt = nn.SGD(net.parameters(), lr=0.5)
        dW, db = net.dW, net.db
        (record,) = nn.train(net, loss, opt, x, y, epochs=1, batch_size=40, rng=rng())
        assert record.loss == pytest.approx(L) and record.gradient_norm == pytest.approx(norm)
        np.testing.assert_allclose(net.W, W - 0.5 * dW)
        np.testing.assert_allclose(net.b, b - 0.5 * db)

    def test_penalty_joins_loss_and_gradient(self):
        x, y = blobs()
        net = nn.Linear(2, 3, rng=rng())
        W, loss = net.W.copy(), nn.SoftmaxCrossEntropy()
        L = loss(net(x), y) + 0.1 * (W**2).sum()
        net.backward(loss.backward())
        dW = net.dW + 0.2 * W
        opt = nn.SGD(net.parameters(), lr=1.0)
        settings = {"epochs": 1, "batch_size": 40, "rng": rng(), "penalty": nn.L2(0.1)}
        (record,) = nn.train(net, loss, opt, x, y, **settings)
        assert record.loss == pytest.approx(L)
        np.testing.assert_allclose(net.W, W - dW)

    def test_every_example_once_an_epoch_in_a_new_order(self):
        x = np.arange(10.0)[:, None]
        seen = []

        class Spy(nn.Linear):
            def forward(self, x):
                seen.append(x[:, 0].copy())
                return super().forward(x)

        net = Spy(1, 2, rng=rng())
        settings = {"epochs": 2, "batch_size": 4, "rng": rng(3)}
        opt = nn.SGD(net.parameters(), lr=1e-9)
        list(nn.train(net, nn.SoftmaxCrossEntropy(), opt, x, np.zeros(10, int), **settings))
        assert [len(s) for s in seen] == [4, 4, 2] * 2
        first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
        assert sorted(first) == sorted(second) == list(range(10))
        assert not np.array_equal(first, second)

    def test_schedule_sets_the_rate_of_each_step_from_0(self):
        x, y = blobs()
        net, opt, generator = make(nn.SGD)
        schedule = lambda t: nn.schedules.staircase(t, 0.4, every=4, factor=0.5)  # noqa: E731
        rates = [r.lr for r in run(net, opt, generator, x, y, schedule=schedule)]
        assert rates == [0.4] * 4 + [0.2] * 4 + [0.1]

    def test_clip_limits_the_step_but_records_the_norm(self):
        x, y = blobs()
        net, _, generator = make()
        opt = nn.SGD(net.parameters(), lr=1.0)
        before = [p.copy() for p in net.parameters()]
        record = next(iter(run(net, opt, generator, x, y, clip=0.01)))
        moved = [p - q for p, q in zip(net.parameters(), before, strict=True)]
        assert nn.gradient_norm(moved) == pytest.approx(0.01)
        assert record.gradient_norm > 0.01

    def test_stopping_leaves_the_net_usable(self):
        x, y = blobs()
        net, opt, generator = make()
        for record in run(net, opt, generator, x, y):
            if record.step == 2:
                break
        assert opt.t == 2 and all(layer.needs_dx for layer in net.walk())
        assert nn.accuracy(net, x, y) >= 0

    def test_nothing_happens_before_iterating(self):
        x, y = blobs()
        net, opt, generator = make()
        before = net.parameters()[0].copy()
        run(net, opt, generator, x, y)
        assert np.array_equal(net.parameters()[0], before) and opt.t == 0

    def test_float32_stays_float32(self):
        x, y = blobs(dtype=np.float32)
        net = make()[0].astype(np.float32)
        opt = nn.Adam(net.parameters())
        list(
            run(
                net,
                opt,
                rng(),
                x,
                y,
                penalty=nn.L2(0.1),
                clip=0.1,
                schedule=lambda t: np.float64(0.1),
            )
        )
        for g, slots in zip(net.gradients(), opt.state, strict=True):
            assert g.dtype == np.float32 and all(s.dtype == np.float32 for s in slots)


class TestDiverging:
    @pytest.mark.parametrize("lr", [1e3, 1e200])
    def test_says_that_the_rate_is_too_large_without_a_warning(self, lr):
        x, y = rng().standard_normal((8, 2)), rng(1).standard_normal((8, 1))
        net = nn.Sequential(nn.Linear(2, 4, rng=rng()), nn.ReLU(), nn.Linear(4, 1, rng=rng(1)))
        opt = nn.SGD(net.parameters(), lr=lr)
        settings = {"epochs": 500, "batch_size": 8, "rng": rng()}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(
                ValueError, match=r"step \d+.*learning rate lr = (1000|1e\+200) is too large"
            ):
                list(nn.train(net, nn.MSE(), opt, x, y, **settings))

    def test_infinite_gradient_of_a_finite_loss(self):
        net = nn.Linear(1, 1, rng=rng()).astype(np.float32)
        net.W[...] = 1e-10
        x, opt = np.full((2, 1), 1e25, np.float32), nn.SGD(net.parameters(), lr=0.1)
        with pytest.raises(ValueError, match="the gradient became NaN or infinite in step 1"):
            list(nn.train(net, nn.MSE(), opt, x, 0 * x, epochs=1, batch_size=2, rng=rng()))
        assert np.float32(1e-10) == net.W

    def test_parameters_are_still_finite(self):
        x, y = rng().standard_normal((8, 2)), rng(1).standard_normal((8, 1))
        net = nn.Linear(2, 1, rng=rng())
        opt = nn.SGD(net.parameters(), lr=1e100)
        with pytest.raises(ValueError, match="learning rate"):
            list(nn.train(net, nn.MSE(), opt, x, y, epochs=9, batch_size=8, rng=rng()))
        assert np.isfinite(net.W).all()


class TestTruncatedBPTT:
    def setup_method(self):
        self.x = rng(1).standard_normal((6, 7, 2))
        self.y = rng(2).integers(0, 3, (6, 7))
        self.net = nn.Sequential(
            nn.LSTM(2, 4, rng=rng()), nn.GRU(4, 3, rng=rng(1)), nn.Linear(3, 3, rng=rng(2))
        )
        self.opt = nn.SGD(self.net.parameters(), lr=1e-12)

    def run(self, **options):
        settings = {"epochs": 1, "batch_size": 3, "rng": rng()} | options
        return nn.train(self.net, nn.SoftmaxCrossEntropy(), self.opt, self.x, self.y, **settings)

    def test_one_update_per_piece_and_the_state_goes_on(self):
        """With a rate of almost 0 the pieces must give the losses of the whole sequence."""
        records = list(self.run(bptt=3))
        assert len(records) == 2 * 3
        order = rng().permutation(6)
        for k, rows in enumerate((order[:3], order[3:])):
            loss = nn.SoftmaxCrossEntropy()
            loss(self.net(self.x[rows]), self.y[rows])
            pieces = [loss.each[:, s].mean() for s in (slice(0, 3), slice(3, 6), slice(6, 7))]
            found = [r.loss for r in records[3 * k : 3 * k + 3]]
            np.testing.assert_allclose(found, pieces, atol=1e-9)

    def test_starts_are_put_back(self):
        list(self.run(bptt=3))
        assert self.net[0].start is None and self.net[1].start is None

    def test_pieces_as_long_as_the_sequence_are_plain_training(self):
        x, y, twin = self.x, self.y, self.net.astype(np.float64)
        self.opt.lr = 0.1
        list(self.run(bptt=7, epochs=2))
        opt = nn.SGD(twin.parameters(), lr=0.1)
        settings = {"epochs": 2, "batch_size": 3, "rng": rng()}
        list(nn.train(twin, nn.SoftmaxCrossEntropy(), opt, x, y, **settings))
        for mine, theirs in zip(self.net.parameters(), twin.parameters(), strict=True):
            assert np.array_equal(mine, theirs)

    def test_no_gradient_into_the_piece_before(self):
        cell = self.net[0]
        records = self.run(bptt=3)
        next(records), next(records)
        assert cell.x.shape == (3, 3, 2) and cell.h[:, 0].any()


class TestLengths:
    def test_padded_sequences_train_as_if_alone(self):
        """With lengths and an ignored label nothing in the padding reaches net or loss."""
        x, y = rng(1).standard_normal((4, 5, 2)), rng(2).integers(0, 2, (4, 5))
        lengths = np.array([5, 3, 1, 2])
        for k, length in enumerate(lengths):
            y[k, length:] = -1
        wild = x.copy()
        wild[y == -1] = 100.0

        def trained(x, **options):
            cells = nn.GRU(2, 3, rng=rng()), nn.GRU(2, 3, rng=rng(1))
            net = nn.Sequential(nn.Bidirectional(*cells), nn.Linear(6, 2, rng=rng(2)))
            opt, loss = nn.Adam(net.parameters(), lr=0.1), nn.SoftmaxCrossEntropy(ignore=-1)
            settings = {"epochs": 3, "batch_size": 2, "rng": rng(3), "progress": None} | options
            return nn.fit(net, loss, opt, x, y, **settings)

        tame = trained(x, lengths=lengths, valid=(x, y, lengths))
        assert trained(wild, lengths=lengths, valid=(wild, y, lengths)) == tame
        assert trained(wild) != tame


class TestFit:
    def test_history_and_lines_of_text(self):
        x, y = blobs()
        net, opt, generator = make()
        lines = []
        history = nn.fit(
            net, nn.SoftmaxCrossEntropy(), opt, x, y, epochs=4, batch_size=16, rng=generator,
            valid=(x[:9], y[:9]), metrics={"accuracy": nn.share_correct}, progress=lines.append,
        )  # fmt: skip
        assert [entry.epoch for entry in history] == [0, 1, 2, 3]
        assert history[-1].loss < history[0].loss and len(lines) == 4
        last = history[-1]
        assert lines[-1] == (
            f"epoch 4  loss {last.loss:.4g}  accuracy {last.metrics['accuracy']:.4g}  "
            f"valid loss {last.valid_loss:.4g}  "
            f"valid accuracy {last.valid_metrics['accuracy']:.4g}"
        )
        scores = net(x[:9])
        assert last.valid_loss == nn.SoftmaxCrossEntropy()(scores, y[:9])
        assert last.valid_metrics["accuracy"] == nn.share_correct(scores, y[:9])

    def test_means_are_those_of_the_records(self, capsys):
        x, y = blobs()
        losses = [r.loss for r in run(*make(), x, y, epochs=2)]
        net, opt, generator = make()
        settings = {"epochs": 2, "batch_size": 16, "rng": generator}
        history = nn.fit(net, nn.SoftmaxCrossEntropy(), opt, x, y, **settings)
        assert [e.loss for e in history] == [np.mean(losses[:3]), np.mean(losses[3:])]
        assert capsys.readouterr().out.splitlines() == [str(e) for e in history]
        assert str(history[0]) == f"epoch 1  loss {history[0].loss:.4g}"

    def test_silent_and_without_metrics(self, capsys):
        x, y = blobs()
        net, opt, generator = make()
        settings = {"epochs": 1, "batch_size": 16, "rng": generator, "progress": None}
        (entry,) = nn.fit(net, nn.SoftmaxCrossEntropy(), opt, x, y, valid=(x, y), **settings)
        assert capsys.readouterr().out == "" and entry.metrics == entry.valid_metrics == {}


def test_accuracy():
    net = nn.Linear(2, 2, rng=rng())
    net.W[...], net.b[...] = np.eye(2), 0
    x = np.array([[2.0, 1], [0, 1], [3, 1], [1, 5]])
    assert nn.accuracy(net, x, np.array([0, 1, 1, 1])) == 0.75
    assert nn.share_correct(x[None], np.array([[0, 0, 0, 0]])) == 0.5


def test_gradient_norm_and_clip():
    gradients = [np.array([[3.0, 0]]), np.array([4.0])]
    assert nn.gradient_norm(gradients) == 5
    clipped = nn.clip_gradients(gradients, 1.0)
    np.testing.assert_allclose(clipped[0], [[0.6, 0]])
    np.testing.assert_allclose(clipped[1], [0.8])
    assert gradients[1][0] == 4 and nn.clip_gradients(gradients, 5) is gradients


class TestResuming:
    """A run saved, loaded into fresh objects and continued equals one that never stopped."""

    @pytest.mark.parametrize(
        "optimizer", [nn.SGD, nn.Momentum, nn.Nesterov, nn.Adagrad, nn.RMSprop, nn.Adadelta,
                      nn.Adam, nn.AdamW]
    )  # fmt: skip
    @pytest.mark.parametrize("stop", [1, 3, 5])
    def test_exactly(self, tmp_path, optimizer, stop):
        x, y = blobs()
        net, opt, generator = make(optimizer)
        whole = [r.loss for r in run(net, opt, generator, x, y)]

        one, opt_one, generator_one = make(optimizer)
        position = nn.Position()
        for record in run(one, opt_one, generator_one, x, y, position=position):
            if record.step == stop:
                nn.save(tmp_path / "run.npz", one, opt_one, rng=generator_one, position=position)
                break
        two, opt_two, generator_two = make(optimizer, seed=99)
        position = nn.Position()
        nn.load(tmp_path / "run.npz", two, opt_two, rng=generator_two, position=position)
        two[2].rng = generator_two  # one generator serves net and loop, as before
        rest = list(run(two, opt_two, generator_two, x, y, position=position))
        assert [r.loss for r in rest] == whole[stop:]
        assert [r.step for r in rest] == list(range(stop + 1, 10))
        assert opt_two.t == opt.t == 9
        for mine, theirs in zip(two.parameters(), net.parameters(), strict=True):
            assert np.array_equal(mine, theirs)
        assert np.array_equal(two[2].mean, net[2].mean)

    def test_a_layer_goes_on_with_its_own_generator(self, tmp_path):
        def net(seed):
            return nn.Sequential(
                nn.Dropout(0.5, rng=rng(seed)), nn.StochasticPool2d(2, rng=rng(seed))
            )

        x, one, two = rng(1).random((2, 3, 8, 8)), net(0), net(7)
        one(x, training=True)
        nn.save(tmp_path / "net.npz", one)
        nn.load(tmp_path / "net.npz", two)
        assert np.array_equal(two(x, training=True), one(x, training=True))

    @pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64"])
    def test_with_every_kind_of_generator_and_carried_states(self, tmp_path, kind):
        x, y = rng(1).standard_normal((4, 6, 2)), rng(2).integers(0, 2, (4, 6))

        def build(seed):
            net = nn.Sequential(nn.LSTM(2, 3, rng=rng(seed)), nn.Linear(3, 2, rng=rng(seed)))
            generator = np.random.Generator(getattr(np.random, kind)(seed))
            return net, nn.Adam(net.parameters(), lr=0.1), generator

        def records(net, opt, generator, position):
            settings = {"epochs": 2, "batch_size": 2, "rng": generator, "bptt": 4}
            loss = nn.SoftmaxCrossEntropy()
            return nn.train(net, loss, opt, x, y, position=position, **settings)

        whole = [r.loss for r in records(*build(0), nn.Position())]
        objects, position = build(0), nn.Position()
        going = records(*objects, position)
        next(going), next(going), next(going)
        assert position.piece == 1 and position.carried
        nn.save(tmp_path / "run.npz", objects[0], objects[1], rng=objects[2], position=position)
        objects, position = build(5), nn.Position()
        nn.load(tmp_path / "run.npz", objects[0], objects[1], rng=objects[2], position=position)
        assert [r.loss for r in records(*objects, position)] == whole[3:]

    def test_another_cut_in_the_midst_of_an_epoch_is_refused(self):
        x, y = blobs()
        net, opt, generator = make()
        position = nn.Position()
        next(run(net, opt, generator, x, y, position=position))
        for x_now, y_now, size in ((x[:-1], y[:-1], 16), (x, y, 8)):
            with pytest.raises(ValueError, match=r"position in the midst .*\(40, 16, 1\)"):
                run(net, opt, generator, x_now, y_now, batch_size=size, position=position)
        for _ in run(net, opt, generator, x, y, epochs=1, position=position):
            pass
        assert position.epoch == 1
        assert next(run(net, opt, generator, x, y, batch_size=8, position=position)).step == 4

    def test_arrays_are_written_in_place_and_the_rate_comes_back(self, tmp_path):
        net, opt, _ = make()
        opt.lr = 0.125
        nn.save(tmp_path / "net.npz", net, opt)
        twin, twin_opt, _ = make(seed=3)
        arrays = twin.parameters()
        nn.load(str(tmp_path / "net.npz"), twin, twin_opt)
        assert all(a is b for a, b in zip(arrays, twin.parameters(), strict=True))
        assert np.array_equal(arrays[0], net.parameters()[0]) and twin_opt.lr == 0.125

    def test_a_crash_while_writing_leaves_the_old_file(self, tmp_path, monkeypatch):
        net, _, _ = make()
        path = tmp_path / "net.npz"
        nn.save(path, net)
        old = path.read_bytes()

        def crash(file, **arrays):
            file.write(b"half a file")
            raise OSError("disk full")

        monkeypatch.setattr(np, "savez", crash)
        with pytest.raises(OSError, match="disk full"):
            nn.save(path, make(seed=1)[0])
        assert path.read_bytes() == old and list(tmp_path.iterdir()) == [path]


class TestLoadRefuses:
    def setup_method(self):
        self.net, self.opt, self.rng = make()

    def path(self, tmp_path, **options):
        nn.save(tmp_path / "run.npz", self.net, self.opt, **options)
        return tmp_path / "run.npz"

    def refused(self, match, *args, **kwargs):
        before = [p.copy() for p in self.net.parameters()], self.opt.t, self.opt.lr
        with pytest.raises(ValueError, match=match):
            nn.load(*args, **kwargs)
        for p, old in zip(self.net.parameters(), before[0], strict=True):
            assert np.array_equal(p, old)
        assert (self.opt.t, self.opt.lr) == before[1:]

    def test_pickles(self, tmp_path):
        class Trap:
            def __reduce__(self):
                return (pytest.fail, ("a pickle was executed",))

        (tmp_path / "a.npz").write_bytes(pickle.dumps(Trap()))
        self.refused("pickles", tmp_path / "a.npz", self.net)
        np.savez(tmp_path / "b.npz", about=np.array([Trap()], dtype=object))
        self.refused("pickles", tmp_path / "b.npz", self.net)

    def test_damaged_files(self, tmp_path):
        path = self.path(tmp_path)
        whole = path.read_bytes()
        for cut in (0, 10, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:cut])
            self.refused("damaged|pickles", path, self.net)
        middle = whole.index(b"PK\x03\x04", 10) - 40
        flipped = bytearray(whole)
        flipped[middle] ^= 255
        path.write_bytes(flipped)
        self.refused("damaged", path, self.net)

    def test_other_files(self, tmp_path):
        np.save(tmp_path / "a.npy", np.zeros(3))
        self.refused("written by save", tmp_path / "a.npy", self.net)
        np.savez(tmp_path / "b.npz", W=np.zeros(3))
        self.refused("another kind", tmp_path / "b.npz", self.net)
        np.savez(tmp_path / "c.npz", about=np.array("[]"))
        self.refused("version 1", tmp_path / "c.npz", self.net)
        np.savez(tmp_path / "d.npz", about=np.array(json.dumps({"version": 99})))
        self.refused("version 1", tmp_path / "d.npz", self.net)
        with pytest.raises(FileNotFoundError):
            nn.load(tmp_path / "none.npz", self.net)

    def test_another_architecture(self, tmp_path):
        path = self.path(tmp_path)
        wider = nn.Sequential(
            nn.Linear(2, 9, rng=rng()), nn.Tanh(), Noise(rng()), nn.Linear(9, 3, rng=rng())
        )
        self.refused(r"layer 1 Linear W as float64 of shape \(9, 2\)", path, wider)
        self.refused("layer 4 Linear W", path, nn.Sequential(*list(self.net)[:3]))
        self.refused("a net with layer 1 Linear W", path, nn.GRU(2, 3, rng=rng()))
        self.refused("as float32", path, self.net.astype(np.float32))

    def test_what_was_not_saved_or_differs(self, tmp_path):
        path = self.path(tmp_path)
        self.refused("opt of class Adam", path, self.net, nn.SGD(self.net.parameters(), lr=1.0))
        self.refused("rng only if it was saved", path, self.net, rng=self.rng)
        self.refused("position only if", path, self.net, position=nn.Position())
        path = self.path(tmp_path, rng=self.rng)
        other = np.random.Generator(np.random.MT19937(0))
        self.refused("generators.*MT19937", path, self.net, rng=other)
        nn.save(tmp_path / "bare.npz", self.net)
        self.refused("opt only if it was saved", tmp_path / "bare.npz", self.net, self.opt)

    def test_no_pickle_inside(self, tmp_path):
        with zipfile.ZipFile(self.path(tmp_path, rng=self.rng, position=nn.Position())) as file:
            for name in file.namelist():
                with file.open(name) as member:
                    np.lib.format.read_magic(member)
                    *_, dtype = np.lib.format.read_array_header_1_0(member)
                    assert not dtype.hasobject
