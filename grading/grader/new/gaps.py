"""The places in a new case that only its author can fill, marked so that nobody overlooks them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from grader.pack.model import Pack

JA, EN = "ja", "en"
_MARKS = {JA: "【要記入：{}】", EN: "[TO FILL IN: {}]"}
_FOUND = re.compile(r"【要記入：(?P<ja>[^】]*)】|\[TO FILL IN: (?P<en>[^\]]*)\]")


@dataclass(frozen=True)
class Gap:
    """An open place. file: case.toml or a story."""

    file: str
    language: str
    what: str


def gap(language: str, what: str) -> str:
    """The mark of an open place."""
    return _MARKS[language].format(what)


def gaps_in(text: str, *, file: str) -> list[Gap]:
    """The open places of a text, in order."""
    return [Gap(file, str(found.lastgroup), found[str(found.lastgroup)]) for found in _FOUND.finditer(text)]


def gaps_of(pack: Pack) -> list[Gap]:
    """The open places of a pack: of its manifest, then of its stories."""
    texts = {"case.toml": json.dumps(pack.manifest, ensure_ascii=False)}
    texts |= {pack.story.ja: pack.story_text("ja"), pack.story.en: pack.story_text("en")}
    return [found for file, text in texts.items() for found in gaps_in(text, file=file)]
