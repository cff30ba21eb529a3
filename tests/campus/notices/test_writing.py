"""What a mail says, and to whom it is not sent after all."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone, translation

from campus.notices.actions import Letter, choose, notify, write_mail
from campus.notices.models import DeadAddress, Mail
from campus.notices.writing import NotNeeded, compose, headline, read_unsubscribe_key
from campus.people.models import Person

pytestmark = pytest.mark.django_db
CONTEXT: dict[str, Any] = {
    "title": {"ja": "お花見", "en": "the party"},
    "starts_at": datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
}


def mail_to(person: Person, kind: str = "test.invited", **fields: Any) -> Mail:
    notify(kind=kind, to=[person], context=CONTEXT, url="/meetings/5/", **fields)
    return person.mails.get()


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_a_mail_speaks_the_readers_language_and_time(learner: Person, mate: Person) -> None:
    mate.language, mate.time_zone = "en", "Europe/London"
    mate.save()

    japanese, english = compose(mail_to(learner)).message, compose(mail_to(mate)).message

    assert japanese["Subject"] == "Come to お花見"
    body = text_of(japanese)
    assert body.startswith("Hanako 様\n\nIt begins at 2026年11月24日(火) 10:00 JST. Cost < 5 & fun.\n")
    assert "http://127.0.0.1:8000/meetings/5/" in body
    assert english["Subject"] == "Come to the party"
    assert text_of(english).startswith("Dear Taro,\n\nIt begins at Tue 24 Nov 2026, 01:00 GMT.")
    assert (japanese["Content-Language"], english["Content-Language"]) == ("ja", "en")


def test_the_headline_in_the_page_follows_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert headline("test.invited", CONTEXT) == "Come to the party"
    with translation.override("ja"):
        assert headline("test.invited", CONTEXT) == "Come to お花見"
    assert headline("gone.kind", {}) == "gone.kind"


def test_every_attempt_at_a_mail_has_the_same_number(learner: Person) -> None:
    mail = mail_to(learner)
    assert compose(mail).message["Message-ID"] == compose(mail).message["Message-ID"] == f"<{mail.uid}@localhost>"


def test_bounces_come_back_with_the_mails_number(
    learner: Person, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    mail = mail_to(learner)
    assert compose(mail).sender == "no-reply@localhost"
    monkeypatch.setattr(settings.ENVIRONMENT, "bounce_address", "bounces@quest.example")
    assert compose(mail).sender == f"bounces+{mail.uid.hex}@quest.example"


def test_optional_mails_can_be_unsubscribed_by_one_click(learner: Person) -> None:
    message = compose(mail_to(learner)).message
    address = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_unsubscribe_key(address.partition("?key=")[2]) == (learner.pk, "party")
    assert address in message.get_content()


def test_essential_mails_and_those_to_strangers_can_not(learner: Person) -> None:
    stranger = write_mail(kind="test.invited", letters=[Letter("x@example.org", context=CONTEXT)])[0]
    for mail in (mail_to(learner, "test.vital"), stranger):
        assert "List-Unsubscribe" not in compose(mail).message


def test_a_name_can_not_add_headers(learner: Person) -> None:
    learner.name = "Hana\r\nBcc: all@example.org"
    learner.save()
    message = compose(mail_to(learner)).message
    assert message["Bcc"] is None
    assert message["To"].addresses[0].addr_spec == "hanako@example.org"


@pytest.mark.parametrize("change", ["expired", "deactivated", "unsubscribed"])
def test_what_is_not_wanted_any_more_is_not_sent(learner: Person, change: str) -> None:
    mail = mail_to(learner, expires_at=timezone.now() + timedelta(hours=1))
    if change == "expired":
        Mail.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "deactivated":
        Person.objects.filter(pk=learner.pk).update(is_active=False)
    else:
        choose(person=learner, group="party", in_page=True, by_mail=False)
    with pytest.raises(NotNeeded, match=change):
        compose(Mail.objects.get(pk=mail.pk))


def test_a_dead_address_is_not_written_to_until_it_changes(learner: Person) -> None:
    mail = mail_to(learner)
    DeadAddress.objects.create(address="hanako@example.org", code="550 5.1.1")
    with pytest.raises(NotNeeded, match=r"550 5\.1\.1"):
        compose(mail)

    learner.email = "hanako.new@example.org"
    learner.save()
    assert compose(Mail.objects.get(pk=mail.pk)).address == "hanako.new@example.org"
