"""How long a submission still waits: its place in the queue and the seconds that this usually takes."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from campus.submissions.models import Grading
from grader.contract import State

# Recent gradings of the same queue tell how long one takes; before there are any, this is assumed.
ASSUMED_SECONDS = {"grading": 0.5, "runs": 10.0}


@dataclass(frozen=True)
class Wait:
    """``position``: 1 is next. ``seconds``: what it will probably take until the score, measured on recent ones."""

    position: int
    seconds: int

    @property
    def minutes(self) -> int:
        return math.ceil(self.seconds / 60)


# Jobs are taken by priority (fair share: the first of the day goes before anybody's second), then in order of coming.
_WAITS = """
    WITH asked AS (
        SELECT substr(job.queueing_lock, 9)::bigint AS grading, job.queue_name, job.priority, job.id
        FROM procrastinate_jobs job WHERE job.status = 'todo' AND job.queueing_lock = ANY(%(locks)s)
    ), places AS (
        SELECT asked.grading, asked.queue_name, (
            SELECT count(*) FROM procrastinate_jobs ahead
            WHERE ahead.status = 'todo' AND ahead.queue_name = asked.queue_name
            AND (ahead.priority > asked.priority OR (ahead.priority = asked.priority AND ahead.id <= asked.id))
        ) AS position FROM asked
    ), recent AS (
        SELECT queue_name, avg(seconds) AS seconds FROM (
            SELECT CASE kind WHEN 'predictions' THEN 'grading' ELSE 'runs' END AS queue_name,
                   extract(epoch FROM finished_at - started_at) AS seconds
            FROM (
                SELECT grading.finished_at, grading.started_at, submission.kind
                FROM submissions_grading grading JOIN submissions_submission submission
                    ON submission.id = grading.submission_id
                WHERE grading.state = 'scored' AND grading.finished_at IS NOT NULL
                ORDER BY grading.finished_at DESC LIMIT 100
            ) AS latest
        ) AS measured GROUP BY queue_name
    ), hands AS (
        SELECT greatest(1, count(*)) AS workers FROM procrastinate_workers
        WHERE last_heartbeat > now() - interval '20 seconds'
    )
    SELECT places.grading, places.position, places.queue_name, recent.seconds, hands.workers
    FROM places CROSS JOIN hands LEFT JOIN recent USING (queue_name)
"""


def waits_of(gradings: Collection[Grading]) -> dict[int, Wait]:
    """The wait of each queued one among them, by the grading's id, in one query (none where nothing is queued)."""
    locks = [f"grading:{grading.pk}" for grading in gradings if grading.state == State.QUEUED]
    if not locks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"locks": locks})
        return {grading: _wait(*rest) for grading, *rest in cursor.fetchall()}


def _wait(position: int, queue: str, seconds: float | None, workers: int) -> Wait:
    each = ASSUMED_SECONDS[queue] if seconds is None else float(seconds)
    return Wait(position=position, seconds=max(1, math.ceil(position * each / workers)))
