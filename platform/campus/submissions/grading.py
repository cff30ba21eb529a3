"""The state machine of a grading row: queued → running → scored, or an end in words.

At least once run, exactly once recorded: jobs only wake workers. ``take`` raises the attempt and
starts a lease; ``record`` and ``release`` write only while that attempt holds the row; ``sweep``
finds what is owed and wakes workers again.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate import exceptions

from campus import live
from campus.live.jobs import forget_dead
from campus.submissions import runner
from campus.submissions.advice import defer_advice
from campus.submissions.models import Grading, GradingQuerySet, Owner, Score
from campus.submissions.standings import refresh_standing
from campus.submissions.versions import VersionMoved, hold_version
from grader.contract import Kind, Result, State
from grader.csvfile import Predictions
from grader.environment import digest
from grader.problems import Problem
from grader.runner.client import RunnerRefuses, RunnerUnavailable
from grader.scoring import score

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=5)
# A measurement that hangs is given up: its lease runs out, and after the last attempt the row ends.
LONGEST_ATTEMPT = timedelta(minutes=10)
ATTEMPTS = 3
# So long models and programs wait for a runner that is away.
RUNNER_PATIENCE = timedelta(minutes=10)
# One owner's tenth submission of a day waits behind everybody's first.
LOWEST_PRIORITY = -100


@dataclass(frozen=True)
class Turn:
    """The right to write the result of one attempt."""

    grading: Grading
    attempt: int


def defer(grading: Grading, *, owner_used_today: int = 0) -> None:
    """Wake a worker for the row; in a transaction, the job appears with the row or not at all.

    What was begun before goes first: it has waited already, in a worker that died.
    """
    from campus.submissions import tasks

    job = tasks.run if grading.needs_a_run else tasks.grade
    priority = grading.attempt or max(-owner_used_today, LOWEST_PRIORITY)
    job.configure(queueing_lock=f"grading:{grading.pk}", priority=priority).defer(grading_id=grading.pk)


def publish(grading: Grading, *, owner: Owner) -> None:
    """Tell the owner's open pages what became of the submission. Call inside ``live.atomic``."""
    live.publish(
        owner.stream,
        "grading",
        {"submission": grading.submission_id, "step": grading.submission.step_id, "state": grading.state},
    )


def attempt(grading_id: int) -> None:
    """Take the row, measure, record; any fault of ours gives the row back for another attempt."""
    turn = take(grading_id)
    if turn is None:
        return
    try:
        with keep_lease(turn):
            result = run_first(turn) or measure(turn.grading)
        record(turn, result)
    except VersionMoved:
        _held(turn).update(state=State.QUEUED, lease_until=None)  # no fault: measured once more by the new version
    except RunnerUnavailable as away:
        # No further attempt is spent before the runner has shown that it is back.
        logger.warning("the runner broke off: %s", away, extra={"grading": grading_id, "attempt": turn.attempt})
        runner.note_silence()
        release(turn)
    except Exception:
        logger.exception("grading failed", extra={"grading": grading_id, "attempt": turn.attempt})
        release(turn)


def take(grading_id: int) -> Turn | None:
    """Claim the row for one attempt; None when it is finished or somebody else holds it."""
    now = timezone.now()
    with live.atomic():
        grading = (
            Grading.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related(
                "prediction",
                "submission__enrolment",
                "submission__team",
                "submission__step__cohort_case__case_version",
                "submission__step__cohort_case__cohort",
            )
            .filter(pk=grading_id, state=State.QUEUED)
            .first()
        )
        if grading is None:
            return None
        grading.state, grading.attempt = State.RUNNING, grading.attempt + 1
        grading.started_at, grading.lease_until = now, now + LEASE
        grading.save(update_fields=["state", "attempt", "started_at", "lease_until"])
        if grading.submission.is_executed:  # It takes seconds or minutes; a file of predictions is scored in no time.
            publish(grading, owner=grading.submission.owner)
        return Turn(grading, grading.attempt)


@contextmanager
def keep_lease(turn: Turn) -> Iterator[None]:
    """Renew the lease in the background until the block ends, at most for LONGEST_ATTEMPT."""
    done = threading.Event()
    give_up_at = time.monotonic() + LONGEST_ATTEMPT.total_seconds()

    def keep() -> None:
        try:
            while not done.wait(RENEW_EVERY.total_seconds()) and time.monotonic() < give_up_at:
                renew(turn)
        finally:
            connection.close()

    renewer = threading.Thread(target=keep, name=f"lease-{turn.grading.pk}", daemon=True)
    renewer.start()
    try:
        yield
    finally:
        done.set()


def renew(turn: Turn) -> bool:
    """Hold the row for another lease; False when it is no longer held."""
    return bool(_held(turn).update(lease_until=timezone.now() + LEASE))


def run_first(turn: Turn) -> Result | None:
    """Have a model or a program run, and keep its numbers; a result where that ends it, None where there is more to do.

    Raises RunnerUnavailable: the row is given back for another attempt.
    """
    grading = turn.grading
    if not grading.needs_a_run:
        return None
    try:
        ran = runner.run(grading.submission, cancelled=lambda: not _held(turn).exists())
    except RunnerRefuses as refuses:
        return Result(State.FAILED, problems=(refuses.problem,))
    grading.log = ran.log
    if ran.prediction is None:
        return Result(State.REJECTED, problems=ran.problems)
    with transaction.atomic():
        grading.prediction = runner.keep(ran.prediction)
        _held(turn).update(prediction=grading.prediction, log=grading.log)
    return None


def measure(grading: Grading) -> Result:
    """Score the kept prediction with the case's truth; pure calculation on files."""
    version = grading.submission.step.case_version
    if grading.prediction is None:
        raise ValueError(f"grading {grading.pk} has no prediction to score")
    pack = version.pack()
    with grading.prediction.array.open("rb") as file:
        predictions = Predictions.from_bytes(file.read(), pack=pack, ids=version.build().ids)
    executed_by = grading.prediction.environment_digest or environment()
    return score(pack=pack, truth=version.truth(), predictions=predictions, environment=executed_by)


@cache
def environment() -> str:
    """Digest of what executes submissions here; kept with every score."""
    return digest(settings.RUNNER_LOCK)


def record(turn: Turn, result: Result) -> bool:
    """Write result, state, place and event in one transaction; False when the attempt no longer holds the row.

    Raises VersionMoved when the case has moved to another version than the result was measured by.
    """
    grading = turn.grading
    owner = grading.submission.owner
    with live.atomic():
        if not _held(turn).select_for_update().exists():
            return False
        if result.status == State.SCORED:
            owner.lock()
            if not hold_version(grading.submission.step):
                raise VersionMoved
            _write_scores(grading, result)
        grading.state, grading.finished_at, grading.lease_until = result.status, timezone.now(), None
        grading.problems = [problem.to_json() for problem in result.problems]
        grading.save()
        if result.status == State.SCORED:
            refresh_standing(step=grading.submission.step, owner=owner)
            defer_advice(grading)
        publish(grading, owner=owner)
    return True


def release(turn: Turn) -> None:
    """Give the row back after a fault of ours; after the last attempt end it as an infrastructure error."""
    if turn.attempt >= ATTEMPTS:
        _fail(turn)
    else:
        _held(turn).update(state=State.QUEUED, lease_until=None, queued_at=timezone.now())


def _held(turn: Turn) -> GradingQuerySet:
    """The row, only while this attempt still holds it: the fence against a second writer."""
    return Grading.objects.filter(pk=turn.grading.pk, state=State.RUNNING, attempt=turn.attempt)


def cancel(grading: Grading, *, owner: Owner) -> bool:
    """End a waiting or running grading; False when it has ended already. Whoever runs it notices and stops."""
    with live.atomic():
        row = Grading.objects.select_for_update().unfinished().filter(pk=grading.pk).first()
        if row is None:
            return False
        row.state, row.finished_at, row.lease_until = State.CANCELLED, timezone.now(), None
        row.save(update_fields=["state", "finished_at", "lease_until"])
        row.submission = grading.submission
        publish(row, owner=owner)
    return True


def _fail(turn: Turn) -> None:
    record(turn, Result(State.FAILED, problems=(Problem("grading_failed", {}),)))


def _write_scores(grading: Grading, result: Result) -> None:
    """Keep each split's score with the versions it was measured by and the keys that places go by."""
    version = grading.submission.step.case_version
    for split, values in result.scores.items():
        primary, secondary = version.pack().scoring.sort_key(values)
        Score.objects.get_or_create(
            prediction=grading.prediction,
            metric_version=version.metric_version,
            truth_version=version.truth_digest,
            split=split,
            defaults={
                "values": values,
                "sort_primary": primary,
                "sort_secondary": secondary,
                "versions": result.versions,
                "seconds": result.seconds,
            },
        )


SWEEP_SIZE = 500


def sweep() -> int:
    """Wake workers for rows that are owed a grading and end those out of attempts; return how many were owed.

    A holder that renews its lease at this very moment loses the row all the same; the fence keeps that harmless.
    """
    for task in ("submissions.grade", "submissions.run", "submissions.advise", "submissions.noise"):
        forget_dead(task)
    for grading in _lease_ran_out():
        release(Turn(grading, grading.attempt))
    for grading in _given_up():
        _end_waiting(grading)
    owed = _queued_without_job()
    for grading in owed:
        try:
            defer(grading)
        except exceptions.AlreadyEnqueued:
            continue
    return len(owed)


def _lease_ran_out() -> list[Grading]:
    rows = Grading.objects.lease_ran_out().select_related(
        "submission__enrolment", "submission__team", "submission__step__cohort_case__case_version"
    )
    return list(rows[:SWEEP_SIZE])


def _given_up() -> list[Grading]:
    """Models and programs that have waited for a runner as long as anybody should."""
    if runner.is_ready():
        return []
    since = timezone.now() - RUNNER_PATIENCE
    waiting = Grading.objects.filter(state=State.QUEUED, prediction=None, queued_at__lt=since)
    executed = waiting.exclude(submission__kind=Kind.PREDICTIONS)
    return list(executed.select_related("submission__enrolment", "submission__team", "submission__step")[:SWEEP_SIZE])


def _end_waiting(grading: Grading) -> None:
    """Give the attempt back: no runner came."""
    with live.atomic():
        ended = Grading.objects.filter(pk=grading.pk, state=State.QUEUED).update(
            state=State.FAILED, finished_at=timezone.now(), problems=[Problem("grading_failed", {}).to_json()]
        )
        if ended:
            grading.state = State.FAILED
            publish(grading, owner=grading.submission.owner)


def _queued_without_job() -> list[Grading]:
    """Queued rows for which no job waits: lost with a queue, a worker, or released for another attempt."""
    return list(
        Grading.objects.filter(state=State.QUEUED)
        .select_related("submission")
        .extra(
            where=[
                "NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.status = 'todo'"
                " AND j.queueing_lock = 'grading:' || submissions_grading.id)"
            ]
        )[:SWEEP_SIZE]
    )
