"""What a case pack contains, as frozen dataclasses named like the fields of case.toml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from grader.contract import Kind
from grader.environment import GRADER_VERSION
from grader.pack.gallery import Gallery, PictureSet
from grader.pack.hints import HintRules
from grader.pack.text import Text as Text  # named from here by whoever makes packs
from grader.problems import Language

Params = Mapping[str, Any]
Direction = Literal["lower", "higher"]


@dataclass(frozen=True)
class Column:
    """A column of a public file: ``name`` heads it in the file, ``alias`` is its English name."""

    name: str
    alias: str
    role: str
    dtype: str
    description: Text
    unit: Text | None = None


@dataclass(frozen=True)
class DataFile:
    """A public file: a table with columns, or a zip of pictures. part: train, test, sample or reference."""

    name: str
    title: Text
    description: Text
    part: str
    columns: tuple[Column, ...] = ()
    pictures: PictureSet | None = None


@dataclass(frozen=True)
class IdColumn:
    name: str
    alias: str


@dataclass(frozen=True)
class ValueColumn:
    """A column of numbers to hand in, with its bounds (both inclusive)."""

    name: str
    alias: str
    label: Text
    unit: Text | None = None
    min: float | None = None
    max: float | None = None
    integer: bool = False


@dataclass(frozen=True)
class MaskColumn:
    """A column that marks pixels of a row's picture (grader/masks.py). It may be left out, a cell may be empty."""

    name: str
    alias: str
    label: Text
    width: int
    height: int

    @property
    def size(self) -> int:
        """Pixels of a picture."""
        return self.width * self.height


@dataclass(frozen=True)
class ModelInput:
    """A column of the test file as a model gets it. part: of a date, which number stands for it."""

    name: str
    column: str
    part: str = "value"


@dataclass(frozen=True)
class ModelForm:
    """What a model (ONNX, skops) is given. form: "columns", an input each; "matrix", all numbers in one."""

    file: str
    form: Literal["columns", "matrix"]
    inputs: tuple[ModelInput, ...]


@dataclass(frozen=True)
class SubmissionForm:
    """What a hand-in looks like. sample: the public file that names the ids. sample_rows: what a trial run gets."""

    kinds: tuple[Kind, ...]
    sample: str
    id: IdColumn
    columns: tuple[ValueColumn, ...]
    model: ModelForm | None = None
    sample_rows: int = 100
    masks: tuple[MaskColumn, ...] = ()

    @property
    def header(self) -> str:
        """The first line of a hand-in."""
        return ",".join([self.id.name, *(column.name for column in self.to_write)])

    @property
    def to_write(self) -> tuple[ValueColumn | MaskColumn, ...]:
        """The columns besides the id, in order."""
        return (*self.columns, *self.masks)

    @property
    def aliases(self) -> tuple[str, ...]:
        """The columns of numbers by their English names, in order."""
        return tuple(column.alias for column in self.columns)


@dataclass(frozen=True)
class RunLimits:
    """What a run may use: bytes of the submission, time by the clock and of the processor, memory, output, files."""

    kind: Kind
    bytes: int
    seconds: float
    memory_mb: int
    output_bytes: int = 200_000
    files: int = 0
    files_mb: int = 0


@dataclass(frozen=True)
class Limits:
    """bytes and rows of one CSV file; per_day: valid hand-ins a day; runs: where a kind's own limits don't suit."""

    bytes: int
    rows: int
    per_day: int
    runs: tuple[RunLimits, ...] = ()


@dataclass(frozen=True)
class TruthFiles:
    """Names within the build's truth folder."""

    file: str
    oracle: str | None = None


@dataclass(frozen=True)
class SplitRule:
    """How truth is divided: the column that says so, the groups kept whole, the public share of the rows.

    blocks: columns whose rows hang together, where those are others than the groups.
    """

    column: str
    by: tuple[str, ...]
    public_share: float
    description: Text
    blocks: tuple[str, ...] | None = None

    @property
    def drawn_by(self) -> tuple[str, ...]:
        """The columns by which rows are drawn together, to see how much of a score is luck (noise.py)."""
        return self.by if self.blocks is None else self.blocks


@dataclass(frozen=True)
class Metric:
    """One score: a registered metric of one column, or one outcome of a registered simulator.

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


@dataclass(frozen=True)
class Baseline:
    """A known answer to compare with. trivial: must lose to the others."""

    key: str
    label: Text
    description: Text
    trivial: bool = False


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


@dataclass(frozen=True)
class Demo:
    """The public seed, for demonstrations and tests."""

    seed: str


@dataclass(frozen=True)
class SealedData:
    """Data that lie in the pack, made by hand or by `grader new`: no code makes them.

    split: how test rows were told from those to learn from: "time" (they come later), "group" (other values of a
    column) or "rows" (other rows). column: its alias, for time and group.
    """

    split: Literal["time", "group", "rows"]
    column: str | None = None


@dataclass(frozen=True)
class Pack:
    """A case pack as read from ``path``. manifest: case.toml as JSON. digest: of all its files."""

    path: Path
    manifest: dict[str, Any] = field(repr=False)
    digest: str
    slug: str
    version: str
    track: str
    licence: str
    title: Text
    summary: Text
    story: Text
    pictures: tuple[str, ...]
    files: tuple[DataFile, ...]
    submission: SubmissionForm
    limits: Limits
    truth: TruthFiles
    split: SplitRule
    scoring: Scoring
    baselines: tuple[Baseline, ...]
    steps: tuple[StepPlan, ...]
    rubric: tuple[Criterion, ...]
    skills: tuple[Skill, ...]
    hints: HintRules = field(default_factory=HintRules)
    review_samples: tuple[ReviewSample, ...] = ()
    demo: Demo | None = None
    data: SealedData | None = None
    gallery: Gallery | None = None

    @property
    def tables(self) -> tuple[DataFile, ...]:
        """The public files that are tables."""
        return tuple(file for file in self.files if file.pictures is None)

    def story_text(self, language: Language) -> str:
        """The story's Markdown."""
        return (self.path / self.story[language]).read_text(encoding="utf-8")

    def file(self, name: str) -> DataFile:
        """The public file of that name, or KeyError."""
        for file in self.files:
            if file.name == name:
                return file
        raise KeyError(name)


def digest_of_json(data: object) -> str:
    """SHA-256 of the data as JSON in a fixed form."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
