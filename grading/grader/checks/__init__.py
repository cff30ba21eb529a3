"""Proves a case pack by itself: its data, its truth, its ladder of answers and its samples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.checks.apart import apart_problems
from grader.checks.data import file_problems, split_problems
from grader.checks.ladder import ladder_of, ladder_problems
from grader.checks.leaks import leak_problems
from grader.checks.pictures import picture_problems
from grader.checks.samples import record, recorded_problems
from grader.contract import Scores
from grader.pack.build import Build
from grader.pack.generation import build_pack
from grader.pack.model import Pack
from grader.pack.reading import PackError, load_pack
from grader.problems import Problem
from grader.scoring import grade_file, load_truth
from grader.truth import Truth

__all__ = ["CHECKS", "Check", "Proof", "check_build", "check_pack", "prove_build", "prove_pack"]

Checker = Callable[[Pack, Build, Truth], Iterable[Problem]]

# By name, in their order; "reading" (the manifest and the files it names) and "building" stand before them.
CHECKS: dict[str, Checker] = {
    "files": lambda pack, build, _truth: file_problems(pack, build),
    "pictures": lambda pack, build, _truth: picture_problems(pack, build),
    "halves": lambda pack, _build, truth: split_problems(pack, truth),
    "apart": lambda pack, build, _truth: apart_problems(pack, build),
    "leaks": leak_problems,
    "ladder": ladder_problems,
    "samples": recorded_problems,
}


@dataclass(frozen=True)
class Check:
    """One check by name, and what it found; None where an earlier one stands in its way."""

    name: str
    problems: tuple[Problem, ...] | None = ()

    def to_json(self) -> dict[str, Any]:
        found = None if self.problems is None else [problem.to_json() for problem in self.problems]
        return {"name": self.name, "problems": found}


@dataclass(frozen=True)
class Proof:
    """What `grader check` found, and the baselines' rounded scores by key and split. ladder: empty if not scored."""

    checks: tuple[Check, ...]
    ladder: Mapping[str, Scores] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        return [problem for check in self.checks for problem in check.problems or ()]

    def to_json(self) -> dict[str, Any]:
        return {"checks": [check.to_json() for check in self.checks], "ladder": dict(self.ladder)}


def check_pack(path: Path, *, recording: bool = False) -> list[Problem]:
    """Every problem of the pack on its demo seed; empty when it is proven.

    recording: write what the samples and digests came out as into samples/expected.json instead of comparing them.
    """
    return prove_pack(path, recording=recording).problems


def check_build(pack: Pack, build: Build) -> list[Problem]:
    """Every problem of the pack, given the build of its demo seed. Raises PackError when the truth can't be read."""
    return [problem for check in _checks_of(pack, build, CHECKS)[0] for problem in check.problems or ()]


def prove_build(pack: Pack, build: Build, *, recording: bool = False) -> Proof:
    """The same check by check, with the ladder; recording as in ``check_pack``."""
    checks, truth = _checks_of(pack, build, CHECKS | {"samples": record} if recording else CHECKS)
    return Proof(checks, ladder_of(pack, build, truth))


def prove_pack(path: Path, *, recording: bool = False) -> Proof:
    """The same check by check, as far as it comes."""
    done: list[Check] = []
    try:
        pack = load_pack(path)
        done.append(Check("reading"))
        with tempfile.TemporaryDirectory(prefix="grader-check-") as folder:
            build = build_pack(pack, out=Path(folder) / "build")
            proof = prove_build(pack, build, recording=recording)
            return Proof((*done, Check("building"), *proof.checks), proof.ladder)
    except PackError as error:
        failed = Check("building" if done else "reading", error.problems)
        left = ["building", *CHECKS] if not done else list(CHECKS)
        return Proof((*done, failed, *(Check(name, None) for name in left)))


def _checks_of(pack: Pack, build: Build, checks: Mapping[str, Checker]) -> tuple[tuple[Check, ...], Truth]:
    truth = _scoring_truth(pack, build)
    return tuple(Check(name, tuple(check(pack, build, truth))) for name, check in checks.items()), truth


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
