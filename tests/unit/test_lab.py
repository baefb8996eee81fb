"""What the JupyterLab server loads of nnlib."""

from types import SimpleNamespace

from nnlib.lab import _jupyter_server_extension_points, _load_jupyter_server_extension


class Connection:
    """As the server's: made for a web socket, then connected."""

    def __init__(self, websocket_handler):
        self.websocket_handler = websocket_handler

    def connect(self):
        return "connected"


def test_messages_to_the_browser_do_not_wait():
    settings = {"kernel_websocket_connection_class": Connection}
    _load_jupyter_server_extension(SimpleNamespace(web_app=SimpleNamespace(settings=settings)))
    delays = []
    handler = SimpleNamespace(set_nodelay=delays.append)
    assert settings["kernel_websocket_connection_class"](handler).connect() == "connected"
    assert delays == [True]


def test_the_server_finds_the_extension():
    assert _jupyter_server_extension_points() == [{"module": "nnlib.lab"}]
