"""How the API tells of cases: steps, files, columns, limits and metrics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.urls import reverse
from ninja import Field, Schema

from campus.cases.files import public_files
from campus.cases.models import CohortCase, Step
from campus.cohorts.api import Text, both
from grader.contract import Kind
from grader.kinds import KINDS
from grader.pack.handin import HandInRules
from grader.pack.hints import Hint

StepState = Literal["upcoming", "open", "closed"]


class StepOut(Schema):
    """A part of the case."""

    key: str = Field(description="Name of the step in addresses.")
    title: Text = Field(description="Title.")
    kind: Literal["text", "model", "decision", "review", "survey"] = Field(description="What is handed in.")
    by: Literal["person", "team"] = Field(description="Who hands in.")
    is_graded: bool = Field(description="Whether the auto-grader scores it, so that it has submissions and a board.")
    opens_at: datetime = Field(description="From when on work can be handed in.")
    closes_at: datetime = Field(description="Deadline. Later work is graded but takes no place on the board.")
    state: StepState = Field(description="Where now stands between the two.")


class DataColumn(Schema):
    """A column of a public file."""

    name: str = Field(description="Header in the file.")
    alias: str = Field(description="English name.")
    role: str = Field(description="id, group, time, feature, known_ahead, known_after, target or note.")
    dtype: str = Field(description="text, int, float, bool or date.")
    unit: Text | None = Field(default=None, description="Unit of the values.")
    description: Text = Field(description="What the column tells.")


class PictureSetOut(Schema):
    """What a zip of pictures holds: <id>.png for ids of a table's column."""

    table: str = Field(description="Public file whose column names the pictures.")
    column: str = Field(description="English name of that column.")
    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")
    every: bool = Field(default=True, description="Whether there is a picture for every row of the table.")


class DataFile(Schema):
    """A file that learners may download: a table, or a zip of pictures."""

    name: str = Field(description="File name.")
    title: Text = Field(description="Short title.")
    description: Text = Field(description="What it holds.")
    part: str = Field(description="train, test, sample or reference.")
    size: int = Field(description="Bytes.")
    rows: int = Field(description="Data rows; in a zip its pictures.")
    sha256: str = Field(description="SHA-256 of the content; also the download's ETag.")
    url: str = Field(description="Path of the download on this site.")
    columns: list[DataColumn] = Field(default=[], description="Columns in the order of the file; none in a zip.")
    pictures: PictureSetOut | None = Field(default=None, description="What a zip holds; null for a table.")


class IdColumn(Schema):
    """The column that names the rows of a submission."""

    name: str = Field(description="Header in the file.")
    alias: str = Field(description="English name, accepted as a header too.")


class ValueColumn(Schema):
    """A column of numbers to hand in."""

    name: str = Field(description="Header in the file.")
    alias: str = Field(description="English name, accepted as a header too.")
    label: Text = Field(description="What it is called.")
    unit: Text | None = Field(default=None, description="Unit of the values.")
    min: float | None = Field(default=None, description="Smallest allowed value.")
    max: float | None = Field(default=None, description="Largest allowed value.")
    integer: bool = Field(default=False, description="Whether only whole numbers are allowed.")


class MaskColumn(Schema):
    """A column that marks pixels of a row's picture; it may be left out."""

    name: str = Field(description="Header in the file.")
    alias: str = Field(description="English name, accepted as a header too.")
    label: Text = Field(description="What it is called.")
    width: int = Field(description="Width of the pictures, in pixels.")
    height: int = Field(description="Height of the pictures, in pixels.")


class ModelInputSpec(Schema):
    """A column as a model gets it."""

    name: str = Field(description="Name of the model's input.")
    column: str = Field(description="English name of the column that it is taken from.")
    part: str = Field(default="value", description="value, or of a date: which number stands for it.")


class ModelSpec(Schema):
    """What a model (onnx, skops) is given."""

    file: str = Field(description="Public file whose rows are predicted.")
    form: Literal["columns", "matrix", "pictures"] = Field(
        description="columns: an input each; matrix: all numbers in one input; pictures: all of them in one."
    )
    inputs: list[ModelInputSpec] = Field(default=[], description="What models may use, in the order of the matrix.")
    pictures: str | None = Field(default=None, description="Public zip with the picture of each row.")


class SubmissionSpec(Schema):
    """What a submission looks like."""

    kinds: list[Kind] = Field(description="What can be handed in; predictions are a CSV file.")
    model: ModelSpec | None = Field(default=None, description="What a model is given; null where none is accepted.")
    sample: str = Field(description="Public file that names the ids, one of each, in canonical order.")
    id: IdColumn = Field(description="The id column.")
    columns: list[ValueColumn] = Field(description="The value columns.")
    masks: list[MaskColumn] = Field(default=[], description="Columns that mark pixels.")


class RunLimitsOut(Schema):
    """What a model or program of one kind may use."""

    kind: Kind = Field(description="What is handed in.")
    bytes: int = Field(description="Largest file.")
    seconds: float = Field(description="Longest run.")
    memory_mb: int = Field(description="Most memory.")


class LimitsOut(Schema):
    """What one submission and one day may hold."""

    bytes: int = Field(description="Largest CSV file.")
    rows: int = Field(description="Most data rows of a CSV file.")
    per_day: int = Field(description="Valid submissions a day; format errors are free.")
    runs: list[RunLimitsOut] = Field(description="For each accepted kind that is run: its limits.")


class HintsOut(Schema):
    """Which faults of method are looked for in models and programs, as advice."""

    look_for: list[Hint] = Field(description="What is looked for; docs/grader.md says how.")
    table: str = Field(default="", description="Public file that programs learn from.")
    groups: list[str] = Field(default=[], description="English names of columns that folds should keep apart.")


class MetricOut(Schema):
    """A score, or the business value."""

    key: str = Field(description="Name of the value among the scores.")
    label: Text = Field(description="What it is called.")
    description: Text | None = Field(default=None, description="How it is worked out.")
    direction: Literal["lower", "higher"] = Field(description="Which is better.")
    digits: int = Field(description="Scores are rounded to this before they are compared.")
    unit: Text | None = Field(default=None, description="Unit.")


class ScoringOut(Schema):
    """By what the board is ordered."""

    primary: str = Field(description="Key of the metric that ranks.")
    secondary: str | None = Field(
        default=None, description="Key of the metric that breaks ties; then the earlier wins."
    )
    metrics: list[MetricOut] = Field(description="Every metric.")
    business: MetricOut | None = Field(default=None, description="What a result is worth a year; shown, never ranked.")


class CaseSummary(Schema):
    """A case that the cohort works on."""

    slug: str = Field(description="Name of the case in addresses.")
    version: str = Field(description="Version of the pack; a cohort stays on the one it started with.")
    title: Text = Field(description="Title.")
    summary: Text = Field(description="One paragraph.")
    track: Literal["ai", "data"] = Field(description="Track.")
    licence: str = Field(description="SPDX name of the licence.")
    steps: list[StepOut] = Field(description="Steps in their order.")


class CaseOut(CaseSummary):
    """A case with everything needed to work on it."""

    files: list[DataFile] = Field(description="Data to download.")
    features_digest: str = Field(description="Digest of the data; recorded with every score.")
    submission: SubmissionSpec = Field(description="What to hand in for graded steps.")
    limits: LimitsOut = Field(description="Limits of a file and a day.")
    scoring: ScoringOut = Field(description="How submissions are measured.")
    hints: HintsOut = Field(description="What models and programs are looked at for, as advice.")


def told_step(step: Step) -> StepOut:
    """The step and where now stands in it."""
    fields = ("key", "kind", "by", "is_graded", "opens_at", "closes_at")
    return StepOut(title=both(step), state=_state(step), **{name: getattr(step, name) for name in fields})


def _state(step: Step) -> StepState:
    if step.is_open():
        return "open"
    return "closed" if step.is_closed() else "upcoming"


def told_case(case: CohortCase, steps: list[Step]) -> dict[str, Any]:
    """The fields of CaseSummary."""
    manifest = case.case_version.manifest
    told = {name: manifest[name] for name in ("slug", "version", "title", "summary", "track", "licence")}
    return {**told, "steps": [told_step(step) for step in steps]}


def told_case_in_full(case: CohortCase, steps: list[Step]) -> dict[str, Any]:
    """The fields of CaseOut."""
    manifest = case.case_version.manifest
    return {
        **told_case(case, steps),
        "files": told_files(case),
        "features_digest": case.case_version.features_digest,
        "submission": manifest["submission"],
        "limits": told_limits(manifest),
        "hints": manifest.get("hints", {"look_for": []}),
        "scoring": told_scoring(manifest["scoring"] | {"business": manifest.get("business")}),
    }


def told_limits(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's limits, and those of every accepted kind that is run, whether the case or the kind sets them."""
    rules = HandInRules.from_json(manifest)
    executed = [KINDS[kind] for kind in rules.submission.kinds if KINDS[kind].is_executed]
    return {**manifest["limits"], "runs": [kind.run_limits(rules) for kind in executed]}


def told_files(case: CohortCase) -> list[DataFile]:
    """What the manifest says of each public file, with size, rows and digest as installed."""
    described = {file["name"]: file for file in case.case_version.manifest["files"]}
    return [
        DataFile(
            **described[file.name], size=file.size, rows=file.rows, sha256=file.sha256, url=data_path(case, file.name)
        )
        for file in public_files(case.case_version)
    ]


def data_path(case: CohortCase, name: str) -> str:
    """Where the API serves the file."""
    return reverse("api:download_data", kwargs={"cohort": case.cohort.slug, "case": case.slug, "file": name})


def told_scoring(scoring: Mapping[str, Any]) -> ScoringOut:
    """Metrics and business value without what only the grader needs."""
    business = scoring["business"]
    worth = {**business, "direction": "higher", "digits": 0, "unit": {"ja": "円", "en": "yen"}} if business else None
    return ScoringOut(
        primary=scoring["primary"],
        secondary=scoring.get("secondary"),
        metrics=scoring["metrics"],
        business=MetricOut(**worth) if worth else None,
    )
