"""The first answers to compare with: one number for every row, and gradient boosting on the columns of the test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from grader.new.cells import Rows
from grader.new.measures import Measure
from grader.new.roles import Layout
from grader.new.splitting import Division
from grader.new.target import Target, TargetKind
from grader.new.wishes import Column

MOST_ROWS = 200_000  # learnt from: more cost minutes and gain little
MOST_KINDS = 250  # different texts of a column that boosting tells apart
# Rows below which trees stay small, and a part of the rows says when there are enough of them. Classes, some of which
# are rare, need more: full trees would be sure of what they saw once.
SMALL, SMALL_OF_CLASSES = 2_000, 20_000

Floats = NDArray[np.float64]
_LARGE: dict[str, Any] = {"max_iter": 150, "learning_rate": 0.08, "early_stopping": False}
_SMALL: dict[str, Any] = {
    "max_iter": 200,
    "learning_rate": 0.05,
    "max_leaf_nodes": 6,
    "min_samples_leaf": 10,
    "early_stopping": True,
    "validation_fraction": 0.2,
}
_SQUARED = {"rmse", "r2", "rmsle"}


def constant(layout: Layout, division: Division, measure: Measure) -> float:
    """The one number that is best for the metric: the median, the mean, or the most frequent class."""
    learnt = layout.target.values[division.train]
    if layout.target.kind is TargetKind.CLASSES:
        return float(np.bincount(learnt.astype(np.int64)).argmax())
    if layout.target.kind is TargetKind.BINARY or measure.name in _SQUARED:
        return _rounded(float(learnt.mean()))
    return float(np.median(learnt))


def boosted(layout: Layout, division: Division, measure: Measure) -> Floats:
    """Predictions for the test rows, of shape (test rows,), within what a hand-in may hold."""
    columns = [column for column in layout.columns if column.is_asked]
    if not columns:
        return np.full(len(division.test), constant(layout, division, measure))
    train = division.train[-MOST_ROWS:] if layout.split == "time" else division.train[:MOST_ROWS]
    features, kinds = _features(columns, division.train)
    target = layout.target
    of_classes = target.kind in {TargetKind.BINARY, TargetKind.CLASSES}
    is_small = len(train) < (SMALL_OF_CLASSES if of_classes else SMALL)
    options = dict(_SMALL if is_small else _LARGE, categorical_features=kinds, random_state=0)
    if of_classes:
        model = HistGradientBoostingClassifier(**options).fit(features[train], target.values[train])
        found = model.predict_proba(features[division.test])[:, 1] if target.kind is TargetKind.BINARY else None
        return np.asarray(np.round(model.predict(features[division.test]) if found is None else found, 6))
    model = HistGradientBoostingRegressor(loss=_loss(measure), **options)
    found = model.fit(features[train], target.values[train]).predict(features[division.test])
    return np.maximum(_rounded_like(found, target), 0.0) if target.is_positive else _rounded_like(found, target)


def _loss(measure: Measure) -> str:
    return "squared_error" if measure.name in _SQUARED else "absolute_error"


def _features(columns: Sequence[Column], train: Rows) -> tuple[Floats, list[bool]]:
    """A matrix (rows, features), and which of them are kinds rather than numbers."""
    parts: list[Floats] = []
    kinds: list[bool] = []
    for column in columns:
        if column.field.dtype == "text":
            parts.append(_kinds(column, train))
            kinds.append(True)
        elif column.field.dtype == "date":
            parts += _days(column)
            kinds += [False] * 4
        else:
            parts.append(column.field.numbers)
            kinds.append(False)
    return np.column_stack(parts), kinds


def _kinds(column: Column, train: Rows) -> Floats:
    """The most frequent texts by number; the others are missing."""
    codes = column.field.codes
    counts = np.bincount(codes[train], minlength=int(codes.max()) + 1)
    kept = np.argsort(-counts, kind="stable")[:MOST_KINDS]
    numbers = np.full(len(counts), np.nan)
    numbers[kept] = np.arange(len(kept))
    of_rows: Floats = numbers[codes]
    return of_rows


def _days(column: Column) -> list[Floats]:
    moments = pd.to_datetime(pd.Series(column.field.values))
    parts = moments.dt
    numbers = [parts.day_of_week, parts.month, parts.day, parts.day_of_year]
    return [np.asarray(number, dtype=np.float64) for number in numbers]


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _rounded_like(values: Floats, target: Target) -> Floats:
    """Four figures behind those of a usual value are enough."""
    size = float(np.abs(target.values).mean()) or 1.0
    digits = max(0, 5 - int(np.floor(np.log10(size))))
    return np.round(values, digits) + 0.0
