"""What a learner does in JupyterLab: run Python in a kernel of the own server, by the same addresses as the page."""

import json
import socket
import uuid
from typing import Any

from websockets.sync.client import connect

from tests.notebooks.machine import Visitor


class Kernel:
    """A kernel of this visitor's server."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self._visitor = visitor
        self._url = f"{visitor.machine.server_url(name)}/api/kernels"
        started = visitor.post(self._url, json={"name": "python3"}, headers=self._headers())
        assert started.status_code == 201, started.text
        self._id = started.json()["id"]

    def run(self, source: str) -> str:
        """Run a cell; what it printed, or its error."""
        channels = f"{self._url}/{self._id}/channels".replace("http://", "ws://")
        headers = {"Cookie": self._cookies(), "Origin": channels.replace("ws://", "http://").partition("/user/")[0]}
        here = socket.create_connection(("127.0.0.1", self._visitor.machine.port))
        with connect(channels, sock=here, additional_headers=headers, open_timeout=30, max_size=None) as channel:
            request = _message("execute_request", {"code": source, "silent": False, "store_history": False})
            channel.send(json.dumps(request))
            return self._listen(channel, request["header"]["msg_id"])

    def _listen(self, channel: Any, asked: str) -> str:
        printed = ""
        while True:
            told = json.loads(channel.recv(timeout=60))
            if told["parent_header"].get("msg_id") != asked:
                continue
            content = told["content"]
            if told["msg_type"] == "stream":
                printed += content["text"]
            elif told["msg_type"] == "error":
                printed += "\n".join([content["ename"], content["evalue"]])
            elif told["msg_type"] == "status" and content["execution_state"] == "idle":
                return printed

    def _cookies(self) -> str:
        request = self._visitor.build_request("GET", self._url)
        return request.headers.get("Cookie", "")

    def _headers(self) -> dict[str, str]:
        pairs = dict(pair.split("=", 1) for pair in self._cookies().split("; "))
        return {"X-XSRFToken": pairs["_xsrf"].strip('"')}


def _message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": uuid.uuid4().hex,
        "version": "5.3",
    }
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }
