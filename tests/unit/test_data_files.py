"""MNIST and CIFAR-10 files: read as specified, refused when damaged, advice when missing."""

import gzip
import pickle
import struct

import numpy as np
import pytest

import nnlib as nn
from nnlib.data import cifar


def idx(array, code=8):
    """The bytes of an IDX file."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return head + array.tobytes()


def images(n, seed=0):
    return np.random.default_rng(seed).integers(256, size=(n, 28, 28)).astype(np.uint8)


def write_mnist(folder, packed=True, **other):
    """Four small files in the official format; ``other`` replaces the content of one."""
    content = {
        "train-images-idx3-ubyte": idx(images(7)),
        "train-labels-idx1-ubyte": idx(np.arange(7, dtype=np.uint8)),
        "t10k-images-idx3-ubyte": idx(images(3, 1)),
        "t10k-labels-idx1-ubyte": idx(np.array([9, 0, 9], np.uint8)),
    }
    for name, data in content.items():
        data = other.get(name.split("-idx")[0].replace("-", "_"), data)
        if data is not None:
            file = folder / (name + ".gz" if packed else name)
            file.write_bytes(gzip.compress(data) if packed else data)
    return folder


@pytest.mark.parametrize("packed", [True, False])
def test_mnist_is_read_and_scaled(tmp_path, packed):
    d = nn.data.mnist(write_mnist(tmp_path, packed))
    assert d.x_train.shape == (7, 1, 28, 28) and d.x_test.shape == (3, 1, 28, 28)
    assert d.x_train.dtype == np.float32 and d.y_train.dtype.kind == "i"
    assert np.array_equal(np.round(d.x_train[:, 0] * 255), images(7))
    assert d.y_train.tolist() == list(range(7)) and d.y_test.tolist() == [9, 0, 9]
    assert nn.data.mnist(str(tmp_path), np.float64).x_test.max() <= 1


def test_mnist_takes_the_names_with_a_dot(tmp_path):
    for file in write_mnist(tmp_path, packed=False).iterdir():
        file.rename(tmp_path / file.name.replace("-idx", ".idx"))
    assert len(nn.data.mnist(tmp_path).y_train) == 7


@pytest.mark.parametrize(
    "code, dtype",
    [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")],
)
def test_read_idx_knows_every_type(tmp_path, code, dtype):
    array = np.array([[1, -2, 3], [4, 5, 100]]).astype(dtype)
    file = tmp_path / "data"
    file.write_bytes(idx(array, code))
    got = nn.data.read_idx(file)
    assert np.array_equal(got, array) and got.dtype.isnative and got.flags.writeable


GOOD = idx(np.arange(6, dtype=np.uint8).reshape(2, 3))
DAMAGED = {
    "empty": (b"", "no IDX file"),
    "three bytes": (b"\0\0\x08", "no IDX file"),
    "wrong magic": (b"\x01" + GOOD[1:], r"no IDX file: it starts with bytes \[1, 0, 8, 2\]"),
    "unknown type": (b"\0\0\x0a" + GOOD[3:], "no IDX file"),
    "no axes": (b"\0\0\x08\0" + GOOD[4:], "no IDX file"),
    "pickle": (pickle.dumps(np.ones(3)), "no IDX file"),
    "text": (b"<html>not found</html>", "no IDX file"),
    "cut in header": (GOOD[:9], "within its header"),
    "cut in numbers": (GOOD[:-1], "holds 6 bytes of numbers, got 5"),
    "one too many": (GOOD + b"!", "holds 6 bytes of numbers, got more"),
    "gigantic": (b"\0\0\x08\x02" + b"\xff" * 8, "bytes of numbers, 2147483648 are accepted"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_idx_files_are_refused(tmp_path, name):
    content, message = DAMAGED[name]
    for file, data in (("plain", content), ("packed.gz", gzip.compress(content))):
        (tmp_path / file).write_bytes(data)
        with pytest.raises(ValueError, match=message):
            nn.data.read_idx(tmp_path / file)


DAMAGES = [
    lambda b: b[:-9],  # cut off
    lambda b: b"no" + b[2:],  # not packed at all
    lambda b: b[:-60] + bytes(9) + b[-51:],  # other pixels: the checksum tells
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_packing_is_refused(tmp_path, damage):
    (tmp_path / "data.gz").write_bytes(damage(gzip.compress(idx(images(5)))))
    with pytest.raises(ValueError, match="is damaged"):
        nn.data.read_idx(tmp_path / "data.gz")


BAD_MNIST = {
    "missing file": ({"t10k_labels": None}, FileNotFoundError, "found no t10k-labels-idx1-ubyte"),
    "other size": ({"train_images": idx(np.ones((7, 8, 8), np.uint8))}, ValueError, "28, 28"),
    "fewer labels": ({"train_labels": idx(np.ones(6, np.uint8))}, ValueError, r"\(6,\)"),
    "label 10": ({"t10k_labels": idx(np.array([1, 10, 2], np.uint8))}, ValueError, "got 10"),
    "labels swapped": ({"train_labels": idx(images(7))}, ValueError, "along 1 axes"),
    "wrong type": ({"train_labels": idx(np.ones(7, ">i4"), 12)}, ValueError, "got int32"),
    "nothing": (
        {"train_images": idx(images(0)), "train_labels": idx(np.ones(0, np.uint8))},
        ValueError,
        "got",
    ),
    "truncated": ({"train_images": idx(images(7))[:-5]}, ValueError, "bytes of numbers, got"),
}


@pytest.mark.parametrize("name", BAD_MNIST)
def test_bad_mnist_folders_are_refused(tmp_path, name):
    other, error, message = BAD_MNIST[name]
    with pytest.raises(error, match=message):
        nn.data.mnist(write_mnist(tmp_path, **other))


def record(label, seed):
    pixels = np.random.default_rng(seed).integers(256, size=3072).astype(np.uint8)
    return bytes([label]) + pixels.tobytes()


@pytest.fixture
def small_cifar(tmp_path, monkeypatch):
    """A folder in the official format, but with 4 images per file."""
    monkeypatch.setattr(cifar, "RECORDS", 4)
    for i in range(1, 6):
        content = b"".join(record((i + k) % 10, 10 * i + k) for k in range(4))
        (tmp_path / f"data_batch_{i}.bin").write_bytes(content)
    (tmp_path / "test_batch.bin").write_bytes(b"".join(record(9 - k, k) for k in range(4)))
    return tmp_path


def test_cifar_is_read_and_scaled(small_cifar):
    d = nn.data.cifar10(small_cifar)
    assert d.x_train.shape == (20, 3, 32, 32) and d.x_test.shape == (4, 3, 32, 32)
    assert d.y_train[:8].tolist() == [1, 2, 3, 4, 2, 3, 4, 5] and d.y_test.tolist() == [9, 8, 7, 6]
    third = np.random.default_rng(12).integers(256, size=3072).reshape(3, 32, 32)
    np.testing.assert_allclose(d.x_train[2] * 255, third, atol=1e-4)  # red plane first
    assert d.x_train.dtype == np.float32 and nn.data.CIFAR10_CLASSES[d.y_train[2]] == "cat"
    two = nn.data.cifar10(str(small_cifar), batches=2, dtype=np.float64)
    assert two.x_train.shape == (8, 3, 32, 32) and two.x_test.dtype == np.float64


def test_cifar_of_the_official_size(tmp_path):
    content = bytes(30_730_000)
    for name in ("data_batch_1.bin", "test_batch.bin"):
        (tmp_path / name).write_bytes(content)
    assert nn.data.cifar10(tmp_path, batches=1).x_train.shape == (10_000, 3, 32, 32)
    (tmp_path / "test_batch.bin").write_bytes(content[:-3073])  # a whole record is missing
    with pytest.raises(ValueError, match="takes 30,730,000 bytes, got 30,726,927"):
        nn.data.cifar10(tmp_path, batches=1)


CHANGES = [lambda b: b[:-1], lambda b: b + b"x", lambda b: b[:3073], lambda b: b""]


@pytest.mark.parametrize("change", CHANGES)
def test_cifar_files_of_another_length_are_refused(small_cifar, change):
    file = small_cifar / "data_batch_3.bin"
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(ValueError, match=r"data_batch_3\.bin takes 12,292 bytes, got"):
        nn.data.cifar10(small_cifar)


def test_cifar_classes_beyond_nine_missing_files_and_pickles_are_refused(small_cifar):
    file = small_cifar / "data_batch_2.bin"
    good = file.read_bytes()
    file.write_bytes(b"\x0a" + good[1:])
    with pytest.raises(ValueError, match=r"takes classes 0\.\.9, got 10"):
        nn.data.cifar10(small_cifar)
    file.unlink()
    with pytest.raises(FileNotFoundError, match=r"no data_batch_2.bin .*binary version"):
        nn.data.cifar10(small_cifar)


def test_cifar_never_opens_a_pickle(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    for name in ("data_batch_1", "test_batch"):
        (tmp_path / name).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match=r"takes the binary version, .* holds pickles"):
        nn.data.cifar10(tmp_path)


BAD = [
    (lambda: nn.data.mnist(), ValueError, "Fetch the four files train-images"),
    (lambda: nn.data.mnist(3), TypeError, "path of a folder"),
    (lambda: nn.data.mnist("no such folder"), FileNotFoundError, "found no folder .*Fetch"),
    (lambda: nn.data.mnist(".", int), TypeError, "float dtype"),
    (lambda: nn.data.mnist("."), FileNotFoundError, "found no train-images"),
    (lambda: nn.data.cifar10(), ValueError, "Fetch 'CIFAR-10 binary version'"),
    (lambda: nn.data.cifar10(b"x"), TypeError, "path of a folder"),
    (lambda: nn.data.cifar10("no such folder"), FileNotFoundError, "found no folder"),
    (lambda: nn.data.cifar10(".", 6), ValueError, "1 to 5"),
    (lambda: nn.data.cifar10(".", 0), ValueError, "cifar10 batches"),
    (lambda: nn.data.cifar10(".", dtype=np.uint8), TypeError, "float dtype"),
    (lambda: nn.data.read_idx("no such file"), FileNotFoundError, "read_idx found no file"),
]


@pytest.mark.parametrize("call, error, message", BAD)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
