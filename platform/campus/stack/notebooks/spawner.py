"""How the Hub has a learner's server started on its own machine: it asks the keeper, and makes the socket itself."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.spawner import Spawner
from jupyterhub.utils import wait_for_http_server
from traitlets import Dict, List, Unicode

from campus.stack.notebooks.hooks import CannotStart
from campus.stack.notebooks.places import as_url
from campus.stack.notebooks.sandbox import SOCKETS

_WAIT_SECONDS, _LOOK_SECONDS = 30, 0.5
# More would only make each of them slower: starting JupyterLab takes some seconds of a processor.
_AT_A_TIME = max(2, os.cpu_count() or 1)
_IN_LINE = (
    '<span lang="ja">順番を待っています。前に{before}人います。</span><br>'
    '<span lang="en">Waiting for your turn: {before} ahead of you.</span>'
)
_STARTING = '<span lang="ja">起動しています。</span><br><span lang="en">Starting.</span>'


class SandboxSpawner(Spawner):
    """A learner's server as a sandboxed process of this machine, listening on a Unix socket.

    The socket's file is the Hub's, in a folder of the Hub's; the server is given the open socket. So no learner can
    listen in another's name, and nothing of this listens on the machine's loopback.
    """

    keeper = Unicode(help="Path of the keeper's socket.").tag(config=True)
    sockets = Unicode(help="Folder for the sockets of learners' servers.").tag(config=True)
    _turn = asyncio.Semaphore(_AT_A_TIME)
    _waiting: ClassVar[list["SandboxSpawner"]] = []

    cases = List(Dict(), help="The cases to deliver; the hook before each start sets them.")

    async def start(self) -> str:
        """Have the server started, when it is its turn, and return its address."""
        self._waiting.append(self)
        try:
            async with self._turn:
                self._waiting.remove(self)
                return await self._start_now()
        finally:
            if self in self._waiting:  # given up before its turn came
                self._waiting.remove(self)

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """Tell the place in the line while it changes, then that the server starts."""
        told = -1
        while self in self._waiting:
            before = self._waiting.index(self)
            if before != told:
                yield {"progress": 10, "html_message": _IN_LINE.format(before=before)}
                told = before
            await asyncio.sleep(_LOOK_SECONDS)
        yield {"progress": 50, "html_message": _STARTING}

    async def _start_now(self) -> str:
        with _listening(self._socket) as listener:
            order = {
                "do": "start",
                "name": self.user.name,
                "environment": {key: str(value) for key, value in self.get_env().items()},
                "arguments": self.get_args(),
                "cases": self.cases,
            }
            try:
                answer = await self._ask(order, listener)
            except OSError as error:
                self.log.error("The keeper started nothing for %s: %s", self.user.name, error)
                raise CannotStart("ended_at_once") from error
        if code := answer.get("refused"):
            raise CannotStart(code)
        self._point_to_socket()
        await self._first_answer()
        return as_url(self._socket)

    async def _first_answer(self) -> None:
        """Wait until the server answers; one that ended before is told at once, not when patience runs out."""
        answering = asyncio.ensure_future(wait_for_http_server(f"{self.server.url}api", timeout=self.http_timeout))
        try:
            while not answering.done():
                await asyncio.wait([answering], timeout=_LOOK_SECONDS)
                if not answering.done() and await self.poll() is not None:
                    raise CannotStart("ended_at_once")
            await answering
        finally:
            answering.cancel()

    async def poll(self) -> int | None:
        """Return None while it runs. What the keeper started ended with it, so no answer means that nothing runs."""
        try:
            state = await self._ask({"do": "state", "name": self.user.name})
        except OSError as error:
            self.log.error("The keeper does not answer: %s", error)
            return 1
        return None if state["running"] else 0

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002 -- JupyterHub's own name
        """End the server at once: notebooks are saved by the browser, kernels have nothing to tidy."""
        await self._ask({"do": "stop", "name": self.user.name})
        self._socket.unlink(missing_ok=True)

    async def get_url(self) -> str:
        """Return the address of a server that outlived the Hub: a socket's path is not kept in the Hub's database."""
        self._point_to_socket()
        return str(self.server.url)

    def get_env(self) -> dict[str, Any]:
        """Add what a sandbox needs to know; the port is the one that Jupyter's server takes for 'not given'."""
        self.port = 8888
        return {**super().get_env(), "JUPYTERHUB_ACTIVITY_INTERVAL": "60"}

    def get_args(self) -> list[str]:
        """Have it listen on a socket; the launcher in the sandbox puts the one in that was handed to it."""
        return [*super().get_args(), "--ServerApp.sock=/tmp/server.sock"]

    def _point_to_socket(self) -> None:
        self.server.connect_url = as_url(self._socket)

    @property
    def _socket(self) -> Path:
        return Path(self.sockets) / f"{self.user.name}.sock"

    async def _ask(self, order: dict[str, Any], *sockets: socket.socket) -> dict[str, Any]:
        return await asyncio.to_thread(ask, Path(self.keeper), order, *sockets)


def hub_url_inside() -> str:
    """Return the Hub's address as servers in sandboxes see it."""
    return as_url(Path(SOCKETS) / "hub.sock")


def ask(keeper: Path, order: dict[str, Any], *sockets: socket.socket) -> dict[str, Any]:
    """Give the keeper an order and return its answer. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_WAIT_SECONDS)
        connection.connect(str(keeper))
        message = json.dumps(order).encode() + b"\n"
        sent = socket.send_fds(connection, [message], [one.fileno() for one in sockets])
        if rest := message[sent:]:  # Else the keeper may have answered and gone already.
            connection.sendall(rest)
        with connection.makefile("rb") as answers:
            line = answers.readline()
    if not line:
        raise OSError("the keeper did not carry out the order; its log says why")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _listening(path: Path) -> socket.socket:
    """Listen at `path`; only the Hub's own user and the proxy connect there."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(128)
    return listener
