"""The way of a mail row: waiting → sending → sent, or another end. Nothing is sent twice, nothing is forgotten.

``take`` claims rows for a time (lease) under a new attempt number. Just before the mail server is asked to take the
mail, ``mark_handed`` commits that; ``record`` commits what the server said. Each writes only while its attempt
holds the row. ``sweep`` finds rows whose sender died: those without the mark were surely not sent and wait again; those
with it are unclear, unless writing them twice does no harm (files). See docs/notices.md.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate import exceptions

from campus.live.jobs import forget_dead
from campus.notices import transports
from campus.notices.kinds import kind_of
from campus.notices.models import DeadAddress, Mail, MailQuerySet, MailState
from campus.notices.transports import AddressRefused, Lost, Post, Refused, TryLater, Unreachable
from campus.notices.writing import NotNeeded, compose, reader_of

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=30)
# A batch is not begun anew in the last part of its lease.
STOP_BEFORE_LEASE_ENDS = timedelta(seconds=10)
# After the first refusal for the time being wait a minute, after the last one give up: about a day and a half.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 720, 720)]
SERVER_AWAY = timedelta(seconds=30)
TASK = "notices.send"


@dataclass(frozen=True)
class Turn:
    """The right to send one mail in one attempt."""

    mail: Mail
    attempt: int


class NotHeld(Exception):
    """The lease ran out and somebody else may have the mail by now."""


def wake() -> None:
    """Have a worker look at what is owed; harmless when one is about to."""
    from campus.notices.tasks import send

    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        send.configure(queueing_lock=TASK).defer()


def deliver(*, for_seconds: float = 10.0) -> bool:
    """Send what is due for about so long; say whether more is due already."""
    stop_at = time.monotonic() + for_seconds
    while time.monotonic() < stop_at:
        turns = take()
        if not turns or not _deliver_batch(turns):
            return False  # The sweeper goes on when the limit or the mail server allows it.
    return True


def take() -> list[Turn]:
    """Claim a batch of due mails, as many as the limit per minute allows."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:  # One at a time, so that the limit holds for all workers together.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('campus.notices:take', 0))")
        due = list(Mail.objects.select_for_update(skip_locked=True, of=("self",)).due()[:BATCH])
        urgent = [mail for mail in due if mail.is_urgent]
        mails = urgent + [mail for mail in due if not mail.is_urgent][: allowance()]
        for mail in mails:
            mail.state, mail.attempt = MailState.SENDING, mail.attempt + 1
            mail.taken_at, mail.lease_until, mail.handed_at = now, now + LEASE, None
        Mail.objects.bulk_update(mails, ["state", "attempt", "taken_at", "lease_until", "handed_at"])
    return [Turn(mail, mail.attempt) for mail in mails]


def allowance() -> int:
    """How many mails that aren't urgent may be taken now."""
    lately = Mail.objects.filter(taken_at__gt=timezone.now() - timedelta(minutes=1), is_urgent=False)
    return max(0, int(settings.ENVIRONMENT.mails_per_minute) - lately.count())


def _deliver_batch(turns: list[Turn]) -> bool:
    """Send one by one; False when the mail server is away."""
    left = list(turns)
    with _putting_back(left), transports.open_post() as post:
        while left and timezone.now() < turns[0].mail.lease_until - STOP_BEFORE_LEASE_ENDS:  # type: ignore[operator]
            send(left[0], post)
            left.pop(0)
        return True
    return False


@contextmanager
def _putting_back(left: list[Turn]) -> Iterator[None]:
    """What is still in the list at the end waits again, for a while if the mail server is away."""
    pause = timedelta(0)
    try:
        yield
    except Unreachable as error:
        pause = SERVER_AWAY
        logger.warning("the mail server is away: %s; %d mails wait", error, len(left))
    finally:
        for turn in left:
            _put_back(turn, pause)


def _put_back(turn: Turn, pause: timedelta) -> None:
    """As if the row had not been taken; a mail that the server may have is left to the sweeper."""
    _held(turn).filter(handed_at=None).update(
        state=MailState.WAITING, attempt=turn.attempt - 1, lease_until=None, due_at=timezone.now() + pause
    )


def send(turn: Turn, post: Post) -> None:
    """Send one mail and record what became of it; Unreachable when the server is away, before it could have it."""
    try:
        envelope = compose(turn.mail)
        post.send(envelope, before_handing_over=lambda: mark_handed(turn, address=envelope.address))
    except Unreachable:
        raise
    except NotHeld:
        logger.warning("mail %s was taken over while it was being sent", turn.mail.pk)
    except TryLater as refusal:
        try_later(turn, problem=str(refusal))
    except (NotNeeded, Refused, Lost) as end:
        _record_end(turn, end)
    except Exception:
        logger.exception("mail %s could not be written", turn.mail.pk)
        try_later(turn, problem="could not be written")
    else:
        record(turn, MailState.SENT)


def _record_end(turn: Turn, end: NotNeeded | Refused | Lost) -> None:
    with transaction.atomic():
        is_held = record(turn, _state_after(end), problem=str(end))
        if is_held and isinstance(end, AddressRefused):
            remember_dead(reader_of(turn.mail).address, code=str(end))


def _state_after(end: NotNeeded | Refused | Lost) -> MailState:
    if isinstance(end, NotNeeded):
        return MailState.BOUNCED if end.is_dead_address else MailState.DROPPED
    if isinstance(end, Lost):
        return MailState.UNCLEAR
    return MailState.BOUNCED if isinstance(end, AddressRefused) else MailState.FAILED


def mark_handed(turn: Turn, *, address: str) -> None:
    """Commit that the mail server is asked to take the mail now; NotHeld when the row is somebody else's."""
    now = timezone.now()
    if not _held(turn).update(handed_at=now, lease_until=now + LEASE, address=address):
        raise NotHeld


def record(turn: Turn, state: MailState, *, problem: str = "") -> bool:
    """Commit an end. An answer that comes after the lease still resolves what was unclear."""
    rows = Mail.objects.filter(pk=turn.mail.pk, attempt=turn.attempt, state__in=[MailState.SENDING, MailState.UNCLEAR])
    sent_at = timezone.now() if state == MailState.SENT else None
    wiped = {"context": {}, "url": ""} if state.is_final and kind_of(turn.mail.kind).is_secret else {}
    return bool(rows.update(state=state, sent_at=sent_at, lease_until=None, problem=problem[:60], **wiped))


def try_later(turn: Turn, *, problem: str) -> None:
    """Wait for the next attempt, longer each time; after the last one the mail has failed."""
    if turn.attempt > len(PAUSES):
        record(turn, MailState.FAILED, problem=problem)
        return
    due_at = timezone.now() + PAUSES[turn.attempt - 1]
    _held(turn).update(state=MailState.WAITING, due_at=due_at, lease_until=None, handed_at=None, problem=problem[:60])


def remember_dead(address: str, *, code: str) -> None:
    """Write to the address no more."""
    DeadAddress.objects.update_or_create(
        address=address.strip().lower(), defaults={"code": code[:60], "at": timezone.now()}
    )


def _held(turn: Turn) -> MailQuerySet:
    """The row, only while this attempt holds it: the fence against a second sender."""
    return Mail.objects.filter(pk=turn.mail.pk, state=MailState.SENDING, attempt=turn.attempt)


def sweep() -> None:
    """Settle mails whose sender died, and wake a worker for what is due."""
    forget_dead(TASK)
    rows = Mail.objects.lease_ran_out()
    surely_not_sent = {"state": MailState.WAITING, "lease_until": None, "handed_at": None}
    rows.filter(handed_at=None).update(**surely_not_sent)
    if transports.may_write_twice():
        rows.update(**surely_not_sent)
    else:
        rows.update(state=MailState.UNCLEAR, lease_until=None, problem="sender died")
    if Mail.objects.due().exists() and allowance():
        wake()
