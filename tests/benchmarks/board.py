"""The board's page at 1,000 and at 1,000,000 submissions of 2,000 learners: queries and server time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, headline, in_ms

if TYPE_CHECKING:
    from django.test import Client

    from campus.cases.models import Step
    from campus.cohorts.models import Enrolment

LEARNERS, REPEATS = 2000, 30


def main() -> None:
    with database_only():
        from django.conf import settings

        from tests.benchmarks.school import enrol, open_graded_step

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STATIC_ROOT.mkdir(parents=True)
        settings.ALLOWED_HOSTS.append("testserver")
        step = open_graded_step()
        enrolments = enrol(step, learners=LEARNERS)
        for total in (1_000, 1_000_000):
            fill(step, total=total)
            headline(f"board, own history and API at {total:,} submissions, {REPEATS} requests each")
            measure(step, enrolments[700])


def fill(step: Step, *, total: int) -> None:
    """Bring the step to ``total`` scored submissions, spread over all learners, and their places up to date."""
    from django.db import connection

    from campus.submissions.standings import refresh_standings

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM submissions_submission")
        have = cursor.fetchone()[0]
        cursor.execute(
            _FILL, {"step": step.pk, "first": have, "last": total - 1, "learners": LEARNERS, **_versions(step)}
        )
        cursor.execute("ANALYZE")
    began = time.perf_counter()
    refresh_standings(step)
    print(f"all places of the step worked out anew in {time.perf_counter() - began:.2f} s")


def _versions(step: Step) -> dict[str, str]:
    version = step.case_version
    return {"metric": version.metric_version, "truth": version.truth_digest, "features": version.features_digest}


# Equal rows made by the database itself: a million hand-ins by the front door would take hours.
_FILL = """
WITH people AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM cohorts_enrolment
), numbers AS (
    SELECT n, random() AS luck FROM generate_series(%(first)s, %(last)s) AS n
), predictions AS (
    INSERT INTO submissions_prediction
        (source_digest, features_digest, environment_digest, "array", array_digest, rows, is_deterministic)
    SELECT md5(n::text), %(features)s, '', 'none', md5(n::text), 1, true FROM numbers RETURNING id, source_digest
), scores AS (
    INSERT INTO submissions_score
        (prediction_id, metric_version, truth_version, split, sort_primary, sort_secondary, "values", versions, seconds,
         scored_at)
    SELECT p.id, %(metric)s, %(truth)s, split, 1e6 * luck, luck,
        jsonb_build_object('wape', luck, 'cost_yen', 1e6 * luck, 'saving_yen', 1e6 * (1 - luck)), '{}', 0.01, now()
    FROM predictions p JOIN numbers ON p.source_digest = md5(n::text)
    CROSS JOIN (VALUES ('public'), ('private')) AS splits (split)
), submissions AS (
    INSERT INTO submissions_submission
        (step_id, enrolment_id, kind, file, file_name, file_size, file_digest, note, source, notices, created_at)
    SELECT %(step)s, people.id, 'predictions', 'none', 'bench.csv', 1, md5(n::text), '', 'page', '[]',
        now() - (%(last)s - n) * interval '0.5 s'
    FROM numbers JOIN people ON people.number = n %% %(learners)s RETURNING id, file_digest, created_at
)
INSERT INTO submissions_grading
    (submission_id, state, attempt, queued_at, finished_at, prediction_id, problems, log)
SELECT s.id, 'scored', 1, s.created_at, s.created_at, p.id, '[]', ''
FROM submissions s JOIN predictions p ON p.source_digest = s.file_digest
"""


def measure(step: Step, enrolment: Enrolment) -> None:
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(enrolment.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    place = [step.cohort.slug, step.cohort_case.slug, step.key]
    api = f"/api/v1/cohorts/{place[0]}/cases/{place[1]}/steps/{place[2]}"
    pages = {
        "board, first page": reverse("submissions:board", args=place),
        "board, page 20": reverse("submissions:board", args=place) + "?page=20",
        "hand-in page with history": reverse("submissions:hand_in", args=place),
        "API leaderboard": f"{api}/leaderboard",
        "API submissions": f"{api}/submissions",
    }
    for name, address in pages.items():
        queries, seconds = visit(client, address)
        print(f"{name:<28} {queries:3d} queries   {in_ms(seconds)}", flush=True)


def visit(client: Client, address: str) -> tuple[int, list[float]]:
    """Count the queries of one visit, then time the others."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    count = len(queries)  # The next request forgets them.
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        client.get(address)
        seconds.append(time.perf_counter() - began)
    return count, seconds


if __name__ == "__main__":
    main()
