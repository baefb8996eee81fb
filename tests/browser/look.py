"""Can everybody use it: names, the Tab key, and contrast, in the page and in the pictures."""

import re

RATIO = 4.5
NAMED = re.compile(r'^\s*- (\w+)(?: "((?:[^"\\]|\\.)*)")?')
NEED_NAMES = {
    "slider", "button", "combobox", "listbox", "checkbox", "radio", "radiogroup", "group",
    "spinbutton", "textbox", "switch", "img", "application",
}  # fmt: skip


def nameless(nb, exhibit) -> list[str]:
    """What a screen reader would meet in the exhibit without being able to say what it is."""
    found = []
    for line in nb.locate(exhibit).aria_snapshot().splitlines():
        role, name = NAMED.match(line).groups() if NAMED.match(line) else ("", "")
        if role in NEED_NAMES and not re.search(r"\w", name or ""):
            found.append(line.strip("- :\n"))
    return found


def unreachable(nb, exhibit, controls) -> list[dict]:
    """Controls that the Tab key does not come to, from the cell the exhibit stands in."""
    missing = {c["id"]: c for c in controls if c["shown"] and not c["disabled"]}
    nb.js(
        """([cell, id]) => {
            const content = nn.notebook().content;
            content.activeCellIndex = cell;
            content.mode = 'command';
            content.activate();
            const before = document.createElement('span');
            before.tabIndex = 0;
            nn.get(id).before(before);
            before.focus({preventScroll: true});
            setTimeout(() => before.remove(), 300);
        }""",
        [exhibit["cell"], exhibit["id"]],
    )
    for _ in range(4 * len(controls) + 8):
        if not missing:
            break
        nb.page.keyboard.press("Tab")
        at = nb.js(
            """id => nn.get(id).contains(document.activeElement)
                && document.activeElement.closest(`[data-nn^="${id}k"]`)?.dataset.nn""",
            exhibit["id"],
        )
        if at is False:
            break
        missing.pop(at, None)
    return list(missing.values())


def stolen(nb, exhibit, control) -> bool:
    """Whether an arrow key on a list of choices moves JupyterLab's cell cursor instead."""
    place = nb.locate(control)
    if control["kind"] == "radio":
        place = place.locator("input").first
    place.focus()
    nb.page.keyboard.press("ArrowDown")
    nb.page.wait_for_timeout(60)
    return not nb.js("id => nn.get(id).contains(document.activeElement)", exhibit["id"])


def faint(nb, exhibit) -> list[str]:
    """Text of the exhibit, outside its picture, with too little contrast in this theme."""
    measured = nb.js("id => nn.contrasts(id)", exhibit["id"])
    return sorted({f"{said!r} {ratio:.1f}:1" for said, ratio in measured if ratio < RATIO})
