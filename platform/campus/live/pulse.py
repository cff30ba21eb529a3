"""Who showed a sign of life lately: the live processes by their pulse, the workers by procrastinate's heartbeat."""

from django.db import connection

# Both show one every five seconds (upkeep.PULSE_EVERY, HEARTBEAT_SECONDS in stack/worker.py).
ALIVE_SECONDS = 15


def is_listening() -> bool:
    """Whether any live process has lately said that it listens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM live_pulse WHERE at > clock_timestamp() - make_interval(secs => %s))",
            [ALIVE_SECONDS],
        )
        return bool(cursor.fetchone()[0])


def workers_alive() -> int:
    """How many workers have lately shown a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [ALIVE_SECONDS],
        )
        return int(cursor.fetchone()[0])
