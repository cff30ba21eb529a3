"""The last step of a mail: into the mail server's hands, or into a file. Each says exactly how far it came."""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from campus.notices.writing import Envelope

SECONDS = 20.0
# These say that the address is wrong, others that the server does not want the mail (RFC 3463, RFC 5321).
DEAD_ADDRESS_STATUS = ("5.1.", "5.2.1")
DEAD_ADDRESS_CODES = (550, 551, 553)


class Refused(Exception):
    """The server won't ever take this mail."""


class AddressRefused(Refused):
    """The server says that the address doesn't exist (any more)."""


class TryLater(Exception):
    """The server won't take this mail for the time being."""


class Unreachable(Exception):
    """There is no talking with the server, and it surely has not taken the mail."""


class Lost(Exception):
    """The connection broke after the mail was handed over and before the server said whether it took it."""


class Post(Protocol):
    """Where mails go."""

    def send(self, envelope: Envelope, *, before_handing_over: Callable[[], None]) -> None:
        """Send it; ``before_handing_over`` is called at the last moment at which it is surely not sent."""


def may_write_twice() -> bool:
    """Whether sending a mail a second time leaves one mail."""
    return bool(settings.MAIL_FOLDER)


@contextlib.contextmanager
def open_post() -> Iterator[Post]:
    """The way that EMAIL_URL names."""
    if settings.MAIL_FOLDER:
        yield FilePost(Path(settings.MAIL_FOLDER))
        return
    post = SmtpPost()
    try:
        yield post
    finally:
        post.close()


class FilePost:
    """One file for each mail, named by its number and complete from the start: a second time changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, envelope: Envelope, *, before_handing_over: Callable[[], None]) -> None:
        unfinished = self._folder / f".{envelope.uid}.{os.getpid()}"
        with open(unfinished, "wb") as file:
            file.write(envelope.message.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        before_handing_over()
        unfinished.replace(self._folder / f"{envelope.uid}.eml")


class SmtpPost:
    """One connection for many mails, opened when it is needed and again after it broke."""

    def __init__(self) -> None:
        self._line: smtplib.SMTP | None = None

    def close(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._line.quit()
        self._drop()

    def send(self, envelope: Envelope, *, before_handing_over: Callable[[], None]) -> None:
        line = self._line or self._connect()
        try:
            self._offer(line, envelope)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(type(error).__name__) from error
        try:
            before_handing_over()
        except BaseException:
            self._drop()  # Without the final dot the server forgets what it got.
            raise
        try:
            line.send(b".\r\n")
            code, text = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Lost from error
        self._judge(code, text)

    def _connect(self) -> smtplib.SMTP:
        own_name = urlsplit(settings.SITE_URL).hostname  # Else smtplib asks the DNS, which may take seconds.
        try:
            if settings.EMAIL_USE_SSL:
                context = ssl.create_default_context()
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.EMAIL_HOST, settings.EMAIL_PORT, own_name, timeout=SECONDS, context=context
                )
            else:
                line = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, own_name, timeout=SECONDS)
            if settings.EMAIL_USE_TLS:
                line.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            line.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(type(error).__name__) from error
        self._line = line
        return line

    def _offer(self, line: smtplib.SMTP, envelope: Envelope) -> None:
        """Give the server all of the mail but the dot that ends it."""
        self._judge(*line.mail(_ascii(envelope.sender)))
        self._judge(*line.rcpt(_ascii(envelope.address)), of_address=True)
        line.putcmd("data")
        code, text = line.getreply()
        if code != 354:
            self._judge(code, text)
            raise Unreachable(f"{code} to DATA")
        line.send(dot_stuffed(envelope.message.as_bytes(policy=SMTP)))

    def _judge(self, code: int, text: bytes, *, of_address: bool = False) -> None:
        """Nothing for a yes; else the exception that says what the answer means."""
        if code < 400:
            return
        answer = said(code, text)
        if code == 421:  # The server ends the connection.
            self._drop()
            raise Unreachable(answer)
        self._reset()
        if code < 500:
            raise TryLater(answer)
        raise AddressRefused(answer) if of_address and means_dead_address(answer) else Refused(answer)

    def _reset(self) -> None:
        try:
            if self._line is not None:
                self._line.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def said(code: int, text: bytes) -> str:
    """Code and enhanced status of an answer, such as ``550 5.1.1``; its words may name the address and are left out."""
    first = text.split(maxsplit=1)[0].decode("ascii", "replace") if text.strip() else ""
    parts = first.split(".")
    is_status = len(parts) == 3 and all(part.isdigit() and len(part) <= 3 for part in parts)
    return f"{code} {first}" if is_status else str(code)


def means_dead_address(answer: str) -> bool:
    """Whether an answer to RCPT says that there is no such address."""
    code, _, status = answer.partition(" ")
    return status.startswith(DEAD_ADDRESS_STATUS) if status else int(code) in DEAD_ADDRESS_CODES


def dot_stuffed(data: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321, 4.5.2); ends with a line break."""
    data = data if data.endswith(b"\r\n") else data + b"\r\n"
    return (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]


def _ascii(address: str) -> str:
    """The address with its domain as DNS knows it; Refused where the part before the @ isn't ASCII."""
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        raise AddressRefused("553 5.6.7")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}"
