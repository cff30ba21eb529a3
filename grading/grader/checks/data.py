"""Checks built data against the manifest: types of public columns, and the split of the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from grader.contract import Split
from grader.pack.build import Build
from grader.pack.model import Column, Pack
from grader.problems import Problem, shown
from grader.truth import Truth

SHARE_TOLERANCE = 0.1

_DTYPES = {
    "text": re.compile(r".*", re.DOTALL),
    "int": re.compile(r"-?[0-9]+"),
    "float": re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"),
    "bool": re.compile(r"[01]|true|false", re.IGNORECASE),
    "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
}


def read_public(build: Build, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A public file, or those columns of it, every cell as text."""
    path = build.public(name)
    return pd.read_csv(path, usecols=columns, dtype=object, keep_default_na=False, encoding="utf-8")


def file_problems(pack: Pack, build: Build) -> Iterator[Problem]:
    """The first cell of each column that is not of the declared type; empty cells are missing values."""
    for file in pack.tables:
        # Text can be anything, so such columns need no look; but an id must not be empty.
        looked_at = [column for column in file.columns if column.dtype != "text" or column.role == "id"]
        frame = read_public(build, file.name, [column.name for column in looked_at])
        for column in looked_at:
            if (wrong := _wrong_cell(frame[column.name], column)) is not None:
                params = {"file": file.name, "column": column.name, "dtype": column.dtype, "value": shown(wrong)}
                yield Problem("build_value", dict(params))


def _wrong_cell(cells: pd.Series[Any], column: Column) -> str | None:
    pattern = _DTYPES[column.dtype]
    values = (str(value) for value in cells.unique() if value != "" or column.role == "id")
    return next((value for value in values if not pattern.fullmatch(value)), None)


def split_problems(pack: Pack, truth: Truth) -> Iterator[Problem]:
    """Groups that stand in both splits, and a public share far from the declared one."""
    share = float(truth.splits[Split.PUBLIC].mean())
    if abs(share - pack.split.public_share) > SHARE_TOLERANCE:
        expected, found = pack.split.public_share, round(share, 3)
        yield Problem("truth_share", {"file": pack.truth.file, "found": found, "expected": expected})
    if pack.split.by:
        yield from _straddling(pack, truth)


def _straddling(pack: Pack, truth: Truth) -> Iterator[Problem]:
    groups = np.array(
        ["/".join(map(str, group)) for group in zip(*(truth.columns[name] for name in pack.split.by), strict=True)]
    )
    both = np.intersect1d(groups[truth.splits[Split.PUBLIC]], groups[truth.splits[Split.PRIVATE]])
    for group in both[:3]:
        names = ", ".join(pack.split.by)
        yield Problem("truth_straddles", {"file": pack.truth.file, "groups": names, "value": shown(str(group))})
