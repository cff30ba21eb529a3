"""Mails that came back: reads delivery status notifications (RFC 3464) and notes at which mails they point."""

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

from django.db import transaction

from campus.notices.models import Mail, MailState
from campus.notices.postage import remember_dead

_HEX = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESSED = ("X-Original-To", "Delivered-To", "Envelope-To", "To")


@dataclass(frozen=True)
class Report:
    """What a notification says. uid: our mail's number, None where it can't be told; status: such as 5.1.1."""

    uid: uuid.UUID | None
    has_failed: bool
    status: str


def messages_in(data: bytes) -> Iterator[bytes]:
    """One message, or those of an mbox."""
    if not data.startswith(b"From "):
        yield data
        return
    for part in re.split(rb"(?m)^From .*\r?\n", data):
        if part.strip():
            yield part


def read_report(data: bytes) -> Report:
    """Read one message, whatever it is; never raises for what others wrote into it."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    fields = list(_recipient_fields(message))
    actions = {str(block.get("Action", "")).strip().lower() for block in fields}
    statuses = [found.group(1) for block in fields if (found := _STATUS.search(str(block.get("Status", ""))))]
    return Report(_uid(message), "failed" in actions, next(iter(statuses), ""))


@transaction.atomic
def record_bounce(report: Report) -> Mail | None:
    """Note that the mail came back; None for what is no final failure of a mail of ours.

    Only permanent failures (5.x) of an address say that nothing is to be written to it any more.
    """
    if report.uid is None or not report.has_failed:
        return None
    mail = Mail.objects.select_for_update(of=("self",)).select_related("person").filter(uid=report.uid).first()
    if mail is None:
        return None
    mail.state, mail.problem, mail.lease_until = MailState.BOUNCED, report.status or "failed", None
    mail.save(update_fields=["state", "problem", "lease_until"])
    if report.status.startswith(("5.1.", "5.2.1")) and mail.address:
        remember_dead(mail.address, code=report.status)
    return mail


def _recipient_fields(message: Message) -> Iterator[Message]:
    """The groups of fields of message/delivery-status, one for each recipient and one for the message."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks := part.get_payload(), list):
            yield from (block for block in blocks if isinstance(block, Message))


def _uid(message: Message) -> uuid.UUID | None:
    """By the address that the notification came to (VERP), else by the Message-ID of what it gives back."""
    values = [str(value) for name in _ADDRESSED for value in message.get_all(name, [])]
    for _, address in getaddresses(values):
        if found := _HEX.search(address):
            return uuid.UUID(found.group(1))
    return next(_returned_ids(message), None)


def _returned_ids(message: Message) -> Iterator[uuid.UUID]:
    for part in message.walk():
        if part.get_content_type() not in {"message/rfc822", "text/rfc822-headers"}:
            continue
        headers = part.as_string()
        if found := _MESSAGE_ID.search(headers):
            yield uuid.UUID(found.group(1))
