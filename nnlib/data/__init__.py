"""Data: real digits that ship with the library, and points drawn by a generator."""

from .digits import Split, digits
from .grammar import analogies, sentences
from .photo import photo
from .points import blobs, circles, moons, spiral, xor

__all__ = [
    "Split", "analogies", "blobs", "circles", "digits", "moons", "photo", "sentences", "spiral",
    "xor",
]  # fmt: skip
