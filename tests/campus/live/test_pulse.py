"""How many workers are alive: processes, not their loops."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from campus import live
from campus.live.pulse import WORKERS_NAME

pytestmark = pytest.mark.django_db


def heartbeats(count: int, *, seconds_ago: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " SELECT now() - make_interval(secs => %s) FROM generate_series(1, %s)",
            [seconds_ago, count],
        )


@pytest.fixture
def two_processes() -> Iterator[None]:
    """Connections of two workers, three each."""
    params = {**connection.get_connection_params()}
    names = {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}
    opened = [psycopg.connect(**names, application_name=f"{WORKERS_NAME}host {process}") for process in (1, 2) * 3]
    yield
    for one in opened:
        one.close()


def test_the_loops_of_a_process_are_one_worker(two_processes: None) -> None:
    heartbeats(4)
    assert live.workers_alive() == 2


def test_without_a_heartbeat_a_connection_is_no_sign_of_life(two_processes: None) -> None:
    heartbeats(4, seconds_ago=60)
    assert live.workers_alive() == 0


def test_where_names_are_hidden_loops_are_counted() -> None:
    heartbeats(2)
    assert live.workers_alive() == 2
