"""Looks for the truth in what learners may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.checks.data import read_public
from grader.pack.build import Build
from grader.pack.model import DataFile, Pack
from grader.problems import Problem
from grader.truth import Truth

Floats = NDArray[np.float64]

TOO_ALIKE = 0.9999
AFTER_THE_EVENT = {"target", "known_after"}


def leak_problems(pack: Pack, build: Build, truth: Truth) -> Iterator[Problem]:
    """Columns that equal a target or run parallel to it, and after-the-event columns that reach into the test days."""
    start = _test_start(pack, build)
    targets = sorted({metric.truth for metric in pack.scoring.metrics if metric.truth is not None} - truth.masks.keys())
    for file in pack.tables:
        rows = _rows_of_ids(file, pack, build)
        if rows is not None:
            for target in targets:
                yield from _shown(file, rows, target, truth.columns[target])
        if start is not None:
            yield from _overlaps(file, build, start)


def _test_start(pack: Pack, build: Build) -> str | None:
    """The first day of the test files, if they have days."""
    days = [
        read_public(build, file.name, [column.name])[column.name].min()
        for file in pack.tables
        if file.part == "test"
        for column in file.columns
        if column.role == "time" and column.dtype == "date"
    ]
    return min(days, default=None)


def _shown(file: DataFile, rows: pd.DataFrame, target: str, actual: NDArray[Any]) -> Iterator[Problem]:
    for name in rows.columns:
        if _alike(rows[name], actual):
            yield Problem("truth_shown", {"file": file.name, "column": name, "target": target})


def _rows_of_ids(file: DataFile, pack: Pack, build: Build) -> pd.DataFrame | None:
    """The numbers of the file's rows in canonical order: by its id column, or as they stand where there are as many
    rows as ids; None where there are no numbers, or rows are of something else.
    """
    numbers = [column.name for column in file.columns if column.dtype in {"int", "float"}]
    if not numbers:
        return None
    named = next((column.name for column in file.columns if column.alias == pack.submission.id.alias), None)
    first = read_public(build, file.name, [named or file.columns[0].name]).iloc[:, 0]
    by_id = named is not None and first.is_unique
    if not by_id and len(first) != len(build.ids):
        return None
    frame = read_public(build, file.name, numbers)
    return frame.set_index(first).reindex(build.ids.values) if by_id else frame


def _alike(cells: pd.Series[Any], actual: NDArray[Any]) -> bool:
    found = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    both = np.isfinite(found)
    if both.sum() < 3 or np.ptp(found[both]) == 0 or np.ptp(actual[both]) == 0:
        return False
    return bool(abs(np.corrcoef(found[both], actual[both])[0, 1]) > TOO_ALIKE)


def _overlaps(file: DataFile, build: Build, start: str) -> Iterator[Problem]:
    days = [column.name for column in file.columns if column.role == "time" and column.dtype == "date"]
    after = [column.name for column in file.columns if column.role in AFTER_THE_EVENT]
    if not days or not after:
        return
    late = (read_public(build, file.name, days) >= start).any(axis=1)
    if not late.any():
        return
    cells = read_public(build, file.name, after)[late]
    for name in after:
        if (cells[name] != "").any():
            yield Problem("truth_overlaps", {"file": file.name, "column": name, "start": start})
