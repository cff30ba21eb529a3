"""Which case is meant: named, of this folder, from the environment, or the only one there is."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manabiai.connection import Connection
from manabiai.errors import SettingsError
from manabiai.words import Language, say

# A notebook server leaves it in each case's folder: {"case": "cohort/case"}.
FOLDER_NOTE = ".manabiai.json"


@dataclass(frozen=True)
class Place:
    """A case in a cohort, and its graded step."""

    cohort: str
    case: Mapping[str, Any]
    step: str

    @property
    def case_path(self) -> str:
        return f"cohorts/{self.cohort}/cases/{self.case['slug']}"

    @property
    def step_path(self) -> str:
        return f"{self.case_path}/steps/{self.step}"


class Places:
    """Finds places and remembers them."""

    def __init__(self, connection: Connection, *, language: Language) -> None:
        self._connection = connection
        self._language: Language = language
        self._found: dict[str, Place] = {}

    def find(self, case: str | None) -> Place:
        """The place of that name. Raises SettingsError where it is malformed or doesn't say enough."""
        wanted = case or _case_of_folder() or os.environ.get("MANABIAI_CASE") or ""
        if wanted not in self._found:
            self._found[wanted] = self._named(wanted) if wanted else self._only()
        return self._found[wanted]

    def _named(self, wanted: str) -> Place:
        cohort, *rest = parts = wanted.strip("/").split("/")
        if not 2 <= len(parts) <= 3 or not all(part.replace("-", "").replace("_", "").isalnum() for part in parts):
            raise SettingsError(say("bad_place", self._language, place=wanted))
        case = self._connection.get(f"cohorts/{cohort}/cases/{rest[0]}")
        return Place(cohort, case, self._step(case, rest[1] if len(rest) > 1 else None))

    def _step(self, case: Mapping[str, Any], key: str | None) -> str:
        """The graded step of that key; without one, the open step that closes first, else the last."""
        graded = [step for step in case["steps"] if step["is_graded"]]
        if key is not None:
            graded = [step for step in graded if step["key"] == key]
        if not graded:
            raise SettingsError(say("no_step", self._language, case=case["slug"], step=key or ""))
        still_open = [step for step in graded if step["state"] == "open"]
        chosen = min(still_open, key=lambda step: step["closes_at"]) if still_open else graded[-1]
        return str(chosen["key"])

    def _only(self) -> Place:
        names = [
            f"{cohort['slug']}/{case['slug']}"
            for cohort in self._connection.pages("cohorts")
            for case in self._connection.get(f"cohorts/{cohort['slug']}/cases")
            if any(step["is_graded"] for step in case["steps"])
        ]
        if not names:
            raise SettingsError(say("no_case", self._language))
        if len(names) > 1:
            raise SettingsError(say("which_case", self._language, choices=", ".join(names)))
        return self._named(names[0])


def _case_of_folder() -> str | None:
    """The case whose folder this is; None where nothing, or nothing readable, says so."""
    try:
        told = json.loads(Path(FOLDER_NOTE).read_text(encoding="utf-8"))["case"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, str) else None
