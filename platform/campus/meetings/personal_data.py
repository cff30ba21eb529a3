"""What study meetings and consultations hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.meetings.feeds import end_feed
from campus.meetings.models import Booking, Meeting, Participation, Slot
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _participations(person: Person) -> Iterator[Row]:
    rows = Participation.objects.filter(person=person).order_by("pk")
    yield from rows.values("meeting__title", "meeting__starts_at", "is_waiting", "signed_up_at", "attended_at")


def _erase(person: Person) -> None:
    Participation.objects.filter(person=person).delete()
    end_feed(person)


def _hosted(person: Person) -> Iterator[Row]:
    names = ("title", "description", "starts_at", "ends_at", "url", "recording_url", "state")
    yield from Meeting.objects.filter(host=person).order_by("pk").values(*names)


hold(
    Holding(
        name="meetings",
        label=pgettext_lazy("data held", "Study meetings that you signed up for, and your calendar address"),
        rows=_participations,
        erase=_erase,
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="meetings_hosted",
        label=pgettext_lazy("data held", "Study meetings that you hosted"),
        rows=_hosted,
        gone=_("Your name disappears from them."),
        kept=_("What they were about and when, since others took part."),
    )
)


def _bookings(person: Person) -> Iterator[Row]:
    rows = Booking.objects.filter(enrolment__person=person).order_by("pk")
    yield from rows.values("slot__starts_at", "slot__ends_at", "team__name", "question", "booked_at", "cancelled_at")


def _erase_bookings(person: Person) -> None:
    mine = Booking.objects.filter(enrolment__person=person)
    mine.filter(team=None).delete()
    mine.update(question="")


def _slots(person: Person) -> Iterator[Row]:
    rows = Slot.objects.filter(mentor__person=person).order_by("pk")
    yield from rows.values("starts_at", "ends_at", "audience", "url", "withdrawn_at")


def _erase_slots(person: Person) -> None:
    mine = Slot.objects.filter(mentor__person=person)
    mine.filter(bookings=None).delete()
    mine.update(url="")


hold(
    Holding(
        name="consultations",
        label=pgettext_lazy("data held", "Consultations that you booked with mentors"),
        rows=_bookings,
        erase=_erase_bookings,
        gone=_("Your own are deleted. For your team’s, what you wanted to talk about is deleted."),
        kept=_("When a team of yours had a consultation, without your name."),
    )
)
hold(
    Holding(
        name="consultation_times",
        label=pgettext_lazy("data held", "Times that you offered as a mentor"),
        rows=_slots,
        erase=_erase_slots,
        gone=_("Times that nobody booked and the address of your online room are deleted."),
        kept=_("When a consultation took place, without your name."),
    )
)
