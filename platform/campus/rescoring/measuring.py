"""Measures kept predictions by another version: slice after slice at low priority, taken up again wherever it ended.

What is owed is what has no score by the new version, so nothing is measured twice and nothing forgotten, whatever
is killed. Two lanes share the work (odd and even numbers); a worker's other threads stay free for live gradings.
"""

import json
import logging
import time
from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Mod

from campus import live
from campus.cases.models import CaseVersion
from campus.rescoring.models import Rescoring, RescoringState
from campus.submissions.grading import environment
from campus.submissions.models import Grading, Prediction, Score
from grader.contract import Result, State
from grader.csvfile import Predictions
from grader.pack import PackError
from grader.scoring import score

logger = logging.getLogger(__name__)

LANES = 2
# A job takes at most so many predictions and about so long: no live grading waits longer for its thread.
SLICE = 500
SLICE_SECONDS = 0.5

Measured = tuple[Prediction, Result]


def owed(rescoring: Rescoring) -> QuerySet[Prediction]:
    """The predictions behind scored submissions of the case that have no score by the new version yet."""
    version = rescoring.to_version
    behind = Grading.objects.filter(
        prediction=OuterRef("pk"), state=State.SCORED, submission__step__cohort_case=rescoring.case_id
    )
    scored = Score.objects.filter(
        prediction=OuterRef("pk"),
        metric_version=version.metric_version,
        truth_version=version.truth_digest,
        split=Score.Split.PRIVATE,
    )
    return Prediction.objects.filter(Exists(behind), ~Exists(scored)).order_by("pk")


def measure_slice(rescoring: Rescoring, *, lane: int, after: int) -> int | None:
    """Measure the lane's next predictions beyond ``after``; the last one's number, or None where none is left.

    A prediction that can't be measured ends the rescoring: half a board is no board.
    """
    mine = owed(rescoring).annotate(lane=Mod("pk", LANES)).filter(lane=lane, pk__gt=after)[:SLICE]
    try:
        measured = _measured(mine, version=rescoring.to_version)
    except CannotMeasure as problem:
        _give_up(rescoring, str(problem))
        return None
    if not measured:
        return None
    with live.atomic():
        _keep(rescoring, measured)
        _defer_next(rescoring, lane=lane, after=measured[-1][0].pk)
    return measured[-1][0].pk


def measure_rest(rescoring: Rescoring) -> None:
    """Measure the few that were scored since the shadow board was ready. Raises CannotMeasure."""
    if measured := _measured(owed(rescoring), version=rescoring.to_version, seconds=60.0):
        with live.atomic():
            _keep(rescoring, measured)


class CannotMeasure(Exception):
    """A kept prediction and the new version don't go together; says which and why."""


def _measured(
    predictions: Iterable[Prediction], *, version: CaseVersion, seconds: float = SLICE_SECONDS
) -> list[Measured]:
    """Results of the predictions until the time is up; at least one of them. The truth is read once per process."""
    measured: list[Measured] = []
    until = time.monotonic() + seconds
    for prediction in predictions:
        try:
            measured.append((prediction, _measure(prediction, version)))
        except (ValueError, ArithmeticError, OSError, PackError) as error:
            logger.exception("prediction can't be measured anew", extra={"prediction": prediction.pk})
            # Paths on the server are nobody's business.
            why = "its file can't be read" if isinstance(error, OSError) else str(error)
            raise CannotMeasure(f"prediction {prediction.pk}: {why}") from error
        if time.monotonic() > until:
            break
    return measured


def _measure(prediction: Prediction, version: CaseVersion) -> Result:
    pack = version.pack()
    with prediction.array.open("rb") as file:
        predictions = Predictions.from_bytes(file.read(), pack=pack, ids=version.build().ids)
    executed_by = prediction.environment_digest or environment()
    return score(pack=pack, truth=version.truth(), predictions=predictions, environment=executed_by)


_INSERT = """
    INSERT INTO submissions_score (prediction_id, split, values, sort_primary, sort_secondary, versions, seconds,
                                   metric_version, truth_version, scored_at)
    SELECT new.*, %(metric)s, %(truth)s, now()
    FROM unnest(%(predictions)s::bigint[], %(splits)s::text[], %(values)s::jsonb[], %(primary)s::float8[],
                %(secondary)s::float8[], %(versions)s::jsonb[], %(seconds)s::float8[]) AS new
    ON CONFLICT DO NOTHING
"""


def _keep(rescoring: Rescoring, measured: list[Measured]) -> None:
    """Write the scores and the progress. A live grading of another cohort may have written one just now."""
    version = rescoring.to_version
    rows = list(_rows(measured, version))
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns | {"metric": version.metric_version, "truth": version.truth_digest})
        new = cursor.rowcount // 2
    Rescoring.objects.filter(pk=rescoring.pk).update(done=F("done") + new)
    live.touch(rescoring.stream, "progress")


_COLUMNS = ["predictions", "splits", "values", "primary", "secondary", "versions", "seconds"]


def _rows(measured: list[Measured], version: CaseVersion) -> Iterable[tuple[object, ...]]:
    sort_key = version.pack().scoring.sort_key
    for prediction, result in measured:
        for split, values in result.scores.items():
            yield (
                prediction.pk,
                split,
                json.dumps(values),
                *sort_key(values),
                json.dumps(result.versions),
                result.seconds,
            )


def _give_up(rescoring: Rescoring, problem: str) -> None:
    with live.atomic():
        Rescoring.objects.filter(pk=rescoring.pk, state=RescoringState.MEASURING).update(
            state=RescoringState.BROKEN, problem=problem[:500]
        )
        live.touch(rescoring.stream, "progress")


def _defer_next(rescoring: Rescoring, *, lane: int, after: int) -> None:
    from campus.rescoring.tasks import defer_lane

    defer_lane(rescoring.pk, lane=lane, after=after)
