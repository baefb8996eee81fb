"""A front end without a browser: it moves widgets by the messages JupyterLab would send.

ipywidgets swallows exceptions in callbacks; here they are seen as messages, and so is every
picture and every line of text that a movement brings. Messages go to the kernel's main shell
or, as JupyterLab 4.4 and later send them, to a subshell, which handles them on a second thread.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty

PATIENCE = 30  # seconds without the awaited answer
QUIET = 0.1  # seconds of silence after which widgets without a ``busy`` trait are done
BOOKKEEPING = {"busy", "layout", "style"}  # traits nobody sees
PRINTED = {"stream", "display_data", "execute_result", "update_display_data"}


def content(buffer) -> bytes:
    """The bytes of a buffer; those of an image sent as its own address are the image."""
    data = bytes(buffer)
    return base64.b64decode(data.partition(b",")[2]) if data.startswith(b"data:") else data


class Unanswered(Exception):
    """The kernel did not do in time what was waited for."""


@dataclass
class Model:
    """The front end's copy of one widget."""

    kind: str
    state: dict

    @property
    def classes(self) -> list:
        return self.state.get("_dom_classes") or []

    @property
    def label(self) -> str:
        return str(self.state.get("description") or self.state.get("tooltip") or "").strip()

    def children(self) -> list[str]:
        return [child.removeprefix("IPY_MODEL_") for child in self.state.get("children", [])]


@dataclass
class Seen:
    """What one action brought about."""

    action: str
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    stderr: str = ""
    printed: str = ""
    changes: list[tuple] = field(default_factory=list)  # (model id, trait, new value)


class Frontend:
    """All widgets of a running kernel, seen through its client."""

    def __init__(self, client):
        self.client, self.models, self.idle = client, {}, set()
        self.subshell, self.on_subshell = self._open_subshell(), False
        comm = {"comm_id": "tests", "target_name": "jupyter.widget.control", "data": {}}
        request = {"comm_id": "tests", "data": {"method": "request_states"}}
        self._send("comm_open", comm, metadata={"version": "1.0.0"})
        self.listen(Seen("opening"), self._done(self._send("comm_msg", request)))

    def _open_subshell(self) -> str:
        request = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(request)
        while True:
            reply = self.client.get_control_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return reply["content"]["subshell_id"]

    # ---- what the user does ----

    def move(self, *moves: tuple, action: str = "") -> Seen:
        """Set traits, each (model id, trait, value), without waiting in between, as a drag does."""
        for model, trait, value in moves:
            self.models[model].state[trait] = value
        return self._act(
            action or ", ".join(f"{self.name(m)} {trait}={value!r}" for m, trait, value in moves),
            [(m, {"method": "update", "state": {t: v}, "buffer_paths": []}) for m, t, v in moves],
        )

    def click(self, model: str) -> Seen:
        pressed = {"method": "custom", "content": {"event": "click"}}
        return self._act(f"click {self.name(model)}", [(model, pressed)])

    def _act(self, action, messages) -> Seen:
        seen, start = Seen(action), time.perf_counter()
        for model, data in messages:
            last = self._send("comm_msg", {"comm_id": model, "data": data})
        if messages:
            self.listen(seen, self._done(last))
        if self.on_subshell:  # what it handed to the main thread is done before this question
            self.ask(seen)
        seen.seconds = time.perf_counter() - start
        return seen

    def ask(self, seen: Seen, expression: str = "None") -> str:
        """The repr of an expression's value, computed by the kernel's main thread."""
        question = self.client.execute(
            "", silent=True, store_history=False, user_expressions={"answer": expression}
        )
        while True:
            try:
                reply = self.client.get_shell_msg(timeout=PATIENCE)
            except Empty:
                raise Unanswered(f"{seen.action}: the kernel is stuck") from None
            if reply["parent_header"].get("msg_id") == question:
                break
        self.listen(seen, self._done(question))
        answer = reply["content"]["user_expressions"]["answer"]
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return answer["data"]["text/plain"]

    def rest(self, seen: Seen) -> Seen:
        """Wait until no exhibit is busy; where none says so, until nothing more comes."""
        exhibits = [model for model in self.models.values() if "busy" in model.state]
        if exhibits:
            self.listen(seen, lambda: not any(model.state["busy"] for model in exhibits))
        else:
            self.overhear(seen, QUIET)
        return seen

    # ---- what the kernel says ----

    def listen(self, seen: Seen, until: Callable[[], bool], patience: float = PATIENCE):
        """Take in messages until ``until()``."""
        deadline = time.monotonic() + patience
        while not until():
            try:
                message = self.client.get_iopub_msg(timeout=max(0, deadline - time.monotonic()))
            except Empty:
                raise Unanswered(f"{seen.action}: still waiting after {patience} s") from None
            self._take_in(message, seen)

    def overhear(self, seen: Seen, quiet: float):
        """Take in messages until none has come for ``quiet`` seconds."""
        while True:
            try:
                self._take_in(self.client.get_iopub_msg(timeout=quiet), seen)
            except Empty:
                return

    def _send(self, kind, content, metadata=None) -> str:
        message = self.client.session.msg(kind, content, metadata=metadata)
        if self.on_subshell:
            message["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def _done(self, message: str) -> Callable[[], bool]:
        return lambda: message in self.idle

    def _take_in(self, message, seen):
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            self.idle.add(message["parent_header"].get("msg_id"))
        elif kind == "error":
            seen.errors.append(f"{content['ename']}: {content['evalue']}")
        elif kind == "stream" and content["name"] == "stderr":
            seen.stderr += content["text"]
        elif kind in PRINTED:
            seen.printed += str(content.get("text") or content.get("data"))
        elif kind == "comm_open" and content["target_name"] == "jupyter.widget":
            state = content["data"].get("state", {})
            self.models[content["comm_id"]] = Model(state.get("_model_name", ""), {})
            self._update(content["comm_id"], content["data"], message["buffers"], Seen("opening"))
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self._update(content["comm_id"], content["data"], message["buffers"], seen)
        elif kind == "comm_msg" and content["data"].get("method") == "update_states":
            self._all_states(content["data"], message["buffers"])

    def _update(self, model, data, buffers, seen):
        state = dict(data["state"])
        for path, buffer in zip(data.get("buffer_paths", []), buffers):
            if len(path) == 1:
                state[path[0]] = content(buffer)
        old = self.models[model].state
        for trait, value in state.items():
            if old.get(trait) != value and trait not in BOOKKEEPING:
                seen.changes.append((model, trait, value))
        old.update(state)

    def _all_states(self, data, buffers):
        for model, entry in data["states"].items():
            self.models[model] = Model(entry["model_name"], entry["state"])
        for (model, _, *path), buffer in zip(data["buffer_paths"], buffers):
            if len(path) == 1:
                self.models[model].state[path[0]] = content(buffer)

    # ---- what is on the page ----

    def name(self, model: str) -> str:
        it = self.models[model]
        return it.label or f"{it.kind.removesuffix('Model')} without a label"

    def beneath(self, root: str) -> list[str]:
        """The widget ``root`` and everything in it, from top to bottom."""
        found, waiting = [], [root]
        while waiting:
            model = waiting.pop(0)
            if model in self.models and model not in found:
                found.append(model)
                waiting = self.models[model].children() + waiting
        return found
