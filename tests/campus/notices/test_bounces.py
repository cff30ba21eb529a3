"""Mails that came back hours later, as other mail servers report them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campus.notices import postage
from campus.notices.actions import notify
from campus.notices.bounces import read_report, record_bounce
from campus.notices.models import DeadAddress, Mail, MailState
from campus.people.models import Person
from tests.campus.notices.server import MailServer

pytestmark = pytest.mark.django_db

# As Postfix writes it; the returned part is a whole message or, from others, its head alone.
REPORT = """Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@quest.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; hanako@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: hello
To: hanako@example.org

--b--
"""


@pytest.fixture
def mail(learner: Person, mail_server: MailServer) -> Mail:
    """Sent, as far as the mail server could tell."""
    notify(kind="test.vital", to=[learner])
    postage.deliver()
    return Mail.objects.get()


def report(
    mail: Mail,
    *,
    to: str = "bounces@quest.example",
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
    message_id: str | None = None,
) -> bytes:
    number = message_id if message_id is not None else f"<{mail.uid}@localhost>"
    return REPORT.format(to=to, action=action, status=status, returned=returned, message_id=number).encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_is_matched_by_the_message_it_gives_back(mail: Mail, returned: str) -> None:
    assert record_bounce(read_report(report(mail, returned=returned))) == mail
    mail.refresh_from_db()
    assert (mail.state, mail.problem) == (MailState.BOUNCED, "5.1.1")
    assert DeadAddress.objects.get().address == "hanako@example.org"


def test_a_bounce_is_matched_by_the_address_it_came_to(mail: Mail) -> None:
    data = report(mail, to=f"bounces+{mail.uid.hex}@quest.example", message_id="")
    assert record_bounce(read_report(data)) == mail


def test_a_full_mailbox_is_shown_but_written_to_again(mail: Mail) -> None:
    assert record_bounce(read_report(report(mail, status="5.2.2"))) == mail
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"action": "delayed", "status": "4.4.1"}, {"action": "delivered", "status": "2.0.0"}, {"message_id": "<x@y>"}],
)
def test_what_is_no_final_failure_of_ours_changes_nothing(mail: Mail, changes: dict[str, str]) -> None:
    assert record_bounce(read_report(report(mail, **changes))) is None
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


@pytest.mark.parametrize(
    "junk", [b"", b"\xff\x00", b"Content-Type: multipart/report; boundary=\n\n--\n", b"a: b\n\nhi"]
)
def test_junk_is_no_bounce(junk: bytes, db: None) -> None:
    assert record_bounce(read_report(junk)) is None


def test_the_command_reads_a_message_from_a_pipe_and_an_mbox(
    mail: Mail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(mail))))
    call_command("bounces", "-", stdout=out)
    assert out.getvalue() == "1 mails came back, 0 messages were something else\n"

    box = tmp_path / "box"
    box.write_bytes(b"From x\n" + report(mail) + b"\nFrom y\nSubject: away\n\nI am on holiday.\n")
    call_command("bounces", str(box), stdout=out)
    assert out.getvalue().endswith("1 mails came back, 1 messages were something else\n")


def test_nothing_personal_is_printed(mail: Mail, capsys: Any, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_bytes(report(mail))
    call_command("bounces", str(file))
    assert "hanako" not in capsys.readouterr().out
