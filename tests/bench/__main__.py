"""Run the races on one thread, first with the BLAS kernels of this CPU, then with 256-bit ones.

    python -m tests.bench            all races
    python -m tests.bench conv pool  those with one of these words in their name

PyTorch must be importable; a race against something else says so in its name.
"""

import importlib
import os
import subprocess
import sys

WITHIN = "NNLIB_BENCH_CORE"
RACING = "convolution", "recurrent", "steps", "word_vectors"


def main(words):
    for core in ("", "Haswell"):
        environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", WITHIN: core}
        environment |= {"OPENBLAS_CORETYPE": core} if core else {}
        subprocess.run([sys.executable, "-m", "tests.bench", *words], env=environment, check=True)


def races(words, core):
    """Every race of every module of this folder, one line each."""
    from .harness import RACES, run, torch

    for module in RACING:
        importlib.import_module(f"tests.bench.{module}")
    peer = f"torch {torch.__version__}" if torch else "no torch: races against it are left out"
    print(f"\nOPENBLAS_CORETYPE {core or 'unset'}, 1 thread, {peer}")
    print(f"{'ours / theirs':>47}  {'goal':>5}  {'ours':>9}  {'theirs':>9}")
    for contest in RACES:
        if not words or any(word in contest.name for word in words):
            ours, theirs = run(contest)
            goal = contest.goals[bool(core)]
            mark = " " if ours / theirs <= goal else "*"
            print(
                f"{contest.name:40}{ours / theirs:6.2f}{mark} {goal:6.2f}  "
                f"{ours * 1e6:7.0f}µs  {theirs * 1e6:7.0f}µs",
                flush=True,
            )


if __name__ == "__main__":
    if WITHIN in os.environ:
        races(sys.argv[1:], os.environ[WITHIN])
    else:
        main(sys.argv[1:])
