"""Looks for what gives the target away, before learners do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.new.cells import Rows
from grader.new.roles import Layout
from grader.new.splitting import Division
from grader.new.target import TargetKind
from grader.new.wishes import Column
from grader.problems import JSON, Problem

TOO_MUCH = 0.9
ID_TELLS = 0.3
LOOKED_AT = 100_000  # rows
BINS = 100
LONGEST_LAG = 60
SAME = 0.98
REPEATED = 0.5
FEWEST_TOLD = 20  # rows of a text column with numbers, of which so large a share is the answer
TOLD = 0.5

_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")

Floats = NDArray[np.float64]
Found = tuple[dict[str, tuple[str, str]], list[Problem]]


def find_leaks(layout: Layout, division: Division) -> Found:
    """Columns that must not stand in the test, with role and reason by name, and what to tell the organiser."""
    changed: dict[str, tuple[str, str]] = {}
    notices: list[Problem] = []
    found = (*_alone(layout, division), *_ids(layout, division), *_lags(layout, division), *_texts(layout))
    for column, role, why, problem in found:
        notices.append(problem)
        if column.why != "why_said" and column.name not in changed:
            changed[column.name] = (role, why)
    return changed, [*notices, *_both_sides(layout, division)]


Leak = tuple[Column, str, str, Problem]


def _alone(layout: Layout, division: Division) -> Iterator[Leak]:
    """Columns that alone explain nearly the whole target of rows that were not looked at."""
    train, test = division.train[:LOOKED_AT], division.test[:LOOKED_AT]
    for column in layout.of("known_ahead"):
        score = explained(column.field.numbers, layout.target.values, train, test)
        if layout.target.kind is TargetKind.BINARY:
            score = max(score, _area(column.field.numbers, layout.target.values, train, test))
        if score > TOO_MUCH:
            params = _at(layout, column) | {"percent": int(score * 100)}
            yield column, "known_after", "why_alone", Problem("new_alone", params)


def explained(values: Floats, target: Floats, train: Rows, test: Rows) -> float:
    """R² on the test rows of the mean target of like values among the train rows: 1 gives everything away."""
    left = np.square(target[test] - _means(values, target, train, test)).sum()
    total = np.square(target[test] - target[test].mean()).sum()
    return max(float(1 - left / total), _straight(values, target, train, test)) if total > 0 else 0.0


def _area(values: Floats, target: Floats, train: Rows, test: Rows) -> float:
    """For yes and no: how often a yes among the test rows has the higher mean (AUC), equals counting half."""
    means, is_yes = _means(values, target, train, test), target[test] > 0
    if is_yes.all() or not is_yes.any():
        return 0.0
    ranks = pd.Series(means).rank().to_numpy()
    yes = int(is_yes.sum())
    return float((ranks[is_yes].sum() - yes * (yes + 1) / 2) / (yes * (len(is_yes) - yes)))


def _means(values: Floats, target: Floats, train: Rows, test: Rows) -> Floats:
    """For each test row the mean target of like values among the train rows."""
    edges = np.unique(np.quantile(values[train][np.isfinite(values[train])], np.linspace(0, 1, BINS + 1)[1:-1]))
    if len(np.unique(values[train])) <= BINS * 50:  # classes, or numbers that repeat: each is its own bin
        edges = np.unique(values[train][np.isfinite(values[train])])
    bins_train, bins_test = (np.searchsorted(edges, values[rows], side="right") for rows in (train, test))
    sums = np.bincount(bins_train, weights=target[train], minlength=len(edges) + 2)
    counts = np.bincount(bins_train, minlength=len(edges) + 2)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), target[train].mean())
    of_test: Floats = means[bins_test]
    return of_test


def _straight(values: Floats, target: Floats, train: Rows, test: Rows) -> float:
    """The same for a straight line, which needs no like values among the train rows."""
    known = np.isfinite(values)
    train, test = train[known[train]], test[known[test]]
    if len(train) < 3 or len(test) < 3 or np.ptp(values[train]) == 0 or np.ptp(target[test]) == 0:
        return 0.0
    centre = values[train].mean()
    slope, level = np.polyfit(values[train] - centre, target[train], 1)
    left = np.square(target[test] - (slope * (values[test] - centre) + level)).sum()
    return float(1 - left / np.square(target[test] - target[test].mean()).sum())


def _ids(layout: Layout, division: Division) -> Iterator[Leak]:
    """Ids whose order tells the target better than the time does."""
    train, test = division.train[:LOOKED_AT], division.test[:LOOKED_AT]
    time = layout.only("time")
    known = explained(time.field.numbers, layout.target.values, train, test) if time else 0.0
    for column in layout.columns:
        if column.role != "id" and column.why != "why_unique":
            continue
        order = _order(column)
        score = explained(order, layout.target.values, train, test) if order is not None else 0.0
        if score > max(ID_TELLS, known + 0.05):
            params = _at(layout, column) | {"percent": int(score * 100)}
            yield column, "", "why_id_tells", Problem("new_id_tells", params)


def _order(column: Column) -> Floats | None:
    """The number in an id: of P-0123 it is 123; the row number where there is none."""
    if not isinstance(column.field.values, pd.Categorical):
        return column.field.numbers
    texts = pd.Series(column.field.values.categories.astype(str))
    numbers = pd.to_numeric(texts.str.extract(r"(\d{1,15})(?!.*\d)")[0], errors="coerce").to_numpy(dtype=np.float64)
    return numbers[column.field.codes] if np.isfinite(numbers).any() else None


def _lags(layout: Layout, division: Division) -> Iterator[Leak]:
    """By time: columns of the test that repeat the target of an earlier row to predict, such as yesterday's sales."""
    time = layout.only("time")
    if time is None:
        return
    groups = _series(layout)
    order = np.lexsort((time.field.numbers, groups))[: LOOKED_AT * 2]
    target, group = layout.target.values[order], groups[order]
    is_test = np.zeros(layout.table.rows, dtype=np.bool_)
    is_test[division.test] = True
    for column in layout.of("known_ahead"):
        if column.field.dtype not in {"int", "float"}:
            continue
        lag = _lag(column.field.numbers[order], target, group, is_test[order])
        if lag:
            params = _at(layout, column) | {"lag": lag}
            yield column, "known_after", "why_lag", Problem("new_lag", params)


def _series(layout: Layout) -> NDArray[np.int64]:
    joined = np.zeros(layout.table.rows, dtype=np.int64)
    for column in layout.of("group"):
        joined = joined * (int(column.field.codes.max()) + 2) + column.field.codes + 1
    return np.unique(joined, return_inverse=True)[1].ravel().astype(np.int64)


def _lag(values: Floats, target: Floats, group: NDArray[np.int64], is_test: NDArray[np.bool_]) -> int:
    """By how many rows the values follow the target, where they nearly always do and reach into the test; else 0."""
    for lag in range(1, min(LONGEST_LAG, len(values) - 1) + 1):
        together = (group[lag:] == group[:-lag]) & np.isfinite(values[lag:])
        reaches = together & is_test[:-lag]
        if together.sum() < 20 or not reaches.any():
            continue
        same = values[lag:] == target[:-lag]
        if same[together].mean() > SAME and np.ptp(target[:-lag][together]) > 0:
            return lag
    return 0


def _texts(layout: Layout) -> Iterator[Leak]:
    """Remarks in which the answer is written down: "5,654 kWh read" beside a target of 5654."""
    target = layout.target
    if target.kind not in {TargetKind.COUNT, TargetKind.NUMBER}:
        return
    for column in layout.of("known_ahead"):
        values = column.field.values[:LOOKED_AT]
        if not isinstance(values, pd.Categorical):
            continue
        told = [_numbers_in(str(text)) for text in values.categories]
        rows = [row for row, code in enumerate(values.codes) if told[code]]
        right = sum(float(target.values[row]) in told[values.codes[row]] for row in rows)
        if len(rows) >= FEWEST_TOLD and right > len(rows) * TOLD:
            yield column, "known_after", "why_told", Problem("new_text_tells", _at(layout, column) | {"count": right})


def _numbers_in(text: str) -> set[float]:
    return {float(number.replace(",", "")) for number in _NUMBERS.findall(unicodedata.normalize("NFKC", text))}


def _both_sides(layout: Layout, division: Division) -> Iterator[Problem]:
    """Rows, and likely groups, that stand on both sides of the division."""
    features = [column for column in layout.columns if column.role == "known_ahead"]
    if layout.split == "group" and features and (same := _same(features, division)):
        yield Problem("new_rows_twice", {"file": layout.table.name, "count": same})
    if layout.split != "rows":
        return
    for column in features:
        if column.field.dtype == "text" and _repeats(column, division):
            yield Problem("new_group_both", _at(layout, column))


def _same(columns: list[Column], division: Division) -> int:
    frame = pd.DataFrame({place: column.field.numbers for place, column in enumerate(columns)})
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return int(np.isin(hashes[division.test], hashes[division.train]).sum())


def _repeats(column: Column, division: Division) -> bool:
    """Whether it looks like a name of things that come several times: many values, most of them on both sides."""
    train, test = np.unique(column.field.codes[division.train]), np.unique(column.field.codes[division.test])
    many = len(train) > max(20, len(division.train) / 50)
    return bool(many and np.isin(test, train).mean() > REPEATED)


def _at(layout: Layout, column: Column) -> dict[str, JSON]:
    return {"file": layout.table.name, "column": column.name}
