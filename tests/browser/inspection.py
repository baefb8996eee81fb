"""A notebook inspected as a learner uses it; what is wrong with it, in words."""

import re
from typing import NamedTuple

from . import look
from .trial import Trial


class Fault(NamedTuple):
    """One thing that is wrong: its class, where it is, and what was seen."""

    kind: str
    where: str
    what: str

    def __str__(self):
        return f"{self.kind}: {self.where}: {self.what}"


class Inspection:
    """``Inspection(nb, folder).faults()`` runs the notebook and drives all of it.

    Parameters
    ----------
    nb : Notebook
        Opened, not yet run.
    folder : Path
        Where the pictures of every exhibit go.
    """

    def __init__(self, nb, folder):
        self.nb, self.folder, self.found, self.read = nb, folder, {}, 0

    def fault(self, kind, where, what):
        self.found.setdefault(Fault(kind, where, what))

    def faults(self) -> list[Fault]:
        nb = self.nb
        nb.ask("keep_figures()")
        nb.run_all()
        self.ran()
        exhibits = nb.exhibits()
        for exhibit in exhibits:
            nb.show(exhibit)
            nb.rest(exhibit)
            self.shoot(exhibit, "light-start")
            self.contrast(exhibit)
            for said in look.nameless(nb, exhibit):
                self.fault("no name", exhibit["id"], said)
            Trial(self, exhibit).run()
        nb.theme(dark=True)
        for exhibit in exhibits:
            nb.show(exhibit)
            self.shoot(exhibit, "dark")
            self.contrast(exhibit)
        for said, ratio in nb.ask(f"faint_text({look.RATIO})"):
            self.fault("contrast", "a picture", f"{said!r} {ratio}:1")
        self.ended()
        return list(self.found)

    def ran(self):
        for cell in self.nb.cells():
            where = f"cell {cell['index']}"
            if "raises-exception" not in cell["tags"]:
                for error in cell["errors"]:
                    self.fault("cell error", where, error)
            if cell["type"] == "code" and cell["source"].strip() and not cell["count"]:
                self.fault("cell error", where, "was not executed")
        self.rendered("Run All")

    def rendered(self, where):
        for index, said in self.nb.js("() => nn.broken()"):
            kind = "callback error" if "exhibit says" in said else "not rendered"
            self.fault(kind, f"cell {index}, {where}", said)
        for said in self.nb.js("() => nn.said.splice(0)"):
            self.fault("callback error", where, said[-300:])
        log = self.nb.log()
        new, self.read = re.sub(r"\x1b\[[\d;]*m", "", log[self.read :]), len(log)
        for error in re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b.*", new, re.M):
            self.fault("callback error", where, error[:300])

    def ended(self):
        for said in self.nb.console:
            self.fault("console error", self.nb.path.name, said)
        for address in self.nb.outside:
            self.fault("request outside", "the page", address)
        for said in self.nb.lab.left_the_machine(self.nb.asked_before):
            self.fault("request outside", "server or kernel", said)

    def shoot(self, exhibit, name):
        self.nb.shoot(exhibit, self.folder / f"{self.nb.path.stem}-{exhibit['id']}-{name}.png")

    def contrast(self, exhibit):
        theme = "dark" if self.nb.dark else "light"
        for said in look.faint(self.nb, exhibit):
            self.fault("contrast", f"{exhibit['id']}, {theme} theme", said)
