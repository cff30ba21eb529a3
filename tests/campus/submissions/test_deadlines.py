"""Work and final scores where a deadline is somebody's own, or moves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from campus.cases.choosing import choose_cases, set_choice_rule
from campus.cases.extending import grant_extensions
from campus.cases.models import Extension, Step, Track
from campus.cases.scheduling import Move, concerns_of, move_steps
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions import refusals
from campus.submissions.actions import pick_final
from campus.submissions.models import Standing, Submission
from tests.campus.cast import reschedule, signed_in
from tests.campus.submissions.files import graded, handed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STEP = "/cohorts/spring/cases/daily-sales/forecast/"
DAY = timedelta(days=1)


@pytest.fixture
def extended(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> Step:
    """The step closed yesterday; the learner has until the day after tomorrow, her mate had handed in in time."""
    graded(open_step, mate_enrolment, value=6.0)
    grant_extensions(
        step=open_step, enrolments=[enrolment], closes_at=timezone.now() + 4 * DAY, reason="Flu", actor=None
    )
    closed = reschedule(open_step, opens=-3 * DAY, closes=-DAY)
    Submission.objects.filter(enrolment=mate_enrolment).update(created_at=timezone.now() - 2 * DAY)
    return closed


def test_work_within_the_extension_is_in_time_and_takes_a_place(extended: Step, enrolment: Enrolment) -> None:
    submission = graded(extended, enrolment)
    assert Standing.objects.filter(step=extended, enrolment=enrolment).exists()
    pick_final(submission=submission, by=enrolment)
    page = signed_in(enrolment.person).get(f"{STEP}submit/")
    (entry,) = page.context["entries"]
    assert (entry.is_late, entry.is_picked, entry.final) == (False, True, None)


def test_who_may_still_hand_in_sees_no_final_board_and_stands_on_none(
    extended: Step, enrolment: Enrolment, mate: Person
) -> None:
    graded(extended, enrolment, value=5.0)
    assert signed_in(enrolment.person).get(f"{STEP}board/final/").status_code == 302
    board = signed_in(mate).get(f"{STEP}board/final/").context["board"]
    assert [line.name for line in board.lines if not line.is_baseline] == ["Taro"]
    Extension.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    Standing.objects.filter(enrolment=enrolment).update(private_at=timezone.now() - timedelta(hours=1))
    board = signed_in(mate).get(f"{STEP}board/final/").context["board"]
    assert {line.name for line in board.lines if not line.is_baseline} == {"Taro", "Hanako"}


def test_after_the_extension_the_choice_is_over(extended: Step, enrolment: Enrolment) -> None:
    submission = graded(extended, enrolment)
    Extension.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(refusals.PickClosed):
        pick_final(submission=submission, by=enrolment)


def test_whoever_knows_their_final_score_gets_no_extension(
    extended: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    later = timezone.now() + 9 * DAY
    granted = grant_extensions(
        step=extended, enrolments=[enrolment, mate_enrolment], closes_at=later, reason="", actor=None
    )
    assert [one.enrolment for one in granted.extensions] == [enrolment]
    assert [(one, reason) for one, reason in granted.left_out] == [
        (mate_enrolment, "Their final score has already been shown.")
    ]


def test_a_step_whose_final_scores_were_shown_stays_closed(extended: Step, open_step: Step) -> None:
    move = Move(extended, extended.opens_at, timezone.now() + DAY)
    with pytest.raises(ValidationError, match="final scores"):
        move_steps(cohort=extended.cohort, moves=[move], actor=None)
    Standing.objects.all().delete()
    assert move_steps(cohort=extended.cohort, moves=[move], actor=None) == 1


def test_an_earlier_deadline_tells_how_much_becomes_late(open_step: Step, enrolment: Enrolment) -> None:
    graded(open_step, enrolment)
    move = Move(open_step, open_step.opens_at, timezone.now() - timedelta(hours=1))
    found = [concern.text for concern in concerns_of([move], cohort=open_step.cohort)[open_step.pk]]
    assert "1 submission would then be late." in found


def test_the_api_and_the_case_page_tell_the_own_deadline(extended: Step, enrolment: Enrolment, client: Client) -> None:
    later = Extension.objects.get().closes_at
    page = signed_in(enrolment.person).get("/cohorts/spring/cases/daily-sales/steps/forecast/")
    assert page.context["step"].closes_at == later


def test_only_chosen_cases_can_be_worked_on(open_step: Step, enrolment: Enrolment) -> None:
    until = timezone.now() + DAY
    rule = set_choice_rule(cohort=open_step.cohort, cases_each=1, tracks=[Track.AI], until=until, actor=None)
    with pytest.raises(refusals.NotChosen):
        handed_in(open_step, enrolment)
    page = signed_in(enrolment.person).get("/cohorts/spring/cases/daily-sales/forecast/submit/").text
    assert ('id="hand-in"' in page, "/cohorts/spring/choose-cases/" in page) == (False, True)
    choose_cases(rule=rule, enrolment=enrolment, cases=[open_step.cohort_case], actor=enrolment.person)
    assert handed_in(open_step, enrolment).pk
