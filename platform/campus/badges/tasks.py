"""Background jobs of badges: sign chunk after chunk, and take up again what a dead worker left."""

import logging

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from campus import live
from campus.badges import issuing
from campus.badges.models import IssueRun, RunState
from campus.live.jobs import forget_dead

logger = logging.getLogger(__name__)

# Behind live gradings (0 down to -100), before rescorings.
PRIORITY = -500
# Then a job gives its place to others, and the run goes on in a new one.
TURN_SECONDS = 10.0


@app.task(name="badges.issue", queue="badges")
def issue(run_id: int) -> None:
    """Go on with a run for a while."""
    close_old_connections()
    try:
        if issuing.issue_for(run_id, seconds=TURN_SECONDS):
            defer_run(run_id)
    except (OperationalError, InterfaceError):
        raise  # The database is away: `resume` brings the job back.
    except Exception as error:
        logger.exception("a chunk of badges can't be issued", extra={"run": run_id})
        issuing.give_up(run_id, type(error).__name__)


def defer_run(run_id: int) -> None:
    """Have a worker go on with the run; nothing where that is queued already."""
    job = issue.configure(queueing_lock=f"badges:{run_id}", priority=PRIORITY)
    try:
        with transaction.atomic():  # A savepoint: a refusal must not undo what the caller wrote.
            job.defer(run_id=run_id)
    except exceptions.AlreadyEnqueued:
        return


@live.every(seconds=5)
def resume() -> None:
    """Queue every run that isn't over: its worker may have died. A job too many finds the run held and goes away."""
    forget_dead(str(issue.name))
    for pk in IssueRun.objects.filter(state=RunState.RUNNING).values_list("pk", flat=True):
        defer_run(pk)
