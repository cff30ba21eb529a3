"""Who counts at which stage of the funnel."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.intake.applications.actions import withdraw_application
from campus.intake.models import Admission, Application
from campus.people.erasure import erase
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
MATRIX = "/cohorts/spring/desk/progress/"


@pytest.fixture
def alone(cohort: Cohort, open_step: Step) -> Enrolment:
    """The only learner of the cohort, who has applied."""
    alone = enrol(make_person("Gone"), cohort, state=EnrolmentState.APPLIED)
    cohort.enrolments.filter(role=Role.LEARNER).exclude(pk=alone.pk).delete()
    return alone


def apply(enrolment: Enrolment, told: str) -> Application:
    return Application.objects.create(enrolment=enrolment, decision=told, announced=told)


def stages(organiser: Person) -> list[int]:
    """How many applied, were selected, began."""
    client = signed_in(organiser)
    values: list[int] = client.get(f"{MATRIX}funnel.json").json()["series"][0]["values"]
    return values[:3]


def listed(organiser: Person, state: EnrolmentState) -> int:
    return int(signed_in(organiser).get(MATRIX, {"state": state}).context["listing"].total)


@pytest.mark.parametrize(("told", "counted"), [("undecided", [1, 0, 0]), ("selected", [1, 1, 0])])
def test_who_takes_an_application_back_never_began(
    organiser: Person, cohort: Cohort, alone: Enrolment, told: str, counted: list[int]
) -> None:
    now = timezone.now()
    Admission.objects.create(cohort=cohort, opens_at=now, closes_at=now + timedelta(days=1))
    withdraw_application(application=apply(alone, told))
    assert stages(organiser) == counted
    assert listed(organiser, EnrolmentState.WITHDRAWN) == 0


@pytest.mark.parametrize(
    ("before", "told", "counted"),
    [
        (EnrolmentState.APPLIED, "undecided", [1, 0, 0]),
        (EnrolmentState.SELECTED, "selected", [1, 1, 0]),
        (EnrolmentState.SELECTED, None, [1, 1, 0]),
    ],
)
def test_whom_the_organiser_takes_out_before_the_beginning_never_began(
    organiser: Person, alone: Enrolment, before: EnrolmentState, told: str | None, counted: list[int]
) -> None:
    Enrolment.objects.filter(pk=alone.pk).update(state=before)
    if told:
        apply(alone, told)
    for state in (EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN):
        change_states(enrolments=[alone], state=state, actor=organiser)
        assert stages(organiser) == counted
        assert listed(organiser, state) == 0


def test_who_leaves_after_the_beginning_began_also_out_of_a_pause(organiser: Person, alone: Enrolment) -> None:
    for state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN):
        change_states(enrolments=[alone], state=state, actor=organiser)
        assert stages(organiser) == [1, 1, 1]
        assert listed(organiser, state) == 1


def test_who_is_taken_out_comes_back_and_leaves_again_began(organiser: Person, alone: Enrolment) -> None:
    for state, counted in (
        (EnrolmentState.WITHDRAWN, [1, 1, 0]),
        (EnrolmentState.ACTIVE, [1, 1, 1]),
        (EnrolmentState.WITHDRAWN, [1, 1, 1]),
    ):
        change_states(enrolments=[alone], state=state, actor=organiser)
        assert stages(organiser) == counted


def test_who_leaves_the_site_before_the_beginning_never_began(organiser: Person, alone: Enrolment) -> None:
    apply(alone, "undecided")
    erase(person=alone.person)
    assert stages(organiser)[2] == 0


@pytest.mark.parametrize(
    ("states", "never_began"),
    [
        ([EnrolmentState.PAUSED], True),
        ([EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN], True),
        ([EnrolmentState.ACTIVE, EnrolmentState.WITHDRAWN], False),
        ([EnrolmentState.PAUSED, EnrolmentState.ACTIVE, EnrolmentState.WITHDRAWN], False),
    ],
)
def test_of_those_who_left_before_it_was_kept_the_audit_log_says_it(
    organiser: Person, alone: Enrolment, states: list[EnrolmentState], never_began: bool
) -> None:
    for state in states:
        change_states(enrolments=[alone], state=state, actor=organiser)
    Enrolment.objects.update(never_began=False)

    import_module("campus.intake.migrations.0005_who_never_began").say_who_never_began(apps, None)

    assert Enrolment.objects.get(pk=alone.pk).never_began is never_began
