"""Looks for what a forecast must not know, in tables, predictions and fitted models: hints to their maker.

Nothing is refused for it. Programs are watched while they run instead: advice.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

TOO_ALIKE = 0.95  # R²
SAME = 0.999  # share of rows
MOST_GROUPS = 30
_AFTER = {"known_after", "target"}


@dataclass(frozen=True)
class Sign:
    """What was seen: the key of its words, and their parameters."""

    key: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class CaseColumns:
    """The case's columns by role, each under both its names; ``targets``: what the past files tell of the outcome.

    ``target``: the first of these by the name in the file, empty where the files tell of none.
    """

    roles: Mapping[str, str]
    targets: frozenset[str]
    target: str = ""

    @classmethod
    def of(cls, case: Mapping[str, Any]) -> "CaseColumns":
        known = [(file, column) for file in case["files"] for column in file["columns"]]
        spelled = [(name, file, column) for file, column in known for name in (column["name"], column["alias"])]
        past = [(name, column) for name, file, column in spelled if file["part"] == "train"]
        return cls(
            roles={name: column["role"] for name, _, column in spelled if column["role"] != "note"},
            targets=frozenset(name for name, column in past if column["role"] == "target"),
            target=next((name for name, column in past if column["role"] == "target"), ""),
        )

    def named(self, names: Iterable[object], *roles: str) -> list[str]:
        """Those of the names that are columns in one of the roles."""
        return [str(name) for name in names if self.roles.get(str(name)) in roles]


# --- predictions


def in_predictions(values: np.ndarray[Any, Any], names: Sequence[str]) -> Iterator[Sign]:
    """Columns that say nothing: the same number for every row."""
    for column, name in zip(values.T, names, strict=True):
        if len(column) > 1 and np.ptp(column) == 0:
            yield Sign("sign_constant", {"column": name, "value": f"{column[0]:g}"})


# --- features


def in_features(frame: pd.DataFrame, columns: CaseColumns, *, horizon: int) -> Iterator[Sign]:
    """A table that a model is trained on: what in it is not known when the forecast is made.

    Features that are the target in disguise, or too fresh, are found where the target is among the columns; where it
    isn't, that is said.
    """
    targets = [name for name in frame if name in columns.targets]
    if columns.targets and not targets:
        yield Sign("sign_no_target", {"column": columns.target})
    for name in columns.named(frame.columns, "known_after"):
        yield Sign("sign_known_after", {"column": name})
    for target in targets:
        features = frame.drop(columns=[*targets, *columns.named(frame.columns, "known_after", "id")])
        numbers = features.select_dtypes("number")
        yield from _in_disguise(numbers, frame[target])
        yield from _too_fresh(frame, numbers, target, columns, horizon=horizon)


def _in_disguise(numbers: pd.DataFrame, target: "pd.Series[Any]") -> Iterator[Sign]:
    for name in numbers:
        share = _explained(numbers[name], target)
        if share > TOO_ALIKE:
            yield Sign("sign_alike", {"column": name, "share": share})
    order = pd.Series(np.arange(len(target), dtype=float), index=target.index)
    if (share := _explained(order, target)) > TOO_ALIKE:
        yield Sign("sign_row_order", {"share": share})


def _explained(feature: "pd.Series[Any]", target: "pd.Series[Any]") -> float:
    """R² of a straight line."""
    both = pd.DataFrame({"x": feature.astype(float), "y": pd.to_numeric(target, errors="coerce")}).dropna()
    if len(both) < 10 or both["x"].nunique() < 2 or both["y"].nunique() < 2:
        return 0.0
    return float(np.corrcoef(both["x"], both["y"])[0, 1] ** 2)


def _too_fresh(
    frame: pd.DataFrame, numbers: pd.DataFrame, target: str, columns: CaseColumns, *, horizon: int
) -> Iterator[Sign]:
    """Features that repeat the target of fewer days ago than the forecast reaches ahead."""
    times, groups = columns.named(frame.columns, "time"), columns.named(frame.columns, "group")
    if not times or horizon < 2:
        return
    ordered = frame.sort_values(times[:1], kind="stable")
    pieces = [piece for _, piece in ordered.groupby(groups)] if groups else [ordered]
    pieces = [piece for piece in pieces[:MOST_GROUPS] if len(piece) > horizon]
    for name in numbers.columns.difference([*times, *groups]):
        days = next((lag for lag in range(1, horizon) if _repeats(pieces, name, target, lag)), None)
        if days is not None:
            yield Sign("sign_fresh", {"column": name, "days": days, "horizon": horizon})


def _repeats(pieces: list[pd.DataFrame], name: str, target: str, lag: int) -> bool:
    same = total = 0
    for piece in pieces:
        feature, before = piece[name].to_numpy(float)[lag:], piece[target].to_numpy(float)[:-lag]
        known = np.isfinite(feature) & (before != 0)  # zeros are alike by chance
        same, total = same + int((feature[known] == before[known]).sum()), total + int(known.sum())
    return total > 20 and same / total > SAME


# --- models


def in_model(names: Iterable[object], columns: CaseColumns) -> Iterator[Sign]:
    """Inputs of a fitted model that nobody knows when the forecast is made."""
    for name in columns.named(names, *_AFTER):
        yield Sign("sign_known_after", {"column": name})
