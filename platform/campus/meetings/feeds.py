"""Meetings and consultations as calendars: a file for one, and a secret address for all of a person's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from campus.cohorts.models import Enrolment
from campus.meetings.models import Booking, Feed, Meeting, Participation, State
from campus.people.models import Person
from campus.ui.context import SITE_NAME

SALT = "campus.meetings.feed"
MEDIA_TYPE = "text/calendar; charset=utf-8"
# Calendars keep what they have seen; older meetings needn't be sent again and again.
KEEP = timedelta(days=90)


def feed_address(person: Person) -> str | None:
    """The person's calendar address; None while there is none. The key is signed and never stored."""
    feed = Feed.objects.filter(person=person).first()
    if feed is None:
        return None
    key = signing.dumps([person.pk, feed.number.hex], salt=SALT)
    # In the query, which no log keeps.
    return f"{settings.SITE_URL}{reverse('own_meetings:feed')}?key={key}"


def new_feed(person: Person) -> None:
    """Make an address; one made earlier is worth nothing any more."""
    Feed.objects.update_or_create(person=person, defaults={"number": uuid.uuid4(), "made_at": timezone.now()})


def end_feed(person: Person) -> None:
    """Take the address back."""
    Feed.objects.filter(person=person).delete()


def person_of(key: str) -> Person | None:
    """Whose address it is; None for a forged, revoked or ended one, and for deactivated persons."""
    try:
        person_id, number = signing.loads(key, salt=SALT)
        feed = Feed.objects.select_related("person").filter(person=person_id, number=uuid.UUID(number)).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return feed.person if feed and feed.person.is_active else None


def calendar_of(person: Person) -> bytes:
    """All that the person signed up for or booked, or gives as a mentor, in cohorts in which they take part now."""
    since, mine = timezone.now() - KEEP, Enrolment.objects.of(person)
    rows = Participation.objects.filter(person=person, meeting__cohort__in=mine.values("cohort"))
    recent = rows.filter(meeting__ends_at__gt=since).select_related("meeting__cohort").order_by("meeting__starts_at")
    held = Booking.objects.held_by(person).values("pk")
    bookings = Booking.objects.filter(Q(pk__in=held) | Q(slot__mentor__in=mine), slot__ends_at__gt=since)
    return as_calendar(
        [
            *(of_meeting(row.meeting, is_tentative=row.is_waiting) for row in recent),
            *(of_booking(one, person) for one in bookings.with_all().order_by("slot__starts_at", "pk")),
        ]
    )


def calendar_of_one(meeting: Meeting, person: Person) -> bytes:
    """One meeting; its room is told to those who have a place."""
    row = meeting.participations.filter(person=person).first()
    return as_calendar([of_meeting(meeting, is_tentative=row is None or row.is_waiting)])


@dataclass(frozen=True)
class Appointment:
    """What a calendar shows of a meeting or a consultation. ``path``: of its page; ``room``: its web address."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: str
    path: str
    room: str
    changed_at: datetime
    sequence: int


def of_meeting(meeting: Meeting, *, is_tentative: bool) -> Appointment:
    """A study meeting; is_tentative: for somebody without a place."""
    return Appointment(
        key=f"meeting-{meeting.pk}",
        title=_("%(title)s (waiting list)") % {"title": meeting.title} if is_tentative else meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        status=_status(meeting, is_tentative=is_tentative),
        path=meeting.path,
        room="" if is_tentative else meeting.url,
        changed_at=meeting.changed_at,
        sequence=meeting.sequence,
    )


def of_booking(booking: Booking, reader: Person) -> Appointment:
    """A consultation, called by who is on the other side."""
    slot = booking.slot
    other = booking.owner_name if reader.pk == slot.mentor.person_id else slot.mentor.person.name
    is_cancelled = booking.cancelled_at is not None
    return Appointment(
        key=f"consultation-{booking.pk}",
        title=_("Consultation: %(name)s") % {"name": other},
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        status="CANCELLED" if is_cancelled else "CONFIRMED",
        path=slot.path,
        room="" if is_cancelled else slot.url,
        changed_at=booking.cancelled_at or max(booking.booked_at, slot.changed_at),
        sequence=slot.sequence + is_cancelled,
    )


def as_calendar(appointments: Iterable[Appointment]) -> bytes:
    """RFC 5545; moments in UTC, so that every calendar shows its reader's own time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Manabiai//Meetings//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", SITE_NAME)
    for one in appointments:
        calendar.add_component(_event(one))
    return bytes(calendar.to_ical())


def _event(one: Appointment) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", one.changed_at)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", one.title)
    event.add("description", f"{settings.SITE_URL}{one.path}")
    event.add("status", one.status)
    if one.room:
        event["location"] = vText(one.room)
    return event


def _status(meeting: Meeting, *, is_tentative: bool) -> str:
    if meeting.state == State.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if is_tentative else "CONFIRMED"
