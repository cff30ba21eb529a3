"""`grader runner`: the socket, the accounts, and the two processes behind it."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from grader.contract import Kind
from grader.environment import installed_digest
from grader.runner.accounts import server_account, uid_of
from grader.runner.pool import Pool
from grader.runner.sandbox import kernel
from grader.runner.selftest import facts_of_machine
from grader.runner.server import WORKER_OF, Server, Setup
from grader.runner.spawner import Spawner, run_with_server

logger = logging.getLogger(__name__)

BACKLOG = 512
_LONGEST_PATH = 107 - 8  # of a Unix socket, with a process id


def add_runner_options(parser: argparse.ArgumentParser) -> None:
    """The options of `grader runner`."""
    parser.add_argument("--socket", type=Path, required=True, help="where to listen; its folder must be private")
    parser.add_argument("--allow", action="append", default=[], metavar="USER", help="who may connect (default: you)")
    parser.add_argument(
        "--parallel", type=int, default=os.cpu_count() or 1, help="runs at a time (default: processors)"
    )
    parser.add_argument("--kind", action="append", default=[], type=Kind, help="what to run (default: all kinds)")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    parser.add_argument("--quiet", action="store_true", help="log only what goes wrong")


def run_runner(options: argparse.Namespace) -> int:
    """Listen until told to stop (SIGTERM or Ctrl-C); the exit code."""
    if options.with_parent:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)
    allowed = frozenset(map(uid_of, options.allow)) or frozenset([os.geteuid()])
    listener = listen(options.socket, allowed=allowed)
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        stream=sys.stderr,
        format="runner %(levelname)s %(message)s",
    )
    # While the environment can be read: it may lie below a closed home.
    setup = Setup(
        allowed=allowed | {0},
        places=max(1, options.parallel),
        kinds=tuple(options.kind) or tuple(WORKER_OF),
        environment=installed_digest(),
        facts=facts_of_machine(),
    )
    logger.info("listening on %s", options.socket)

    def serve(spawner: Spawner) -> int:
        if account := server_account():
            account.become()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
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
    growing = path.with_name(f"{path.name}.{os.getpid()}")  # under its own name once somebody answers there
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(growing))
    finally:
        os.umask(before)
    others = sorted(allowed - {os.geteuid()})
    if others and os.geteuid() == 0:
        for owned in [growing, *([path.parent] if is_new else [])]:
            os.chown(owned, others[0], -1)
    listener.listen(BACKLOG)
    growing.rename(path)
    return listener
