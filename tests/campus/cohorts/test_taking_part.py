"""Pausing, withdrawing, coming back, and going on in a later cohort."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.cohorts.enrolments import change_states, later_cohorts, resume_in
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_cohort, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE = "/cohorts/spring/taking-part/"


def test_pausing_closes_the_pages_frees_the_team_place_and_keeps_the_history(enrolment: Enrolment, team: Team) -> None:
    client = signed_in(enrolment.person)
    client.post(PAGE, {"state": "paused"})
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.PAUSED
    assert client.get("/cohorts/spring/").status_code == 404
    assert client.get(PAGE).status_code == 200
    membership = team.memberships.get(enrolment=enrolment)
    assert membership.left_at is not None
    entry = AuditEntry.objects.get(action="enrolment.state_changed")
    assert (entry.actor, entry.details) == (enrolment.person, {"before": "active", "state": "paused"})
    assert Notice.objects.get(person=enrolment.person).kind == "cohorts.state_changed"


def test_a_paused_learner_comes_back_while_the_cohort_runs(enrolment: Enrolment, cohort: Cohort) -> None:
    client = signed_in(enrolment.person)
    client.post(PAGE, {"state": "paused"})
    client.post(PAGE, {"state": "active"})
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE
    client.post(PAGE, {"state": "paused"})
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    client.post(PAGE, {"state": "active"})
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.PAUSED


@pytest.mark.parametrize(
    ("before", "wish"),
    [("withdrawn", "active"), ("completed", "withdrawn"), ("active", "completed"), ("withdrawn", "paused")],
)
def test_what_is_not_the_learners_to_do_does_not_happen(before: str, wish: str, enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=before)
    signed_in(enrolment.person).post(PAGE, {"state": wish})
    enrolment.refresh_from_db()
    assert enrolment.state == before


def test_others_have_no_such_page(organiser: Person, mentor: Person, outsider: Person, client: Client) -> None:
    for person in (organiser, mentor, outsider):
        assert signed_in(person).post(PAGE, {"state": "withdrawn"}).status_code == 404
    assert client.get(PAGE).status_code == 302
    assert not Enrolment.objects.filter(state=EnrolmentState.WITHDRAWN).exists()


def test_who_has_only_applied_has_nothing_to_pause(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.APPLIED)
    assert signed_in(enrolment.person).post(PAGE, {"state": "withdrawn"}).status_code == 404


@pytest.fixture
def later(cohort: Cohort, organiser: Person) -> Cohort:
    """A later run of the same programme that the organiser runs too."""
    made = make_cohort("later")
    made.starts_on, made.ends_on = cohort.ends_on, cohort.ends_on + timedelta(days=60)
    made.save()
    enrol(organiser, made, Role.ORGANISER)
    return made


def test_a_paused_learner_goes_on_in_a_later_cohort(enrolment: Enrolment, organiser: Person, later: Cohort) -> None:
    change_states(enrolments=[enrolment], state=EnrolmentState.PAUSED, actor=organiser)
    body = {"selected": enrolment.pk, "cohort": later.pk, "save": "1"}
    signed_in(organiser).post("/cohorts/spring/desk/people/resume/", body)
    made = Enrolment.objects.get(cohort=later, person=enrolment.person)
    assert (made.continues, made.role, made.state) == (enrolment, Role.LEARNER, EnrolmentState.ACTIVE)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.PAUSED
    assert set(AuditEntry.objects.filter(action="enrolment.resumed").values_list("cohort", "subject")) == {
        (later.pk, f"enrolment:{made.pk}"),
        (enrolment.cohort_id, f"enrolment:{enrolment.pk}"),
    }


def test_only_the_paused_go_on_only_once_and_only_later(
    enrolment: Enrolment, mate_enrolment: Enrolment, later: Cohort, other_cohort: Cohort
) -> None:
    change_states(enrolments=[enrolment], state=EnrolmentState.PAUSED, actor=None)
    assert resume_in(enrolments=[mate_enrolment], cohort=later, actor=None).count == 0
    assert resume_in(enrolments=[enrolment], cohort=other_cohort, actor=None).count == 0
    assert resume_in(enrolments=[enrolment], cohort=later, actor=None).count == 1
    assert resume_in(enrolments=[enrolment], cohort=later, actor=None).count == 0


def test_the_organiser_is_offered_only_later_cohorts_that_are_theirs(
    cohort: Cohort, later: Cohort, organiser: Person
) -> None:
    foreign = make_cohort("foreign")
    foreign.starts_on, foreign.ends_on = later.starts_on, later.ends_on
    foreign.save()
    assert list(later_cohorts(cohort, organiser)) == [later]
