"""A team's proposal before the mentor of the cast, and a second mentor of the same cohort."""

from datetime import timedelta

import pytest

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.deliverables.files import handed_in, notebook


def opened(cohort_case: CohortCase, key: str) -> Step:
    step = Step.objects.with_case().get(cohort_case=cohort_case, key=key)
    return reschedule(step, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def proposal(cohort_case: CohortCase, team: Team) -> Step:
    """Teams hand in; judged by a rubric."""
    return opened(cohort_case, "proposal")


@pytest.fixture
def work(proposal: Step, enrolment: Enrolment) -> Deliverable:
    """The team's: two paragraphs and a notebook of two cells."""
    return handed_in(
        proposal, enrolment, text="課題は廃棄です。\n\n解決策は予測です。", plan_ipynb=notebook("# 1", "# 2")
    )


@pytest.fixture
def as_mentor(mentor: Person) -> Enrolment:
    return mentor.enrolments.select_related("person", "cohort").get()


@pytest.fixture
def other_mentor(cohort: Cohort) -> Enrolment:
    person = make_person("Minoru")
    return enrol(person, cohort, Role.MENTOR)


@pytest.fixture
def foreign_mentor(other_cohort: Cohort) -> Person:
    """A mentor of another cohort."""
    person = make_person("Mukan")
    enrol(person, other_cohort, Role.MENTOR)
    return person
