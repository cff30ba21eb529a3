"""A message in both languages."""

from __future__ import annotations

from typing import TypedDict


class Wording(TypedDict):
    ja: str
    en: str


def say(ja: str, en: str) -> Wording:
    """One message, worded twice."""
    return {"ja": ja, "en": en}
