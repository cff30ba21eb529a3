"""Is everything up? For load balancers, `campus up` and Prometheus."""

import hmac
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from campus import live
from campus.stack.grading_metrics import measure_gradings
from campus.stack.notebooks.places import hub_socket
from campus.stack.sockets import UnixConnection
from campus.submissions import runner


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is up, else 503; the body tells each part's state."""
    parts = {
        "database": _database,
        "migrations": _migrations,
        "web": lambda: "up",  # It is what answers.
        "live": _live,
        "workers": _workers,
    }
    if settings.ENVIRONMENT.runner == "on":
        parts["runner"] = _runner
    if settings.ENVIRONMENT.notebooks == "on" and settings.ENVIRONMENT.notebook_spawner == "local":
        parts["hub"] = _hub
    return _answer(parts)


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process can serve: the database answers and has the schema this version needs."""
    return _answer({"database": _database, "migrations": _migrations})


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' format whoever brings METRICS_TOKEN."""
    token = settings.ENVIRONMENT.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        return HttpResponse(status=404 if not token else 401, headers={"WWW-Authenticate": "Bearer"} if token else {})
    return HttpResponse(_measure(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _answer(checks: dict[str, Callable[[], str]]) -> JsonResponse:
    states = {name: _state(check) for name, check in checks.items()}
    status = 200 if set(states.values()) == {"up"} else 503
    return JsonResponse(states, status=status, headers={"Cache-Control": "no-store"})


def _state(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error:
        return "no database"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "up"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "up"


def _live() -> str:
    return "up" if live.is_listening() else "down"


def _workers() -> str:
    return "up" if live.workers_alive() else "down"


def _runner() -> str:
    """Up also where it says that this machine can't isolate: the rest of the site serves (campus_runner_ready is 0)."""
    return "up" if runner.pulse() else "down"


def _hub() -> str:
    """Up also where this machine can't isolate notebooks: whoever opens one is told."""
    connection = UnixConnection(hub_socket(settings.DATA_DIR), timeout=3)
    try:
        connection.request("GET", "/hub/health")
        return "up" if connection.getresponse().status == HTTPStatus.OK else "down"
    except (OSError, HTTPException):
        return "down"
    finally:
        connection.close()


def _measure() -> bytes:
    registry = CollectorRegistry()
    jobs = Gauge("campus_jobs", "Background jobs by queue and status", ["queue", "status"], registry=registry)
    oldest = Gauge("campus_oldest_job_seconds", "Age of the job that waits longest", registry=registry)
    workers = Gauge("campus_workers", "Workers with a fresh sign of life", registry=registry)
    size = Gauge("campus_database_bytes", "Size of the database", registry=registry)
    workers.set(live.workers_alive())
    measure_gradings(registry)
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2")
        for queue, status, count in cursor.fetchall():
            jobs.labels(queue, status).set(count)
        cursor.execute(_OLDEST_JOB)
        oldest.set(cursor.fetchone()[0])
        cursor.execute("SELECT pg_database_size(current_database())")
        size.set(cursor.fetchone()[0])
    return generate_latest(registry)


_OLDEST_JOB = """
    SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0)
    FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    WHERE j.status = 'todo'
"""
