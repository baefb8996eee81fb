"""Controls moved as a person moves them: by mouse and keyboard, in the page."""

import time


def read_slider(nb, control):
    """Value, lowest and highest value of a slider's handle."""
    handle = nb.locate(control)
    return [float(handle.get_attribute(f"aria-value{name}")) for name in ("now", "min", "max")]


def press(nb, control, key):
    """One key on a control that has the focus."""
    nb.locate(control).focus()
    nb.page.keyboard.press(key)


def to_the_end(nb, control):
    """Set a control to its largest value, or its last option; False if it has no such thing."""
    place, kind = nb.locate(control), control["kind"]
    if kind == "slider":
        press(nb, control, "End")
    elif kind == "select":
        place.select_option(index=control["options"] - 1)
    elif kind == "toggles":
        place.locator("button").last.click()
    elif kind == "radio":
        place.locator("input").last.click()
    elif kind in ("checkbox", "toggle"):
        place.click()
    else:
        return False
    return True


def settle(nb, exhibit):
    """Wait until everything that follows from a movement is drawn, the sharp picture too."""
    time.sleep(0.3)
    nb.wait_idle(30, 0.1)
    return nb.rest(exhibit)
