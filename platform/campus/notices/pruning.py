"""What was told long ago is forgotten: notices after a year, mails that ended after half a year."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from campus.notices.models import Mail, MailState, Notice

KEEP_NOTICES = timedelta(days=365)
KEEP_MAILS = timedelta(days=180)
AT_ONCE = 2_000


def prune(*, now: datetime | None = None) -> int:
    """Delete what is older than it is kept, batch by batch, so that no lock is held for long. Returns how many.

    With a mail goes what became of it, on the page of its announcement and in the list of invitations.
    """
    now = now or timezone.now()
    ended = [state for state in MailState if state.is_final or state == MailState.UNCLEAR]
    notices = Notice.objects.filter(at__lt=now - KEEP_NOTICES).order_by("at")
    mails = Mail.objects.filter(created_at__lt=now - KEEP_MAILS, state__in=ended).order_by("created_at")
    return _delete(notices) + _delete(mails)


def _delete(rows: QuerySet[Notice] | QuerySet[Mail]) -> int:
    total = 0
    while batch := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=batch).delete()
        total += len(batch)
    return total
