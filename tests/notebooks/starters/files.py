"""The starter notebooks as files: which there are, their cells, and a learner's folder to run them in."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stack import ROOT

STARTERS = ROOT / "notebooks" / "starters"
LANGUAGES = ("ja", "en")
CASES = sorted(folder.name for folder in STARTERS.iterdir())


@dataclass(frozen=True)
class Starter:
    """A starter notebook in one language."""

    case: str
    language: str
    name: str

    @property
    def path(self) -> Path:
        return STARTERS / self.case / self.language / self.name

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return content

    def cells(self, kind: str) -> list[dict[str, Any]]:
        return [cell for cell in self.read()["cells"] if cell["cell_type"] == kind]

    def __str__(self) -> str:
        return f"{self.case}-{self.language}-{self.name.removesuffix('.ipynb')}"


STARTER_FILES = [
    Starter(case, language, path.name)
    for case in CASES
    for language in LANGUAGES
    for path in sorted((STARTERS / case / language).glob("*.ipynb"))
]


def source_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
