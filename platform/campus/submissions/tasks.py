"""Background jobs of submissions: each fetches by id and calls one function."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus import live
from campus.submissions import grading


@app.task(name="submissions.grade", queue="grading")
def grade(grading_id: int) -> None:
    """Run one attempt at a grading row."""
    # A worker lives for weeks: it must not use a connection that the database closed meanwhile.
    close_old_connections()
    grading.attempt(grading_id)


@live.every(seconds=5)
def sweep() -> None:
    """Registered in every worker and live process; only one of them sweeps at a time."""
    grading.sweep()
