"""Reads of notices and mails."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from campus.notices.models import DeadAddress, Mail, MailState, Notice
from campus.people.models import Person


@dataclass(frozen=True)
class Bell:
    """Unread notices, and the number of the person's stream from which the page follows them."""

    unread: int
    stream: str
    seq: int


def bell_of(person: Person) -> Bell:
    """What the header of every page shows, in one query."""
    stream = f"person:{person.pk}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM notices_notice WHERE person_id = %s AND read_at IS NULL),"
            " coalesce((SELECT seq FROM live_stream WHERE key = %s), 0)",
            [person.pk, stream],
        )
        unread, seq = cursor.fetchone()
    return Bell(unread, stream, seq)


def notices_of(person: Person) -> QuerySet[Notice]:
    """The person's notices, the latest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-pk")


def dead_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Those among the addresses to which nothing is written any more, in lower case, with the server's code."""
    return dict(DeadAddress.objects.among(list(addresses)).values_list("address", "code"))


def mail_counts() -> dict[MailState, int]:
    """How many mails are in each state."""
    counts = dict(Mail.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: counts.get(state, 0) for state in MailState}
