"""The sandbox fails, not the submission: what was not begun is begun again, and a late look ends nobody wrongly."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from grader.runner.pool import Pool, WarmProcess
from tests.grading.sandboxes import Sandbox, warm_processes

pytestmark = pytest.mark.xdist_group("runner")

GOOD = "def predict(data): return [[1, 1]] * 10"
FAILS = "def predict(data): return 1 / 0"


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _warm_and_spare(sandbox: Sandbox) -> tuple[int, int]:
    """The sandbox's warm process for programs, and the child that stands by."""
    processes = warm_processes("python", socket=sandbox.socket)
    (spare,) = [one for one in processes if _parent(one) in processes and one not in map(_parent, processes)]
    return _parent(spare), spare


def _until_one_stands_by(sandbox: Sandbox) -> tuple[int, int]:
    give_up_at = time.monotonic() + 20
    while True:
        try:
            return _warm_and_spare(sandbox)
        except ValueError:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)


@pytest.mark.parametrize("how_often", range(3))
def test_a_spare_child_that_dies_just_before_its_job_costs_nothing(sandbox, how_often):
    """Warm process stopped, spare killed, job sent, warm process continued: it learns of both at once."""
    assert sandbox.code(GOOD).problems == ()
    warm, spare = _until_one_stands_by(sandbox)
    os.kill(warm, signal.SIGSTOP)
    os.kill(spare, signal.SIGKILL)
    threading.Timer(0.3, os.kill, [warm, signal.SIGCONT]).start()

    done = sandbox.code(FAILS)

    assert [problem.code for problem in done.problems] == ["run_error_at"]


def test_a_warm_process_that_dies_before_the_job_began_costs_nothing(sandbox):
    assert sandbox.code(GOOD).problems == ()
    warm, _ = _until_one_stands_by(sandbox)
    os.kill(warm, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, [warm, signal.SIGKILL]).start()

    assert [problem.code for problem in sandbox.code(FAILS).problems] == ["run_error_at"]


def test_tiny_time_limits_end_in_words_whatever_the_program_does(sandbox):
    programs = [GOOD, FAILS, "def predict(data):\n    while True: pass", "import os\ndef predict(data): os._exit(3)"]
    ends = []

    def some() -> None:
        for seconds in (0.01, 0.02, 0.05, 0.1):
            ends.extend(sandbox.code(program, seconds=seconds).problems for program in programs)

    threads = [threading.Thread(target=some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ends) == 64
    codes = {problem.code for problems in ends for problem in problems}
    assert codes <= {"run_timeout", "run_error_at", "answer_missing"}
    assert "run_timeout" in codes


def test_a_child_that_stays_after_its_answer_keeps_nobody_waiting_and_is_ended(sandbox):
    lingers = "import os, time\ndef predict(data):\n    os.write(3, b'V' + bytes(160))\n"
    lingers += "    for number in (3, 1, 2): os.close(number)\n    time.sleep(60)\n"
    sandbox.code(GOOD)
    began = time.monotonic()

    done = sandbox.code(lingers, seconds=50.0)

    assert done.values.tolist() == [[0.0, 0.0]] * 10
    assert time.monotonic() - began < 20
    _until_one_stands_by(sandbox)  # the only child that is left


class _Spawner:
    """Stands for the root side: warm processes that begin and end on paper."""

    def __init__(self) -> None:
        self.kept: list[socket.socket] = []

    def spawn(self, worker: str, warm_end: socket.socket) -> int:
        warm_end.send(b'{"ready": 1}')
        self.kept.append(warm_end.dup())
        return 1

    def kill(self, number: int) -> None:
        pass


def test_a_process_that_somebody_holds_is_not_let_go():
    pool = Pool(_Spawner())  # type: ignore[arg-type]
    with pool.lease("python") as old:
        old.jobs_begun = 10_000
        pool.get("python")
        deadline = time.monotonic() + 10
        while pool.get("python") is old:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        pool.clear()
        assert old.is_alive

    assert not old.is_alive
    assert isinstance(pool.get("python"), WarmProcess)
