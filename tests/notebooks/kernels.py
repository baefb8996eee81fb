"""The one environment in which every kernel of the tests runs, and a run of a whole notebook."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

ROOT = Path(__file__).parents[2]
CELL_TIMEOUT = 60

# IPython runs this in every kernel before the first cell; it leaves no name behind.
STARTUP = '__import__("tests.notebooks.network", fromlist=["block"]).block()\n'


def prepare(**extra: str):
    """Set the environment variables that kernels inherit; once per process tree."""
    import matplotlib.font_manager  # builds the font cache, before a kernel can warn about it

    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"  # one worker per core
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["MATPLOTLIBRC"] = str(Path(matplotlib.get_data_path()) / "matplotlibrc")
    os.environ.update(extra)
    if "NNLIB_TEST_IPYTHONDIR" not in os.environ:  # workers and kernels share their parent's
        private = tempfile.mkdtemp(prefix="nnlib-ipython-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        startup = Path(private, "profile_default", "startup")
        startup.mkdir(parents=True)
        (startup / "00-network.py").write_text(STARTUP)
        os.environ["NNLIB_TEST_IPYTHONDIR"] = os.environ["IPYTHONDIR"] = private


def execute(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run all cells in a fresh kernel of this interpreter; the outputs are stored in place."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute(cleanup_kc=True)
