"""Grading runs at least once, is recorded exactly once, and always ends."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.live.models import Event
from campus.submissions import grading
from campus.submissions.models import Grading, Score, Standing, Submission
from grader.contract import State
from tests.campus.submissions.files import graded, handed_in, provisional

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(open_step: Step, enrolment: Enrolment) -> Grading:
    """A grading that waits."""
    return handed_in(open_step, enrolment).grading


def forget_jobs() -> None:
    ProcrastinateJob.objects.all()._raw_delete("default")


def waiting_jobs() -> int:
    return ProcrastinateJob.objects.filter(status="todo").count()


def test_a_submission_is_scored_on_both_splits_with_its_versions(row: Grading) -> None:
    grading.attempt(row.pk)

    row.refresh_from_db()
    version = row.submission.step.case_version
    assert (row.state, row.attempt, row.lease_until) == (State.SCORED, 1, None)
    scores = Score.objects.filter(prediction=row.prediction)
    assert {score.split for score in scores} == {"public", "private"}
    for score in scores:
        assert set(score.values) >= {metric.key for metric in version.pack().scoring.metrics}
        assert score.versions["truth"] == version.truth_digest == score.truth_version
        assert score.versions["metric"] == version.metric_version == score.metric_version


def test_the_owner_and_the_board_are_told(row: Grading, enrolment: Enrolment) -> None:
    grading.attempt(row.pk)

    told = Event.objects.filter(stream__key=f"enrolment:{enrolment.pk}", kind="grading").order_by("seq")
    assert [event.payload["state"] for event in told] == ["queued", "scored"]


def test_a_second_delivery_writes_nothing(row: Grading) -> None:
    grading.attempt(row.pk)
    finished_at = Grading.objects.get(pk=row.pk).finished_at

    grading.attempt(row.pk)

    again = Grading.objects.get(pk=row.pk)
    assert (again.attempt, again.finished_at) == (1, finished_at)
    assert Score.objects.count() == 2


def test_nobody_takes_a_row_that_is_held(row: Grading) -> None:
    assert grading.take(row.pk) is not None
    assert grading.take(row.pk) is None


def test_a_worker_that_lost_its_lease_writes_nothing(row: Grading) -> None:
    slow = grading.take(row.pk)
    assert slow is not None
    Grading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    grading.sweep()
    fast = grading.take(row.pk)
    assert fast is not None

    assert grading.record(slow, grading.measure(slow.grading)) is False
    assert not Score.objects.exists()
    assert grading.record(fast, grading.measure(fast.grading)) is True
    assert Grading.objects.get(pk=row.pk).attempt == 2


def test_the_lease_is_renewed_only_by_its_holder(row: Grading) -> None:
    turn = grading.take(row.pk)
    assert turn is not None
    Grading.objects.update(attempt=2)

    assert grading.renew(turn) is False


@pytest.mark.django_db(transaction=True)
def test_a_long_measurement_keeps_its_lease(row: Grading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "RENEW_EVERY", timedelta(milliseconds=20))
    turn = grading.take(row.pk)
    assert turn is not None
    Grading.objects.update(lease_until=timezone.now())

    with grading.keep_lease(turn):
        deadline = time.monotonic() + 10
        while Grading.objects.lease_ran_out().exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    assert not Grading.objects.lease_ran_out().exists()


@pytest.mark.django_db(transaction=True)
def test_a_measurement_that_hangs_loses_its_lease(row: Grading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "RENEW_EVERY", timedelta(milliseconds=20))
    monkeypatch.setattr(grading, "LONGEST_ATTEMPT", timedelta(0))
    turn = grading.take(row.pk)
    assert turn is not None
    Grading.objects.update(lease_until=timezone.now())

    with grading.keep_lease(turn):
        time.sleep(0.2)

    assert Grading.objects.lease_ran_out().exists()


def test_a_row_whose_job_was_lost_gets_another(row: Grading) -> None:
    forget_jobs()

    assert grading.sweep() == 1
    assert waiting_jobs() == 1
    assert grading.sweep() == 0


def test_a_dead_workers_row_is_given_to_another(row: Grading) -> None:
    forget_jobs()
    grading.take(row.pk)
    Grading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    grading.sweep()

    row.refresh_from_db()
    assert (row.state, row.attempt) == (State.QUEUED, 1)
    assert ProcrastinateJob.objects.get(status="todo").priority > 0  # ahead of everybody's first attempt


def test_a_submission_that_kills_every_worker_ends_as_our_fault(row: Grading, enrolment: Enrolment) -> None:
    for _ in range(grading.ATTEMPTS):
        assert grading.take(row.pk) is not None
        Grading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        grading.sweep()

    row.refresh_from_db()
    assert row.state == State.FAILED
    assert row.problems == [{"code": "grading_failed", "params": {}}]
    assert Submission.objects.counted().count() == 0
    assert Event.objects.filter(kind="grading", payload__state="failed").count() == 1


def test_a_lost_file_is_tried_three_times_and_then_ends(row: Grading) -> None:
    assert row.prediction is not None
    row.prediction.array.storage.delete(row.prediction.array.name)

    for _ in range(grading.ATTEMPTS + 1):
        grading.attempt(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempt) == (State.FAILED, grading.ATTEMPTS)
    assert not Standing.objects.exists()


def test_a_busy_owner_waits_behind_the_others(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> None:
    for value in (1, 2, 3):
        handed_in(open_step, enrolment, value=value)
    handed_in(open_step, mate_enrolment)

    priorities = ProcrastinateJob.objects.order_by("id").values_list("priority", flat=True)
    assert list(priorities) == [0, -1, -2, 0]


def test_the_best_work_stands_on_the_board(open_step: Step, enrolment: Enrolment) -> None:
    submissions = [graded(open_step, enrolment, value=value) for value in (500, 10, 300)]

    best = min(submissions, key=provisional)
    standing = Standing.objects.get()
    assert (standing.public_submission_id, standing.scored_count) == (best.pk, 3)
