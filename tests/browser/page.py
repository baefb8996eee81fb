"""One notebook in one browser tab: opened, run, waited for, looked at."""

import contextlib
import json
import re
import time
from pathlib import Path

from .lab import FLAGS, find_chromium

PROBE = [Path(__file__).with_name(name).read_text() for name in ("page.js", "look.js")]
SIZE = {"width": 1300, "height": 1100}
QUIET = re.compile(
    r"favicon|ResizeObserver loop|Failed to load resource.*404.*(lsp|nbconvert)", re.I
)
RUN = """command => {
    nn.done = false;
    window.jupyterapp.commands.execute(command).finally(() => { nn.done = true; });
}"""


@contextlib.contextmanager
def chromium():
    """The one browser of a test session; needs Chromium on the PATH and the extra ``browser``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Notebook:
    """``with Notebook(lab, browser, path) as nb:`` the notebook, opened and not yet run."""

    def __init__(self, lab, browser, path, dark=False):
        self.lab, self.browser, self.path, self.dark = lab, browser, Path(path), dark
        self.console, self.outside = [], []

    def __enter__(self):
        self.context = self.browser.new_context(viewport=SIZE)
        self.page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.console.append(str(error)[:300]))
        self.page.on("request", self._on_request)
        self.page.on("websocket", self._on_request)
        self.log_start = self.lab.log.stat().st_size
        self.asked_before = len(self.lab.left_the_machine())
        self.page.goto(self.lab.url(self.path))
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        for script in PROBE:
            self.js(script)
        self.wait_idle(90)
        self.js("() => nn.listen()")
        self.command("application:toggle-left-area")
        self.theme(self.dark)
        return self

    def __exit__(self, *_):
        self.context.close()
        with contextlib.suppress(OSError):
            self.lab.close(self.path.name)

    def _on_console(self, message):
        if message.type == "error" and not QUIET.search(message.text):
            self.console.append(message.text[:300])

    def _on_request(self, request):
        home = f"://127.0.0.1:{self.lab.port}/"
        if home not in request.url and not request.url.startswith(("data:", "blob:", "about:")):
            self.outside.append(request.url)

    # ---- the kernel --------------------------------------------------------------------------

    def js(self, code, argument=None):
        return self.page.evaluate(code, argument)

    def command(self, name, timeout=300, arguments=None):
        """Run a command of JupyterLab's and wait for it to end."""
        self.js(RUN, name) if arguments is None else self.js(
            f"a => {{ nn.done = false; window.jupyterapp.commands.execute('{name}', a)"
            ".finally(() => { nn.done = true; }) }",
            arguments,
        )
        self.until("() => nn.done", timeout, f"{name} of {self.path.name}")

    def until(self, condition, timeout, what):
        end = time.monotonic() + timeout
        while not (value := self.js(condition)):
            if time.monotonic() > end:
                raise TimeoutError(f"{what} did not end within {timeout} s")
            time.sleep(0.02)
        return value

    def wait_idle(self, timeout=60, settle=0.2):
        """Wait until the kernel has been idle for ``settle`` seconds."""
        end, since = time.monotonic() + timeout, None
        while True:
            now = time.monotonic()
            since = (since or now) if self.js("() => nn.status()") == "connected idle" else None
            if since and now - since >= settle:
                return
            if now > end:
                raise TimeoutError(f"the kernel of {self.path.name} was not idle in {timeout} s")
            time.sleep(0.02)

    def run_all(self, timeout=300):
        self.command("notebook:run-all-cells", timeout)
        self.wait_idle(timeout, 0.5)
        self.js("() => new Promise(done => setTimeout(done, 400))")

    def run_cell(self, index, timeout=120):
        self.js("i => { nn.notebook().content.activeCellIndex = i; }", index)
        self.command("notebook:run-cell", timeout)

    def restart(self):
        """Restart the kernel; the outputs of before stay in the page, their widgets dead."""
        self.js("() => nn.notebook().sessionContext.restartKernel()")
        self.wait_idle(60)

    def switch(self, path):
        """Open another notebook in a tab of the same page, or go back to one."""
        self.path = Path(path)
        self.lab.add(path)
        self.command("docmanager:open", 30, {"path": self.path.name})
        self.until("() => nn.notebook()?.content?.widgets?.length", 30, f"opening {path.name}")
        self.wait_idle(60)

    def execute(self, code) -> str:
        """Run code in the kernel behind the notebook's back; returns what it printed."""
        return self.js(
            """async code => {
                const future = nn.kernel().requestExecute(
                    {code, silent: false, store_history: false, stop_on_error: false});
                let said = '';
                future.onIOPub = m => {
                    if (m.header.msg_type === 'stream') said += m.content.text;
                    if (m.header.msg_type === 'error') said += m.content.traceback.join('\\n');
                };
                await future.done;
                return said;
            }""",
            code,
        )

    def ask(self, call):
        """What a function of ``in_kernel`` answers, called in the kernel: ``nb.ask("f(1)")``."""
        module = "__import__('tests.browser.in_kernel', fromlist=['*'])"
        said = self.execute(f"print(__import__('json').dumps({module}.{call}))")
        try:
            return json.loads(said)
        except ValueError:
            raise RuntimeError(f"the kernel could not do {call}: {said[-800:]}") from None

    def log(self) -> str:
        """What the server and its kernels have logged since the notebook was opened."""
        with self.lab.log.open(errors="replace") as file:
            file.seek(self.log_start)
            return file.read()

    # ---- the page ----------------------------------------------------------------------------

    def theme(self, dark):
        self.dark = dark
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command("apputils:change-theme", 20, {"theme": name})
        self.until(
            f"() => document.body.dataset.jpThemeLight === '{str(not dark).lower()}'", 20, name
        )
        time.sleep(0.1)

    def cells(self):
        return self.js("() => nn.cells()")

    def exhibits(self):
        return self.js("() => nn.exhibits()")

    def controls(self, exhibit):
        return self.js("id => nn.controls(id)", exhibit["id"])

    def show(self, exhibit):
        """Scroll to the exhibit, as a reader would."""
        self.js(
            """async ([cell, id]) => {
                const content = nn.notebook().content;
                content.activeCellIndex = cell;
                await content.scrollToItem(cell, 'smart');
                nn.get(id)?.scrollIntoView({block: 'center'});
                await new Promise(done => setTimeout(done, 60));
            }""",
            [exhibit["cell"], exhibit["id"]],
        )

    def locate(self, thing):
        return self.page.locator(f'[data-nn="{thing["id"]}"]')

    def signature(self, exhibit):
        return self.js("id => nn.signature(nn.get(id))", exhibit["id"])

    def rest(self, exhibit, limit=10.0):
        """Wait until everything is drawn and the picture stands; returns its signature."""
        end, idle = time.monotonic() + 30, 0
        while idle < 2 and time.monotonic() < end:  # twice: the last value may be on its way
            busy = self.ask("busy()")
            idle = 0 if busy else idle + 1
            time.sleep(0.03 * busy)
        return self.js("([id, ms]) => nn.rest(id, 100, ms)", [exhibit["id"], 1000 * limit])

    def shoot(self, thing, file):
        file = Path(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.locate(thing).screenshot(path=file, timeout=10_000)
        return file
