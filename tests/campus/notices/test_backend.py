"""allauth's mails go the same way as all others."""

import pytest
from django.core.mail import get_connection, send_mail
from django.utils import translation

from campus.notices import kinds, postage
from campus.notices.models import Mail, MailState
from campus.notices.notices import READY
from campus.people.erasure import erase
from campus.people.personal_data import holdings
from tests.campus.cast import make_person
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


def test_they_are_among_the_data_of_their_reader_and_go_with_the_account() -> None:
    person = make_person("Hanako")
    connection = get_connection("campus.notices.backend.OwedMail")
    send_mail("Your account", "…", None, [person.email.upper(), "a@example.org"], connection=connection)
    assert [row["address"] for row in holdings["mails"].rows(person)] == [person.email.upper()]

    erase(person=person)
    assert Mail.objects.get().address == "a@example.org"
