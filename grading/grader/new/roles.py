"""Guesses the part of each column: what is predicted, what tells rows apart, what is known when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from grader.new.aliases import aliases_of
from grader.new.cells import Codes, Field
from grader.new.table import Table
from grader.new.target import Target, read_target
from grader.new.wishes import Column, Wishes
from grader.pack.reading import PackError
from grader.problems import JSON, Problem

FEWEST_DAYS = 10
RESERVED = ("split", "prediction")

_TELLING = {"why_personal": "new_personal", "why_after_name": "new_after_name"}
_ID = re.compile(r"(^|[_\s])(id|no\.?)$|ID$|番号$|コード$|連番|通し", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,39}")
_PERSONAL = re.compile(
    r"氏名|名前|フリガナ|ふりがな|(担当者|顧客|会員|受講者|患者|社員|従業員)名|(担当|記録|作業|入力|承認|責任)者$|電話|携帯|メール|e-?mail|phone|住所|address|生年月日|birth|マイナンバー",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"実績|実測|結果|終了|完了|解決|対応時間|処理時間|欠品|廃棄|返品|在庫|actual|result|finish|sold_?out|stock",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Layout:
    """The table's columns with their roles; ``target`` apart as numbers. split: time, group or rows."""

    table: Table
    target: Target
    columns: tuple[Column, ...]
    split: str
    notices: tuple[Problem, ...]

    def of(self, *roles: str) -> list[Column]:
        return [column for column in self.columns if column.role in roles]

    def only(self, role: str) -> Column | None:
        return next(iter(self.of(role)), None)

    @property
    def splits_by(self) -> Column | None:
        """The column that tells train from test: its time or its group."""
        named = {"time": "time", "group": "group"}.get(self.split)
        return self.only(named) if named else None

    def with_roles(self, changed: dict[str, tuple[str, str]], notices: Sequence[Problem]) -> Layout:
        """The layout where some columns, by name, have another role and reason."""
        columns = tuple(
            replace(one, role=changed[one.name][0], why=changed[one.name][1]) if one.name in changed else one
            for one in self.columns
        )
        return replace(self, columns=columns, notices=(*self.notices, *notices))


def lay_out(table: Table, wishes: Wishes) -> Layout:
    """Guess what was not said. Raises PackError for options that don't fit the table."""
    if wishes.time and wishes.group:
        raise PackError([Problem("new_time_and_group", {})])
    target_field = table.field(wishes.target, option="--target")
    time, group = _time(table, wishes), table.field(wishes.group, option="--group") if wishes.group else None
    table, dropped = _without_gaps(table, [target_field, *([time] if time else [])])
    target = read_target(table.field(target_field.name, option="--target"), file=table.name)
    said = _said(table, wishes)
    names = [field.name for field in table.fields]
    aliases = aliases_of(names, taken=RESERVED)
    fixed = {target_field.name: ("target", "why_said")}
    fixed |= {time.name: ("time", "why_said" if wishes.time else "why_days")} if time else {}
    fixed |= {group.name: ("group", "why_said")} if group else {}
    columns = [
        Column(field, aliases[field.name], *(fixed.get(field.name) or said.get(field.name) or _role(field)))
        for field in table.fields
    ]
    split = "time" if time else "group" if group else "rows"
    notices = (*table.notices, *target.notices, *dropped, *_told(table, columns, wishes, time))
    return Layout(table, target, tuple(_with_groups(columns, split)), split, notices)


def _time(table: Table, wishes: Wishes) -> Field | None:
    if wishes.time:
        field = table.field(wishes.time, option="--time")
        if field.dtype not in {"date", "int", "float"}:
            example = next((str(value) for value in field.values if value != ""), "–")
            raise PackError([Problem("new_time", {"file": table.name, "column": field.name, "value": example})])
        return field
    if wishes.group or wishes.shuffle:
        return None
    days = [field for field in table.fields if field.dtype == "date" and not _PERSONAL.search(field.name)]
    left = [field for field in days if field.name not in {*wishes.drop, *wishes.after, wishes.target}]
    return next((field for field in left if len(np.unique(field.codes)) >= FEWEST_DAYS), None)


def _without_gaps(table: Table, needed: Sequence[Field]) -> tuple[Table, list[Problem]]:
    """The table without rows that lack the target or the time."""
    notices = []
    keeps = np.ones(table.rows, dtype=np.bool_)
    for field in needed:
        if count := int(field.missing.sum()):
            notices.append(Problem("new_rows_dropped", {"file": table.name, "column": field.name, "count": count}))
            keeps &= ~field.missing
    if keeps.all():
        return table, notices
    rows = np.flatnonzero(keeps)
    return replace(table, rows=len(rows), fields=tuple(field.take(rows) for field in table.fields)), notices


def _said(table: Table, wishes: Wishes) -> dict[str, tuple[str, str]]:
    """The roles that options give, by name."""
    roles: dict[str, tuple[str, str]] = {}
    for option, names, role in (
        ("--drop", wishes.drop, ""),
        ("--after", wishes.after, "known_after"),
        ("--ahead", wishes.ahead, "known_ahead"),
        ("--id", (wishes.id,) if wishes.id else (), "id"),
    ):
        for name in names:
            roles[table.field(name, option=option).name] = (role, "why_said")
    return roles


def _role(field: Field) -> tuple[str, str]:
    """The part of a column about which nothing was said, and the code of the reason."""
    different = len(np.unique(field.codes))
    if different <= 1:
        return "", "why_constant"
    if _PERSONAL.search(field.name):
        return "", "why_personal"
    is_unique = different == len(field.codes) and not field.missing.any()
    if is_unique and field.dtype in {"text", "int"} and (_ID.search(field.name) or field.dtype == "text"):
        return ("id", "why_id") if _can_be_ids(field) else ("", "why_unique")
    if is_unique and _counts_rows(field):
        return "", "why_unique"
    if field.dtype == "text" and different > len(field.codes) / 2:
        return "", "why_unique"
    if _AFTER.search(field.name):
        return "known_after", "why_after_name"
    return "known_ahead", "why_feature"


def _can_be_ids(field: Field) -> bool:
    """Whether the grader takes the values as ids."""
    if not isinstance(field.values, pd.Categorical):
        return True
    return all(_PLAIN_ID.fullmatch(str(text)) for text in field.values.categories)


def _counts_rows(field: Field) -> bool:
    return field.dtype == "int" and bool(np.all(np.abs(np.diff(field.numbers)) == 1))


def _with_groups(columns: Sequence[Column], split: str) -> Iterator[Column]:
    """One id at most; by time, what makes each row of a day another series are groups."""
    series = _series(columns) if split == "time" else set()
    has_id = False
    for column in sorted(columns, key=lambda one: one.role == "id" and one.why == "why_said", reverse=True):
        if column.role == "id" and has_id:
            yield replace(column, role="", why="why_unique")
        else:
            has_id = has_id or column.role == "id"
            yield replace(column, role="group", why="why_series") if column.name in series else column


def _series(columns: Sequence[Column]) -> set[str]:
    """The fewest columns, two at most, that make a row of their own of each day; empty where there are none."""
    time = next(column for column in columns if column.role == "time")
    candidates = [
        column
        for column in columns
        if column.role == "known_ahead" and column.field.dtype in {"text", "int"} and column.different <= time.different
    ]
    likely = sorted(candidates, key=lambda one: (one.field.dtype != "text", not _ID.search(one.name)))[:8]
    if _all_different([time.field.codes]):
        return set()
    for size in (1, 2):
        for some in combinations(likely, size):
            if _all_different([time.field.codes, *(column.field.codes for column in some)]):
                return {column.name for column in some}
    return set()


def _all_different(codes: Sequence[Codes]) -> bool:
    joined = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        joined = joined * (int(one.max()) + 2) + one + 1
    return len(np.unique(joined)) == len(joined)


def _told(table: Table, columns: Sequence[Column], wishes: Wishes, time: Field | None) -> Iterator[Problem]:
    """What the organiser should know of the guesses."""
    at: dict[str, JSON] = {"file": table.name}
    for column in columns:
        if column.why in _TELLING:
            yield Problem(_TELLING[column.why], {**at, "column": column.name})
    days = [column.name for column in columns if column.field.dtype == "date" and column.role]
    if time is None and days:
        yield Problem("new_dated_groups" if wishes.group else "new_dated_shuffle", {**at, "column": days[0]})
