"""The background job of a formation. The row says what is owed; a sweep queues anew what a dead worker left."""

from django.db import close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.grouping import forming
from campus.grouping.models import Formation, FormationState
from campus.live.jobs import forget_dead

# Behind gradings, which somebody waits for at the screen.
PRIORITY = -500


@app.task(name="grouping.work_out", queue="grouping")
def work_out(formation_id: int) -> None:
    """Work out the groups of a formation."""
    close_old_connections()
    forming.work_out(formation_id)


def defer_working(formation_id: int) -> None:
    """Queue the job; nothing where it is queued already."""
    try:
        with transaction.atomic():  # A savepoint: a refusal must not undo what the caller wrote.
            work_out.configure(queueing_lock=f"formation:{formation_id}", priority=PRIORITY).defer(
                formation_id=formation_id
            )
    except exceptions.AlreadyEnqueued:
        return


@live.every(seconds=5)
def resume() -> None:
    """Queue anew what is being worked out and for which no job waits or runs."""
    forget_dead(str(work_out.name))
    for pk in Formation.objects.filter(state=FormationState.WORKING).values_list("pk", flat=True):
        jobs = ProcrastinateJob.objects.filter(task_name=work_out.name, status__in=["todo", "doing"])
        if not jobs.filter(args__contains={"formation_id": pk}).exists():
            defer_working(pk)
