"""What announcements hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.announcements.models import Announcement, Recipient
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _received(person: Person) -> Iterator[Row]:
    rows = Recipient.objects.filter(person=person).order_by("pk")
    yield from rows.values("announcement__title_ja", "announcement__title_en", "announcement__sent_at")


def _forget_received(person: Person) -> None:
    Recipient.objects.filter(person=person).delete()


def _written(person: Person) -> Iterator[Row]:
    names = ("title_ja", "title_en", "body_ja", "body_en", "state", "created_at", "sent_at")
    yield from Announcement.objects.filter(author=person).order_by("pk").values(*names)


hold(
    Holding(
        name="announcements",
        label=pgettext_lazy("data held", "Announcements you received"),
        rows=_received,
        erase=_forget_received,
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="announcements_written",
        label=pgettext_lazy("data held", "Announcements you wrote"),
        rows=_written,
        gone=_("Your name disappears from them."),
        kept=_("Their texts, since others received them."),
    )
)
