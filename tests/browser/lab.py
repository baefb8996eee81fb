"""A private JupyterLab and a Chromium that looks at it.

Everything the server writes goes to a temporary folder: its settings, its kernels' connection
files, its copies of the notebooks. It listens on the loopback interface with a random token, and a
spy in the server and in every kernel it starts notes each address that is not this machine.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

REPO = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    # No name resolves but the loopback's: what a page asks of the network is seen, and fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
SPY = """
import os, sys
def _spy(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple): host = args[1][0]
    elif event == "socket.getaddrinfo": host = args[0]
    else: return
    if isinstance(host, bytes): host = host.decode()
    if host and host not in ("localhost", "::1", "0.0.0.0", "::") and not host.startswith("127."):
        with open(os.environ["NN_SPY"], "a") as file: file.write(f"{event} {host}\\n")
sys.addaudithook(_spy)
"""


def find_chromium() -> str | None:
    """Path of the Chromium to use: the variable CHROMIUM, or the first one on the PATH."""
    names = os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"
    return next((found for name in names if name and (found := shutil.which(name))), None)


class Lab:
    """``with Lab() as lab:`` a server of a folder of copies; ``lab.url(path)`` makes one."""

    def __init__(self, **environment):
        self.environment = environment

    def __enter__(self):
        self.folder, self.token = Path(tempfile.mkdtemp(prefix="nn-lab-")), os.urandom(12).hex()
        self.root = self.folder / "notebooks"
        self.root.mkdir()
        for name, values in SETTINGS.items():
            package, plugin = name.split(":")
            file = self.folder / "settings" / package / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        (self.folder / "spy").mkdir()
        (self.folder / "spy" / "sitecustomize.py").write_text(SPY)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log, self.spied = self.folder / "lab.log", self.folder / "spied.txt"
        self.log_file = self.log.open("wb")
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.root,
            "ServerApp.terminals_enabled": False,
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,
        }
        self.process = subprocess.Popen(
            command + [f"--{name}={value}" for name, value in options.items()],
            stdout=self.log_file,
            stderr=subprocess.STDOUT,
            env=self._environment(),
            start_new_session=True,
        )
        self._wait_until_up()
        return self

    def _environment(self):
        path = [str(self.folder / "spy"), str(REPO), *filter(None, [os.environ.get("PYTHONPATH")])]
        mine = {k: v for k, v in os.environ.items() if k != "NNLIB_NO_CACHE"}  # as a learner has it
        return mine | {
            "PYTHONPATH": os.pathsep.join(path),
            "NN_SPY": str(self.spied),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.folder / "workspaces"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **self.environment,
        }

    def _wait_until_up(self, seconds=90):
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                return self.api("/api/status")
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
                break
        self.log_file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, notebook) -> str:
        """Copy a notebook to where it is served, unless it is there; its name."""
        name = Path(notebook).name
        if not (self.root / name).exists():
            shutil.copy(notebook, self.root)
        return name

    def url(self, notebook) -> str:
        return (
            f"http://127.0.0.1:{self.port}/lab/tree/{self.add(notebook)}?token={self.token}&reset"
        )

    def api(self, path, method="GET"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=15) as reply:
            body = reply.read()
        return json.loads(body) if body else None

    def close(self, name=None):
        """Stop the kernel of the notebook of this name and drop the copy; or all of them."""
        for session in self.api("/api/sessions"):
            if name in (None, session["path"]):
                self.api(f"/api/sessions/{session['id']}", "DELETE")
        for copy in self.root.glob(name or "*.ipynb"):
            copy.unlink()

    def left_the_machine(self, since=0) -> list[str]:
        """Addresses outside this machine that the server or a kernel asked for, in order."""
        return self.spied.read_text().splitlines()[since:] if self.spied.exists() else []
