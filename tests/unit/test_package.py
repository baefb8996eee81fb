"""The package as a whole: what an import costs, what it pulls in, what it promises."""

import inspect
import subprocess
import sys

import nnlib as nn


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_import_pulls_in_numpy_and_nothing_else():
    code = (
        "import sys, numpy; before = set(sys.modules); import nnlib\n"
        "names = {m.split('.')[0] for m in set(sys.modules) - before}\n"
        "print(*sorted(names - set(sys.stdlib_module_names)), 'numpy.random' in sys.modules)"
    )
    # numpy.random loads late and takes longer than all of nnlib: an annotation must not wake it
    assert run(code) == ["nnlib", "False"]


def test_every_public_name_is_there_and_documented():
    for name in nn.__all__:
        thing = getattr(nn, name)
        assert (thing.__doc__ or "").strip(), f"nnlib.{name} has no docstring"


def test_public_functions_and_constructors_carry_types():
    """On the arguments that are not arrays: those a reader cannot guess."""
    for name in nn.__all__:
        thing = getattr(nn, name)
        if inspect.isclass(thing) and "__init__" in vars(thing):
            arguments = inspect.signature(thing).parameters.values()
            in_order = [a for a in arguments if a.kind is a.POSITIONAL_OR_KEYWORD]
            assert len(in_order) <= 6, f"{name} takes {len(in_order)} arguments in order"
            assert len(arguments) <= 9, f"{name} takes {len(arguments)} arguments"
