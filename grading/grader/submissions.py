"""Grades a file of any kind: predictions are read, everything else is run first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader.contract import Kind, Plane, Result, State
from grader.csvfile import Predictions, SubmissionRejected
from grader.hints import hints_on
from grader.kinds import SubmissionKind, kind_of
from grader.pack import Build, Pack
from grader.runner import client
from grader.scoring import grade_file, score
from grader.truth import Truth

# Where a runner for the kind listens.
RunnerFor = Callable[[Kind], Path]


def grade(
    *,
    file_name: str,
    data: bytes,
    pack: Pack,
    build: Build,
    truth: Truth,
    runner: RunnerFor,
    advises: bool = False,
) -> Result:
    """Read or run the file, and score it; a refusal is a result too. Raises RunnerUnavailable.

    advises: run a scored model or program once more for hints; ``seconds`` don't count that.
    """
    started = time.perf_counter()
    try:
        kind = kind_of(file_name=file_name, data=data, pack=pack)
    except SubmissionRejected as refusal:
        return Result(status=State.REJECTED, problems=refusal.problems)
    if kind.is_executed:
        result = _run_and_score(kind, data, pack=pack, build=build, truth=truth, runner=runner)
    else:
        result = grade_file(data, pack=pack, truth=truth, ids=build.ids)
    seconds = time.perf_counter() - started
    if advises and kind.is_executed and result.status is State.SCORED:
        hints = hints_on(kind=kind, data=data, pack=pack, build=build, socket=runner(kind.kind))
        result = replace(result, hints=hints)
    return replace(result, seconds=seconds)


def _run_and_score(
    kind: SubmissionKind, data: bytes, *, pack: Pack, build: Build, truth: Truth, runner: RunnerFor
) -> Result:
    try:
        kind.check(data, pack)
    except SubmissionRejected as refusal:
        return Result(status=State.REJECTED, problems=refusal.problems)
    done = client.run(kind=kind, data=data, pack=pack, build=build, on=Plane.HIDDEN, socket=runner(kind.kind))
    if done.values is None:
        return Result(status=State.REJECTED, problems=done.problems)
    predictions = Predictions.of_numbers(done.values, pack.submission)
    return score(pack=pack, truth=truth, predictions=predictions, environment=done.environment)
