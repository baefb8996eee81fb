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
    print(f"{'ours / theirs: in turns':>57}{'loops':>7}{'goal':>7}{'ours':>10}{'theirs':>11}")
    for contest in RACES:
        if not words or any(word in contest.name for word in words):
            goal = contest.goals[bool(core)]
            turns, loops = run(contest, 1), run(contest, 20)
            ratios = "".join(
                f"{a / b:6.2f}{' ' if a / b <= goal else '*'}" for a, b in (turns, loops)
            )
            ours, theirs = (f"{seconds * 1e6:7.0f}µs" for seconds in loops)
            print(f"{contest.name:50}{ratios}{goal:7.2f} {ours}  {theirs}", flush=True)


if __name__ == "__main__":
    if WITHIN in os.environ:
        races(sys.argv[1:], os.environ[WITHIN])
    else:
        main(sys.argv[1:])
