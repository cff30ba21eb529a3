"""Background jobs of submissions: each fetches by id and calls one function."""

import logging

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus import live
from campus.submissions import grading

logger = logging.getLogger(__name__)


@app.task(name="submissions.grade", queue="grading")
def grade(grading_id: int) -> None:
    """Run one attempt at a grading row; any fault of ours gives the row back for another."""
    close_old_connections()
    turn = grading.take(grading_id)
    if turn is None:
        return
    try:
        with grading.keep_lease(turn):
            result = grading.measure(turn.grading)
        grading.record(turn, result)
    except Exception:
        logger.exception("grading failed", extra={"grading": grading_id, "attempt": turn.attempt})
        grading.release(turn)


@live.every(seconds=5)
def sweep() -> None:
    """Registered in every worker and live process; only one of them sweeps at a time."""
    grading.sweep()
