"""Proves a case pack by itself: its data, its truth, its ladder of answers and its samples."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.checks.apart import apart_problems
from grader.checks.data import file_problems, split_problems
from grader.checks.ladder import ladder_problems
from grader.checks.leaks import leak_problems
from grader.checks.pictures import picture_problems
from grader.checks.samples import record, recorded_problems
from grader.pack.build import Build
from grader.pack.generation import build_pack
from grader.pack.model import Pack
from grader.pack.reading import PackError, load_pack
from grader.problems import Problem
from grader.scoring import grade_file, load_truth
from grader.truth import Truth

__all__ = ["check_build", "check_pack"]


def check_pack(path: Path, *, recording: bool = False) -> list[Problem]:
    """Every problem of the pack on its demo seed; empty when it is proven.

    recording: write what the samples and digests came out as into samples/expected.json before comparing.
    """
    try:
        pack = load_pack(path)
        with tempfile.TemporaryDirectory(prefix="grader-check-") as folder:
            return check_build(pack, build_pack(pack, out=Path(folder) / "build"), recording=recording)
    except PackError as error:
        return list(error.problems)


def check_build(pack: Pack, build: Build, *, recording: bool = False) -> list[Problem]:
    """Every problem of the pack, given the build of its demo seed. Raises PackError when the truth can't be read."""
    return list(_problems_of(pack, build, recording=recording))


def _problems_of(pack: Pack, build: Build, *, recording: bool) -> Iterator[Problem]:
    truth = _scoring_truth(pack, build)
    if recording:
        record(pack, build, truth)
    yield from file_problems(pack, build)
    yield from picture_problems(pack, build)
    yield from split_problems(pack, truth)
    yield from apart_problems(pack, build)
    yield from leak_problems(pack, build, truth)
    yield from ladder_problems(pack, build, truth)
    yield from recorded_problems(pack, build, truth)


def _scoring_truth(pack: Pack, build: Build) -> Truth:
    """The truth, once the sample submission could be scored with it; else PackError says what the case got wrong."""
    try:
        truth = load_truth(build, pack)
        sample = build.public(pack.submission.sample).read_bytes()
        grade_file(sample, pack=pack, truth=truth, ids=build.ids)
        return truth
    except (KeyError, TypeError, ValueError) as error:
        # A name in params, an outcome or a column that metric or simulator don't know, or a score that is not finite.
        detail = f"{type(error).__name__}: {error}"
        raise PackError([Problem("pack_scoring", {"file": "case.toml", "detail": detail})]) from error
