"""Reminders a day and an hour before, once to each who has a place."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campus.meetings.actions import context_of
from campus.meetings.models import Meeting, Participation, State
from campus.meetings.notices import REMINDER
from campus.notices.actions import notify
from campus.people.models import Person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AT_ONCE = 2000


def remind() -> int:
    """Remind those who are due; return how many. Row, notice and mail are written together or not at all."""
    return _remind("reminded_hour_at", earliest=timedelta(0), latest=HOUR) + _remind(
        "reminded_day_at", earliest=HOUR, latest=DAY
    )


@transaction.atomic
def _remind(noted: str, *, earliest: timedelta, latest: timedelta) -> int:
    now = timezone.now()
    due = Participation.objects.going().in_force().select_for_update(skip_locked=True, of=("self",))
    due = due.filter(
        **{noted: None},
        meeting__state=State.OPEN,
        meeting__starts_at__gt=now + earliest,
        meeting__starts_at__lte=now + latest,
    )
    rows = list(due.select_related("person", "meeting__cohort").order_by("pk")[:AT_ONCE])
    people: dict[Meeting, list[Person]] = defaultdict(list)
    for row in rows:
        people[row.meeting].append(row.person)
    for meeting, persons in people.items():
        notify(
            kind=REMINDER.name,
            to=persons,
            context=context_of(meeting),
            url=meeting.path,
            # The time is part of it: a meeting that was moved reminds anew.
            key=f"meeting:{meeting.pk}:{noted}:{meeting.starts_at:%Y%m%dT%H%MZ}",
            expires_at=meeting.starts_at,
        )
    Participation.objects.filter(pk__in=[row.pk for row in rows]).update(**{noted: now})
    return len(rows)
