"""How long a submission still waits: its place in the queue and the seconds that this usually takes."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from campus.live.pulse import JOBS_AT_A_TIME, workers_alive
from campus.submissions import runner
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
# A job whose grading was cancelled is still there until a worker drops it: it takes nobody's place.
_WAITS = """
    WITH waiting AS (
        SELECT grading.id AS grading, job.queue_name,
               rank() OVER (PARTITION BY job.queue_name ORDER BY job.priority DESC, job.id) AS position
        FROM procrastinate_jobs job JOIN submissions_grading grading
            ON job.queueing_lock = 'grading:' || grading.id AND grading.state = 'queued'
        WHERE job.status = 'todo'
    ), executed AS NOT MATERIALIZED (
        SELECT CASE submission.kind WHEN 'predictions' THEN 'grading' ELSE 'runs' END AS queue_name,
               grading.state, grading.started_at, grading.finished_at
        FROM submissions_grading grading JOIN submissions_submission submission
            ON submission.id = grading.submission_id
    ), recent AS (
        SELECT queue_name, avg(extract(epoch FROM finished_at - started_at)) AS seconds
        FROM (SELECT * FROM executed WHERE state = 'scored' AND finished_at IS NOT NULL
              ORDER BY finished_at DESC LIMIT 100) AS latest GROUP BY queue_name
    ), running AS (
        SELECT queue_name, array_agg(extract(epoch FROM clock_timestamp() - started_at)) AS elapsed
        FROM executed WHERE state = 'running' GROUP BY queue_name
    )
    SELECT waiting.grading, waiting.position, waiting.queue_name, recent.seconds, running.elapsed
    FROM waiting LEFT JOIN recent USING (queue_name) LEFT JOIN running USING (queue_name)
    WHERE waiting.grading = ANY(%(gradings)s)
"""


def without_runner(gradings: Collection[Grading]) -> set[int]:
    """Ids of those among them that wait for a runner that is away: nobody can say how long."""
    waiting = {one.pk for one in gradings if one.state == State.QUEUED and one.needs_a_run}
    return set() if not waiting or runner.is_ready() else waiting


def waits_of(gradings: Collection[Grading]) -> dict[int, Wait]:
    """The wait of each queued one among them, by the grading's id; in a fixed number of queries, none where nothing
    is queued. What waits for a runner that is away has none."""
    queued = [grading.pk for grading in gradings if grading.state == State.QUEUED]
    queued = sorted(set(queued) - without_runner(gradings))
    if not queued:
        return {}
    workers = max(1, workers_alive())
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"gradings": queued})
        return {grading: _wait(*rest, workers=workers) for grading, *rest in cursor.fetchall()}


def _wait(position: int, queue: str, recent: float | None, running: list[float] | None, *, workers: int) -> Wait:
    """What runs and what stands before it is shared among all hands; then it takes its own time."""
    each = ASSUMED_SECONDS[queue] if recent is None else float(recent)
    hands = settings.ENVIRONMENT.runner_parallel if queue == "runs" else workers * JOBS_AT_A_TIME
    # What has taken longer than usual is expected to take as much longer again: nobody waits for a moment that is past.
    still_running = sum(abs(each - float(elapsed)) for elapsed in running or [])
    ahead = still_running + (position - 1) * each
    return Wait(position=position, seconds=max(1, math.ceil(ahead / hands + each)))
