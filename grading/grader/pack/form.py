"""What a hand-in looks like, and what it may cost: [submission] and [limits] of case.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.contract import Kind
from grader.pack.text import Text


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
    """What a model (ONNX, skops) is given. form: "columns", an input each; "matrix", all numbers in one; "pictures",
    the grey values of each row's picture in the zip ``pictures`` (ONNX alone).
    """

    file: str
    form: Literal["columns", "matrix", "pictures"]
    inputs: tuple[ModelInput, ...] = ()
    pictures: str | None = None


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
    def english_header(self) -> str:
        """The same by the columns' English names."""
        return ",".join([self.id.alias, *(column.alias for column in self.to_write)])

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
