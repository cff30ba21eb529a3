"""Steps in which people hand in text and files, and what was handed in."""

from datetime import timedelta

import pytest
from django.test import Client

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import reschedule, signed_in
from tests.campus.deliverables.files import handed_in


def _opened(cohort_case: CohortCase, key: str) -> Step:
    step = Step.objects.with_case().get(cohort_case=cohort_case, key=key)
    return reschedule(step, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def step(cohort_case: CohortCase) -> Step:
    """Each person hands in; open for three more days."""
    return _opened(cohort_case, "problem")


@pytest.fixture
def team_step(cohort_case: CohortCase, team: Team) -> Step:
    """The team of learner and mate hands in; open for three more days."""
    return _opened(cohort_case, "proposal")


@pytest.fixture
def browser(learner: Person) -> Client:
    return signed_in(learner)


@pytest.fixture
def deliverable(step: Step, enrolment: Enrolment) -> Deliverable:
    """The learner's: a text, handed in on time."""
    return handed_in(step, enrolment)
