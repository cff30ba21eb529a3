"""The keeper: starts learners' servers in sandboxes when the Hub asks, and understands nothing else.

It is a process of its own so that servers outlive a Hub that restarts, and it alone is root where root started it.
Every sandbox dies with it. An order is one line of JSON over a private socket, answered by one line; with an order to
start comes the descriptor of the socket that the server listens on: the Hub made it, so nothing that a learner does
decides where the proxy's requests go.
"""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from campus.environment import Environment
from campus.stack.account import CannotRun
from campus.stack.notebooks import homes, sandbox, trial
from campus.stack.notebooks.orders import Order, Refused, read_order
from campus.stack.notebooks.places import hub_folder, keeper_socket
from campus.stack.notebooks.running import Running, start
from campus.stack.sockets import peer
from grader.runner.accounts import uid_of
from grader.runner.cgroup import Cgroup
from grader.runner.command import listen

_MOST_BYTES = 256 * 1024
_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 5.0


def run(environment: Environment) -> None:
    """Serve orders until a signal comes; every sandbox ends with this process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    path = keeper_socket(environment)
    path.unlink(missing_ok=True)  # of a former one that was killed
    homes.make(environment)
    allowed = frozenset(map(uid_of, environment.notebook_allow)) or frozenset([os.geteuid()])
    keeper = Keeper(environment, allowed=allowed)
    if keeper.reason:
        sys.stderr.write(f"NO NOTEBOOK IS STARTED HERE, this machine can't isolate them: {keeper.reason}\n")
    keeper.serve(listen(path, allowed=allowed))


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


class Keeper:
    """What runs, by the person's name. One thread: bubblewrap dies with the thread that started it."""

    def __init__(self, environment: Environment, *, allowed: frozenset[int]) -> None:
        self._environment = environment
        self._allowed = allowed | {0}
        self._running: dict[str, Running] = {}
        self._ended: dict[str, str] = {}
        self._cgroup = _divided()
        self._python: list[Path] = []
        self.reason = ""
        try:
            self._python = sandbox.python_folders()
            trial.examine(python=self._python, port=environment.port)
        except (CannotRun, OSError) as error:
            self.reason = str(error)

    def serve(self, listener: socket.socket) -> None:
        """Take orders, one after the other."""
        listener.settimeout(1.0)
        looked = time.monotonic()
        try:
            while True:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    pass
                else:
                    with connection:
                        self._hear(connection)
                if time.monotonic() - looked > _LOOK_SECONDS:
                    self._look()
                    looked = time.monotonic()
        finally:
            for running in self._running.values():
                running.kill()

    def _hear(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE_SECONDS)
        descriptors: list[int] = []
        try:
            if peer(connection) in self._allowed:
                words, descriptors = _receive(connection)
                answer = self._do(words, descriptors)
                connection.sendall(json.dumps(answer).encode() + b"\n")
        except (OSError, ValueError) as error:
            sys.stderr.write(f"an order was not carried out: {type(error).__name__}: {error}\n")
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _do(self, words: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        name = str(words.get("name", ""))
        try:
            match words.get("do"):
                case "start":
                    return self._start(read_order(words, self._environment), descriptors)
                case "stop":
                    return self._stop(name)
                case "state":
                    return self._state(name)
                case "ready":
                    return {"ready": not self.reason, "reason": self.reason, "servers": len(self._running)}
        except Refused as refusal:
            return {"refused": refusal.code, **refusal.details}
        raise ValueError("no such order")

    def _start(self, order: Order, descriptors: list[int]) -> dict[str, Any]:
        if self.reason:
            raise Refused("cannot_isolate", reason=self.reason)
        if len(descriptors) != 1:
            raise ValueError("an order to start brings one socket")
        self._stop(order.name)
        home = homes.ready(self._environment, order.name, account=order.account)
        place = sandbox.Place(
            home, hub_folder(self._environment.data_dir), order.account, self._environment.notebook_network
        )
        running = start(order, place, python=self._python, listener=descriptors[0], environment=self._environment)
        self._limit(running)
        self._running[order.name] = running
        self._ended.pop(order.name, None)
        return {"started": order.name}

    def _limit(self, running: Running) -> None:
        if self._cgroup is None:
            return
        memory = self._environment.notebook_memory_mb * 1024 * 1024
        self._cgroup.take_apart(running.pid, running.name, memory=memory, processes=sandbox.PROCESSES)

    def _stop(self, name: str, *, because: str = "") -> dict[str, Any]:
        if running := self._running.pop(name, None):
            running.kill()
            self._ended[name] = because
        return {"stopped": name}

    def _state(self, name: str) -> dict[str, Any]:
        self._bury()
        return {"running": name in self._running, "because": self._ended.get(name, "")}

    def _look(self) -> None:
        """Bury what ended, and stop who writes more than a home may hold."""
        self._bury()
        for name, running in list(self._running.items()):
            if homes.is_too_full(running.home, allowed=running.allowed_bytes):
                sys.stderr.write(f"{name} was stopped: the home holds more than {running.allowed_bytes} bytes\n")
                self._stop(name, because="home_full")

    def _bury(self) -> None:
        for name, running in list(self._running.items()):
            if running.has_ended():
                del self._running[name]
                self._ended[name] = ""


def _divided() -> Cgroup | None:
    cgroup = Cgroup.own()
    try:
        if cgroup is not None:
            cgroup.divide(processes=sandbox.PROCESSES * 100)
    except OSError as error:
        sys.stderr.write(f"no limit by cgroup: {error}\n")
        return None
    return cgroup


def _receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    data, descriptors, _, _ = socket.recv_fds(connection, 65536, 1)
    while data and not data.endswith(b"\n"):
        if len(data) > _MOST_BYTES or not (more := connection.recv(65536)):
            raise ValueError("an order too long, or cut off")
        data += more
    words = json.loads(data)
    if not isinstance(words, dict):
        raise ValueError("an order is an object")
    return words, descriptors
