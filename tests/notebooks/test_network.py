"""The tests reach this machine and nothing beyond it, in this process and in the kernels."""

import socket

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from .kernels import execute

ASK = """\
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as problem:
    print(problem)"""


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_connections_to_the_outside_are_refused(host):
    with pytest.raises(OSError, match="the tests allow no network"):
        socket.create_connection((host, 80), timeout=1)


def test_datagrams_to_the_outside_are_refused():
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sender,
        pytest.raises(OSError, match="no network"),
    ):
        sender.sendto(b"x", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_kernels_are_refused_too(tmp_path):
    notebook = execute(new_notebook(cells=[new_code_cell(ASK)]), tmp_path)
    assert "the tests allow no network" in notebook.cells[0].outputs[0].text
