"""The learner at her browser, and what she handed in."""

import pytest
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions.models import Submission
from tests.campus.cast import signed_in
from tests.campus.submissions.files import graded


@pytest.fixture
def browser(learner: Person) -> Client:
    return signed_in(learner)


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    """The learner's, scored."""
    return graded(open_step, enrolment, value=7.0)
