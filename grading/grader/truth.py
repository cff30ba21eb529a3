"""The hidden truth of a build, in the canonical order of its ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.contract import Split
from grader.ids import Ids
from grader.masks import Masks, MaskWrong
from grader.pack.build import Build
from grader.pack.form import MaskColumn
from grader.pack.model import Pack
from grader.pack.reading import PackError
from grader.problems import Problem

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Truth:
    """columns: of the truth file by alias, each (rows,) in canonical order, float64 where numeric, else str.

    tables: the other truth files by name without .csv, their columns in file order. splits: which rows are in them.
    masks: the columns that mark pixels, by alias.
    reference: the business baseline's cost by split and "all"; empty where a case has no business value.
    """

    columns: Mapping[str, Array]
    tables: Mapping[str, Mapping[str, Array]]
    splits: Mapping[Split, NDArray[np.bool_]]
    digest: str
    features_digest: str
    seed_digest: str
    reference: Mapping[str, float] = field(default_factory=dict)
    masks: Mapping[str, Masks] = field(default_factory=dict)


def read_truth(*, build: Build, pack: Pack) -> Truth:
    """The truth without its business reference. Raises PackError when it does not fit the ids or the manifest."""
    folder = build.path / "truth"
    columns = _in_order(folder / pack.truth.file, ids=build.ids, column=pack.submission.id.alias)
    if problems := list(_problems_of(columns, pack)):
        raise PackError(problems)
    label = columns[pack.split.column]
    return Truth(
        columns=columns,
        tables={file.stem: _read(file) for file in sorted(folder.glob("*.csv")) if file.name not in _rowwise(pack)},
        splits={split: label == split.value for split in Split},
        digest=build.truth_digest,
        features_digest=build.features_digest,
        seed_digest=build.seed_digest,
        masks={name: Masks.read(columns[name].tolist(), size=form.size) for name, form in _masks(pack).items()},
    )


def _masks(pack: Pack) -> dict[str, MaskColumn]:
    """The truth's columns that mark pixels, with the form of the column that is measured by them."""
    forms = {column.alias: column for column in pack.submission.masks}
    measured = [(metric.truth, metric.prediction) for metric in pack.scoring.metrics]
    return {truth: forms[prediction] for truth, prediction in measured if truth is not None and prediction in forms}


def _rowwise(pack: Pack) -> set[str | None]:
    return {pack.truth.file, pack.truth.oracle}


def _read(path: Path) -> dict[str, Array]:
    frame = pd.read_csv(path, keep_default_na=False, encoding="utf-8")
    return {str(name): _array(frame[name]) for name in frame.columns}


def _array(column: pd.Series[Any]) -> Array:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=np.float64)
    return np.array([str(value) for value in column], dtype=np.str_)


def _in_order(path: Path, *, ids: Ids, column: str) -> dict[str, Array]:
    frame = pd.read_csv(path, dtype={column: object}, keep_default_na=False, encoding="utf-8")
    if column not in frame:
        raise PackError([_header_problem(path, column, list(frame.columns))])
    found = pd.Index(frame[column])
    wrong = sorted(set(found) ^ set(ids.values)) or sorted(set(found[found.duplicated()]))
    if wrong:
        examples = ", ".join(map(str, wrong[:3]))
        raise PackError([Problem("truth_ids", {"file": path.name, "count": len(wrong), "examples": examples})])
    ordered = frame.iloc[found.get_indexer(pd.Index(ids.values, dtype=object))]
    return {str(name): _array(ordered[name]) for name in ordered.columns if name != column}


def _problems_of(columns: Mapping[str, Array], pack: Pack) -> Iterator[Problem]:
    metrics, masks = pack.scoring.metrics, _masks(pack)
    targets = {metric.truth for metric in metrics if metric.truth is not None}
    numbers = (targets - masks.keys()) | {name for metric in metrics for name in metric.numbers}
    labels = {name for metric in metrics for name in metric.labels}
    for name in [pack.split.column, *pack.split.by, *(pack.split.blocks or ()), *sorted(targets | numbers | labels)]:
        if name not in columns:
            yield _header_problem(Path(pack.truth.file), name, list(columns))
    for name in sorted(numbers & set(columns)):
        if columns[name].dtype != np.float64 or not np.isfinite(columns[name]).all():
            yield Problem("truth_not_number", {"file": pack.truth.file, "column": name})
    for name in sorted(masks.keys() & set(columns)):
        yield from _mask_problems(pack, columns[name], name, masks[name])
    labels = set(columns.get(pack.split.column, np.array([])).tolist())
    if pack.split.column in columns and labels != {split.value for split in Split}:
        value = ", ".join(sorted(map(str, labels)))
        yield Problem("truth_split", {"file": pack.truth.file, "column": pack.split.column, "value": value})


def _mask_problems(pack: Pack, cells: Array, name: str, form: MaskColumn) -> Iterator[Problem]:
    try:
        Masks.read([str(cell) for cell in cells], size=form.size)
    except MaskWrong as wrong:
        yield Problem("truth_not_mask", {"file": pack.truth.file, "column": name, "detail": wrong.code})


def _header_problem(path: Path, expected: str, found: list[str]) -> Problem:
    return Problem("build_header", {"file": path.name, "found": ",".join(found), "expected": expected})
