"""Exhibits for notebooks: ``explore``, ``step_through``, ``live``, and ``source``."""

import gc
import threading

from ipykernel.comm.comm import BaseComm
from IPython import get_ipython

from .controls import Matrix, TextField, log_slider
from .exhibit import Exhibit, explore, step_through
from .live import live
from .painter import Painter
from .picture import Picture, png
from .source import source

__all__ = [
    "Exhibit", "Matrix", "Painter", "Picture", "TextField", "explore", "live", "log_slider", "png",
    "source", "step_through",
]  # fmt: skip


def guard():
    """Keep IPython's before- and after-cell hooks on the main thread.

    Since version 7 ipykernel fires them for widget messages too, on a second thread, and
    pyplot's hooks then flush the half-made figure of the cell that is running.
    """
    shell = get_ipython()
    if shell and not hasattr(shell.events, "main_thread_only"):
        fire = shell.events.trigger
        shell.events.main_thread_only = True
        shell.events.trigger = lambda *args, **kwargs: (
            fire(*args, **kwargs) if threading.current_thread() is threading.main_thread() else None
        )


def keep_order():
    """Have the messages of a drag handled in the order they were sent.

    ipykernel 7.4 hands a widget's message to the thread that last wrote to that widget, not to
    the one it is addressed to; so an early value of a slider may arrive after the last.
    """
    if hasattr(BaseComm, "_reply_subshell_for"):
        BaseComm._reply_subshell_for = lambda comm, data, addressed: addressed


guard()
keep_order()
gc.freeze()  # what is imported stays: looking it through for garbage would halt a slider for 0.1 s
