"""Reminds reviewers, once for each: before what they have not begun goes to somebody else, before a review's own date,
and before their deadline.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from campus.cases.deadlines import deadlines_of
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, ReviewRound
from campus.reviews.notices import REMINDER
from campus.reviews.telling import tell

BEFORE_IDLE = BEFORE_DUE = timedelta(hours=24)
BEFORE_DEADLINE = timedelta(hours=36)


@transaction.atomic
def remind(round: ReviewRound, *, now: datetime | None = None) -> int:
    """Remind those who are due; return how many."""
    now = now or timezone.now()
    return _of_the_idle(round, now) + _of_the_date(round, now) + _of_the_deadline(round, now)


def _of_the_idle(round: ReviewRound, now: datetime) -> int:
    begun_by = now - round.rules.idle_after + BEFORE_IDLE
    due = Assignment.objects.filter(stage=Stage.ASSIGNED, assigned_at__lte=begun_by, reminded_at=None)
    return _remind_of(round, due.exclude(share__active_at__gt=begun_by), now, what="idle")


def _of_the_date(round: ReviewRound, now: datetime) -> int:
    """Of what was begun; a reminder before it was begun is another one."""
    span = round.rules.due_after - BEFORE_DUE
    due = Assignment.objects.filter(stage=Stage.BEGUN, assigned_at__lte=now - span)
    return _remind_of(round, due.exclude(reminded_at__gte=F("assigned_at") + span), now, what="date")


def _remind_of(round: ReviewRound, due: QuerySet[Assignment], now: datetime, *, what: str) -> int:
    """Remind each holder once, however many of hers are due; how many people."""
    mine = due.filter(share__round=round).select_for_update(skip_locked=True, of=("self",))
    rows = list(mine.select_related("share__enrolment__person"))
    holders = {row.share.enrolment_id: row.share.enrolment for row in rows}
    tell(round, REMINDER, holders.values(), key=f"{what}:{min((row.pk for row in rows), default=0)}")
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return len(holders)


def _of_the_deadline(round: ReviewRound, now: datetime) -> int:
    """Those who still owe something, each once, when the own deadline comes near."""
    given = Counter(Assignment.objects.given().filter(share__round=round).values_list("share", flat=True))
    shares = round.shares.taking_part().filter(excused_at=None).select_related("enrolment__person")
    owing = [share for share in shares if given[share.pk] < round.reviews_each]
    deadlines = deadlines_of([round.step], [share.enrolment for share in owing])
    has_open = set(Assignment.objects.open().filter(share__round=round).values_list("share", flat=True))
    near = [
        share.enrolment
        for share in owing
        if share.pk in has_open and timedelta(0) < deadlines[round.step.pk, share.enrolment_id] - now <= BEFORE_DEADLINE
    ]
    tell(round, REMINDER, near, key="deadline")
    return len(near)
