"""Places on the board: order, ties, names, the hidden half, and how little a page reads."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cases.models import Extension, Step
from campus.cases.scheduling import Move, move_steps
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.people.models import Person
from campus.submissions.actions import pick_final
from campus.submissions.board import baseline_rows, own_row, ranked, rows
from campus.submissions.models import Owner, Standing, Submission, owner_in
from campus.submissions.standings import refresh_standing, refresh_standings
from tests.campus.submissions.files import graded, provisional

pytestmark = pytest.mark.django_db


def places(step: Step, split: str = "public") -> list[tuple[int, str]]:
    """Place and name of every line, top down."""
    lines = rows(list(ranked(step=step, split=split)), split=split, own=None)  # type: ignore[arg-type]
    return [(line.place, line.name) for line in lines]


def hand_in_at(submission: Submission, *, hours_ago: int) -> None:
    """Pretend that the submission came then, and work out the place anew."""
    Submission.objects.filter(pk=submission.pk).update(created_at=timezone.now() - timedelta(hours=hours_ago))
    with live.atomic():
        refresh_standing(step=submission.step, owner=submission.owner)


@pytest.fixture
def better_and_worse(open_step: Step) -> tuple[float, float]:
    """Two values for ``graded`` of which the first scores better."""
    return 10.0, 500.0


def test_the_better_score_stands_first(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, better_and_worse: tuple[float, float]
) -> None:
    better, worse = better_and_worse
    graded(open_step, enrolment, value=worse)
    graded(open_step, mate_enrolment, value=better)

    assert places(open_step) == [(1, mate_enrolment.person.name), (2, enrolment.person.name)]


def test_a_tie_goes_to_the_earlier_and_complete_equals_share_a_place(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    first, second = graded(open_step, enrolment), graded(open_step, mate_enrolment)
    hand_in_at(first, hours_ago=1)
    hand_in_at(second, hours_ago=2)
    assert [name for _, name in places(open_step)] == [mate_enrolment.person.name, enrolment.person.name]

    Standing.objects.update(public_at=timezone.now())
    assert [place for place, _ in places(open_step)] == [1, 1]


def test_an_alias_is_shown_only_where_it_was_chosen(open_step: Step, enrolment: Enrolment) -> None:
    graded(open_step, enrolment)
    assert places(open_step) == [(1, "Hanako")]

    enrolment.uses_alias = True
    enrolment.save()
    assert places(open_step) == [(1, "ハナ")]


def test_the_final_board_goes_by_the_picks(
    open_step: Step, enrolment: Enrolment, better_and_worse: tuple[float, float]
) -> None:
    best, worst = (graded(open_step, enrolment, value=value) for value in better_and_worse)
    assert Standing.objects.get().private_submission_id == best.pk

    pick_final(submission=worst, by=enrolment)

    standing = Standing.objects.get()
    assert (standing.public_submission_id, standing.private_submission_id) == (best.pk, worst.pk)


def test_without_picks_the_two_best_provisional_ones_count(open_step: Step, enrolment: Enrolment) -> None:
    submissions = [graded(open_step, enrolment, value=value) for value in (10, 300, 500)]
    by_public = sorted(submissions, key=provisional)

    standing = Standing.objects.get()
    assert standing.private_submission_id in {one.pk for one in by_public[:2]}


def test_a_team_has_one_line_for_all(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, team: object
) -> None:
    open_step.by = "team"
    open_step.save()
    graded(open_step, enrolment, value=10)
    graded(open_step, mate_enrolment, value=500)

    assert places(open_step) == [(1, "Team 1")]
    assert Standing.objects.get().scored_count == 2


def test_ones_own_line_is_found_wherever_it_stands(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    owner = owner_in(step=open_step, enrolment=enrolment)
    assert owner is not None
    assert own_row(step=open_step, split="public", owner=owner) is None
    graded(open_step, mate_enrolment, value=10.0)
    graded(open_step, enrolment, value=500.0)

    line = own_row(step=open_step, split="public", owner=owner)
    assert line is not None
    assert (line.place, line.is_own) == (2, True)


def test_baselines_stand_apart_with_their_real_scores(open_step: Step) -> None:
    lines = baseline_rows(step=open_step, split="public")
    scoring = open_step.case_version.pack().scoring

    assert len(lines) == len(open_step.case_version.baselines)
    keys = [scoring.sort_key(values) for _, values in lines]
    assert keys == sorted(keys)
    assert not Standing.objects.exists()


def test_a_place_needs_a_transaction_of_its_own(open_step: Step, enrolment: Enrolment) -> None:
    graded(open_step, enrolment)
    with pytest.raises(RuntimeError), transaction.atomic():
        refresh_standing(step=open_step, owner=Owner(enrolment=enrolment))


def test_whoever_left_the_cohort_stands_on_no_board(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    graded(open_step, enrolment, value=500.0)
    graded(open_step, mate_enrolment, value=10.0)
    mate_enrolment.state = EnrolmentState.WITHDRAWN
    mate_enrolment.save()

    assert places(open_step) == [(1, enrolment.person.name)]


def test_a_moved_deadline_moves_what_counts(open_step: Step, enrolment: Enrolment) -> None:
    early, late = graded(open_step, enrolment, value=500.0), graded(open_step, enrolment, value=10.0)
    Submission.objects.filter(pk=early.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert Standing.objects.get().public_submission_id == late.pk

    Step.objects.filter(pk=open_step.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    refresh_standings(open_step)
    assert (Standing.objects.get().public_submission_id, Standing.objects.get().scored_count) == (early.pk, 1)

    extension = Extension.objects.create(step=open_step, enrolment=enrolment, closes_at=timezone.now(), reason="-")
    refresh_standings(open_step)
    assert Standing.objects.get().public_submission_id == late.pk

    extension.delete()
    Step.objects.filter(pk=open_step.pk).update(closes_at=timezone.now() - timedelta(hours=3))
    refresh_standings(open_step)
    assert not Standing.objects.exists()


def test_moving_the_dates_has_the_places_worked_out_anew(open_step: Step, organiser: Person) -> None:
    move = Move(open_step, open_step.opens_at, open_step.closes_at + timedelta(days=1))
    move_steps(cohort=open_step.cohort, moves=[move], actor=organiser)

    job = ProcrastinateJob.objects.get(task_name="submissions.places")
    assert job.args == {"step_id": open_step.pk}
