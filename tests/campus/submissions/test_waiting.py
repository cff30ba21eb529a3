"""What a waiting submission tells, and how it is cancelled."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.live.models import Event
from campus.people.models import Person
from campus.submissions import grading, refusals
from campus.submissions.actions import cancel
from campus.submissions.models import Grading, Submission
from campus.submissions.quota import quota_of
from campus.submissions.waiting import waits_of
from grader.contract import State
from tests.campus.cast import signed_in
from tests.campus.submissions.files import graded, handed_in
from tests.campus.submissions.pages import address, text_of

pytestmark = pytest.mark.django_db


def positions(*submissions: Submission) -> list[int]:
    waits = waits_of([one.grading for one in submissions])
    return [waits[one.grading.pk].position for one in submissions]


def seconds_of(*submissions: Submission) -> list[int]:
    waits = waits_of([one.grading for one in submissions])
    return [waits[one.grading.pk].seconds for one in submissions]


def test_the_first_of_the_day_goes_before_anybodys_second(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    first, second = handed_in(open_step, enrolment, value=1), handed_in(open_step, enrolment, value=2)
    late_comer = handed_in(open_step, mate_enrolment, value=3)

    assert positions(first, second, late_comer) == [1, 3, 2]


def test_the_wait_is_measured_on_recent_gradings(open_step: Step, enrolment: Enrolment) -> None:
    done = graded(open_step, enrolment, value=1)
    ProcrastinateJob.objects.all()._raw_delete("default")
    now = timezone.now()
    Grading.objects.filter(pk=done.grading.pk).update(started_at=now - timedelta(seconds=40), finished_at=now)
    waiting = [handed_in(open_step, enrolment, value=value) for value in (2, 3)]

    assert seconds_of(*waiting) == [40, 60], "a worker grades two at a time"
    assert waits_of([done.grading]) == {}


def test_what_runs_just_now_is_waited_for_too(open_step: Step, enrolment: Enrolment) -> None:
    running, waiting = (handed_in(open_step, enrolment, value=value) for value in (1, 2))
    done = graded(open_step, enrolment, value=3)
    assert grading.take(running.grading.pk)
    now = timezone.now()
    Grading.objects.filter(pk=done.grading.pk).update(started_at=now - timedelta(minutes=10), finished_at=now)

    (seconds,) = seconds_of(waiting)
    assert 840 < seconds <= 900, "half of the ten minutes that the other still takes, then its own ten"
    Grading.objects.filter(pk=running.grading.pk).update(started_at=now - timedelta(minutes=20))
    (seconds,) = seconds_of(waiting)
    assert 900 <= seconds < 960, "what takes longer than others is expected to take as much longer again"


def test_a_cancelled_one_takes_nobodys_place(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> None:
    first, second = handed_in(open_step, enrolment, value=1), handed_in(open_step, mate_enrolment, value=2)
    assert positions(first, second) == [1, 2]
    cancel(submission=first)

    assert ProcrastinateJob.objects.filter(status="todo").count() == 2, "a worker drops the job when it gets there"
    assert positions(second) == [1]


def test_the_page_says_how_long_it_takes(open_step: Step, enrolment: Enrolment, learner: Person) -> None:
    handed_in(open_step, enrolment)

    page = text_of(signed_in(learner).get(address("hand_in", open_step)))
    assert "順番待ち：1番目" in page
    assert "取り消す" in page


def test_a_waiting_submission_is_cancelled_and_the_attempt_given_back(
    open_step: Step, enrolment: Enrolment, learner: Person
) -> None:
    submission = handed_in(open_step, enrolment)
    answer = signed_in(learner).post(address("cancel", open_step, submission.pk))

    assert answer["Location"] == address("hand_in", open_step)
    grading.attempt(submission.grading.pk)
    row = Grading.objects.get(pk=submission.grading.pk)
    assert (row.state, row.attempt) == (State.CANCELLED, 0)
    assert quota_of(step=open_step, owner=submission.owner).used == 0
    assert Event.objects.filter(kind="grading", payload__state="cancelled").count() == 1


def test_a_running_one_is_cancelled_and_its_result_is_not_recorded(open_step: Step, enrolment: Enrolment) -> None:
    submission = handed_in(open_step, enrolment)
    turn = grading.take(submission.grading.pk)
    assert turn is not None
    cancel(submission=submission)

    assert grading.record(turn, grading.measure(turn.grading)) is False
    assert Grading.objects.get(pk=submission.grading.pk).state == State.CANCELLED


def test_what_is_graded_stays(open_step: Step, enrolment: Enrolment) -> None:
    submission = graded(open_step, enrolment)
    with pytest.raises(refusals.HasEnded):
        cancel(submission=submission)
    assert Grading.objects.get(pk=submission.grading.pk).state == State.SCORED


@pytest.mark.parametrize("who", ["mate", "outsider", "facilitator", "mentor", "organiser"])
def test_only_the_owner_cancels(
    who: str, open_step: Step, enrolment: Enrolment, client: Client, request: pytest.FixtureRequest
) -> None:
    submission = handed_in(open_step, enrolment)
    page = address("cancel", open_step, submission.pk)

    assert signed_in(request.getfixturevalue(who)).post(page).status_code == 404
    assert client.post(page).status_code == 302
    assert Grading.objects.get(pk=submission.grading.pk).state == State.QUEUED
