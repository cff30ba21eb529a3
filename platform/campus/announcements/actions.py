"""What can be done with an announcement. Whom it reaches is looked up in the moment in which it is sent."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from campus.announcements.models import Announcement, Recipient, State
from campus.announcements.notices import IMPORTANT, ORDINARY
from campus.announcements.queries import people_met
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Role, StudyClass
from campus.cohorts.rules import is_organiser
from campus.notices.actions import clear_address, notify, send_again
from campus.notices.models import Mail, MailState
from campus.people.models import Person

logger = logging.getLogger(__name__)
AT_ONCE = 1000
REPEATABLE = [MailState.BOUNCED, MailState.FAILED, MailState.UNCLEAR]


class NoLongerOpen(Exception):
    """It has been sent or cancelled meanwhile."""


@dataclass(frozen=True)
class Text:
    """What the author filled in."""

    title_ja: str
    title_en: str
    body_ja: str
    body_en: str
    roles: list[str] = field(default_factory=lambda: [Role.LEARNER])
    classes: list[StudyClass] = field(default_factory=list)
    criteria: dict[str, str] = field(default_factory=dict)
    by_mail: bool = True
    is_important: bool = False

    def fields(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "classes"}


@transaction.atomic
def write(*, cohort: Cohort, author: Person, text: Text) -> Announcement:
    """Keep a draft."""
    announcement = Announcement.objects.create(cohort=cohort, author=author, **text.fields())
    announcement.classes.set(text.classes)
    _audit("announcement.written", announcement, author)
    return announcement


@transaction.atomic
def rewrite(announcement: Announcement, *, text: Text, actor: Person) -> None:
    """Change what has not been sent yet; when it is scheduled, it stays so."""
    locked = _open(announcement)
    for name, value in text.fields().items():
        setattr(locked, name, value)
    locked.save()
    locked.classes.set(text.classes)
    _audit("announcement.changed", locked, actor)


@transaction.atomic
def schedule(announcement: Announcement, *, at: datetime, actor: Person) -> None:
    """Have it sent at that time, to everybody to whom it applies then."""
    locked = _open(announcement)
    locked.state, locked.send_at = State.SCHEDULED, at
    locked.save(update_fields=["state", "send_at"])
    _audit("announcement.scheduled", locked, actor, at=at.isoformat())


@transaction.atomic
def cancel(announcement: Announcement, *, actor: Person | None) -> None:
    """Never send it; it stays in the list."""
    locked = _open(announcement)
    locked.state = State.CANCELLED
    locked.save(update_fields=["state"])
    _audit("announcement.cancelled", locked, actor)


@transaction.atomic
def send(announcement: Announcement, *, actor: Person | None) -> int:
    """Send it now to whom it meets now; return how many that are. Their names are kept, mails leave the queue."""
    locked = _open(announcement)
    people = list(people_met(locked))
    Recipient.objects.bulk_create([Recipient(announcement=locked, person=one) for one in people], batch_size=AT_ONCE)
    notify(
        kind=(IMPORTANT if locked.is_important else ORDINARY).name,
        to=people,
        context={"announcement": locked.pk, "title": {"ja": locked.title_ja, "en": locked.title_en}},
        url=locked.path,
        mail=locked.by_mail,
        key=locked.key,
    )
    locked.state, locked.sent_at = State.SENT, timezone.now()
    locked.save(update_fields=["state", "sent_at"])
    _audit("announcement.sent", locked, actor, count=len(people))
    return len(people)


@transaction.atomic
def repeat_mails(announcement: Announcement, *, recipient_ids: list[int], actor: Person) -> int:
    """Send mails again that didn't arrive for sure; addresses they came back from get another chance.

    Returns how many will be sent.
    """
    people = announcement.recipients.filter(pk__in=recipient_ids).values("person")
    mails = Mail.objects.filter(key=announcement.key, person__in=people, state__in=REPEATABLE).select_related("person")
    for mail in mails:
        clear_address(mail.address)
    count = sum(send_again(mail) for mail in mails)
    if count:
        _audit("announcement.mails_repeated", announcement, actor, count=count)
    return count


def send_due() -> None:
    """Send what is scheduled for now. Whose author may write there no longer is cancelled."""
    for announcement in Announcement.objects.due().select_related("author", "cohort"):
        may_write = announcement.author.has_perm("announcements.write", announcement.cohort)
        _unless_closed(announcement, send if may_write else cancel)


def may_mark_important(person: Person, cohort: Cohort) -> bool:
    """Only organisers write what nobody can switch off."""
    return bool(is_organiser(person, cohort))


def _unless_closed(announcement: Announcement, action: Callable[..., object]) -> None:
    try:
        action(announcement, actor=None)
    except NoLongerOpen:
        logger.info("announcement %s was sent or cancelled meanwhile", announcement.pk)


def _open(announcement: Announcement) -> Announcement:
    """The row as it is now, locked; NoLongerOpen when it has been sent or cancelled."""
    locked = Announcement.objects.select_for_update(of=("self",)).select_related("cohort", "author")
    found = locked.get(pk=announcement.pk)
    if not found.is_open:
        raise NoLongerOpen
    return found


def _audit(action: str, announcement: Announcement, actor: Person | None, **details: Any) -> None:
    record_audit(
        action=action, subject=f"announcement:{announcement.pk}", actor=actor, cohort=announcement.cohort, **details
    )
