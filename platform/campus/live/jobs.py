"""Jobs whose worker is gone: where a row says what is owed, they can be forgotten (procrastinate #1408, #1518)."""

from django.db import connection

_FORGET = """
    DELETE FROM procrastinate_jobs AS job WHERE job.status = 'doing' AND job.task_name = %s AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - interval '60 seconds')
"""


def forget_dead(task_name: str) -> None:
    """Delete the task's jobs whose worker shows no sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [task_name])
