"""allauth's mails go the same way as all others."""

import pytest
from django.core.mail import get_connection, send_mail
from django.utils import translation

from campus.notices import kinds, postage
from campus.notices.models import Mail, MailState
from campus.notices.notices import READY
from tests.campus.notices.server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_ready(monkeypatch: pytest.MonkeyPatch, known_kinds: None) -> None:
    monkeypatch.setitem(kinds._kinds, READY.name, READY)


def test_a_librarys_mail_is_owed_and_sent_as_it_was_written(mail_server: MailServer) -> None:
    with translation.override("en"):
        connection = get_connection("campus.notices.backend.OwedMail")
        send_mail(
            "Set a <new> password",
            "Open & set:\nhttp://x/reset/secret/\n",
            None,
            ["a@example.org"],
            connection=connection,
        )
    mail = Mail.objects.get()
    assert (mail.state, mail.is_urgent, mail.language) == (MailState.WAITING, True, "en")

    postage.deliver()

    message = mail_server.accepted[0]
    assert message["Subject"] == "Set a <new> password"
    assert message.get_content().strip().replace("\r\n", "\n") == "Open & set:\nhttp://x/reset/secret/"
    mail.refresh_from_db()
    assert (mail.state, mail.context) == (MailState.SENT, {})  # The link lets somebody in: it is not kept.
