"""The numbers that a hand-in came to, and the refusal of one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from grader.ids import Ids
from grader.masks import Masks
from grader.pack.form import MaskColumn, SubmissionForm
from grader.pack.model import Pack
from grader.problems import Problem

Floats = NDArray[np.float64]


class SubmissionRejected(Exception):
    """A hand-in that cannot be read; the problems say why and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text("en") for problem in problems))


@dataclass(frozen=True, eq=False)
class Predictions:
    """columns: aliases. values: finite float64 (rows, columns), in canonical order. notices: what was put right.

    masks: what was marked, by the alias of each of the case's mask columns.
    """

    columns: tuple[str, ...]
    values: Floats
    notices: tuple[Problem, ...] = ()
    masks: Mapping[str, Masks] = field(default_factory=dict)

    @classmethod
    def of_numbers(cls, values: Floats, form: SubmissionForm) -> Predictions:
        """Numbers alone, as a model or a program comes to them: nothing is marked."""
        nothing = {column.alias: Masks.none(len(values)) for column in form.masks}
        return cls(columns=form.aliases, values=values, masks=nothing)

    def plan(self) -> dict[str, Floats]:
        """Each column by its alias, shape (rows,)."""
        return {name: self.values[:, position] for position, name in enumerate(self.columns)}

    def to_bytes(self) -> bytes:
        """The values as an npy file (no pickle), the runs of each mask column behind it; equal values, equal bytes."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(self.values, dtype="<f8"), allow_pickle=False)
        for masks in self.masks.values():
            np.save(buffer, np.ascontiguousarray(masks.runs, dtype="<i4"), allow_pickle=False)
        return buffer.getvalue()

    @property
    def digest(self) -> str:
        """SHA-256 of ``to_bytes()``."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes, *, pack: Pack, ids: Ids) -> Predictions:
        """The values kept by ``to_bytes``. Raises ValueError when dtype, shape or finiteness are not the case's."""
        buffer = io.BytesIO(data)
        values = np.load(buffer, allow_pickle=False)
        wanted = (len(ids), len(pack.submission.columns))
        if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.shape != wanted:
            raise ValueError(f"the array is not float64 of shape {wanted}")
        if not np.isfinite(values).all():
            raise ValueError("the array holds numbers that are not finite")
        masks = {column.alias: _kept_masks(buffer, column, rows=len(ids)) for column in pack.submission.masks}
        return cls(columns=pack.submission.aliases, values=values, masks=masks)


def _kept_masks(buffer: io.BytesIO, column: MaskColumn, *, rows: int) -> Masks:
    masks = Masks(rows=rows, runs=np.load(buffer, allow_pickle=False))
    masks.check(size=column.size)
    return masks
