"""How busy the machine is, so that a ceiling in seconds blames the notebook and not the others."""

import os


def load() -> float:
    """Processes that want a core, per core; 1 if there are enough cores for all."""
    if not hasattr(os, "getloadavg"):  # Windows
        return 1.0
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
