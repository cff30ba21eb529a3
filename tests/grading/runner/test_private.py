"""A runner for oneself ends with its block, and with its owner, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.contract import Kind
from grader.runner.client import RunnerUnavailable, status
from grader.runner.private import private_runner

pytestmark = pytest.mark.xdist_group("runner")

OWNER = """
import time
from grader.contract import Kind
from grader.runner.private import private_runner
with private_runner(kinds=[Kind.ONNX]) as socket:
    print(socket, flush=True)
    time.sleep(100)
"""


def processes_of(socket: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(socket).encode() in words:
            found.append(int(folder.name))
    return found


def test_it_ends_with_its_block():
    with private_runner(kinds=[Kind.ONNX]) as socket:
        assert processes_of(socket)

    assert processes_of(socket) == []
    with pytest.raises(RunnerUnavailable):
        status(socket)


def test_it_ends_with_an_owner_that_is_killed():
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    socket = Path(owner.stdout.readline().strip())
    assert processes_of(socket)

    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    give_up_at = time.monotonic() + 20
    while processes_of(socket) and time.monotonic() < give_up_at:
        time.sleep(0.1)

    assert processes_of(socket) == []
