"""`grader runner`: the socket, the accounts, and the two processes behind it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.contract import Kind
from grader.environment import installed_digest
from grader.runner.accounts import server_account
from grader.runner.pool import Pool
from grader.runner.sandbox import kernel
from grader.runner.selftest import facts_of_machine
from grader.runner.server import WORKER_OF, Server, Setup
from grader.runner.spawner import Spawner, run_with_server

BACKLOG = 512
_LONGEST_PATH = 107  # of a Unix socket


@dataclass(frozen=True)
class Options:
    """socket: where to listen. allowed: users who may connect, besides root. places: runs at a time."""

    socket: Path
    allowed: frozenset[int]
    places: int
    kinds: tuple[Kind, ...] = tuple(WORKER_OF)


def run_runner(options: Options) -> int:
    """Listen until told to stop (SIGTERM or Ctrl-C); the exit code."""
    listener = listen(options.socket, allowed=options.allowed)
    # While the environment can be read: it may lie below a closed home.
    setup = Setup(
        allowed=options.allowed | {0},
        places=options.places,
        kinds=options.kinds,
        environment=installed_digest(),
        facts=facts_of_machine(),
    )

    def serve(spawner: Spawner) -> int:
        if account := server_account():
            account.become()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="runner %(levelname)s %(message)s")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os._exit(0))
        Server(Pool(spawner), setup=setup).serve(listener)
        return 0

    mine = options.socket.stat().st_ino
    try:
        return run_with_server(serve)
    finally:
        with suppress(FileNotFoundError):  # unless a successor listens there already
            if options.socket.stat().st_ino == mine:
                options.socket.unlink()


def listen(path: Path, *, allowed: frozenset[int]) -> socket.socket:
    """A socket in a folder that only its users can enter. Raises OSError."""
    if len(os.fsencode(path.absolute())) > _LONGEST_PATH:
        raise OSError(f"{path} is longer than a socket's name may be ({_LONGEST_PATH} bytes)")
    is_new = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    others = sorted(allowed - {os.geteuid()})
    if others and os.geteuid() == 0:
        for owned in [path, *([path.parent] if is_new else [])]:
            os.chown(owned, others[0], -1)
    listener.listen(BACKLOG)
    return listener
