"""Compares samples and digests with samples/expected.json, or records them there."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from grader.contract import Kind, Result, State
from grader.pack.build import Build
from grader.pack.model import Pack
from grader.problems import Problem
from grader.runner.client import RunnerRefuses
from grader.runner.private import private_runner
from grader.submissions import grade
from grader.truth import Truth

logger = logging.getLogger(__name__)

EXPECTED = "samples/expected.json"
ACCEPTED, REJECTED = "accepted", "rejected"
DIGESTS = ("features_digest", "truth_digest")


def record(pack: Pack, build: Build, truth: Truth) -> list[Problem]:
    """Write what digests and samples came out as. A sample that ended on the wrong side is a problem all the same."""
    found: dict[str, Any] = {name: getattr(build, name) for name in DIGESTS}
    with Grader(pack, build, truth) as grader:
        graded = {kind: _graded(pack, grader, kind=kind) for kind in (ACCEPTED, REJECTED)}
    for kind, results in graded.items():
        found[kind] = {name: _outcome(pack, result) for name, result in results.items() if result is not None}
    path = pack.path / EXPECTED
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [problem for kind, results in graded.items() for problem in _wrong_ends(kind, results)]


def recorded_problems(pack: Pack, build: Build, truth: Truth) -> Iterator[Problem]:
    """What differs from the record."""
    try:
        expected = json.loads((pack.path / EXPECTED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        yield Problem("pack_file_missing", {"file": EXPECTED, "field": EXPECTED})
        return
    except ValueError as error:
        yield Problem("pack_not_json", {"file": EXPECTED, "detail": str(error)})
        return
    for name in DIGESTS:
        if expected.get(name) != (found := getattr(build, name)):
            yield Problem("digest_differs", _difference(EXPECTED, expected.get(name), found) | {"field": name})
    with Grader(pack, build, truth) as grader:
        for kind in (ACCEPTED, REJECTED):
            results = _graded(pack, grader, kind=kind)
            yield from _wrong_ends(kind, results)
            yield from _differences(pack, kind, results, expected.get(kind, {}))


# Results by the sample's name; None where this machine can't run it.
Graded = dict[str, Result | None]


def _graded(pack: Pack, grader: Grader, *, kind: str) -> Graded:
    return {path.name: grader.grade(path) for path in _samples(pack, kind)}


def _wrong_ends(kind: str, results: Graded) -> Iterator[Problem]:
    if not results:
        yield Problem("nothing_recorded", {"file": f"samples/{kind}"})
    for name, result in results.items():
        if result is not None and (wrong := _wrong_end(f"samples/{kind}/{name}", kind, result)) is not None:
            yield wrong


def _differences(pack: Pack, kind: str, results: Graded, expected: dict[str, Any]) -> Iterator[Problem]:
    for name in sorted(expected.keys() - results.keys()):
        yield Problem("sample_missing", {"file": EXPECTED, "name": name})
    for name, result in results.items():
        if result is None or _wrong_end(name, kind, result) is not None:
            continue
        if name not in expected:
            yield Problem("sample_unrecorded", {"file": EXPECTED, "name": name})
        elif (found := _outcome(pack, result)) != expected[name]:
            yield Problem("sample_differs", _difference(f"samples/{kind}/{name}", expected[name], found))


def _wrong_end(file: str, kind: str, result: Result) -> Problem | None:
    if kind == ACCEPTED and result.status is State.REJECTED:
        detail = "\n".join(problem.text("en") for problem in result.problems)
        return Problem("sample_refused", {"file": file, "detail": detail})
    if kind == REJECTED and result.status is State.SCORED:
        return Problem("sample_accepted", {"file": file})
    return None


def _difference(file: str, expected: object, found: object) -> dict[str, Any]:
    return {
        "file": file,
        "expected": json.dumps(expected, ensure_ascii=False),
        "found": json.dumps(found, ensure_ascii=False),
    }


def _samples(pack: Pack, kind: str) -> list[Path]:
    folder = pack.path / "samples" / kind
    return sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))


class Grader:
    """Grades samples; the first that is executed starts a runner, which ends with the block."""

    def __init__(self, pack: Pack, build: Build, truth: Truth) -> None:
        self._pack, self._build, self._truth = pack, build, truth
        self._stack = ExitStack()
        self._socket: Path | None = None

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def grade(self, path: Path) -> Result | None:
        """What the sample comes to; None, said in the log, where this machine cannot isolate what it would run."""
        # Only accepted samples are packed to keep the repository small; a rejected .gz tests the refusal of archives.
        packed = path.suffix == ".gz" and path.parent.name == ACCEPTED
        data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        name = path.stem if packed else path.name
        try:
            return grade(
                file_name=name,
                data=data,
                pack=self._pack,
                build=self._build,
                truth=self._truth,
                runner=self._runner,
                advises=True,
            )
        except RunnerRefuses as refusal:
            logger.warning("%s is not proven: %s", path.name, refusal)
            return None

    def _runner(self, _: Kind) -> Path:
        if self._socket is None:
            self._socket = self._stack.enter_context(private_runner())
        return self._socket


def _outcome(pack: Pack, result: Result) -> Any:
    """Rounded scores by split, with the codes of hints where there are some, or those of the reasons in order."""
    if result.status is State.SCORED:
        scores: dict[str, Any] = {split: pack.scoring.rounded(values) for split, values in result.scores.items()}
        return scores | ({"hints": [hint.code for hint in result.hints]} if result.hints else {})
    return list(dict.fromkeys(problem.code for problem in result.problems))
