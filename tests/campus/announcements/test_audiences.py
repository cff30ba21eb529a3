"""Who is met by what an audience is narrowed down by."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campus.announcements.actions import write
from campus.announcements.queries import people_met
from campus.cases.models import CaseChoice, ChoiceRule, Step
from campus.cohorts.audiences import criteria
from campus.cohorts.models import Cohort, Enrolment
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.announcements.conftest import text
from tests.campus.cast import enrol, make_person
from tests.campus.consents.forms import answered, published
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db


@pytest.fixture
def met(cohort: Cohort, organiser: Person, learner: Person, mate: Person) -> Any:
    """Names of those who are met by the criteria."""

    def names(**wanted: object) -> list[str]:
        criteria = {key: str(value) for key, value in wanted.items()}
        announcement = write(cohort=cohort, author=organiser, text=text(criteria=criteria))
        return [person.name for person in people_met(announcement)]

    return names


def test_who_has_not_been_here_for_days(met: Any, learner: Person, mate: Person) -> None:
    now = timezone.now()
    Person.objects.filter(pk=learner.pk).update(seen_at=now - timedelta(days=8))
    Person.objects.filter(pk=mate.pk).update(seen_at=now - timedelta(days=2))
    assert met(silent=7) == ["Hanako"]
    assert met(silent=3) == ["Hanako"]
    assert met(silent=14) == []
    Person.objects.filter(pk=mate.pk).update(seen_at=None)
    assert met(silent=30) == ["Taro"]


def test_who_has_answered_the_consents_and_who_has_not(
    met: Any, cohort: Cohort, organiser: Person, enrolment: Enrolment
) -> None:
    assert met(consent="missing") == []  # Nothing is asked.
    answered(enrolment, published(cohort, organiser))
    assert met(consent="missing") == ["Taro"]
    assert met(consent="given") == ["Hanako"]
    published(cohort, organiser)  # A new version is asked of everybody.
    assert met(consent="missing") == ["Hanako", "Taro"]


def test_who_has_handed_in_a_step_and_who_has_not(met: Any, open_step: Step, enrolment: Enrolment) -> None:
    graded(open_step, enrolment, value=7.0)
    assert met(not_handed_in=open_step.pk) == ["Taro"]
    assert met(handed_in=open_step.pk) == ["Hanako"]


def test_a_teams_hand_in_counts_for_all_who_are_in_it_now(
    met: Any, open_step: Step, enrolment: Enrolment, team: Team, cohort: Cohort
) -> None:
    open_step.by = "team"
    open_step.save()
    enrol(make_person("Alone"), cohort)
    graded(open_step, enrolment, value=7.0)
    assert met(handed_in=open_step.pk) == ["Hanako", "Taro"]
    assert met(not_handed_in=open_step.pk) == ["Alone"]


def test_who_does_not_work_on_the_case_is_not_asked_for_its_step(
    met: Any, open_step: Step, enrolment: Enrolment, cohort: Cohort
) -> None:
    case = open_step.cohort_case
    ChoiceRule.objects.create(cohort=cohort, tracks=[case.case_version.track], until=timezone.now())
    assert met(not_handed_in=open_step.pk) == []
    CaseChoice.objects.create(enrolment=enrolment, cohort_case=case)
    assert met(not_handed_in=open_step.pk) == ["Hanako"]


def test_criteria_are_combined(met: Any, open_step: Step, enrolment: Enrolment, learner: Person, mate: Person) -> None:
    graded(open_step, enrolment, value=7.0)
    Person.objects.filter(pk__in=[learner.pk, mate.pk]).update(seen_at=timezone.now() - timedelta(days=8))
    assert met(silent=7, not_handed_in=open_step.pk) == ["Taro"]
    assert met(silent=14, not_handed_in=open_step.pk) == []


@pytest.mark.parametrize("made_up", ["", "x", "1,", "1;2", "9" * 30])
def test_a_made_up_choice_meets_nobody(met: Any, made_up: str) -> None:
    assert met(chosen=made_up) == []


def test_a_step_of_another_cohort_meets_nobody(met: Any, open_step: Step, other_cohort: Cohort) -> None:
    open_step.cohort_case.cohort = other_cohort
    open_step.cohort_case.save()
    assert met(handed_in=open_step.pk) == []
    assert met(not_handed_in=open_step.pk) == []


def test_each_criterion_has_words_and_choices(cohort: Cohort, open_step: Step) -> None:
    by_key = {one.key: [value for value, _ in one.choices(cohort)] for one in criteria()}
    assert by_key["silent"] == ["3", "7", "14", "30"]
    assert str(open_step.pk) in by_key["not_handed_in"]
    assert "withdrawn" in by_key["state"]
