"""Extensions: who gets a later deadline, and that it holds wherever a deadline counts."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.deadlines import as_read_by, deadline_for, deadlines_of
from campus.cases.extending import grant_extensions, withdraw_extensions
from campus.cases.models import CohortCase, Extension, Step
from campus.cases.signals import deadlines_moved
from campus.cohorts.models import AuditEntry, Enrolment, EnrolmentState
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, reschedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def grant(step: Step, *enrolments: Enrolment, closes_at: datetime, actor: Person | None = None) -> list[str]:
    """Grant it and return the reasons why anybody was left out."""
    granted = grant_extensions(step=step, enrolments=enrolments, closes_at=closes_at, reason="Flu", actor=actor)
    return [reason for _, reason in granted.left_out]


@pytest.fixture
def team_step(cohort_case: CohortCase) -> Step:
    step = Step.objects.with_case().get(cohort_case=cohort_case, key="team-forecast")
    return reschedule(step, opens=timedelta(days=-2), closes=timedelta(days=3))


def test_an_extension_is_for_its_learner_only(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, organiser: Person
) -> None:
    later = in_days(9)
    assert grant(open_step, enrolment, closes_at=later, actor=organiser) == []
    assert deadline_for(open_step, enrolment) == later
    assert deadline_for(open_step, mate_enrolment) == open_step.closes_at
    entry = AuditEntry.objects.get(action="extension.granted")
    assert (entry.subject, entry.actor) == (f"enrolment:{enrolment.pk}", organiser)
    assert entry.details == {"step": open_step.pk, "closes": later.isoformat()}


def test_granting_again_replaces_and_withdrawing_ends_it(open_step: Step, enrolment: Enrolment) -> None:
    grant(open_step, enrolment, closes_at=in_days(9))
    sooner = in_days(7)
    grant(open_step, enrolment, closes_at=sooner)
    assert deadline_for(open_step, enrolment) == sooner
    assert withdraw_extensions(step=open_step, extensions=Extension.objects.all(), actor=None) == 1
    assert deadline_for(open_step, enrolment) == open_step.closes_at


def test_where_teams_hand_in_the_team_has_it_and_keeps_it_when_members_change(
    team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, team: Team
) -> None:
    later = in_days(9)
    grant(team_step, enrolment, closes_at=later)
    assert Extension.objects.get().team == team
    assert deadline_for(team_step, mate_enrolment) == later
    team.memberships.filter(enrolment=enrolment).update(left_at=timezone.now())
    assert deadline_for(team_step, enrolment) == team_step.closes_at
    assert deadline_for(team_step, mate_enrolment) == later


def test_who_cannot_have_one_is_told_of_and_the_others_get_it(
    team_step: Step, open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, outsider_enrolment: Enrolment
) -> None:
    mate_enrolment.state = EnrolmentState.PAUSED
    mate_enrolment.save()
    mentor = enrol(make_person("Mentor"), enrolment.cohort, "mentor")
    reasons = grant(open_step, enrolment, mate_enrolment, outsider_enrolment, mentor, closes_at=in_days(9))
    assert reasons == [
        "Isn’t taking part in this cohort at present.",
        "Not a learner in this cohort.",
        "Not a learner in this cohort.",
    ]
    assert Extension.objects.get().enrolment == enrolment
    assert grant(team_step, enrolment, closes_at=in_days(9)) == ["Isn’t in a project team."]


@pytest.mark.parametrize("days", [-1, 2])
def test_it_must_be_later_than_the_deadline_and_still_to_come(open_step: Step, enrolment: Enrolment, days: int) -> None:
    with pytest.raises(ValidationError):
        grant(open_step, enrolment, closes_at=in_days(days))
    assert not Extension.objects.exists()


def test_others_hear_of_it_with_the_owners_concerned(open_step: Step, enrolment: Enrolment) -> None:
    heard = []

    def listen(**told: object) -> None:
        heard.append((told["steps"], told["extensions"]))

    deadlines_moved.connect(listen)
    grant(open_step, enrolment, closes_at=in_days(9))
    granted = Extension.objects.get()
    withdraw_extensions(step=open_step, extensions=[granted], actor=None)
    deadlines_moved.disconnect(listen)
    assert heard == [([open_step], [granted]), ([open_step], [granted])]


def test_a_learner_reads_steps_with_her_own_deadlines_and_staff_as_they_are(
    open_step: Step, enrolment: Enrolment, organiser: Person
) -> None:
    later = in_days(9)
    grant(open_step, enrolment, closes_at=later)
    (seen,) = as_read_by(enrolment.person, enrolment.cohort, [open_step])
    assert (seen.closes_at, seen.is_extended) == (later, True)
    assert as_read_by(organiser, enrolment.cohort, [open_step]) == [open_step]
    assert (open_step.closes_at < later, open_step.is_extended) == (True, False)


def test_the_deadlines_of_many_take_as_many_queries_as_those_of_one(
    open_step: Step,
    team_step: Step,
    enrolment: Enrolment,
    team: Team,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    many = [enrol(make_person(f"L{number}"), enrolment.cohort) for number in range(20)]
    later = in_days(9)
    grant(open_step, *many, closes_at=later)
    with django_assert_num_queries(2):
        found = deadlines_of([open_step, team_step], [enrolment, *many])
    assert {found[open_step.pk, one.pk] for one in many} == {later}
    assert len(found) == 42
