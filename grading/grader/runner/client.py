"""Has a submission run by the runner, and trusts nothing that comes back."""

from __future__ import annotations

import select
import socket as sockets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.contract import Plane
from grader.csvfile import SubmissionRejected
from grader.kinds import SubmissionKind
from grader.pack import Build, Pack
from grader.pack.form import RunLimits
from grader.problems import Problem
from grader.runner import verdicts, wire
from grader.runner.features import Given, given_to

Floats = NDArray[np.float64]

CONNECT_SECONDS = 5.0
STATUS_SECONDS = 180.0
ASK_EVERY_SECONDS = 0.2
# Beyond the time of the run itself: waiting for a place is as long as it is, but a runner that hangs is given up.
MOST_WAITING_SECONDS = 3600.0


class RunnerUnavailable(Exception):
    """The runner did not answer, or broke off: nobody's fault but ours. Try again."""


class RunnerRefuses(RunnerUnavailable):
    """The machine cannot isolate what it runs, so it runs nothing. ``problem`` says why; trying again is no use."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text("en"))


@dataclass(frozen=True, eq=False)
class Execution:
    """What a run came to.

    values: finite float64 (rows, columns) within the case's bounds, in canonical order; None when problems say why.
    log: all output on the public sample, empty on hidden data. environment: digest of what executed the submission.
    seconds: of the run itself; queued_seconds: waiting for a free place before it.
    """

    values: Floats | None
    problems: tuple[Problem, ...]
    log: str
    seconds: float
    environment: str
    queued_seconds: float


@dataclass(frozen=True)
class Status:
    """Whether the runner runs submissions, each check of its self-test by name, and its environment's digest."""

    is_ready: bool
    checks: dict[str, bool]
    reason: str
    environment: str
    facts: dict[str, str]


def status(socket: Path) -> Status:
    """What the runner says of itself; waits for its self-test. Raises RunnerUnavailable."""
    with _connected(socket) as channel:
        channel.settimeout(STATUS_SECONDS)
        wire.send(channel, {"op": "status"})
        said, _ = wire.receive(channel)
        return Status(
            is_ready=said["ok"],
            checks=said["checks"],
            reason=said["reason"],
            environment=said["environment"],
            facts=said["facts"],
        )


def never() -> bool:
    """Nobody cancels."""
    return False


def run(
    *,
    kind: SubmissionKind,
    data: bytes,
    pack: Pack,
    build: Build,
    on: Plane,
    socket: Path,
    cancelled: Callable[[], bool] = never,
    given: Given | None = None,
) -> Execution:
    """Run the submission on the build's test rows (or, ``on`` the sample, on the first of them, with its full log).

    Whatever is a learner's own fault comes back as problems. Raises RunnerUnavailable when the run should be tried
    again, RunnerRefuses when this machine runs nothing. ``cancelled`` is asked several times a second. ``given``: other
    data of the same form.
    """
    try:
        kind.check(data, pack)
    except SubmissionRejected as refused:
        return Execution(None, refused.problems, log="", seconds=0.0, environment="", queued_seconds=0.0)
    given = given or given_to(kind.kind, pack=pack, build=build, on=on)
    limits = kind.run_limits(pack)
    job = _job(kind, given, limits, columns=len(pack.submission.columns), on=on)
    with _connected(socket) as channel:
        if (done := _exchanged(channel, job, data, given, cancelled)) is None:
            return _cancelled()
        values, problems = verdicts.judge(done, pack=pack, limits=limits, rows=given.rows, source=data)
        header, (_, _, log) = done
        return Execution(
            values=values,
            problems=problems,
            log=verdicts.readable(log) if on is Plane.SAMPLE else "",
            seconds=float(header["seconds"]),
            environment=str(header["environment"]),
            queued_seconds=float(header["queued_seconds"]),
        )


def advise(
    *,
    kind: SubmissionKind,
    data: bytes,
    pack: Pack,
    build: Build,
    socket: Path,
    cancelled: Callable[[], bool] = never,
) -> tuple[Problem, ...]:
    """Run a program on the public sample, watched, and say what can be advised. Raises as ``run`` does."""
    given = given_to(kind.kind, pack=pack, build=build, on=Plane.SAMPLE)
    job = _job(kind, given, kind.run_limits(pack), columns=len(pack.submission.columns), on=Plane.SAMPLE)
    with _connected(socket) as channel:
        done = _exchanged(channel, {**job, "watch": True}, data, given, cancelled)
        return verdicts.advice(done) if done else ()


def _exchanged(
    channel: sockets.socket, job: dict[str, Any], data: bytes, given: Given, cancelled: Callable[[], bool]
) -> tuple[dict[str, Any], list[bytes]] | None:
    """Ask for the run, and what came of it; None when it was cancelled meanwhile."""
    wire.send(channel, {"op": "run", "job": job}, data)
    if (said := _next(channel, cancelled)) is None:
        return None
    if said[0].get("needs_features"):
        wire.send(channel, {}, given.data)
    return _next(channel, cancelled)


def _job(kind: SubmissionKind, given: Given, limits: RunLimits, *, columns: int, on: Plane) -> dict[str, Any]:
    names = ("seconds", "memory_mb", "output_bytes", "files", "files_mb")
    return {
        "kind": kind.kind.value,
        "features": given.digest,
        "limits": {name: getattr(limits, name) for name in names},
        "answer_bytes": given.rows * columns * 8,
        "wants_log": on is Plane.SAMPLE,
    }


def _cancelled() -> Execution:
    """Closing the connection ends the run."""
    return Execution(None, (Problem("run_cancelled"),), log="", seconds=0.0, environment="", queued_seconds=0.0)


@contextmanager
def _connected(socket: Path) -> Iterator[sockets.socket]:
    """A connection; whatever breaks it, or comes back garbled, is RunnerUnavailable."""
    with sockets.socket(sockets.AF_UNIX) as channel:
        channel.settimeout(CONNECT_SECONDS)
        try:
            channel.connect(str(socket))
            yield channel
        except (OSError, wire.Broken, KeyError, TypeError, ValueError) as error:
            raise RunnerUnavailable(f"the runner at {socket}: {type(error).__name__} {error}") from error


def _next(channel: sockets.socket, cancelled: Callable[[], bool]) -> tuple[dict[str, Any], list[bytes]] | None:
    """The runner's next message; None when the run was cancelled meanwhile. Raises RunnerUnavailable."""
    waited = 0.0
    while not select.select([channel], [], [], ASK_EVERY_SECONDS)[0]:
        waited += ASK_EVERY_SECONDS
        if cancelled():
            return None
        if waited > MOST_WAITING_SECONDS:
            raise RunnerUnavailable("no answer")
    header, blobs = wire.receive(channel)
    if header["state"] == "isolation":
        raise RunnerRefuses(Problem("runs_unavailable", {"reason": str(header["reason"])[:200]}))
    if header["state"] in ("lost", "refused"):
        raise RunnerUnavailable(str(header["reason"]))
    return header, blobs
