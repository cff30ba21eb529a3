"""Puts notices into words, in the language and time zone of whoever reads them."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.template import TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from campus.notices.kinds import Context, Kind, kind_of
from campus.notices.models import DeadAddress, Mail, Preference
from campus.ui.context import SITE_NAME

UNSUBSCRIBE_SALT = "campus.notices.unsubscribe"


class NotNeeded(Exception):
    """Why a mail is not sent after all."""

    def __init__(self, reason: str, *, is_dead_address: bool = False) -> None:
        super().__init__(reason)
        self.is_dead_address = is_dead_address


@dataclass(frozen=True)
class Envelope:
    """A mail ready to be sent. sender: where it goes back to when it can't be delivered."""

    uid: str
    sender: str
    address: str
    message: EmailMessage


@dataclass(frozen=True)
class Reader:
    """Who reads a mail."""

    address: str
    name: str
    language: str
    time_zone: str
    person_id: int | None


def headline(kind: str, context: Context) -> str:
    """One line in the language that is active now; unknown kinds (an app that is gone) show their name."""
    try:
        return _one_line(_text(kind_of(kind).template(".subject.txt"), context))
    except ValueError:
        return kind


def subject_of(kind: str) -> str:
    """What the notice is about in a word or two: its group's name; nothing for a kind whose app is gone."""
    try:
        return str(kind_of(kind).group.label)
    except ValueError:
        return ""


def reader_of(mail: Mail) -> Reader:
    """The person as they are now; for addresses without an account what the mail says."""
    if person := mail.person:
        return Reader(person.email, person.name, person.language, person.time_zone, person.pk)
    return Reader(mail.address, mail.name, mail.language, mail.time_zone, None)


def compose(mail: Mail) -> Envelope:
    """Write the mail as things stand now; NotNeeded says why it isn't wanted any more."""
    kind, reader = kind_of(mail.kind), reader_of(mail)
    _check_need(mail, kind, reader)
    with translation.override(reader.language), timezone.override(ZoneInfo(reader.time_zone)):
        message = write(kind, mail.context, url=mail.url, reader=reader)
    message["Message-ID"] = message_id(mail)
    return Envelope(str(mail.uid), sender_of(mail), reader.address, message)


def write(kind: Kind, context: Context, *, url: str, reader: Reader) -> EmailMessage:
    """The mail in the language and zone that are active now."""
    known = kind.more(context | {"reader_id": reader.person_id}) | {
        "name": reader.name,
        "url": settings.SITE_URL + url if url.startswith("/") else url,
        "site_name": SITE_NAME,
        "site_url": settings.SITE_URL,
        "unsubscribe_url": _unsubscribe_url(kind, reader),
        "group": kind.group.label,
    }
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(_text(kind.template(".subject.txt"), known))
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = Address(_one_line(reader.name), addr_spec=reader.address)
    message["Date"] = format_datetime(timezone.now())
    message["Auto-Submitted"] = "auto-generated"  # So that nobody's holiday answers it (RFC 3834).
    if known["unsubscribe_url"]:
        message["List-Unsubscribe"] = f"<{known['unsubscribe_url']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    body = _text(kind.template(".txt"), known).strip()
    message.set_content(_text(kind.layout, known | {"body": body}))
    message["Content-Language"] = reader.language
    if html := _html(kind, known):
        message.add_alternative(html, subtype="html")
    return message


def message_id(mail: Mail) -> str:
    """The same for every attempt at the mail, so that a double is recognised wherever it may come from."""
    return f"<{mail.uid}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2] or 'localhost'}>"


def sender_of(mail: Mail) -> str:
    """The envelope's sender: BOUNCE_ADDRESS with the mail's number in it (VERP), else the visible sender."""
    if not settings.ENVIRONMENT.bounce_address:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _, domain = settings.ENVIRONMENT.bounce_address.rpartition("@")
    return f"{local}+{mail.uid.hex}@{domain}"


def read_unsubscribe_key(key: str) -> tuple[int, str]:
    """Person and group of a link to unsubscribe; signing.BadSignature for anything else."""
    person_id, group = signing.loads(key, salt=UNSUBSCRIBE_SALT)
    return int(person_id), str(group)


def _unsubscribe_url(kind: Kind, reader: Reader) -> str:
    if kind.is_essential or reader.person_id is None:
        return ""
    key = signing.dumps([reader.person_id, kind.group.key], salt=UNSUBSCRIBE_SALT)
    # In the query, which no log keeps.
    return f"{settings.SITE_URL}{reverse('notices:unsubscribe')}?key={key}"


def _check_need(mail: Mail, kind: Kind, reader: Reader) -> None:
    if mail.expires_at and mail.expires_at < timezone.now():
        raise NotNeeded("expired")
    if mail.person and not mail.person.is_active:
        raise NotNeeded("deactivated")
    if not kind.is_essential and reader.person_id is not None:
        off = Preference.objects.filter(person=reader.person_id, group=kind.group.key, by_mail=False)
        if off.exists():
            raise NotNeeded("unsubscribed")
    if dead := DeadAddress.objects.among([reader.address]).first():
        raise NotNeeded(dead.code, is_dead_address=True)


def _text(template: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped in it."""
    return str(engines["text"].get_template(template).render(context))


def _html(kind: Kind, context: dict[str, Any]) -> str:
    """The same as HTML, for kinds that have such a template."""
    try:
        return str(render_to_string(kind.template(".html"), context))
    except TemplateDoesNotExist as missing:
        if str(missing) != kind.template(".html"):
            raise
        return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
