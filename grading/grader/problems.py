"""A problem is a code with parameters; the catalogue words it in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from grader.catalogue import CATALOGUE

JSON = str | int | float | bool | None
Language = Literal["ja", "en"]

SHOWN_LENGTH = 40


@dataclass(frozen=True)
class Problem:
    """Something to mend, or to know. Raises KeyError for a code that the catalogue lacks."""

    code: str
    params: dict[str, JSON] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise KeyError(f"{self.code} is in no catalogue (grader/catalogue.py)")

    def text(self, language: Language) -> str:
        """The problem in words that say what to do."""
        return CATALOGUE[self.code][language].format_map(self.params)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        return cls(code=data["code"], params=dict(data["params"]))


def shown(value: str, *, most: int = SHOWN_LENGTH) -> str:
    """A value from a file as a message may show it: one line, printable, not longer than so many characters."""
    printable = "".join(character if character.isprintable() else "�" for character in value[: most + 1])
    return printable if len(printable) <= most else printable[: most - 1] + "…"
