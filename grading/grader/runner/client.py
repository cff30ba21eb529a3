"""Has a submission run by the runner, and trusts nothing that comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.contract import Plane
from grader.kinds import SubmissionKind
from grader.pack import Build, Pack
from grader.problems import Problem

Floats = NDArray[np.float64]


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


def status(socket: Path) -> Status:
    """What the runner says of itself. Raises RunnerUnavailable."""
    raise RunnerUnavailable(f"nothing listens on {socket}")


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
) -> Execution:
    """Run the submission on the build's test rows (or, ``on`` the sample, on the first of them, with its full log).

    Whatever is a learner's own fault comes back as problems. Raises RunnerUnavailable when the run should be tried
    again, RunnerRefuses when this machine runs nothing. ``cancelled`` is asked several times a second.
    """
    asked = (kind.kind, len(data), pack.slug, build.version, on, cancelled())
    raise RunnerUnavailable(f"nothing listens on {socket} for {asked}")
