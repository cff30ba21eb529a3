"""Forms that ship with the product, one TOML file each: what an organiser begins with and then makes her own."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campus.cohorts.models import in_reader_language
from campus.questionnaires.models import Purpose, Question, Section, Version

FOLDER = Path(__file__).parent
ORDER = (
    "empty",
    "application",
    "prerequisite",
    "self-rating",
    "satisfaction",
    "reflection",
    "follow-up-6",
    "follow-up-12",
)
# The fields of a question that a blueprint gives as they are; texts are given as {ja, en}.
PLAIN = ("key", "kind", "is_required", "has_other", "minimum", "maximum", "points")
TEXTS = ("label", "help", "low", "high")


@dataclass(frozen=True)
class Blueprint:
    """A form to begin with."""

    key: str
    content: dict[str, Any]

    @property
    def title(self) -> str:
        return self._said("title")

    @property
    def about(self) -> str:
        """What it is for, in a sentence."""
        return self._said("about")

    def _said(self, name: str) -> str:
        text = self.content[name]
        return in_reader_language(text["ja"], text["en"])

    def fields(self) -> dict[str, Any]:
        """Fields of the questionnaire."""
        return {
            "title_ja": self.content["title"]["ja"],
            "title_en": self.content["title"]["en"],
            "purpose": Purpose(self.content["purpose"]),
            "is_anonymous": self.content.get("is_anonymous", False),
        }


@cache
def blueprints() -> tuple[Blueprint, ...]:
    """All of them, in the order in which they are offered."""
    return tuple(Blueprint(key, tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))) for key in ORDER)


def blueprint(key: str) -> Blueprint:
    """The one of this key; KeyError where there is none."""
    return {one.key: one for one in blueprints()}[key]


def write_version(version: Version, content: dict[str, Any]) -> None:
    """Give an empty version the introduction, sections and questions of a blueprint."""
    version.introduction_ja, version.introduction_en = _both(content.get("introduction"))
    version.passing_mark = content.get("passing_mark")
    version.save()
    for number, part in enumerate(content["sections"], start=1):
        section = Section(version=version, position=number)
        section.title_ja, section.title_en = _both(part.get("title"))
        section.text_ja, section.text_en = _both(part.get("text"))
        section.save()
        questions = part.get("questions", [])
        Question.objects.bulk_create(_question(section, place, asked) for place, asked in enumerate(questions, start=1))


def _both(text: dict[str, str] | None) -> tuple[str, str]:
    return (text["ja"].strip(), text["en"].strip()) if text else ("", "")


def _question(section: Section, position: int, asked: dict[str, Any]) -> Question:
    question = Question(
        section=section, position=position, choices=asked.get("choices", []), rows=asked.get("rows", [])
    )
    for name in PLAIN:
        if name in asked:
            setattr(question, name, asked[name])
    for name in TEXTS:
        ja, en = _both(asked.get(name))
        setattr(question, f"{name}_ja", ja)
        setattr(question, f"{name}_en", en)
    if condition := asked.get("shown_when"):
        question.shown_when_question = condition["question"]
        question.shown_when_choices = condition["choices"]
    return question
