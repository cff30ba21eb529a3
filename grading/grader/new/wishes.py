"""What the organiser asks for, and what was guessed of each column."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from grader.new.cells import Field
from grader.pack.reading import PackError
from grader.pack.text import Text
from grader.problems import Problem

DAYS = {"d": 1, "w": 7, "": 1}


@dataclass(frozen=True)
class Wishes:
    """The options of `grader new`. time and group exclude each other; shuffle: split by rows, although there are days.

    horizon: how much time to predict, such as "28d", "8w", "3m", "20%" or a number in the unit of the time column.
    after, ahead, drop: columns known only after the event, known for the rows to predict, and left out altogether.
    """

    target: str
    time: str | None = None
    group: str | None = None
    shuffle: bool = False
    id: str | None = None
    horizon: str | None = None
    metric: str | None = None
    after: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    title: Text | None = None
    version: str = "1.0.0"


@dataclass(frozen=True)
class Horizon:
    """How much to predict: days (or units of the time column), months, or a share of the rows."""

    units: float = 0
    months: int = 0
    share: float = 0

    @classmethod
    def of(cls, text: str | None) -> Horizon:
        """Read the option. Raises PackError."""
        if text is None:
            return cls(share=0.2)
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(d|w|m|%|)", text.strip().lower())
        number = float(found[1]) if found else 0.0
        if not found or number <= 0 or (found[2] == "%" and number >= 100):
            raise PackError([Problem("new_horizon", {"value": text})])
        if found[2] == "%":
            return cls(share=number / 100)
        return cls(months=int(number)) if found[2] == "m" else cls(units=number * DAYS[found[2]])


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the table with its part in the case.

    role: as in case.toml (id, time, group, known_ahead, known_after, target), or "" where it is left out. why: code of
    the reason, whose words are in the catalogue.
    """

    field: Field
    alias: str
    role: str
    why: str

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def is_asked(self) -> bool:
        """Whether it stands in the file of rows to predict."""
        return self.role in {"time", "group", "known_ahead"}

    @property
    def different(self) -> int:
        """How many different values it has."""
        return len(np.unique(self.field.codes))
