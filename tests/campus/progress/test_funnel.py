"""Who counts at which stage of the funnel."""

import pytest
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Cohort, EnrolmentState, Role
from campus.intake.models import Application
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
MATRIX = "/cohorts/spring/desk/progress/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.mark.parametrize(("told", "stages"), [("undecided", [1, 0, 0]), ("selected", [1, 1, 0])])
def test_who_takes_an_application_back_never_began(
    organiser: Person, cohort: Cohort, open_step: Step, now, told, stages
) -> None:
    gone = enrol(make_person("Gone"), cohort, state=EnrolmentState.WITHDRAWN)
    Application.objects.create(enrolment=gone, withdrawn_at=now, decision=told, announced=told)
    cohort.enrolments.filter(role=Role.LEARNER).exclude(pk=gone.pk).delete()
    client = signed_in(organiser)
    assert client.get(f"{MATRIX}funnel.json").json()["series"][0]["values"][:3] == stages
    assert client.get(f"{MATRIX}?state=withdrawn").context["listing"].total == 0
