"""Background jobs of people: each fetches by id and calls one function."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus.people import archive, erasure
from campus.people.models import DataCopy


@app.task(name="people.make_copy", queue="people")
def make_copy(copy_id: int) -> None:
    """Collect the copy of somebody's data."""
    close_old_connections()
    copy = DataCopy.objects.select_related("person__profile").filter(pk=copy_id).first()
    if copy is not None:
        archive.build_copy(copy)


@app.periodic(cron="17 * * * *")
@app.task(name="people.upkeep", queue="people", queueing_lock="people.upkeep")
def upkeep(timestamp: int) -> None:  # noqa: ARG001  procrastinate's: when it was due
    """Once an hour: erase who asked for it two weeks ago, delete copies that were kept for a week."""
    close_old_connections()
    archive.delete_copies()
    erasure.erase_due()
