"""The numbers that a hand-in came to, and the refusal of one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.ids import Ids
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
    """columns: aliases. values: finite float64 (rows, columns), in canonical order. notices: what was put right."""

    columns: tuple[str, ...]
    values: Floats
    notices: tuple[Problem, ...] = ()

    def plan(self) -> dict[str, Floats]:
        """Each column by its alias, shape (rows,)."""
        return {name: self.values[:, position] for position, name in enumerate(self.columns)}

    def to_bytes(self) -> bytes:
        """The values as an npy file (no pickle); equal values give equal bytes."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(self.values, dtype="<f8"), allow_pickle=False)
        return buffer.getvalue()

    @property
    def digest(self) -> str:
        """SHA-256 of ``to_bytes()``."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes, *, pack: Pack, ids: Ids) -> Predictions:
        """The values kept by ``to_bytes``. Raises ValueError when dtype, shape or finiteness are not the case's."""
        values = np.load(io.BytesIO(data), allow_pickle=False)
        wanted = (len(ids), len(pack.submission.columns))
        if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.shape != wanted:
            raise ValueError(f"the array is not float64 of shape {wanted}")
        if not np.isfinite(values).all():
            raise ValueError("the array holds numbers that are not finite")
        return cls(columns=pack.submission.aliases, values=values)
