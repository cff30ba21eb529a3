"""Divides the rows: to learn from and to predict, and these into the provisional and the final half.

What is drawn, is drawn from a secret that is kept nowhere: not even the organiser's file tells which rows decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.new.cells import Codes, Rows
from grader.new.roles import Layout
from grader.new.wishes import Horizon
from grader.pack.reading import PackError
from grader.problems import JSON, Problem

TEST_SHARE = 0.2
PUBLIC_SHARE = 0.4
NEAR = 0.1  # as `grader check` allows for the public share
FEWEST_TEST_ROWS = 20
FEWEST_TRAIN_ROWS = 30
FEWEST_BLOCKS = 5
FEW_TEST_ROWS = 100
MANY = 20_000  # rows whose halves are alike by themselves
DRAWS = 20

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Division:
    """train, test: row numbers of the table, in the order of the files. public: (test rows,).

    by: names of the columns whose values are wholly public or wholly private; empty: row by row.
    """

    train: Rows
    test: Rows
    public: Mask
    by: tuple[str, ...]
    notices: tuple[Problem, ...] = ()


def divide(layout: Layout, *, horizon: str | None, chance: np.random.Generator) -> Division:
    """The division that the layout asks for. Raises PackError where too little is left on a side."""
    if layout.split == "time":
        is_test = _later(layout, Horizon.of(horizon))
    else:
        if horizon is not None:
            raise PackError([Problem("new_horizon_unused", {"value": horizon})])
        is_test = draw(_groups(layout), share=TEST_SHARE, chance=chance)
    _check_sides(layout, is_test)
    train, test = (_ordered(layout, np.flatnonzero(mask), chance) for mask in (~is_test, is_test))
    public, by, notices = _halves(layout, test, chance)
    return Division(train, test, public, by, notices)


def draw(groups: Codes, *, share: float, chance: np.random.Generator) -> Mask:
    """Rows of whole groups that together are about that share of all rows, drawn by chance."""
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    wanted = share * len(groups)
    taken, total = np.zeros(len(sizes), dtype=np.bool_), 0
    for group in chance.permutation(len(sizes)):
        if total + sizes[group] <= wanted * 1.1 or (total == 0 and sizes[group] <= wanted * 1.5):
            taken[group] = True
            total += sizes[group]
        if total >= wanted * 0.95:
            break
    drawn: Mask = taken[codes.ravel()]
    return drawn


def _later(layout: Layout, horizon: Horizon) -> Mask:
    column = layout.splits_by
    times = column.field.numbers if column else np.array([])
    is_day = column is not None and column.field.dtype == "date"
    if horizon.share:
        return _last_share(times, horizon.share)
    if horizon.months:
        if not is_day:
            raise PackError([Problem("new_horizon_months", {"column": column.name if column else ""})])
        last = pd.Timestamp(int(times.max()), unit="D")
        # The last months as the calendar has them: from 1 to 31 March is one.
        start = (last + pd.Timedelta(days=1) - pd.DateOffset(months=horizon.months)).normalize()
        return np.asarray(times >= start.value // 86_400_000_000_000, dtype=np.bool_)
    return np.asarray(times > times.max() - horizon.units, dtype=np.bool_)


def _last_share(times: NDArray[np.float64], share: float) -> Mask:
    """The latest rows, no more than the share where possible; rows of one moment stay together."""
    moments, counts = np.unique(times, return_counts=True)
    after = np.cumsum(counts[::-1])[::-1]  # rows from this moment on
    fitting = moments[after <= share * len(times) * 1.05]
    start = fitting[0] if len(fitting) else moments[-1]
    return np.asarray(times >= start, dtype=np.bool_)


def _groups(layout: Layout) -> Codes:
    """What must stay together: the group, else rows that are the same in every column but target and id."""
    if layout.splits_by is not None:
        return layout.splits_by.field.codes
    shown = {
        str(place): column.field.numbers for place, column in enumerate(layout.columns) if column.role == "known_ahead"
    }
    if not shown:
        return np.arange(layout.table.rows, dtype=np.int64)
    hashes = pd.util.hash_pandas_object(pd.DataFrame(shown), index=False).to_numpy()
    return np.unique(hashes, return_inverse=True)[1].ravel().astype(np.int64)


def _check_sides(layout: Layout, is_test: Mask) -> None:
    test, train = int(is_test.sum()), int((~is_test).sum())
    if test < FEWEST_TEST_ROWS or train < FEWEST_TRAIN_ROWS:
        params: dict[str, JSON] = {"file": layout.table.name, "train": train, "test": test}
        limits: dict[str, JSON] = {"least_train": FEWEST_TRAIN_ROWS, "least_test": FEWEST_TEST_ROWS}
        raise PackError([Problem("new_too_few", params | limits)])


def _ordered(layout: Layout, rows: Rows, chance: np.random.Generator) -> Rows:
    """Rows by time, else shuffled: the order of the organiser's file may tell the target."""
    rows = chance.permutation(rows)
    time = layout.only("time")
    return rows if time is None else rows[np.argsort(time.field.numbers[rows], kind="stable")]


def _halves(
    layout: Layout, test: Rows, chance: np.random.Generator
) -> tuple[Mask, tuple[str, ...], tuple[Problem, ...]]:
    """The public rows of the test: whole days or groups where that can be, else single rows."""
    column, name = layout.splits_by, layout.table.name
    target = layout.target.values[test]
    notices = [Problem("new_few_to_predict", {"file": name, "count": len(test)})] if len(test) < FEW_TEST_ROWS else []
    if column is not None:
        codes = column.field.codes[test]
        public = _alike(codes, target, chance)
        if len(np.unique(codes)) >= FEWEST_BLOCKS and abs(public.mean() - PUBLIC_SHARE) < NEAR:
            return public, (column.name,), tuple(notices)
        notices.append(Problem("new_halves_by_row", {"file": name, "column": column.name}))
    return _alike(np.arange(len(test), dtype=np.int64), target, chance), (), tuple(notices)


def _alike(groups: Codes, target: NDArray[np.float64], chance: np.random.Generator) -> Mask:
    """Of some draws the one whose halves differ least in their target: then the provisional score foretells the final.

    Draws without a usable share are taken only where there is no other.
    """

    def unlike(public: Mask) -> tuple[bool, float]:
        if public.all() or not public.any():
            return True, np.inf
        apart = abs(target[public].mean() - target[~public].mean()) + abs(target[public].std() - target[~public].std())
        return bool(abs(public.mean() - PUBLIC_SHARE) >= NEAR), float(apart)

    draws = [draw(groups, share=PUBLIC_SHARE, chance=chance) for _ in range(DRAWS if len(target) < MANY else 1)]
    return min(draws, key=unlike)
