"""The manifest's [hints]: which faults of method the grader looks for in programs and models, as advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.pack.handin import HandInRules
    from grader.pack.model import DataFile, Pack


class Hint(StrEnum):
    """What can be looked for; docs/grader.md says how each is found and when it keeps silent."""

    FUTURE = "future"
    SINGLE_FEATURE = "single_feature"
    FIT_BEFORE_SPLIT = "fit_before_split"
    TIME_FOLDS = "time_folds"
    GROUP_FOLDS = "group_folds"
    OTHER_ROWS = "other_rows"


OF_MODELS = {Hint.OTHER_ROWS}
OF_PROGRAMS = set(Hint) - OF_MODELS
_NEED_TIME = {Hint.FUTURE, Hint.TIME_FOLDS}
_CHANGING = {"target", "known_after"}


@dataclass(frozen=True)
class HintRules:
    """table: the public file that programs learn from. groups: aliases of its columns that folds must keep apart."""

    look_for: tuple[Hint, ...] = ()
    table: str = ""
    groups: tuple[str, ...] = ()

    def of(self, wanted: set[Hint]) -> list[Hint]:
        """Those of the wanted ones that the case has, in its order."""
        return [hint for hint in self.look_for if hint in wanted]


def hint_references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """Each field that names a file or column, what it names, and what there is."""
    rules = pack.hints
    if not rules.of(OF_PROGRAMS):
        return
    tables = [file for file in pack.files if file.part == "train"]
    yield "hints.table", rules.table, [file.name for file in tables]
    for table in (file for file in tables if file.name == rules.table):
        for group in rules.groups:
            yield "hints.groups", group, [column.alias for column in table.columns]


def hint_values(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Each field whose value does not suit: its name, the value, and what it must be."""
    rules = pack.hints
    table = next((file for file in pack.files if file.name == rules.table), None)
    if table is None or not rules.of(OF_PROGRAMS):
        return
    if len(_named(table, "target")) != 1:
        yield "hints.table", rules.table, "a file with one column of the role target"
    if rules.of(_NEED_TIME) and len(_named(table, "time")) != 1:
        yield "hints.table", rules.table, "a file with one column of the role time (for future and time_folds)"
    if rules.of({Hint.GROUP_FOLDS}) and not rules.groups:
        yield "hints.groups", "–", "written, since hints.look_for has group_folds"


def spec_of_programs(pack: Pack | HandInRules) -> dict[str, Any] | None:
    """What a watched program is looked at with, in plain data; None where the case asks for nothing of programs."""
    rules = pack.hints
    look_for = rules.of(OF_PROGRAMS)
    table = next((file for file in pack.files if file.name == rules.table), None)
    if not look_for or table is None:
        return None
    name_of = {column.alias: column.name for column in table.columns}
    return {
        "look_for": [hint.value for hint in look_for],
        "table": table.name,
        "columns": {column.name: column.alias for column in table.columns},
        "target": _named(table, "target")[0],
        "time": next(iter(_named(table, "time")), None),
        "groups": [name_of[group] for group in rules.groups],
        "changing": {file.name: changing for file in pack.files if (changing := _changing(file))},
    }


def _named(file: DataFile, role: str) -> list[str]:
    return [column.name for column in file.columns if column.role == role]


def _changing(file: DataFile) -> dict[str, Any] | None:
    """The day of a row, and the numbers that are known only when it is over."""
    days = [column.name for column in file.columns if column.role == "time" and column.dtype == "date"]
    numbers = [column.name for column in file.columns if column.role in _CHANGING and column.dtype in {"int", "float"}]
    if file.part not in {"train", "reference"} or len(days) != 1 or not numbers:
        return None
    return {"time": days[0], "numbers": numbers}
