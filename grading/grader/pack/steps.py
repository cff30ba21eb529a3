"""What learners do and how people judge it: [[steps]], [[rubric]], [[review_samples]], [[skills]] of case.toml."""

from __future__ import annotations

from dataclasses import dataclass

from grader.pack.text import Text


@dataclass(frozen=True)
class StepPlan:
    """A step of the case; days are suggestions, counted from a cohort's start.

    reviews: of a step of kind review, the key of the step whose hand-ins are judged; reviews_each: how many by each.
    """

    key: str
    kind: str
    by: str
    title: Text
    text: Text
    opens_day: int
    closes_day: int
    required: bool = True
    reviews: str = ""
    reviews_each: int = 3


@dataclass(frozen=True)
class Level:
    points: int
    text: Text


@dataclass(frozen=True)
class Criterion:
    """What people judge a step by, in described levels of rising points."""

    key: str
    label: Text
    description: Text
    steps: tuple[str, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class KnownMark:
    """What a sample deserves by one criterion, and why."""

    criterion: str
    points: int
    because: Text


@dataclass(frozen=True)
class ReviewSample:
    """A hand-in with known marks, on which reviewers practise. text: names of its Markdown files in the pack."""

    key: str
    step: str
    text: Text
    marks: tuple[KnownMark, ...]


@dataclass(frozen=True)
class Skill:
    """What a case exercises; ``steps`` are where it is exercised."""

    key: str
    label: Text
    steps: tuple[str, ...] = ()
