"""Background jobs of rescorings: measure slice after slice, work out the shadow board, tell those concerned."""

from django.db import close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.live.jobs import forget_dead
from campus.rescoring import actions, measuring, telling
from campus.rescoring.models import Rescoring, RescoringState, ShadowStanding

# Far behind every live grading (submissions.grading: 0 down to -100).
PRIORITY = -1000


@app.task(name="rescoring.measure", queue="rescoring")
def measure(rescoring_id: int, lane: int, after: int) -> None:
    """Measure one slice of a lane; behind the last one, work out the shadow board."""
    close_old_connections()
    actions.measure_some(rescoring_id, lane=lane, after=after)


@app.task(name="rescoring.tell", queue="rescoring")
def tell(rescoring_id: int) -> None:
    """Tell some of those whose score or place has changed, and come again for the others."""
    close_old_connections()
    telling.tell_some(rescoring_id)


def defer_lane(rescoring_id: int, *, lane: int, after: int = 0) -> None:
    """Queue the lane's next slice; nothing where it is queued already."""
    job = measure.configure(queueing_lock=f"rescoring:{rescoring_id}:{lane}", priority=PRIORITY)
    _queue(job, rescoring_id=rescoring_id, lane=lane, after=after)


def defer_telling(rescoring_id: int) -> None:
    """Queue the telling; nothing where it is queued already."""
    job = tell.configure(queueing_lock=f"rescoring-tell:{rescoring_id}", priority=PRIORITY)
    _queue(job, rescoring_id=rescoring_id)


def _queue(job: object, **arguments: int) -> None:
    try:
        with transaction.atomic():  # A savepoint: a refusal must not undo what the caller wrote.
            job.defer(**arguments)  # type: ignore[attr-defined]  # procrastinate's JobDeferrer
    except exceptions.AlreadyEnqueued:
        return


@live.every(seconds=5)
def resume() -> None:
    """Queue anew what is owed and for which no job waits or runs: its worker died, or the queue was lost."""
    for task in (measure, tell):
        forget_dead(str(task.name))
    for pk in Rescoring.objects.filter(state=RescoringState.MEASURING).values_list("pk", flat=True):
        for lane in range(measuring.LANES):
            if not _is_under_way("rescoring.measure", rescoring_id=pk, lane=lane):
                defer_lane(pk, lane=lane)
    untold = ShadowStanding.objects.changed().filter(rescoring__state=RescoringState.SWITCHED, told_at=None)
    for pk in untold.values_list("rescoring", flat=True).distinct():
        if not _is_under_way("rescoring.tell", rescoring_id=pk):
            defer_telling(pk)


def _is_under_way(task: str, **arguments: int) -> bool:
    return ProcrastinateJob.objects.filter(
        task_name=task, status__in=["todo", "doing"], args__contains=arguments
    ).exists()
