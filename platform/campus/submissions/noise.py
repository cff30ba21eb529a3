"""How much of the places on a board is luck of the rows: worked out by a job for what stands there, shown beside it.

Only the submissions by which somebody is placed are looked at, however many there are; each score once.
"""

import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from procrastinate import exceptions
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cases.models import Step
from campus.submissions.board import Split as BoardSplit
from campus.submissions.board import before, place_fields
from campus.submissions.models import Noise, Score, Standing, StandingQuerySet
from grader import noise
from grader.contract import Split
from grader.csvfile import Predictions
from grader.pack.metrics import Metric

logger = logging.getLogger(__name__)

# Behind gradings, before hints: a board should not say for long that it doesn't know.
PRIORITY = -150
# A job works so long at a time; another one takes up the rest.
SLICE_SECONDS = 2.0

Draws = NDArray[np.float32]

_STANDING = """
    FROM submissions_standing standing
    JOIN cases_step step ON step.id = standing.step_id
    JOIN cases_cohortcase cohort_case ON cohort_case.id = step.cohort_case_id
    JOIN cases_caseversion version ON version.id = cohort_case.case_version_id
    CROSS JOIN LATERAL (
        VALUES ('public', standing.public_submission_id), ('private', standing.private_submission_id)
    ) AS placed (split, submission_id)
    JOIN submissions_grading grading ON grading.submission_id = placed.submission_id
    JOIN submissions_score score ON score.prediction_id = grading.prediction_id AND score.split = placed.split
        AND score.metric_version = version.metric_version AND score.truth_version = version.truth_digest
    LEFT JOIN submissions_noise noise ON noise.score_id = score.id
"""
_OWED = f"SELECT DISTINCT score.id {_STANDING} WHERE noise.id IS NULL AND step.id = %s ORDER BY score.id"
_OWING_STEPS = f"SELECT DISTINCT step.id {_STANDING} WHERE noise.id IS NULL"


def defer_noise(step_id: int) -> None:
    """Have it worked out once the caller's transaction is committed; many calls make one job."""
    transaction.on_commit(lambda: _defer(step_id))


def _defer(step_id: int) -> None:
    from campus.submissions import tasks

    lock = f"noise:{step_id}"
    if ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists():
        return
    with suppress(exceptions.AlreadyEnqueued):
        tasks.noise.configure(queueing_lock=lock, priority=PRIORITY).defer(step_id=step_id)


def owing_steps() -> list[int]:
    """Steps on whose board something stands that was not looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_OWING_STEPS)
        return [step for (step,) in cursor.fetchall()]


def work_out(step: Step) -> None:
    """Look at what stands on the board, for some seconds; what is left is another job's."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [step.pk])
        owed = [score for (score,) in cursor.fetchall()]
    until = time.monotonic() + SLICE_SECONDS
    done = 0
    for score in Score.objects.filter(pk__in=owed).select_related("prediction").iterator():
        _keep(score, step)
        done += 1
        if time.monotonic() > until:
            break
    if done:
        with live.atomic():
            live.touch(f"board:{step.pk}", "board")
    if done < len(owed):
        defer_noise(step.pk)


def _keep(score: Score, step: Step) -> None:
    found = None
    try:
        found = _noise_of(score, step)
    except (ValueError, ArithmeticError, OSError):
        # Without its file or numbers a score stays as it is; it has no band.
        logger.exception("no noise of a score", extra={"score": score.pk})
    values = {"low": found.low, "high": found.high, "draws": found.draws.tobytes()} if found else {}
    Noise.objects.get_or_create(score=score, defaults=values)


def _noise_of(score: Score, step: Step) -> noise.Noise | None:
    version = step.case_version
    pack = version.pack()
    with score.prediction.array.open("rb") as file:
        predictions = Predictions.from_bytes(file.read(), pack=pack, ids=version.build().ids)
    return noise.noise_of(pack=pack, truth=version.truth(), predictions=predictions, split=Split(score.split))


@dataclass(frozen=True)
class Band:
    """Between which two values the score lies with other rows, 19 times in 20."""

    low: float
    high: float
    draws: Draws


def bands_of(submissions: Iterable[int], *, step: Step, split: BoardSplit) -> dict[int, Band]:
    """The band of each submission that has one, in one query."""
    version = step.case_version
    rows = Noise.objects.filter(
        low__isnull=False,
        score__split=split,
        score__metric_version=version.metric_version,
        score__truth_version=version.truth_digest,
        score__prediction__gradings__submission__in=list(submissions),
    ).values_list("score__prediction__gradings__submission", "low", "high", "draws")
    return {pk: Band(low or 0.0, high or 0.0, np.frombuffer(draws, dtype="<f4")) for pk, low, high, draws in rows}


@dataclass(frozen=True)
class Mark:
    """What a line of the board shows. is_near: it can't be told apart from the line above."""

    low: float
    high: float
    is_near: bool


def marks_of(standings: list[Standing], *, step: Step, split: BoardSplit) -> dict[int, Mark]:
    """The mark of each of these neighbours on the board, by the standing's number, in one query or two."""
    if not standings:
        return {}
    placed_by = f"{split}_submission_id"
    above = _placed(step, split).filter(before([*place_fields(split), "pk"], _key(standings[0], split)))
    submissions = [*above.reverse()[:1].values_list(placed_by, flat=True)]
    has_above = bool(submissions)
    submissions += [getattr(standing, placed_by) for standing in standings]
    bands = bands_of(submissions, step=step, split=split)
    lines = [bands.get(submission) for submission in submissions]
    metric, marks = _ranking_metric(step), {}
    for number, standing in enumerate(standings):
        at = number + has_above
        if (band := lines[at]) is not None:
            marks[standing.pk] = Mark(band.low, band.high, at > 0 and _is_near(lines[at - 1], band, metric))
    return marks


# How far from one's own line neighbours are compared with it.
REACH = 20


@dataclass(frozen=True)
class Range:
    """Places whose difference to one's own may be luck; ``is_open`` where it goes on beyond what was compared."""

    first: int
    last: int
    is_open: bool


def range_of(standing: Standing, *, step: Step, split: BoardSplit, index: int) -> Range | None:
    """The places around the line at position ``index`` that can't be told apart from it; None where it stands alone."""
    start = max(0, index - REACH)
    around = _placed(step, split)[start : index + REACH + 1].values_list(f"{split}_submission_id", flat=True)
    submissions = list(around)
    own = getattr(standing, f"{split}_submission_id")
    bands, metric, at = bands_of([*submissions, own], step=step, split=split), _ranking_metric(step), index - start
    mine = bands.get(own)
    if mine is None:
        return None
    up = sum(1 for _ in takewhile(lambda one: _is_near(bands.get(one), mine, metric), reversed(submissions[:at])))
    down = sum(1 for _ in takewhile(lambda one: _is_near(mine, bands.get(one), metric), submissions[at + 1 :]))
    if not up and not down:
        return None
    return Range(index + 1 - up, index + 1 + down, is_open=REACH in (up, down))


def _placed(step: Step, split: BoardSplit) -> StandingQuerySet:
    return Standing.objects.on_board(step, split).order_by(*place_fields(split), "pk")


def _key(standing: Standing, split: BoardSplit) -> list[Any]:
    return [getattr(standing, name) for name in [*place_fields(split), "pk"]]


def _ranking_metric(step: Step) -> Metric:
    scoring = step.case_version.pack().scoring
    return scoring.metric(scoring.primary)


def _is_near(better: Band | None, worse: Band | None, metric: Metric) -> bool:
    """Whether two that follow each other can't be told apart; False where it is not known."""
    return better is not None and worse is not None and not noise.told_apart(better.draws, worse.draws, metric)
