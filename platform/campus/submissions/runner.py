"""The runner as the site sees it: whether it runs submissions just now, and having it run one.

It executes what learners send; its numbers are all that the site takes from it (docs/grader.md). Workers reach it by
its socket; web processes know it by the pulse that workers write.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from campus.submissions import files
from campus.submissions.models import Prediction, RunnerPulse, Submission
from grader.contract import Kind, Plane
from grader.csvfile import Predictions
from grader.kinds import KINDS
from grader.problems import Problem
from grader.runner import client

logger = logging.getLogger(__name__)

FRESH = timedelta(seconds=20)
# What prints: it runs on the public sample first, where its owner may read everything.
PROGRAMS = {Kind.CODE, Kind.NOTEBOOK}


@dataclass(frozen=True)
class Ran:
    """What a run came to: a prediction (its array stored, not yet recorded), or problems that say why there is none."""

    prediction: Prediction | None
    problems: tuple[Problem, ...]
    log: str


def pulse() -> RunnerPulse | None:
    """What the runner said within the last seconds; None when it is silent."""
    return RunnerPulse.objects.filter(seen_at__gt=timezone.now() - FRESH).first()


def is_ready() -> bool:
    """Whether models and programs can be run now."""
    last = pulse()
    return last is not None and last.is_ready


def run(submission: Submission, *, cancelled: Callable[[], bool]) -> Ran:
    """Run the submission on the hidden features; a program on the public sample before, for its log.

    Raises RunnerUnavailable (try again) and RunnerRefuses (no use).
    """
    log = ""
    if submission.kind in PROGRAMS:
        tried = _run(submission, on=Plane.SAMPLE, cancelled=cancelled)
        log = tried.log
        if tried.values is None:
            return Ran(None, tried.problems, log)
    done = _run(submission, on=Plane.HIDDEN, cancelled=cancelled)
    if done.values is None:
        return Ran(None, done.problems, log)
    return Ran(_prediction(submission, done), (), log)


def _run(submission: Submission, *, on: Plane, cancelled: Callable[[], bool]) -> client.Execution:
    version = submission.step.case_version
    with submission.file.open("rb") as file:
        data = file.read()
    return client.run(
        kind=KINDS[Kind(submission.kind)],
        data=data,
        pack=version.pack(),
        build=version.build(),
        on=on,
        socket=settings.RUNNER_SOCKET,
        cancelled=cancelled,
    )


def _prediction(submission: Submission, done: client.Execution) -> Prediction:
    version = submission.step.case_version
    assert done.values is not None  # noqa: S101 -- the caller has looked
    array = Predictions.of_numbers(done.values, version.pack().submission).to_bytes()
    return Prediction(
        source_digest=submission.file_digest,
        features_digest=version.features_digest,
        environment_digest=done.environment,
        array=files.store(array, folder="predictions"),
        array_digest=files.digest_of(array),
        rows=len(done.values),
    )


def kept_prediction(*, source_digest: str, features_digest: str) -> Prediction | None:
    """What the same file came to in the runner's present environment: then it need not run again."""
    last = pulse()
    if last is None:
        return None
    return Prediction.objects.filter(
        source_digest=source_digest, features_digest=features_digest, environment_digest=last.environment
    ).first()


def keep(prediction: Prediction) -> Prediction:
    """Record the prediction, or give the recorded one of the same file, marked where the numbers differ."""
    kept, _ = Prediction.objects.get_or_create(
        source_digest=prediction.source_digest,
        features_digest=prediction.features_digest,
        environment_digest=prediction.environment_digest,
        defaults={"array": prediction.array, "array_digest": prediction.array_digest, "rows": prediction.rows},
    )
    if kept.array_digest != prediction.array_digest and kept.is_deterministic:
        kept.is_deterministic = False
        kept.save(update_fields=["is_deterministic"])
    return kept


_asking = threading.Lock()


def feel_pulse() -> None:
    """Ask the runner how it is, in a thread of its own: while it tests itself it is slow to answer."""
    if settings.RUNNER_SOCKET.exists() and _asking.acquire(blocking=False):
        threading.Thread(target=_ask, name="runner-pulse", daemon=True).start()


def _ask() -> None:
    try:
        note_status()
    except client.RunnerUnavailable as silent:
        logger.warning("the runner is silent: %s", silent)
    finally:
        connection.close()
        _asking.release()


def note_silence() -> None:
    """Somebody found it away: it counts as such until it answers again."""
    RunnerPulse.objects.update(seen_at=timezone.now() - FRESH)


def note_status() -> None:
    """Write down what the runner says of itself. Raises RunnerUnavailable."""
    status = client.status(settings.RUNNER_SOCKET)
    RunnerPulse.objects.update_or_create(
        pk=1,
        defaults={
            "is_ready": status.is_ready,
            "reason": status.reason[:300],
            "environment": status.environment,
            "seen_at": timezone.now(),
        },
    )
