"""Hints on a scored model or program: looked for once the score is out, by one more run on public data.

They belong to the prediction, so the same file is looked at once. Whatever goes wrong here costs nobody a score.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cases.models import CaseVersion
from campus.live.jobs import forget_dead
from campus.submissions import runner
from campus.submissions.models import Grading, Prediction
from grader.contract import Kind, State
from grader.hints import hints_on
from grader.kinds import KINDS
from grader.pack.hints import OF_MODELS, OF_PROGRAMS
from grader.pack.inputs import MODELS
from grader.runner.client import RunnerRefuses, RunnerUnavailable

logger = logging.getLogger(__name__)

# Behind every run that somebody waits for with a score.
PRIORITY = -200
# What was scored within this time and has no hints and no job is looked at after all.
OWED_FOR, UNHURRIED = timedelta(hours=1), timedelta(minutes=2)
OWED_AT_ONCE = 20


def looks_at(version: CaseVersion, kind: str) -> bool:
    """Whether the case has hints for this kind."""
    if not KINDS[Kind(kind)].is_executed:
        return False
    return bool(version.pack().hints.of(OF_MODELS if kind in MODELS else OF_PROGRAMS))


def defer_advice(grading: Grading) -> None:
    """Have a scored submission looked at, unless the same file was; call in the transaction that records the score."""
    from campus.submissions import tasks

    prediction = grading.prediction
    if prediction is None or prediction.hints is not None:
        return
    if looks_at(grading.submission.step.case_version, grading.submission.kind):
        tasks.advise.configure(priority=PRIORITY).defer(grading_id=grading.pk)


def look_for_advice_owed() -> None:
    """Have looked at what lost its job: a worker died, or the queue was lost. Older ones are left as they are."""
    from campus.submissions import tasks

    forget_dead(tasks.advise.name)
    now = timezone.now()
    scored = Grading.objects.filter(state=State.SCORED, finished_at__range=(now - OWED_FOR, now - UNHURRIED))
    owed = scored.filter(prediction__hints__isnull=True, prediction__isnull=False).exclude(
        submission__kind=Kind.PREDICTIONS
    )
    jobs = ProcrastinateJob.objects.filter(task_name=tasks.advise.name)
    owed = owed.exclude(pk__in=[job.args["grading_id"] for job in jobs])
    for grading in owed.select_related("prediction", "submission__step__cohort_case__case_version")[:OWED_AT_ONCE]:
        defer_advice(grading)


def advise(grading_id: int) -> None:
    """Look at it and tell its owner. Raises RunnerUnavailable: the job is tried again."""
    grading = _scored(grading_id)
    if grading is None or grading.prediction is None or grading.prediction.hints is not None:
        return
    if not runner.is_ready():
        raise RunnerUnavailable("the runner is away")
    try:
        hints = _looked_for(grading)
    except RunnerRefuses as refuses:
        logger.warning("no hints: %s", refuses, extra={"grading": grading_id})
        return
    _keep(grading, grading.prediction, hints)


def _scored(grading_id: int) -> Grading | None:
    everything = Grading.objects.select_related(
        "prediction",
        "submission__enrolment",
        "submission__team",
        "submission__step__cohort_case__case_version",
    )
    return everything.filter(pk=grading_id, state=State.SCORED).first()


def _looked_for(grading: Grading) -> list[dict[str, Any]]:
    submission, version = grading.submission, grading.submission.step.case_version
    with submission.file.open("rb") as file:
        data = file.read()
    hints = hints_on(
        kind=KINDS[Kind(submission.kind)],
        data=data,
        pack=version.pack(),
        build=version.build(),
        socket=settings.RUNNER_SOCKET,
    )
    return [hint.to_json() for hint in hints]


def _keep(grading: Grading, prediction: Prediction, hints: list[dict[str, Any]]) -> None:
    from campus.submissions.grading import publish

    with live.atomic():
        Prediction.objects.filter(pk=prediction.pk, hints__isnull=True).update(hints=hints)
        publish(grading, owner=grading.submission.owner)
