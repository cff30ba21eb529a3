"""Handing in: what is recorded, what is refused, and that nothing counts which should not."""

import resource
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions import refusals
from campus.submissions.actions import Upload, _record, _Request, hand_in, pick_final, unpick_final
from campus.submissions.files import digest_of
from campus.submissions.models import FinalPick, Grading, Prediction, Standing, Stumble, Submission, owner_in
from campus.submissions.quota import quota_of
from campus.teams.models import Team
from grader.contract import State
from tests.campus.submissions.files import csv_file, graded, handed_in, upload

pytestmark = pytest.mark.django_db


def used(step: Step, enrolment: Enrolment) -> int:
    owner = owner_in(step=step, enrolment=enrolment)
    assert owner is not None
    return quota_of(step=step, owner=owner).used


def test_a_good_file_is_recorded_and_a_worker_is_woken(open_step: Step, enrolment: Enrolment) -> None:
    submission = handed_in(open_step, enrolment)

    submission.refresh_from_db()
    assert submission.file.read() == csv_file(open_step)
    assert (submission.file_name, submission.team, submission.grading.state) == ("mine.csv", None, State.QUEUED)
    job = ProcrastinateJob.objects.get(queueing_lock=f"grading:{submission.grading.pk}")
    assert (job.task_name, job.args) == ("submissions.grade", {"grading_id": submission.grading.pk})


def test_a_format_error_leaves_no_submission_and_costs_no_attempt(open_step: Step, enrolment: Enrolment) -> None:
    with pytest.raises(refusals.FormatRefused) as refused:
        hand_in(step=open_step, enrolment=enrolment, upload=Upload("bad.csv", csv_file(open_step, drop_last=True)))

    assert [problem.code for problem in refused.value.problems] == ["ids_missing"]
    assert not Submission.objects.exists()
    assert used(open_step, enrolment) == 0


def test_refused_files_are_counted_until_one_is_accepted(open_step: Step, enrolment: Enrolment) -> None:
    bad = Upload("bad.csv", csv_file(open_step, drop_last=True))
    for _ in range(2):
        with pytest.raises(refusals.FormatRefused):
            hand_in(step=open_step, enrolment=enrolment, upload=bad)
    assert list(Stumble.objects.values_list("step", "enrolment", "count")) == [(open_step.pk, enrolment.pk, 2)]

    handed_in(open_step, enrolment)
    assert not Stumble.objects.exists()


def test_the_same_request_is_handed_in_once(open_step: Step, enrolment: Enrolment) -> None:
    key = uuid.uuid4()
    first = hand_in(step=open_step, enrolment=enrolment, upload=upload(open_step), request_key=key)
    again = hand_in(step=open_step, enrolment=enrolment, upload=upload(open_step), request_key=key)

    assert again.pk == first.pk
    assert Submission.objects.count() == 1


def test_equal_files_share_one_prediction(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> None:
    handed_in(open_step, enrolment)
    handed_in(open_step, mate_enrolment)

    assert (Submission.objects.count(), Prediction.objects.count()) == (2, 1)


def test_a_step_that_has_not_opened_takes_nothing(open_step: Step, enrolment: Enrolment) -> None:
    open_step.opens_at = timezone.now() + timedelta(hours=1)

    with pytest.raises(refusals.NotOpenYet):
        handed_in(open_step, enrolment)


def test_late_work_is_graded_but_takes_no_place(closed_step: Step, enrolment: Enrolment) -> None:
    submission = graded(closed_step, enrolment)

    assert submission.grading.state == State.SCORED
    assert not Standing.objects.exists()


def test_the_daily_limit_holds_and_says_when_it_ends(open_step: Step, enrolment: Enrolment) -> None:
    limit = open_step.case_version.pack().limits.per_day
    for number in range(limit):
        handed_in(open_step, enrolment, value=number + 1)

    with pytest.raises(refusals.QuotaReached) as refused:
        handed_in(open_step, enrolment, value=99)

    assert refused.value.resets_at.utcoffset() == timedelta(hours=9)
    assert (refused.value.resets_at.hour, refused.value.resets_at.minute) == (0, 0)
    assert Submission.objects.count() == limit


def test_what_is_over_the_limit_is_not_even_stored(open_step: Step, enrolment: Enrolment) -> None:
    for number in range(open_step.case_version.pack().limits.per_day):
        handed_in(open_step, enrolment, value=number + 1)

    with pytest.raises(refusals.QuotaReached):
        handed_in(open_step, enrolment, value=98.125)

    digest = digest_of(csv_file(open_step, value=98.125))
    assert not default_storage.exists(f"submissions/{digest[:2]}/{digest}")


def test_the_request_that_took_the_last_place_is_answered_with_it(open_step: Step, enrolment: Enrolment) -> None:
    key, limit = uuid.uuid4(), open_step.case_version.pack().limits.per_day
    for number in range(limit - 1):
        handed_in(open_step, enrolment, value=number + 1)
    last = hand_in(step=open_step, enrolment=enrolment, upload=upload(open_step, value=97), request_key=key)

    again = hand_in(step=open_step, enrolment=enrolment, upload=upload(open_step, value=97), request_key=key)

    assert (again.pk, Submission.objects.count()) == (last.pk, limit)


def test_what_came_before_midnight_counts_for_that_day(open_step: Step, enrolment: Enrolment) -> None:
    """It may be recorded after midnight, when the new day is still empty."""
    last_night = timezone.now() - timedelta(days=1)
    for number in range(open_step.case_version.pack().limits.per_day):
        handed_in(open_step, enrolment, value=number + 1)
    Submission.objects.update(created_at=last_night)
    waited = Submission(step=open_step, enrolment=enrolment, created_at=last_night)
    request = _Request(enrolment=enrolment, step=open_step, key=None, digest="")

    with pytest.raises(refusals.QuotaReached):
        _record(waited, owner=waited.owner, request=request, prediction=Prediction())

    assert used(open_step, enrolment) == 0


def test_yesterdays_submissions_and_our_own_faults_do_not_count(open_step: Step, enrolment: Enrolment) -> None:
    yesterday, failed = handed_in(open_step, enrolment), handed_in(open_step, enrolment, value=2)
    Submission.objects.filter(pk=yesterday.pk).update(created_at=timezone.now() - timedelta(days=1))
    Grading.objects.filter(submission=failed).update(state=State.FAILED)

    assert used(open_step, enrolment) == 0


@pytest.mark.django_db(transaction=True)
def test_the_daily_limit_holds_when_everything_comes_at_once(open_step: Step, enrolment: Enrolment) -> None:
    limit = open_step.case_version.pack().limits.per_day

    def attempt(number: int) -> bool:
        try:
            handed_in(open_step, enrolment, value=number + 1)
        except refusals.QuotaReached:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(attempt, range(limit + 4)))

    assert (sum(accepted), Submission.objects.count()) == (limit, limit)


def test_a_team_step_belongs_to_the_team(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, team: Team
) -> None:
    open_step.by = "team"
    open_step.save()

    submission = handed_in(open_step, enrolment)

    assert submission.team == team
    assert used(open_step, mate_enrolment) == 1


def test_who_is_in_no_team_cannot_hand_in_a_team_step(open_step: Step, enrolment: Enrolment) -> None:
    open_step.by = "team"
    open_step.save()

    with pytest.raises(refusals.NoTeam):
        handed_in(open_step, enrolment)


@contextmanager
def full_disk() -> Iterator[None]:
    """The operating system refuses to write more than a hundred bytes to any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_in_words_and_the_next_try_succeeds(open_step: Step, enrolment: Enrolment) -> None:
    with full_disk(), pytest.raises(refusals.StorageFull):
        handed_in(open_step, enrolment, value=7)

    assert not Submission.objects.exists()
    assert graded(open_step, enrolment, value=7).grading.state == State.SCORED


def test_two_submissions_can_be_picked_and_one_taken_back(open_step: Step, enrolment: Enrolment) -> None:
    first, second, third = (graded(open_step, enrolment, value=value) for value in (8, 9, 10))
    pick_final(submission=first, by=enrolment)
    pick_final(submission=second, by=enrolment)
    pick_final(submission=second, by=enrolment)

    with pytest.raises(refusals.TooManyPicks):
        pick_final(submission=third, by=enrolment)
    unpick_final(submission=first)
    pick_final(submission=third, by=enrolment)

    assert set(FinalPick.objects.values_list("submission", flat=True)) == {second.pk, third.pk}


def test_only_scored_work_can_be_picked(open_step: Step, enrolment: Enrolment) -> None:
    with pytest.raises(refusals.NotPickable):
        pick_final(submission=handed_in(open_step, enrolment), by=enrolment)


def test_picks_are_fixed_at_the_close(open_step: Step, enrolment: Enrolment) -> None:
    submission = graded(open_step, enrolment)
    submission.step.closes_at = timezone.now()

    with pytest.raises(refusals.PickClosed):
        pick_final(submission=submission, by=enrolment)
    with pytest.raises(refusals.PickClosed):
        unpick_final(submission=submission)
