"""What the JupyterLab server gets: a few settings, and messages sent at once.

Between server and browser TCP holds a small message back until the one before is acknowledged
(Nagle's algorithm), and the browser takes up to 40 ms to acknowledge: on some moves of a slider
that is longer than drawing the picture. The server turns it off when it loads this extension.
"""


def _jupyter_server_extension_points():
    return [{"module": "nnlib.lab"}]


def _load_jupyter_server_extension(server):
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(
        settings["kernel_websocket_connection_class"]
    )


def prompt(connection: type) -> type:
    """The server's class of connections to a kernel, except that its messages do not wait."""

    class Prompt(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Prompt
