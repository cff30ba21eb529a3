"""Moving the dates of steps: together, with what speaks against it, and with a trace."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campus.cases.models import CohortCase, Step
from campus.cases.scheduling import Move, concerns_of, move_steps, moved_by, steps_in
from campus.cases.signals import deadlines_moved
from campus.cohorts.models import AuditEntry, Cohort
from campus.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


def as_they_are(cohort: Cohort) -> list[Move]:
    return [Move(step, step.opens_at, step.closes_at) for step in steps_in(cohort)]


def closing(step: Step, moment: datetime) -> Move:
    return Move(step, step.opens_at, moment)


def texts(concerns: dict[int, list[object]], step: Step) -> list[str]:
    return [concern.text for concern in concerns.get(step.pk, [])]  # type: ignore[attr-defined]


def on_a(weekday: int, *, days: int = 14) -> datetime:
    """Noon in Tokyo on the first such weekday (Monday is 0) from some days on."""
    noon = datetime.now(ZoneInfo("Asia/Tokyo")).replace(hour=12, minute=0, second=0, microsecond=0) + days * DAY
    return noon + DAY * ((weekday - noon.weekday()) % 7)


def test_one_step_and_all_later_ones_of_the_case_move_on_together(cohort: Cohort, cohort_case: CohortCase) -> None:
    moves = as_they_are(cohort)
    first = next(move.step for move in moves if move.step.key == "forecast")
    after = moved_by(moves, first=first, days=7, time_zone="Asia/Tokyo")
    assert {move.step.key: move.opens_at - move.step.opens_at for move in after} == {
        "problem": 0 * DAY,
        "forecast": 7 * DAY,
        "team-forecast": 7 * DAY,
        "proposal": 7 * DAY,
    }
    assert {move.closes_at - move.step.closes_at for move in after if move.changes} == {7 * DAY}


def test_a_move_over_the_change_to_summer_time_keeps_the_time_of_day(cohort: Cohort, cohort_case: CohortCase) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    step = steps_in(cohort)[0]
    moves = [Move(step, datetime(2027, 3, 27, 9, tzinfo=berlin), datetime(2027, 3, 27, 18, tzinfo=berlin))]
    (moved,) = moved_by(moves, first=step, days=1, time_zone="Europe/Berlin")
    assert moved.opens_at == datetime(2027, 3, 28, 9, tzinfo=berlin)
    assert moved.opens_at.utcoffset() == timedelta(hours=2)


def test_moving_is_told_to_others_and_audited_with_before_and_after(open_step: Step, organiser: Person) -> None:
    before, after = open_step.closes_at, open_step.closes_at + 2 * DAY
    heard = []

    def listen(**told: object) -> None:
        heard.append((told["steps"], told["extensions"]))

    deadlines_moved.connect(listen)
    moved = move_steps(cohort=open_step.cohort, moves=[closing(open_step, after)], actor=organiser)
    deadlines_moved.disconnect(listen)
    entry = AuditEntry.objects.get(action="step.scheduled")
    assert (moved, heard) == (1, [([open_step], None)])
    assert Step.objects.get(pk=open_step.pk).closes_at == after
    assert (entry.actor, entry.details["closed"], entry.details["closes"]) == (
        organiser,
        before.isoformat(),
        after.isoformat(),
    )


def test_what_does_not_change_leaves_no_trace(cohort: Cohort, cohort_case: CohortCase) -> None:
    assert move_steps(cohort=cohort, moves=as_they_are(cohort), actor=None) == 0
    assert not AuditEntry.objects.filter(action="step.scheduled").exists()


def test_one_impossible_move_stops_all_of_them(cohort: Cohort, cohort_case: CohortCase) -> None:
    moves = as_they_are(cohort)
    good = closing(moves[0].step, moves[0].closes_at + DAY)
    bad = closing(moves[1].step, moves[1].opens_at)
    with pytest.raises(ValidationError, match="must close after it opens"):
        move_steps(cohort=cohort, moves=[good, bad], actor=None)
    assert [(step.opens_at, step.closes_at) for step in steps_in(cohort)] == [
        (move.opens_at, move.closes_at) for move in moves
    ]


def test_weekends_gaps_overlaps_and_the_cohorts_dates_are_pointed_out(cohort: Cohort, cohort_case: CohortCase) -> None:
    problem, forecast, *_ = as_they_are(cohort)
    saturday, monday = on_a(5), on_a(0)
    assert texts(concerns_of([closing(problem.step, saturday)], cohort=cohort), problem.step) == [
        "The deadline falls on a weekend."
    ]
    assert concerns_of([closing(problem.step, monday)], cohort=cohort)[problem.step.pk] == []
    far = on_a(0, days=100)
    assert texts(concerns_of([closing(problem.step, far)], cohort=cohort), problem.step) == [
        "This is outside the cohort’s dates."
    ]
    gap = [closing(problem.step, monday), Move(forecast.step, monday + 3 * DAY, monday + 7 * DAY)]
    assert texts(concerns_of(gap, cohort=cohort), forecast.step)[-1] == (
        f"No step is open for 3 days after “{problem.step.title}”."
    )
    overlap = [closing(problem.step, monday), Move(forecast.step, monday - DAY, monday + 7 * DAY)]
    assert texts(concerns_of(overlap, cohort=cohort), forecast.step)[-1] == (
        f"Open at the same time as “{problem.step.title}”."
    )


def test_a_deadline_in_the_past_is_pointed_out(cohort: Cohort, open_step: Step) -> None:
    yesterday = timezone.now() - DAY
    found = texts(concerns_of([closing(open_step, yesterday)], cohort=cohort), open_step)
    assert "The deadline is in the past: the step will close at once." in found
