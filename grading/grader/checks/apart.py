"""Checks that train and test of data that lie in a pack are apart in the way its manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pandas as pd

from grader.checks.data import read_public
from grader.pack.build import Build
from grader.pack.model import Column, DataFile, Pack, SealedData
from grader.problems import Problem, shown

EXAMPLES = 3
_SAME_IN_BOTH = {"id", "target", "note"}


def apart_problems(pack: Pack, build: Build) -> Iterator[Problem]:
    """Times that are not later, groups on both sides, or rows that stand on both; nothing for generated data."""
    if pack.data is None:
        return
    tests = [file for file in pack.files if file.part == "test"]
    trains = [file for file in pack.files if file.part == "train"]
    for train, test in product(trains, tests):
        if pack.data.split == "rows":
            yield from _same_rows(train, test, build)
        else:
            yield from _by_column(pack.data, train, test, build)


def _by_column(data: SealedData, train: DataFile, test: DataFile, build: Build) -> Iterator[Problem]:
    learnt, asked = _column(train, data.column), _column(test, data.column)
    if learnt is None or asked is None:
        return
    before, after = (
        read_public(build, file.name, [column.name])[column.name] for file, column in ((train, learnt), (test, asked))
    )
    if data.split == "group":
        for value in sorted(set(before) & set(after))[:EXAMPLES]:
            params = {"file": test.name, "column": asked.name, "value": shown(value), "split": data.split}
            yield Problem("data_straddles", dict(params))
        return
    if asked.dtype in {"int", "float"}:  # else days, whose order is that of their text
        before, after = pd.to_numeric(before), pd.to_numeric(after)
    if len(before) and len(after) and before.max() >= after.min():
        ends = {"end": str(before.max()), "start": str(after.min())}
        yield Problem("data_not_later", {"file": test.name, "column": asked.name, **ends})


def _column(file: DataFile, alias: str | None) -> Column | None:
    return next((column for column in file.columns if column.alias == alias), None)


def _same_rows(train: DataFile, test: DataFile, build: Build) -> Iterator[Problem]:
    """Rows of the test that equal rows to learn from in every column that both have, apart from ids."""
    known = {column.name for column in train.columns}
    shared = [column.name for column in test.columns if column.name in known and column.role not in _SAME_IN_BOTH]
    if not shared:
        return
    learnt, asked = (read_public(build, file.name, shared)[shared] for file in (train, test))
    same = pd.util.hash_pandas_object(asked, index=False).isin(pd.util.hash_pandas_object(learnt, index=False))
    if same.any():
        example = shown(", ".join(map(str, asked[same.to_numpy()].iloc[0])))
        yield Problem("data_rows_twice", {"file": test.name, "count": int(same.sum()), "value": example})
