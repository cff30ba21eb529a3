"""Reminders a day and an hour before, once to each who has a place in a meeting or comes to a consultation."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campus.meetings.actions import context_of
from campus.meetings.consultations.actions import context_of as context_of_booking
from campus.meetings.models import Booking, Meeting, Participation, State
from campus.meetings.notices import CONSULTATION_REMINDER, REMINDER
from campus.notices.actions import notify
from campus.people.models import Person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Where it is noted that somebody was reminded, and how long before the beginning that is.
WINDOWS = {"reminded_hour_at": (timedelta(0), HOUR), "reminded_day_at": (HOUR, DAY)}
AT_ONCE = 2000


def remind() -> int:
    """Remind those who are due; return how many rows that were. Row, notice and mail are written together."""
    return sum(_remind_of_meetings(noted) + _remind_of_consultations(noted) for noted in WINDOWS)


def _due(noted: str, begins: str, now: datetime) -> dict[str, Any]:
    """Conditions on rows that are not noted yet; begins: the field with the beginning."""
    earliest, latest = WINDOWS[noted]
    return {noted: None, f"{begins}__gt": now + earliest, f"{begins}__lte": now + latest}


@transaction.atomic
def _remind_of_meetings(noted: str) -> int:
    now = timezone.now()
    due = Participation.objects.going().in_force().select_for_update(skip_locked=True, of=("self",))
    due = due.filter(meeting__state=State.OPEN, **_due(noted, "meeting__starts_at", now))
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


@transaction.atomic
def _remind_of_consultations(noted: str) -> int:
    now = timezone.now()
    due = Booking.objects.in_force().with_all().select_for_update(skip_locked=True, of=("self",))
    rows = list(due.filter(**_due(noted, "slot__starts_at", now)).order_by("pk")[:AT_ONCE])
    for booking in rows:
        notify(
            kind=CONSULTATION_REMINDER.name,
            to=[booking.slot.mentor.person, *booking.people],
            context=context_of_booking(booking),
            url=booking.slot.path,
            key=f"booking:{booking.pk}:{noted}:{booking.slot.starts_at:%Y%m%dT%H%MZ}",
            expires_at=booking.slot.starts_at,
        )
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(**{noted: now})
    return len(rows)
