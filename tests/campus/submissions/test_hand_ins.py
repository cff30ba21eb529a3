"""Submissions as hand-ins of steps: each owner's once, with the first and the last moment."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.hand_ins import Among, HandIn, hand_in_source, hand_ins_of, is_recorded
from campus.cases.models import Step, StepKind
from campus.cohorts.models import Enrolment
from campus.submissions.models import Grading, Submission
from campus.teams.models import Team
from grader.contract import State

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def submit(step: Step, enrolment: Enrolment, *, hours_ago: int, team: Team | None = None, state: str = State.SCORED):
    """A submission as grading would leave it."""
    submission = Submission.objects.create(
        step=step,
        enrolment=enrolment,
        team=team,
        file_name="f.csv",
        file_size=1,
        file_digest="0" * 64,
        created_at=NOW - timedelta(hours=hours_ago),
    )
    Grading.objects.create(submission=submission, state=state)


def test_each_owner_has_one_line_with_first_last_and_count(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, team: Team
) -> None:
    for hours in (5, 3, 1):
        submit(open_step, enrolment, hours_ago=hours)
    submit(open_step, mate_enrolment, hours_ago=2, team=team)
    submit(open_step, enrolment, hours_ago=4, team=team)

    def at(hours: int) -> float:
        return (NOW - timedelta(hours=hours)).timestamp()

    assert set(hand_ins_of([open_step])) == {
        HandIn(open_step.pk, enrolment.pk, None, at(5), at(1), 3),
        HandIn(open_step.pk, None, team.pk, at(4), at(2), 2),
    }


def test_what_was_refused_or_cancelled_is_no_hand_in_but_our_faults_are(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    for state in (State.REJECTED, State.CANCELLED):
        submit(open_step, enrolment, hours_ago=1, state=state)
    submit(open_step, mate_enrolment, hours_ago=1, state=State.FAILED)
    assert [one.enrolment_id for one in hand_ins_of([open_step])] == [mate_enrolment.pk]


def test_one_asks_for_some_owners_only_and_once(
    open_step: Step,
    closed_step: Step,
    enrolment: Enrolment,
    mate_enrolment: Enrolment,
    team: Team,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    submit(open_step, enrolment, hours_ago=1)
    submit(closed_step, mate_enrolment, hours_ago=30)
    submit(open_step, mate_enrolment, hours_ago=1, team=team)
    with django_assert_num_queries(2):  # Own work, and what was brought along from an earlier cohort.
        found = list(hand_ins_of([open_step, closed_step], Among([enrolment.pk], [team.pk])))
    assert {(one.enrolment_id, one.team_id) for one in found} == {(enrolment.pk, None), (None, team.pk)}


def test_graded_steps_are_recorded_and_a_kind_has_one_source(open_step: Step) -> None:
    assert is_recorded(open_step)
    with pytest.raises(ValueError, match="have a source already"):
        hand_in_source(StepKind.MODEL)(lambda _steps, _among: [])
