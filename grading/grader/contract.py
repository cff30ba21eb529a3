"""What site, worker and grader say to each other: kinds, states, job and result, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from grader.problems import Problem

Scores = dict[str, dict[str, float]]


class Kind(StrEnum):
    """What can be submitted."""

    PREDICTIONS = "predictions"
    ONNX = "onnx"
    SKOPS = "skops"
    CODE = "code"
    NOTEBOOK = "notebook"


class Plane(StrEnum):
    """What an executed submission runs on: the rows that count, or the public sample that shows its full log."""

    HIDDEN = "hidden"
    SAMPLE = "sample"


class Split(StrEnum):
    """The two parts of the truth: shown at once, and hidden until the close."""

    PUBLIC = "public"
    PRIVATE = "private"


class State(StrEnum):
    """How far a grading is. FAILED is our own fault and is given back to the learner."""

    QUEUED = "queued"
    RUNNING = "running"
    SCORED = "scored"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in {State.QUEUED, State.RUNNING}


@dataclass(frozen=True)
class Job:
    """One grading to do. Paths are folders and files as the worker sees them."""

    key: str
    attempt: int
    kind: Kind
    pack: str
    build: str
    file: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Job:
        """The job, or KeyError, TypeError or ValueError when the data is not one."""
        return cls(**{**data, "kind": Kind(data["kind"])})


@dataclass(frozen=True)
class Result:
    """What a grading came to.

    scores: by split, then by metric key, unrounded. versions: digests of everything the scores depend on. hints:
    advice on a model or program, which decides on nothing.
    """

    status: State
    scores: Scores = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    hints: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "scores": {split: dict(values) for split, values in self.scores.items()},
            "problems": [problem.to_json() for problem in self.problems],
            "seconds": self.seconds,
            "versions": dict(self.versions),
            "hints": [hint.to_json() for hint in self.hints],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """The result, or KeyError, TypeError or ValueError when the data is not one."""
        return cls(
            status=State(data["status"]),
            scores={
                split: {key: float(value) for key, value in found.items()} for split, found in data["scores"].items()
            },
            problems=tuple(Problem.from_json(problem) for problem in data["problems"]),
            seconds=float(data["seconds"]),
            versions=dict(data["versions"]),
            hints=tuple(Problem.from_json(hint) for hint in data.get("hints", ())),
        )
