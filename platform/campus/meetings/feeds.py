"""Meetings as calendars: a file for one, and a secret address for all of a person's."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from campus.cohorts.models import Enrolment
from campus.meetings.models import Feed, Meeting, Participation, State
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
    """All meetings that the person signed up for, in cohorts in which they take part now."""
    mine = Enrolment.objects.of(person).values("cohort")
    rows = Participation.objects.filter(person=person, meeting__cohort__in=mine)
    recent = rows.filter(meeting__ends_at__gt=timezone.now() - KEEP).select_related("meeting__cohort")
    return as_calendar([(row.meeting, row.is_waiting) for row in recent.order_by("meeting__starts_at")])


def calendar_of_one(meeting: Meeting, person: Person) -> bytes:
    """One meeting; its room is told to those who have a place."""
    row = meeting.participations.filter(person=person).first()
    return as_calendar([(meeting, row is None or row.is_waiting)])


def as_calendar(meetings: Iterable[tuple[Meeting, bool]]) -> bytes:
    """RFC 5545; moments in UTC, so that every calendar shows its reader's own time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Manabiai//Meetings//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", SITE_NAME)
    for meeting, is_tentative in meetings:
        calendar.add_component(_event(meeting, is_tentative=is_tentative))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, *, is_tentative: bool) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", _("%(title)s (waiting list)") % {"title": meeting.title} if is_tentative else meeting.title)
    event.add("description", f"{settings.SITE_URL}{meeting.path}")
    event.add("status", _status(meeting, is_tentative=is_tentative))
    if meeting.url and not is_tentative:
        event["location"] = vText(meeting.url)
    return event


def _status(meeting: Meeting, *, is_tentative: bool) -> str:
    if meeting.state == State.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if is_tentative else "CONFIRMED"
