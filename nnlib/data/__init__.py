"""Data: digits that ship with the library, generators, and loaders of files you have."""

from .cifar import CIFAR10_CLASSES, cifar10
from .digits import Split, digits
from .files import read_idx
from .grammar import analogies, sentences
from .mnist import mnist
from .patterns import bars_and_stripes
from .photo import photo
from .points import blobs, circles, moons, spiral, xor
from .sequences import adding_problem, binary_addition, bits_of, copy_task, delayed_recall

__all__ = [
    "CIFAR10_CLASSES", "Split", "adding_problem", "analogies", "bars_and_stripes",
    "binary_addition", "bits_of", "blobs", "cifar10", "circles", "copy_task", "delayed_recall",
    "digits", "mnist", "moons", "photo", "read_idx", "sentences", "spiral", "xor",
]  # fmt: skip
