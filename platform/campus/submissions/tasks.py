"""Background jobs of submissions: each fetches by id and calls one function."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus import live
from campus.cases.models import Step
from campus.submissions import grading
from campus.submissions.standings import refresh_standings


@app.task(name="submissions.grade", queue="grading")
def grade(grading_id: int) -> None:
    """Run one attempt at a grading row."""
    # A worker lives for weeks: it must not use a connection that the database closed meanwhile.
    close_old_connections()
    grading.attempt(grading_id)


@app.task(name="submissions.places", queue="grading")
def places(step_id: int) -> None:
    """Work out all places of a step anew."""
    close_old_connections()
    refresh_standings(Step.objects.with_case().get(pk=step_id))


def defer_places(step: Step) -> None:
    """Have the places of the step worked out anew once the caller's transaction is committed."""
    places.configure(priority=1).defer(step_id=step.pk)


@live.every(seconds=5)
def sweep() -> None:
    """Registered in every worker and live process; only one of them sweeps at a time."""
    grading.sweep()
