"""What study meetings hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.meetings.feeds import end_feed
from campus.meetings.models import Meeting, Participation
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
