"""Background work on cases: drafts of organisers are made, checked and published."""

from django.db import close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cases.authoring import working
from campus.cases.models import CaseDraft, DraftState
from campus.live.jobs import forget_dead

# Far behind every live grading.
PRIORITY = -1000


@app.task(name="cases.work_on_draft", queue="authoring")
def work_on_draft(draft_id: int) -> None:
    """Make, check or publish a draft."""
    close_old_connections()
    working.work_on(draft_id)


def defer_draft(draft_id: int) -> None:
    """Queue the work on a draft; nothing where it is queued already."""
    job = work_on_draft.configure(queueing_lock=f"draft:{draft_id}", priority=PRIORITY)
    try:
        with transaction.atomic():  # A savepoint: a refusal must not undo what the caller wrote.
            job.defer(draft_id=draft_id)
    except exceptions.AlreadyEnqueued:
        return


@live.every(seconds=10)
def resume_drafts() -> None:
    """Queue anew what is owed and for which no job waits or runs: its worker died, or the queue was lost."""
    forget_dead("cases.work_on_draft")
    for draft in CaseDraft.objects.filter(state__in=[DraftState.WAITING, DraftState.WORKING]):
        jobs = ProcrastinateJob.objects.filter(
            task_name="cases.work_on_draft", status__in=["todo", "doing"], args__contains={"draft_id": draft.pk}
        )
        if not jobs.exists():
            working.take_up_again(draft)
            defer_draft(draft.pk)
