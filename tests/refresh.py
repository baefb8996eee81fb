"""Run notebooks afresh and store their outputs, byte for byte the same each time.

python -m tests.refresh                     all of notebooks/
python -m tests.refresh notebooks/X.ipynb   one
python -m tests.refresh --check             run nothing; is every stored notebook canonical?
"""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .notebooks.canonical import canonical, dumps, is_canonical, read
from .notebooks.kernels import ROOT, execute, prepare

WORKERS = 2


def refresh(path: Path) -> tuple[bool, str]:
    """Execute one notebook; whether it went well, and what happened in words."""
    old = path.read_text(encoding="utf-8")
    try:
        notebook = execute(read(old), path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
        return False, f"failed, file left alone\n{problem}"
    new = dumps(canonical(notebook))
    if new == old:
        return True, "unchanged"
    path.write_text(new, encoding="utf-8", newline="\n")
    return True, "refreshed"


def check(path: Path) -> tuple[bool, str]:
    well = is_canonical(path.read_text(encoding="utf-8"))
    return well, "canonical" if well else "not canonical: run python -m tests.refresh"


def timed(action, path: Path) -> tuple[bool, str]:
    start = time.perf_counter()
    well, said = action(path)
    return well, f"{path.name}: {said} ({time.perf_counter() - start:.1f} s)"


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.refresh",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    parser.add_argument("--check", action="store_true", help="only check the stored form")
    chosen = parser.parse_args(arguments)
    paths = chosen.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    action = check if chosen.check else refresh
    if not chosen.check:
        prepare()
    all_well = True
    with ThreadPoolExecutor(WORKERS) as pool:
        for well, said in pool.map(lambda path: timed(action, path.resolve()), paths):
            all_well &= well
            print(said, flush=True)
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
