"""A call for applications that is open, with a form and a prerequisite check, and people who have applied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campus.cohorts.models import Cohort
from campus.intake.applications.actions import apply, set_admission
from campus.intake.models import Admission, Application
from campus.people.models import Person
from campus.questionnaires.actions import answer, start, submit
from campus.questionnaires.blueprints import write_version
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import Purpose, Questionnaire
from tests.campus.cast import make_person

Apply = Callable[..., Application]


def entries(*keys: str, right: str = "") -> list[dict[str, Any]]:
    return [{"key": key, "ja": f"{key}（日）", "en": key.title(), "is_correct": key == right} for key in keys]


MOTIVATION = {
    "kind": "long_text",
    "key": "motivation",
    "label": {"ja": "応募の動機", "en": "Motivation"},
    "is_required": True,
}
WORK = {
    "kind": "single",
    "key": "work",
    "label": {"ja": "お仕事", "en": "Work"},
    "choices": entries("office", "school"),
}
MEDIAN = {
    "kind": "single",
    "key": "median",
    "label": {"ja": "中央値は？", "en": "The median?"},
    "choices": entries("two", "three", right="two"),
    "points": 10,
}


def published(cohort: Cohort, purpose: Purpose, *questions: dict[str, Any]) -> Questionnaire:
    """A published form with these questions."""
    made = create_questionnaire(cohort=cohort, blueprint_key="empty", actor=None, purpose=purpose)
    draft = made.versions.get()
    draft.sections.all().delete()
    write_version(draft, {"sections": [{"questions": list(questions)}]})
    publish(questionnaire=made, actor=None)
    return made


@pytest.fixture
def form(cohort: Cohort) -> Questionnaire:
    return published(cohort, Purpose.APPLICATION, MOTIVATION, WORK)


@pytest.fixture
def check(cohort: Cohort) -> Questionnaire:
    return published(cohort, Purpose.PREREQUISITE, MEDIAN)


@pytest.fixture
def admission(cohort: Cohort, form: Questionnaire) -> Admission:
    """Open since yesterday and for ten days more, with two places."""
    now = timezone.now()
    return set_admission(
        cohort=cohort,
        actor=None,
        description_ja="データとAIを学び合う2か月です。",
        description_en="Two months of learning data and AI from each other.",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=10),
        announces_at=None,
        capacity=2,
    )


def close(admission: Admission) -> Admission:
    """Let the deadline pass."""
    Admission.objects.filter(pk=admission.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    admission.refresh_from_db()
    return admission


def fill_in(form: Questionnaire, person: Person, **typed: str) -> None:
    """Submit a form as the person."""
    response = start(questionnaire=form, person=person)
    answer(response=response, typed={key: [value] for key, value in typed.items()})
    submit(response=response)


@pytest.fixture
def applies(admission: Admission, form: Questionnaire, request: pytest.FixtureRequest) -> Apply:
    """Let somebody apply; ``median`` is the answer to the prerequisite check."""

    def apply_as(name: str, *, work: str = "office", median: str = "", **fields: Any) -> Application:
        person = make_person(name, **fields)
        fill_in(form, person, motivation=f"{name} wants to learn", work=work)
        if median:
            fill_in(request.getfixturevalue("check"), person, median=median)
        return apply(admission=admission, person=person)

    return apply_as
