"""What notices and mails hold of a person."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.notices.models import DeadAddress, Mail, Notice, Preference, QuietHours
from campus.notices.notices import READY
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _notices(person: Person) -> Iterator[Row]:
    yield from Notice.objects.filter(person=person).order_by("pk").values("kind", "context", "url", "at", "read_at")


def _sent_to(person: Person) -> QuerySet[Mail]:
    """Also those about the account itself, which are sent to an address alone."""
    return Mail.objects.filter(Q(person=person) | Q(kind=READY.name, address__iexact=person.email))


def _mails(person: Person) -> Iterator[Row]:
    names = ("kind", "address", "context", "url", "state", "created_at", "sent_at")
    yield from _sent_to(person).order_by("pk").values(*names)


def _erase(person: Person) -> None:
    Notice.objects.filter(person=person).delete()
    Preference.objects.filter(person=person).delete()
    QuietHours.objects.filter(person=person).delete()


def _erase_mails(person: Person) -> None:
    _sent_to(person).delete()
    DeadAddress.objects.filter(address=person.email.lower()).delete()


hold(
    Holding(
        name="notices",
        label=pgettext_lazy("data held", "Notifications on the site"),
        rows=_notices,
        erase=_erase,
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="mails",
        label=pgettext_lazy("data held", "Emails that were sent to you"),
        rows=_mails,
        erase=_erase_mails,
        gone=_("Deleted. No more emails are sent."),
    )
)
