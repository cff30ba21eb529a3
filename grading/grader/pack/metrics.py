"""How hand-ins are measured: [scoring] and [business] of case.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from grader.environment import GRADER_VERSION
from grader.pack.digests import digest_of_json
from grader.pack.text import Text

Params = Mapping[str, Any]
Direction = Literal["lower", "higher"]


@dataclass(frozen=True)
class Metric:
    """One score: a registered metric of a column or of the columns of classes, or an outcome of a simulator.

    predictions: a column for each of the classes 0, 1, 2 …, in their order; empty where ``prediction`` is measured.
    weights, groups, reference and the keys of only are columns of the truth: what a row counts; whose values are
    measured apart and combined; what a simulator's sum is compared with; which rows are looked at at all.
    """

    key: str
    label: Text
    description: Text
    direction: Direction
    digits: int
    unit: Text | None = None
    metric: str | None = None
    prediction: str | None = None
    predictions: tuple[str, ...] = ()
    truth: str | None = None
    simulator: str | None = None
    outcome: str | None = None
    params: Params = field(default_factory=dict)
    weights: str | None = None
    only: Mapping[str, tuple[str | float, ...]] = field(default_factory=dict)
    groups: str | None = None
    combine: Literal["mean", "worst"] = "mean"
    reference: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns of the truth that must hold numbers, besides what is predicted."""
        return tuple(name for name in (self.weights, self.reference) if name is not None)

    @property
    def labels(self) -> tuple[str, ...]:
        """Columns of the truth by which rows are chosen or grouped."""
        return (*self.only, *((self.groups,) if self.groups is not None else ()))

    def round(self, value: float) -> float:
        """The value as compared and shown."""
        return round(value, self.digits) + 0.0  # + 0.0 turns −0.0 into 0.0

    def ascending(self, value: float) -> float:
        """The rounded value, negated where more is better: less is always better."""
        rounded = self.round(value)
        return 0.0 - rounded if self.direction == "higher" else rounded


@dataclass(frozen=True)
class Business:
    """What a hand-in is worth, by a registered formula against a baseline; a score under its own key."""

    key: str
    label: Text
    formula: str
    metric: str
    baseline: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Scoring:
    """The metrics, which of them rank, and the business value. section: as in case.toml, for its digest."""

    primary: str
    metrics: tuple[Metric, ...]
    secondary: str | None = None
    business: Business | None = None
    section: Params = field(default_factory=dict, repr=False, compare=False)

    def metric(self, key: str) -> Metric:
        return next(metric for metric in self.metrics if metric.key == key)

    def sort_key(self, scores: Mapping[str, float]) -> tuple[float, float]:
        """Primary, then secondary (0 where there is none), on rounded values; ascending is best first."""
        secondary = self.metric(self.secondary).ascending(scores[self.secondary]) if self.secondary else 0.0
        return self.metric(self.primary).ascending(scores[self.primary]), secondary

    def rounded(self, scores: Mapping[str, float]) -> dict[str, float]:
        """The scores as shown: metrics by their digits, the business value in whole yen."""
        digits = {metric.key: metric.digits for metric in self.metrics}
        return {key: round(value, digits.get(key, 0)) + 0.0 for key, value in scores.items()}

    @cached_property
    def metric_version(self) -> str:
        """Digest of everything that turns numbers and truth into scores: this section and the grader's version."""
        return digest_of_json({"scoring": self.section, "grader": GRADER_VERSION})
