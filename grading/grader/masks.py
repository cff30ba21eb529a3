"""Masks as runs: which pixels of a row's picture are marked, read from text and kept as numbers.

A cell is "start length start length …": pixels are counted from 0, line by line from the top left. Runs rise and don't
overlap; an empty cell marks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from grader.problems import JSON

MOST_RUNS = 1_000

Runs = NDArray[np.int32]
Pixels = NDArray[np.int64]

_NUMBERS = re.compile(r"[0-9]{1,9}( +[0-9]{1,9})*")


class MaskWrong(ValueError):
    """A cell that is no mask: the code of the problem, and what the message needs."""

    def __init__(self, code: str, **params: JSON) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def read_mask(cell: str, *, size: int) -> list[tuple[int, int]]:
    """The runs (start, length) in a cell, for a picture of so many pixels. Raises MaskWrong."""
    text = cell.strip()
    if not text:
        return []
    if not _NUMBERS.fullmatch(text):
        raise MaskWrong("mask_not_numbers")
    numbers = [int(part) for part in text.split()]
    if len(numbers) % 2:
        raise MaskWrong("mask_not_pairs", count=len(numbers))
    if len(numbers) > 2 * MOST_RUNS:
        raise MaskWrong("mask_too_many_runs", count=len(numbers) // 2, limit=MOST_RUNS)
    runs = list(zip(numbers[::2], numbers[1::2], strict=True))
    _check_runs(runs, size)
    return runs


def _check_runs(runs: list[tuple[int, int]], size: int) -> None:
    end = 0
    for start, length in runs:
        if length == 0:
            raise MaskWrong("mask_run_empty", start=start)
        if start < end:
            raise MaskWrong("mask_not_rising", start=start, end=end)
        end = start + length
        if end > size:
            raise MaskWrong("mask_outside", start=start, length=length, size=size, last=size - 1)


def written_mask(marked: NDArray[np.bool_]) -> str:
    """The cell for a picture of marks, of any shape; "" where nothing is marked."""
    flat = np.concatenate([[False], marked.ravel(), [False]]).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(flat) == 1), np.flatnonzero(np.diff(flat) == -1)
    return " ".join(f"{start} {end - start}" for start, end in zip(starts, ends, strict=True))


@dataclass(frozen=True, eq=False)
class Masks:
    """The masks of many rows. runs: row, start and length of each run, rising, shape (runs, 3)."""

    rows: int
    runs: Runs

    @classmethod
    def of(cls, of_rows: Sequence[Iterable[tuple[int, int]]]) -> Masks:
        """The masks of rows given by their runs."""
        found = [(row, start, length) for row, runs in enumerate(of_rows) for start, length in runs]
        return cls(rows=len(of_rows), runs=np.array(found, dtype=np.int32).reshape(-1, 3))

    @classmethod
    def none(cls, rows: int) -> Masks:
        """Nothing marked anywhere."""
        return cls(rows=rows, runs=np.empty((0, 3), dtype=np.int32))

    @classmethod
    def read(cls, cells: Sequence[str], *, size: int) -> Masks:
        """The masks written in cells. Raises MaskWrong."""
        return cls.of([read_mask(cell, size=size) for cell in cells])

    def check(self, *, size: int) -> None:
        """Raise ValueError unless the runs are those of so many rows and pixels, in order and apart."""
        if self.runs.dtype != np.int32 or self.runs.ndim != 2 or self.runs.shape[1] != 3:
            raise ValueError("the runs are not int32 of shape (runs, 3)")
        row, start, length = self.runs.astype(np.int64).T
        starts, ends = row * size + start, row * size + start + length
        outside = (row < 0) | (row >= self.rows) | (start < 0) | (length < 1) | (start + length > size)
        if outside.any() or (starts[1:] < ends[:-1]).any():
            raise ValueError("the runs overlap or lie outside the pictures")

    def areas(self) -> NDArray[np.float64]:
        """Marked pixels of each row, shape (rows,)."""
        return np.bincount(self.runs[:, 0], weights=self.runs[:, 2], minlength=self.rows).astype(np.float64)

    def pixels(self, row: int) -> Pixels:
        """The marked pixels of one row, rising."""
        first, last = self._bounds[row], self._bounds[row + 1]
        parts = [np.arange(start, start + length) for _, start, length in self.runs[first:last].tolist()]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    @cached_property
    def _bounds(self) -> NDArray[np.intp]:
        return np.searchsorted(self.runs[:, 0], np.arange(self.rows + 1))
