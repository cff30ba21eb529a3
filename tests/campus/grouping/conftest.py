"""A cohort of eight learners, in two classes, who have said when they have time."""

import pytest
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.grouping.models import Policy
from campus.grouping.speaking import say_slots
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import Team, TeamKind
from tests.campus.cast import enrol, make_person

MONDAY_EVENING, SUNDAY_EVENING = 3, 33


@pytest.fixture
def other_class(cohort: Cohort) -> StudyClass:
    return StudyClass.objects.create(cohort=cohort, name="B")


@pytest.fixture
def eight(
    cohort: Cohort, study_class: StudyClass, other_class: StudyClass, enrolment: Enrolment, mate_enrolment: Enrolment
) -> list[Enrolment]:
    """Learner and mate with six others: four with time on Mondays (class A), four on Sundays (class B)."""
    people = [enrolment, mate_enrolment]
    people += [enrol(make_person(f"Learner{n}"), cohort, study_class=study_class) for n in (3, 4)]
    people += [enrol(make_person(f"Learner{n}"), cohort, study_class=other_class) for n in (5, 6, 7, 8)]
    for number, one in enumerate(people):
        say_slots(enrolment=one, slots=[MONDAY_EVENING if number < 4 else SUNDAY_EVENING])
    return people


@pytest.fixture
def group(cohort: Cohort, eight: list[Enrolment]) -> Team:
    """A study group of the first three."""
    return form_team(cohort=cohort, kind=TeamKind.STUDY_GROUP, name="Group 1", members=eight[:3], actor=None)


@pytest.fixture
def open_policy(cohort: Cohort) -> Policy:
    """Learners may form study groups of up to four for some days."""
    until = timezone.localdate() + timezone.timedelta(days=5)
    return Policy.objects.create(
        cohort=cohort,
        kind=TeamKind.STUDY_GROUP,
        smallest=2,
        preferred=3,
        largest=4,
        self_forming_until=until,
    )


@pytest.fixture
def facilitator_of_b(cohort: Cohort, other_class: StudyClass) -> Person:
    """A facilitator of class B alone."""
    person = make_person("Futari")
    other_class.facilitators.add(enrol(person, cohort, "facilitator"))
    return person
