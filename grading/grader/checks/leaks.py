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
        frame = read_public(build, file.name)
        for target in targets:
            yield from _shown(file, frame, target, truth.columns[target], pack, build)
        if start is not None:
            yield from _overlaps(file, frame, start)


def _test_start(pack: Pack, build: Build) -> str | None:
    """The first day of the test files, if they have days."""
    days = [
        read_public(build, file.name)[column.name].min()
        for file in pack.tables
        if file.part == "test"
        for column in file.columns
        if column.role == "time" and column.dtype == "date"
    ]
    return min(days, default=None)


def _shown(
    file: DataFile, frame: pd.DataFrame, target: str, actual: NDArray[Any], pack: Pack, build: Build
) -> Iterator[Problem]:
    rows = _rows_of_ids(file, frame, pack, build)
    if rows is None:
        return
    for column in file.columns:
        if column.dtype in {"int", "float"} and _alike(rows[column.name], actual):
            yield Problem("truth_shown", {"file": file.name, "column": column.name, "target": target})


def _rows_of_ids(file: DataFile, frame: pd.DataFrame, pack: Pack, build: Build) -> pd.DataFrame | None:
    """The file's rows in canonical order: by its id column, or as they stand when there are as many as ids."""
    named = next((column.name for column in file.columns if column.alias == pack.submission.id.alias), None)
    if named is not None and frame[named].is_unique:
        return frame.set_index(named, drop=False).reindex(build.ids.values)
    return frame if len(frame) == len(build.ids) else None


def _alike(cells: pd.Series[Any], actual: NDArray[Any]) -> bool:
    found = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    both = np.isfinite(found)
    if both.sum() < 3 or np.ptp(found[both]) == 0 or np.ptp(actual[both]) == 0:
        return False
    return bool(abs(np.corrcoef(found[both], actual[both])[0, 1]) > TOO_ALIKE)


def _overlaps(file: DataFile, frame: pd.DataFrame, start: str) -> Iterator[Problem]:
    days = [column.name for column in file.columns if column.role == "time" and column.dtype == "date"]
    for column in file.columns:
        if column.role in AFTER_THE_EVENT and any(
            (frame.loc[frame[day] >= start, column.name] != "").any() for day in days
        ):
            yield Problem("truth_overlaps", {"file": file.name, "column": column.name, "start": start})
