"""What a case pack contains, as frozen dataclasses named like the fields of case.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from grader.pack.form import Limits, SubmissionForm
from grader.pack.gallery import Gallery, PictureSet
from grader.pack.hints import HintRules
from grader.pack.metrics import Scoring
from grader.pack.steps import Criterion, ReviewSample, Skill, StepPlan
from grader.pack.text import Text
from grader.problems import Language


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
class Baseline:
    """A known answer to compare with. trivial: must lose to the others."""

    key: str
    label: Text
    description: Text
    trivial: bool = False


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
