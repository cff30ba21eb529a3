"""What notes of a program say against its method. A finding needs evidence on every row it rests on; else silence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from grader.runner.work.recording import Fit, Notes, Split, frame_of, hashes_of, numbers_of

Rows = np.ndarray[Any, np.dtype[np.int64]]
Finding = dict[str, Any]

MOST_NAMED = 3
LEAST_ROWS = 50
TOO_TELLING = 0.95
LEAST_SHARE = 0.2  # of groups, or of rows: less may be an edge that two folds share
FEW_DAYS = FEW_VALUES = 10
# A number that fills gaps is one number in many rows; what is worked out row by row differs from row to row.
FILLS_AT_MOST = 0.1


class Table:
    """The file that programs learn from, and which of its rows stand in what a program passes on."""

    def __init__(self, raw: pd.DataFrame, spec: dict[str, Any]) -> None:
        self.raw = raw
        self._names = {spelled: name for name, alias in spec["columns"].items() for spelled in (name, alias)}
        self._target = spec["target"]

    def rows_of(self, *given: Any) -> Rows | None:
        """Positions in the file of the rows passed on, side by side, by the things given; None where not certain."""
        for one in given:
            places = self._places(one)
            if places is not None and any(self._agrees(other, places) for other in given):
                return places
        return None

    def is_target(self, wanted: Any, places: Rows) -> bool:
        """Whether those are the answers of these rows, as they are or as log(1 + y)."""
        values, actual = _numbers(wanted), self._column(self._target, places)
        if values is None or actual is None or len(values) != len(actual):
            return False
        return _same(values, actual) or _same(values, np.log1p(np.maximum(actual, 0)))

    def _places(self, given: Any) -> Rows | None:
        if isinstance(given, pd.DataFrame | pd.Series):
            index = given.index
            if index.is_unique and pd.api.types.is_integer_dtype(index.dtype) and len(index):
                places = index.to_numpy(dtype=np.int64)
                return places if places.min() >= 0 and places.max() < len(self.raw) else None
            return None
        is_whole = hasattr(given, "__len__") and len(given) == len(self.raw)
        return np.arange(len(self.raw)) if is_whole else None

    def _agrees(self, given: Any, places: Rows) -> bool:
        """Whether a column that tells rows apart holds what the file has in these rows."""
        if len(given) != len(places):
            return False
        if not isinstance(given, pd.DataFrame):
            return self._tells(self._target, places) and self.is_target(given, places)
        known = [(name, self._names[str(name)]) for name in given.columns if str(name) in self._names]
        return any(self._tells(raw, places) and self._equals(given[name], raw, places) for name, raw in known)

    def _tells(self, name: str, places: Rows) -> bool:
        """Whether it would not agree by chance: many values, or a target's second one often enough."""
        counts = self.raw[name].iloc[places].value_counts()
        return len(counts) >= FEW_VALUES or (name == self._target and int(counts.iloc[1:].sum()) >= FEW_VALUES)

    def _equals(self, cells: Any, name: str, places: Rows) -> bool:
        raw = self.raw[name].iloc[places]
        if pd.api.types.is_datetime64_any_dtype(cells):
            return bool((pd.to_datetime(raw).to_numpy() == cells.to_numpy()).all())
        if pd.api.types.is_numeric_dtype(raw) and pd.api.types.is_numeric_dtype(cells):
            return _same(raw.to_numpy(dtype=np.float64), cells.to_numpy(dtype=np.float64, na_value=np.nan))
        return bool((raw.astype(str).to_numpy() == cells.astype(str).to_numpy()).all())

    def _column(self, name: str, places: Rows) -> np.ndarray[Any, np.dtype[np.float64]] | None:
        return numbers_of(self.raw[name].iloc[places])


def _numbers(given: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    frame = frame_of(given)
    return numbers_of(frame.iloc[:, 0]) if frame is not None and frame.shape[1] == 1 else None


def _same(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    return bool(np.allclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True))


# --- One feature that tells all ---


def single_features(notes: Notes, table: Table) -> Iterator[Finding]:
    """Columns that alone explain the case's own target."""
    for fit in notes.fits:
        places = table.rows_of(fit.wanted, fit.given)
        if places is None or len(fit.answers) < LEAST_ROWS or not table.is_target(fit.wanted, places):
            continue
        for number, name in enumerate(fit.columns):
            measure, value = _told_by(fit.values[:, number], fit.answers)
            if value > TOO_TELLING:
                yield {"code": "hint_single_feature", "column": name, "measure": measure, "value": value}


def _told_by(feature: np.ndarray[Any, Any], answers: np.ndarray[Any, Any]) -> tuple[str, float]:
    """How much of the answers the feature tells: AUC where there are two of them, else R²."""
    good = np.isfinite(feature) & np.isfinite(answers)
    x, y = feature[good], answers[good]
    if len(x) < LEAST_ROWS or len(x) < 0.5 * len(feature) or np.ptp(x) == 0 or np.ptp(y) == 0:
        return "R²", 0.0
    labels = np.unique(y)
    if len(labels) == 2:
        ranks = pd.Series(x).rank().to_numpy()
        ones = y == labels[1]
        auc = (ranks[ones].sum() - ones.sum() * (ones.sum() + 1) / 2) / (ones.sum() * (~ones).sum())
        return "AUC", float(max(auc, 1 - auc)) if min(ones.sum(), (~ones).sum()) >= 10 else 0.0
    return "R²", float(np.corrcoef(x, y)[0, 1] ** 2)


# --- Splits ---


def early_fits(notes: Notes, _: Table) -> Iterator[Finding]:
    """Steps fitted on all rows, whose work is then split into training and validation."""
    for split in notes.splits:
        columns = set().union(*(hashes_of(one).values() for one in split.given))
        for learnt in notes.learnt:
            found = columns & learnt.made
            is_all = found == learnt.made and len(columns - found) <= 1  # beside them, at most the answers
            if _rows(split) == learnt.rows and (is_all if learnt.is_choice else found):
                yield {"code": "hint_fit_before_split", "transformer": learnt.name}


def _rows(split: Split) -> int:
    return len(split.given[0]) if split.given else 0


def folds_in_time(notes: Notes, table: Table, time: str) -> Iterator[Finding]:
    """Validation on days before the last of those trained on."""
    for train, checked in _folds(notes, table):
        days = pd.to_datetime(table.raw[time], errors="coerce")
        learnt_from, judged_on = days.iloc[train], days.iloc[checked]
        if judged_on.nunique() < FEW_DAYS or learnt_from.isna().any() or judged_on.isna().any():
            continue
        share = float((judged_on < learnt_from.max()).mean())
        if share > 0.5:
            yield {"code": "hint_time_folds", "share": share}


def groups_in_folds(notes: Notes, table: Table, group: str) -> Iterator[Finding]:
    """Groups that are trained on and validated on at once."""
    for train, checked in _folds(notes, table):
        groups = table.raw[group]
        judged_on = set(groups.iloc[checked])
        shared = judged_on & set(groups.iloc[train])
        if len(shared) > LEAST_SHARE * len(judged_on):
            yield {"code": "hint_group_folds", "column": group, "shared": len(shared), "groups": len(judged_on)}


def _folds(notes: Notes, table: Table) -> Iterator[tuple[Rows, Rows]]:
    for split in notes.splits:
        places = table.rows_of(*split.given)
        if places is not None:
            yield from ((places[np.asarray(one)], places[np.asarray(two)]) for one, two in split.folds)


# --- The future ---


def moved_by_the_future(before: Notes, after: Notes) -> dict[int, set[str]]:
    """For each model, columns that changed in rows whose own answer did not, when later days were changed."""
    if [fit.name for fit in before.fits] != [fit.name for fit in after.fits]:
        return {}
    pairs = enumerate(zip(before.fits, after.fits, strict=True))
    return {number: moved for number, (one, two) in pairs if (moved := _moved(one, two))}


def _moved(before: Fit, after: Fit) -> set[str]:
    if before.columns != after.columns or before.values.shape != after.values.shape:
        return set()
    same = _equal(before.answers, after.answers)
    if same.sum() < LEAST_ROWS or (~same).sum() < LEAST_ROWS:
        return set()
    columns = zip(before.columns, before.values[same].T, after.values[same].T, strict=True)
    return {name for name, old, new in columns if _differs_by_row(old, new)}


def _differs_by_row(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> bool:
    """Whether rows changed one by one, and not as a scale does, or as one number that fills gaps."""
    moved = ~_equal(old, new)
    if not moved.any() or _is_rescaled(old, new):
        return False
    kinds = len(np.unique(np.column_stack([old[moved], new[moved]]), axis=0))
    if moved.mean() > 0.9:
        return kinds > 1
    return bool(kinds > FILLS_AT_MOST * moved.sum())


def _is_rescaled(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> bool:
    good = np.isfinite(old) & np.isfinite(new)
    if good.sum() < 3 or np.ptp(old[good]) == 0:
        return True
    slope, start = np.polyfit(old[good], new[good], 1)
    return bool(np.allclose(new[good], slope * old[good] + start, rtol=1e-6, atol=1e-6 * (np.ptp(new[good]) + 1e-12)))


def _equal(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(np.isclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))


def steady(found: dict[int, set[str]], before: Notes, again: Notes) -> set[str]:
    """Those of the columns that came out the same in a run where nothing was changed."""
    names = set()
    for number, columns in found.items():
        one, two = before.fits[number], again.fits[number] if number < len(again.fits) else None
        if two is None or one.columns != two.columns or one.values.shape != two.values.shape:
            continue
        for name in columns:
            place = one.columns.index(name)
            if _equal(one.values[:, place], two.values[:, place]).all():
                names.add(name)
    return names


def first_of(findings: Iterator[Finding], *, most: int = 1) -> list[Finding]:
    """No more than so many, each once."""
    found: list[Finding] = []
    for finding in islice(findings, 100):
        if all(known.get("column") != finding.get("column") for known in found):
            found.append(finding)
        if len(found) >= most:
            break
    return found
