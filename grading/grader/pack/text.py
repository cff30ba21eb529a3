"""What a pack says, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    ja: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The text in ja, else in English (which any other reader is shown)."""
        return self.ja if language.startswith("ja") else self.en
