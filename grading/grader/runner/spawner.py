"""The one part of the runner that may be root: it makes sandboxes when asked, and understands nothing else.

The server asks by a socket of its own (SOCK_SEQPACKET): ``S`` and the name of a worker, with one end of a socket for
the warm process as a descriptor; ``K`` and the number that came back as the answer, to end it.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from grader.runner import bubblewrap
from grader.runner.accounts import sandbox_account
from grader.runner.cgroup import Cgroup

WORKERS = ("onnx", "skops", "python", "probe", "probe_code")
_NUMBER = struct.Struct("=q")
_FAILED = -1


class Spawner:
    """The server's side."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def spawn(self, worker: str, warm_end: socket.socket) -> int:
        """Start a warm process that speaks on ``warm_end``; its number. Raises OSError."""
        socket.send_fds(self._channel, [b"S" + worker.encode()], [warm_end.fileno()])
        (number,) = _NUMBER.unpack(self._channel.recv(_NUMBER.size))
        if number == _FAILED:
            raise OSError("the sandbox cannot be started")
        return int(number)

    def kill(self, number: int) -> None:
        """End a warm process and everything in its sandbox."""
        self._channel.send(b"K" + _NUMBER.pack(number))


def run_with_server(serve: Callable[[Spawner], int]) -> int:
    """Start ``serve`` in a child, make sandboxes for it, and end when it ends; its exit code."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server = os.fork()
    if server == 0:
        ours.close()
        os._exit(_served(serve, Spawner(theirs)))
    theirs.close()
    return _Attending(ours, server).attend()


def _served(serve: Callable[[Spawner], int], spawner: Spawner) -> int:
    try:
        return serve(spawner)
    except KeyboardInterrupt:
        return 0
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


class _Attending:
    """The root side. bubblewrap dies with the thread that started it, so there is only this one."""

    def __init__(self, channel: socket.socket, server: int) -> None:
        self.channel = channel
        self.server = server
        self.warm: dict[int, subprocess.Popen[bytes]] = {}
        self._numbers = 0
        self._cgroup = _divided()

    def attend(self) -> int:
        """Until the server ends."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._pass_on)
        try:
            with suppress(ConnectionError):  # the server is gone
                while self._hear():
                    self._bury()
        finally:
            for process in self.warm.values():
                _kill(process)
            for process in self.warm.values():
                process.wait()
        return self._wait_for_server()

    def _pass_on(self, *_: object) -> None:
        os.kill(self.server, signal.SIGTERM)

    def _wait_for_server(self) -> int:
        _, status = os.waitpid(self.server, 0)
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1

    def _hear(self) -> bool:
        ready, _, _ = select.select([self.channel], [], [], 1.0)
        if not ready:
            return True
        message, descriptors, _, _ = socket.recv_fds(self.channel, 64, 1)
        if not message:
            return False
        try:
            self._do(message, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _do(self, message: bytes, descriptors: list[int]) -> None:
        if message[:1] == b"K" and len(message) == 1 + _NUMBER.size:
            (number,) = _NUMBER.unpack(message[1:])
            if process := self.warm.get(number):
                _kill(process)
        elif message[:1] == b"S":
            worker = message[1:].decode("ascii", "replace")
            started = self._start(worker, descriptors[0]) if worker in WORKERS and len(descriptors) == 1 else _FAILED
            self.channel.send(_NUMBER.pack(started))

    def _start(self, worker: str, channel: int) -> int:
        try:
            words = bubblewrap.command(worker, channel=channel, sandbox=sandbox_account())
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[channel],
                env={},
                start_new_session=True,
            )
        except (bubblewrap.Missing, OSError) as error:
            sys.stderr.write(f"no sandbox: {type(error).__name__}: {error}\n")
            return _FAILED
        if self._cgroup is not None:
            self._cgroup.take(process.pid)
        self._numbers += 1
        self.warm[self._numbers] = process
        return self._numbers

    def _bury(self) -> None:
        for number, process in list(self.warm.items()):
            if process.poll() is not None:
                del self.warm[number]


def _divided() -> Cgroup | None:
    """The runner's cgroup, ready for sandboxes; None where there is none to be had."""
    cgroup = Cgroup.own()
    try:
        if cgroup is not None:
            cgroup.divide()
    except OSError as error:
        sys.stderr.write(f"no limit by cgroup: {error}\n")
        return None
    return cgroup


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End bubblewrap, and its child too, which does not yet die with it while the sandbox is being made."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
