"""A form with a question of every kind, in the cast's cohort."""

from typing import Any

import pytest

from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires.actions import answer, start, submit
from campus.questionnaires.blueprints import write_version
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import AnswerSet, Questionnaire, Version


def text(words: str) -> dict[str, str]:
    return {"ja": f"{words}（日）", "en": words}


def entries(*keys: str, correct: str = "") -> list[dict[str, Any]]:
    return [{"key": key, "ja": f"{key}（日）", "en": key.title(), "is_correct": key == correct} for key in keys]


def asked(kind: str, key: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "label": text(key.title()), **fields}


EVERY_KIND: list[dict[str, Any]] = [
    asked("short_text", "name", is_required=True, maximum=20),
    asked("long_text", "why", minimum=5, maximum=100),
    asked("single", "work", is_required=True, has_other=True, choices=entries("office", "school")),
    asked("multiple", "tools", maximum=2, choices=entries("sql", "python", "excel")),
    asked("scale", "mood", minimum=1, maximum=5, low=text("bad"), high=text("good")),
    asked("matrix", "skills", choices=entries("none", "some"), rows=entries("data", "code")),
    asked("number", "years", minimum=0, maximum=50),
    asked("date", "since"),
    asked("file", "cv"),
    asked("short_text", "school-name", is_required=True, shown_when={"question": "work", "choices": ["school"]}),
]
TYPED = {
    "name": ["Hanako"],
    "why": ["To learn it"],
    "work": ["office"],
    "tools": ["sql", "excel"],
    "mood": ["4"],
    "skills-data": ["some"],
    "years": ["2.5"],
    "since": ["2026-04-01"],
}
ANSWERS = {
    "name": "Hanako",
    "why": "To learn it",
    "work": {"chosen": ["office"], "other": ""},
    "tools": {"chosen": ["sql", "excel"], "other": ""},
    "mood": 4,
    "skills": {"data": "some"},
    "years": 2.5,
    "since": "2026-04-01",
}


def make_form(
    cohort: Cohort, questions: list[dict[str, Any]], *, mark: int | None = None, **fields: Any
) -> Questionnaire:
    """A published form with these questions."""
    made = create_questionnaire(cohort=cohort, blueprint_key="empty", actor=None, **fields)
    draft = Version.objects.get(questionnaire=made)
    draft.sections.all().delete()
    write_version(draft, {"sections": [{"questions": questions}], "passing_mark": mark})
    publish(questionnaire=made, actor=None)
    return made


def submitted(questionnaire: Questionnaire, person: Person, typed: dict[str, list[str]]) -> AnswerSet:
    """The person's answers, submitted."""
    response = start(questionnaire=questionnaire, person=person)
    answer(response=response, typed=typed)
    return submit(response=response)


@pytest.fixture
def questionnaire(cohort: Cohort) -> Questionnaire:
    """Published, open, with a question of every kind."""
    return make_form(cohort, EVERY_KIND, title_ja="全部", title_en="Everything")


@pytest.fixture
def survey(cohort: Cohort) -> Questionnaire:
    """An anonymous one."""
    questions = [asked("scale", "mood", is_required=True), asked("long_text", "words")]
    return make_form(cohort, questions, title_ja="満足度", title_en="Survey", is_anonymous=True, purpose="satisfaction")
