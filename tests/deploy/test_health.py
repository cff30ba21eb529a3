"""What load balancers and Prometheus are told."""

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campus.submissions.models import RunnerPulse
from tests.campus.submissions.files import graded, handed_in

pytestmark = pytest.mark.django_db


def heartbeat(*, seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_it_is_ready_when_database_and_schema_are(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": "up", "migrations": "up"})


def test_a_silent_worker_makes_it_unhealthy(client: Client) -> None:
    heartbeat(seconds_ago=60)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["workers"]) == (503, "down")


def test_a_worker_with_a_fresh_sign_of_life_counts(client: Client) -> None:
    heartbeat(seconds_ago=1)

    assert client.get("/healthz").json()["workers"] == "up"


def test_metrics_are_off_without_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_metrics_need_the_token(client: Client, settings: Settings, header: dict[str, str]) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"metrics_token": "let-me-see"})

    assert client.get("/metrics", headers=header).status_code == 401


def test_metrics_tell_workers_and_jobs(client: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"metrics_token": "let-me-see"})
    heartbeat(seconds_ago=1)
    heartbeat(seconds_ago=90)

    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})

    lines = answer.content.decode().splitlines()
    assert answer.status_code == 200
    assert "campus_workers 1.0" in lines
    assert "campus_oldest_job_seconds 0.0" in lines


def test_a_runner_that_answers_counts_even_where_it_runs_nothing(client: Client, settings: Settings) -> None:
    assert client.get("/healthz").json()["runner"] == "down"
    RunnerPulse.objects.create(is_ready=False, reason="no namespaces", environment="e" * 64, seen_at=timezone.now())
    assert client.get("/healthz").json()["runner"] == "up"

    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"runner": "off"})
    assert "runner" not in client.get("/healthz").json()


def test_metrics_tell_gradings_and_the_runner(client: Client, settings: Settings, open_step, enrolment) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"metrics_token": "let-me-see"})
    graded(open_step, enrolment, value=1.0)
    handed_in(open_step, enrolment, value=2.0)

    lines = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"}).content.decode().splitlines()

    assert 'campus_gradings{kind="predictions",state="queued"} 1.0' in lines
    assert 'campus_gradings_ended{code="",kind="predictions",state="scored"} 1.0' in lines
    assert any(line.startswith('campus_grading_wait_seconds{kind="predictions",quantile="0.95"}') for line in lines)
    assert "campus_runner_up 0.0" in lines
