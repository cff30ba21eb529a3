"""Telling people: notices in the page and mails, written in the caller's transaction and sent after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campus.notices import postage
from campus.notices.bulk import Said, tell_pages, write_mails, write_notices
from campus.notices.kinds import Kind, kind_of
from campus.notices.models import DeadAddress, Mail, MailState, Notice, Preference, QuietHours
from campus.people.models import Person

AT_ONCE = 1000  # rows per statement


def notify(
    *,
    kind: str,
    to: Iterable[Person],
    context: Mapping[str, Any] | None = None,
    url: str = "",
    page: bool = True,
    mail: bool = True,
    key: str = "",
    expires_at: datetime | None = None,
) -> None:
    """Tell persons something with ``page`` in the page, with ``mail`` by mail; part of the caller's transaction.

    context: what the texts need, as JSON (ids, ISO times, both languages of a title), the same for everybody.
    url: path of the page to open. key: whoever was told with it already is not told again.
    expires_at: after that the mail is not sent any more. Deactivated persons hear nothing. Mails wait until the quiet
    hours of whoever chose some are over, unless they are urgent or would expire by then.
    """
    known = kind_of(kind)
    persons = {person.pk: person for person in to if person.is_active}
    silent = _switched_off(known, persons)
    said = Said(known, dict(context or {}), url, key, expires_at)
    with transaction.atomic():
        if page:
            write_notices(said, people=[pk for pk in persons if pk not in silent["page"]])
        if mail:
            wanted = {pk: person for pk, person in persons.items() if pk not in silent["mail"]}
            write_mails(said, people=list(wanted), held=_held(said, wanted))
            transaction.on_commit(postage.wake)


@dataclass(frozen=True)
class Letter:
    """A mail to an address without an account; ``url`` and ``context`` are its own (an invitation's link)."""

    address: str
    name: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    key: str = ""
    language: str = "ja"
    time_zone: str = "Asia/Tokyo"


def write_mail(*, kind: str, letters: Sequence[Letter]) -> list[Mail]:
    """Owe a mail to each address; part of the caller's transaction.

    Returns the mails in the order of the letters; for a key that the address has had already, the earlier mail.
    """
    known = kind_of(kind)
    mails = [
        Mail(
            address=letter.address.strip(),
            name=letter.name,
            language=letter.language,
            time_zone=letter.time_zone,
            kind=known.name,
            context=dict(letter.context),
            url=letter.url,
            key=letter.key,
            is_urgent=known.is_urgent,
        )
        for letter in letters
    ]
    with transaction.atomic():
        Mail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=AT_ONCE)
        transaction.on_commit(postage.wake)
        return _as_stored(mails)


def send_again(mail: Mail) -> bool:
    """Owe the mail once more, under its old Message-ID; False while it is on its way, or where its text was wiped.

    What came back is sent again only where its address has been cleared or changed meanwhile.
    """
    again = [MailState.UNCLEAR] if kind_of(mail.kind).is_secret else [*filter(_has_ended, MailState)]
    ended = Mail.objects.filter(pk=mail.pk, state__in=again)
    renewed = ended.update(
        state=MailState.WAITING, attempt=0, due_at=timezone.now(), handed_at=None, sent_at=None, problem=""
    )
    if renewed:
        transaction.on_commit(postage.wake)
    return bool(renewed)


def _has_ended(state: MailState) -> bool:
    return state.is_final or state == MailState.UNCLEAR


def clear_address(address: str) -> bool:
    """Write to the address again; False where it wasn't dead."""
    deleted, _ = DeadAddress.objects.among([address]).delete()
    return bool(deleted)


def mark_read(*, person: Person, notice_id: int) -> None:
    """Note that the person has seen one of the own notices."""
    _read(Notice.objects.filter(person=person, pk=notice_id), person)


def mark_key_read(*, person: Person, key: str) -> None:
    """Note that the person has seen what the notices with the key are about, however they came there."""
    _read(Notice.objects.filter(person=person, key=key), person)


def mark_all_read(*, person: Person, until: datetime) -> None:
    """Note that the person has seen all that came up to the moment in which the page was made."""
    _read(Notice.objects.filter(person=person, at__lte=until), person)


@transaction.atomic
def choose(*, person: Person, group: str, in_page: bool, by_mail: bool) -> None:
    """Keep how the person wants to hear of a group."""
    choice = {"in_page": in_page, "by_mail": by_mail}
    Preference.objects.update_or_create(person=person, group=group, defaults=choice)


@transaction.atomic
def keep_quiet(*, person: Person, begins: time | None, ends: time | None) -> None:
    """Send the person no mails between these times of their clock; without times, at any hour."""
    if begins is None or ends is None:
        QuietHours.objects.filter(person=person).delete()
    else:
        QuietHours.objects.update_or_create(person=person, defaults={"begins": begins, "ends": ends})


def _held(said: Said, persons: Mapping[int, Person]) -> dict[int, datetime]:
    """Until when whose mail waits."""
    if said.kind.is_urgent:
        return {}
    now, held = timezone.now(), {}
    for hours in QuietHours.objects.filter(person__in=persons):
        until = hours.end_after(now, ZoneInfo(persons[hours.person_id].time_zone))
        if until and (said.expires_at is None or until < said.expires_at):
            held[hours.person_id] = until
    return held


@transaction.atomic
def unsubscribe(*, person_id: int, group: str) -> None:
    """Send the person no mails of the group any more; in the page nothing changes."""
    Preference.objects.update_or_create(person_id=person_id, group=group, defaults={"by_mail": False})


def _switched_off(kind: Kind, persons: Mapping[int, Person]) -> dict[str, set[int]]:
    """Who wants nothing of the kind in the page, and who by mail."""
    if kind.is_essential:
        return {"page": set(), "mail": set()}
    choices = Preference.objects.filter(group=kind.group.key, person__in=persons).filter(
        Q(in_page=False) | Q(by_mail=False)
    )
    rows = list(choices.values_list("person_id", "in_page", "by_mail"))
    return {
        "page": {pk for pk, in_page, _ in rows if not in_page},
        "mail": {pk for pk, _, by_mail in rows if not by_mail},
    }


def _as_stored(mails: list[Mail]) -> list[Mail]:
    """The rows of the mails, those written before under the same key included."""
    keys = {mail.key for mail in mails if mail.key}
    stored = Mail.objects.filter(Q(uid__in=[mail.uid for mail in mails]) | Q(key__in=keys, person=None))
    by_uid = {mail.uid: mail for mail in stored}
    by_key = {(mail.address.lower(), mail.key): mail for mail in by_uid.values()}
    return [by_uid.get(mail.uid) or by_key[mail.address.lower(), mail.key] for mail in mails]


def _read(notices: Any, person: Person) -> None:
    with transaction.atomic():
        if notices.unread().update(read_at=timezone.now()):
            tell_pages([person.pk])
