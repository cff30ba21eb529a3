"""A real SMTP server that keeps what it accepts and answers as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.stack import free_port


@dataclass
class MailServer:
    """accepted: the messages in order. to_rcpt and to_dot: answers to give instead of 250, by address.

    seconds: how long it thinks about each mail.
    """

    accepted: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    to_rcpt: dict[str, str] = field(default_factory=dict)
    to_dot: dict[str, str] = field(default_factory=dict)
    port: int = 0
    seconds: float = 0.0

    def __enter__(self) -> MailServer:
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[Any]
    ) -> str:
        if answer := self.to_rcpt.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        answer = self.to_dot.get(envelope.rcpt_tos[0], "250 OK")
        if answer == "hang up":
            server.transport.close()
            return "250 too late"
        if answer.startswith("250"):
            self.accepted.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
            self.senders.append(str(envelope.mail_from))
        return answer

    def addresses(self) -> list[str]:
        """Who got something, in order."""
        return [message["To"].addresses[0].addr_spec for message in self.accepted]
