"""A runner for oneself: started on a socket in a folder of its own, ended with the block."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grader
from grader.contract import Kind
from grader.runner.client import RunnerUnavailable

START_SECONDS = 60.0
END_SECONDS = 10.0


@contextmanager
def private_runner(
    *, kinds: Sequence[Kind] = (), python: str | None = None, places: int = 1, **options: object
) -> Iterator[Path]:
    """The socket of a runner for these kinds (all of them, when none is named). Raises RunnerUnavailable.

    python: the interpreter whose environment executes submissions. options: more of Popen, for another user say.
    """
    with tempfile.TemporaryDirectory(prefix="grader-runner-") as folder:
        if isinstance(user := options.get("user"), int):
            os.chown(folder, user, -1)
        socket = Path(folder) / "socket"
        words = [
            python or runner_python(),
            "-P",
            "-m",
            "grader.runner",
            "--quiet",
            "--with-parent",
            "--socket",
            str(socket),
        ]
        words += ["--parallel", str(places), *(word for kind in kinds for word in ("--kind", kind.value))]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True, **options)  # type: ignore[call-overload]
        try:
            _wait_for(socket, process)
            yield socket
        finally:
            _end(process)


def runner_python() -> str:
    """The environment for submissions beside the repository's folders, where there is one; else this one."""
    own = Path(str(grader.__file__)).parents[2] / ".venvs" / "runner" / "bin" / "python"
    return os.environ.get("GRADER_PYTHON") or (str(own) if own.exists() else sys.executable)


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RunnerUnavailable("the runner did not start")
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
