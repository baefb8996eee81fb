"""Files to go on from: everything a run depends on, in one ``.npz`` without pickles."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from ..checks import generator
from ..layer import Layer
from ..optimizers import Optimizer
from .position import Position

VERSION = 1


def save(
    path,
    net: Layer,
    opt: Optimizer | None = None,
    *,
    rng: np.random.Generator | None = None,
    position: Position | None = None,
):
    """Write what is needed to use a net again, or to go on training as if never stopped.

    Stores the parameters and the kept arrays of all layers; with ``opt`` its running arrays,
    its rate and its number of steps; with ``rng`` and ``position`` where the run stands; and
    the state of every random generator in the net. The file appears at once and complete, in
    place of an older one: a crash while writing leaves that untouched.

    Parameters
    ----------
    path : str or Path
        Usually ends in ``.npz``.
    net : Layer
    opt : Optimizer, optional
    rng, position : the arguments of ``train``, optional
    """
    arrays = dict(net_arrays(net))
    about = {"version": VERSION, "generators": {k: state_of(g) for k, g in generators(net)}}
    if opt is not None:
        about["optimizer"] = {"class": type(opt).__name__, "lr": opt.lr, "t": opt.t}
        arrays |= dict(opt_arrays(opt))
    if rng is not None:
        about["rng"] = state_of(generator("save rng", rng))
    if position is not None:
        about["position"] = {k: v for k, v in vars(position).items() if k != "carried"}
        about["position"]["states"] = [len(states) for states in position.carried]
        arrays |= dict(carried_arrays(position))
    arrays["about"] = np.array(json.dumps(about, default=array_to_json))
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with open(unfinished, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(
    path,
    net: Layer,
    opt: Optimizer | None = None,
    *,
    rng: np.random.Generator | None = None,
    position: Position | None = None,
):
    """Put back what ``save`` wrote, into objects built the same way.

    The arrays of ``net`` and ``opt`` are written, not replaced. Everything is checked before
    anything is changed. Parameters as for ``save``; what is not asked for stays in the file.

    Errors
    ------
    ValueError for a damaged or foreign file, for pickles, and for a net, optimizer, rng or
    position that does not match the file.
    """
    arrays = read(path)
    about = decode(path, arrays.pop("about"))
    targets = dict(net_arrays(net))
    if opt is not None:
        kind = require(path, about, "optimizer", "opt")["class"]
        if kind != type(opt).__name__:
            raise ValueError(
                f"load takes opt of class {kind}, as in {path}, got {type(opt).__name__}"
            )
        targets |= dict(opt_arrays(opt))
    if rng is not None:
        require(path, about, "rng", "rng")
    if position is not None:
        require(path, about, "position", "position")
    layers = {key for key in arrays if key.startswith("layer ")}
    extra = layers - set(targets)
    if extra:
        raise ValueError(f"load takes a net with {min(extra)}, as in {path}, got one without")
    for key, target in targets.items():
        if key not in arrays:
            raise ValueError(f"load takes a file with the {key} of this net or opt, not in {path}")
        found = arrays[key]
        if found.shape != target.shape or found.dtype != target.dtype:
            raise ValueError(
                f"load takes {key} as {target.dtype} of shape {target.shape}, "
                f"{path} has {found.dtype} of shape {found.shape}"
            )
    pairs = [(g, about["generators"].get(key)) for key, g in generators(net)]
    pairs += [] if rng is None else [(generator("load rng", rng), about["rng"])]
    for mine, state in pairs:
        kind = type(mine.bit_generator).__name__
        if state is None or state["bit_generator"] != kind:
            raise ValueError(f"load takes generators as in {path}, got {kind} where it has another")

    for key, target in targets.items():
        target[...] = arrays[key]
    for mine, state in pairs:
        mine.bit_generator.state = state
    if opt is not None:
        opt.lr, opt.t = about["optimizer"]["lr"], about["optimizer"]["t"]
    if position is not None:
        vars(position).update(about["position"])
        counts = vars(position).pop("states")
        position.carried = [
            tuple(arrays[f"carried {k} {j}"] for j in range(count))
            for k, count in enumerate(counts)
        ]


def net_arrays(net):
    """("layer 2 Linear W", array) for all that the layers learn or keep."""
    for k, layer in enumerate(net.walk()):
        for name in (*layer.params, *layer.state):
            yield f"layer {k} {type(layer).__name__} {name}", getattr(layer, name)


def opt_arrays(opt):
    """("slot 2 v", array) for the running arrays of parameter 2."""
    for k, slots in enumerate(opt.state):
        for name, array in zip(opt.slots, slots, strict=True):
            yield f"slot {k} {name}", array


def carried_arrays(position):
    """("carried 0 1", array) for state 1 of recurrent layer 0."""
    for k, states in enumerate(position.carried):
        for j, array in enumerate(states):
            yield f"carried {k} {j}", array


def generators(net):
    """("layer 2 Dropout rng", generator) for every random generator a layer holds."""
    for k, layer in enumerate(net.walk()):
        for name, value in vars(layer).items():
            if isinstance(value, np.random.Generator):
                yield f"layer {k} {type(layer).__name__} {name}", value


def state_of(rng):
    return rng.bit_generator.state


def array_to_json(value):
    """Some generators keep arrays in their state."""
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "values": value.tolist()}
    return value.item()


def json_to_array(found):
    if set(found) == {"dtype", "values"}:
        return np.array(found["values"], found["dtype"])
    return found


def read(path) -> dict:
    """All arrays of the file, or a ValueError that says what is wrong with it."""
    wanted = f"load takes path of a file written by save, but {path}"
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        pickled = "pickle" in str(error)
        reason = "may hold pickles, which can run anything" if pickled else "is damaged"
        raise ValueError(f"{wanted} {reason} ({error})") from None
    if "about" not in arrays:
        raise ValueError(f"{wanted} is another kind of .npz file")
    return arrays


def decode(path, about) -> dict:
    try:
        found = json.loads(str(about), object_hook=json_to_array)
    except json.JSONDecodeError:
        found = {}
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise ValueError(f"load takes path of a file of version {VERSION}, {path} has another")
    return found


def require(path, about, key, name):
    if key not in about:
        raise ValueError(f"load takes {name} only if it was saved, {path} has none")
    return about[key]
