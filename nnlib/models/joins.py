"""Parts made of parts: one after the other, a detour, branches side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from ..layer import Concat, Residual, Sequential
from .parts import Part


@singledispatch
def part(item) -> Part:
    """What a spec stands for: a part, a list or dict of parts, a layer, or a class of layers."""
    raise TypeError(f"a spec is made of parts, layers, lists and dicts, got {item!r}")


@part.register
def _(item: Part):
    return item


@part.register
def _(item: list):
    return Chain({str(i): part(entry) for i, entry in enumerate(item)})


@part.register
def _(item: dict):
    return Chain({str(name): part(entry) for name, entry in item.items()})


@dataclass(frozen=True, repr=False)
class Chain(Part):
    """One part after the other; what a list or a dict of parts stands for."""

    parts: dict

    def layer(self, shape, init, rng):
        layers = []
        for each in self.parts.values():
            layers.append(each.layer(shape, init, rng))
            shape = layers[-1].out_shape(shape)
        return Sequential(*layers)


def chain(item) -> Chain:
    """``part(item)``, as a Chain also where it is a single part."""
    found = part(item)
    return found if isinstance(found, Chain) else Chain({"0": found})


class Join(Part):
    """Several ways from one input to one output."""

    def ways(self) -> dict:
        """The ways by name."""
        raise NotImplementedError

    def joined(self, shapes: list) -> tuple:
        """Shape of the output from the shapes at the end of each way."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class Block(Join):
    """``Residual``: out = F(x) + S(x), where S is the identity unless a shortcut is given."""

    body: object
    shortcut: object = None

    def ways(self):
        return {"body": chain(self.body), "shortcut": chain(self.shortcut or [])}

    def joined(self, shapes):
        there, here = shapes
        if there != here:
            raise ValueError(f"Block takes a body and a shortcut that agree, got {there}, {here}")
        return here

    def layer(self, shape, init, rng):
        body, shortcut = (way.layer(shape, init, rng) for way in self.ways().values())
        return Residual(*body, shortcut=shortcut if len(shortcut) else None)

    def __str__(self):
        return "sum"


@dataclass(frozen=True, repr=False)
class Branches(Join):
    """``Concat``: the feature maps of all branches, one below the other."""

    branches: object

    def ways(self):
        return chain(self.branches).parts

    def joined(self, shapes):
        if not shapes or len({shape[1:] for shape in shapes}) > 1:
            raise ValueError(f"Branches takes branches that agree behind the maps, got {shapes}")
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])

    def layer(self, shape, init, rng):
        return Concat(*(way.layer(shape, init, rng) for way in self.ways().values()))

    def __str__(self):
        return "concat"
