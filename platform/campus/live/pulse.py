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


# So many jobs a worker process does side by side, besides runs and pages, which have hands of their own.
JOBS_AT_A_TIME = 2
# A worker process has a loop for gradings and one for runs, each with a heartbeat; its connections bear one name.
# Where a pooler between hides the names, loops are counted.
WORKERS_NAME = "campus-worker "
_WORKERS = """
    SELECT CASE WHEN processes.count = 0 THEN loops.count ELSE least(loops.count, processes.count) END
    FROM (SELECT count(*) FROM procrastinate_workers
          WHERE last_heartbeat > now() - make_interval(secs => %s)) AS loops,
         (SELECT count(DISTINCT application_name) FROM pg_stat_activity
          WHERE datname = current_database() AND starts_with(application_name, %s)) AS processes
"""


def workers_alive() -> int:
    """How many workers have lately shown a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, [ALIVE_SECONDS, WORKERS_NAME])
        return int(cursor.fetchone()[0])
