"""What Prometheus learns about gradings: the queue, how long they waited and ran, how they ended, and the runner."""

from django.db import connection
from prometheus_client import CollectorRegistry, Gauge

from campus.submissions import runner

_UNFINISHED = """
    SELECT submission.kind, grading.state, count(*) FROM submissions_grading grading
    JOIN submissions_submission submission ON submission.id = grading.submission_id
    WHERE grading.state IN ('queued', 'running') GROUP BY 1, 2
"""
# Of the last quarter of an hour: read by an index, however many gradings there have been.
_SECONDS = """
    SELECT kind, quantile, (percentile_cont(quantile) WITHIN GROUP (ORDER BY waited)),
           (percentile_cont(quantile) WITHIN GROUP (ORDER BY ran))
    FROM (
        SELECT submission.kind, extract(epoch FROM grading.started_at - grading.queued_at) AS waited,
               extract(epoch FROM grading.finished_at - grading.started_at) AS ran
        FROM submissions_grading grading JOIN submissions_submission submission
            ON submission.id = grading.submission_id
        WHERE grading.finished_at > now() - interval '15 minutes' AND grading.state = 'scored'
    ) AS ended CROSS JOIN unnest(ARRAY[0.5, 0.95, 1.0]) AS quantile
    GROUP BY 1, 2
"""
_ENDED = """
    SELECT submission.kind, grading.state, coalesce(grading.problems -> 0 ->> 'code', ''), count(*)
    FROM submissions_grading grading JOIN submissions_submission submission ON submission.id = grading.submission_id
    WHERE grading.finished_at > now() - interval '15 minutes' GROUP BY 1, 2, 3
"""


def measure_gradings(registry: CollectorRegistry) -> None:
    """Put the figures into the registry."""
    unfinished = Gauge("campus_gradings", "Gradings that have not ended", ["kind", "state"], registry=registry)
    waited = Gauge(
        "campus_grading_wait_seconds", "Wait of those scored in 15 minutes", ["kind", "quantile"], registry=registry
    )
    ran = Gauge(
        "campus_grading_run_seconds", "Run of those scored in 15 minutes", ["kind", "quantile"], registry=registry
    )
    ended = Gauge(
        "campus_gradings_ended", "Gradings that ended in 15 minutes", ["kind", "state", "code"], registry=registry
    )
    with connection.cursor() as cursor:
        cursor.execute(_UNFINISHED)
        for kind, state, count in cursor.fetchall():
            unfinished.labels(kind, state).set(count)
        cursor.execute(_SECONDS)
        for kind, quantile, wait, run in cursor.fetchall():
            waited.labels(kind, f"{quantile:g}").set(wait)
            ran.labels(kind, f"{quantile:g}").set(run)
        cursor.execute(_ENDED)
        for kind, state, code, count in cursor.fetchall():
            ended.labels(kind, state, code).set(count)
    last = runner.pulse()
    Gauge("campus_runner_up", "Whether the runner answers", registry=registry).set(last is not None)
    Gauge("campus_runner_ready", "Whether it runs submissions", registry=registry).set(bool(last and last.is_ready))
