"""The way of a mail: sent exactly once, whatever breaks on the way."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from campus.notices import postage
from campus.notices.actions import notify, send_again
from campus.notices.kinds import Group, register
from campus.notices.models import DeadAddress, Mail, MailState
from campus.notices.transports import open_post
from campus.people.models import Person
from tests.campus.cast import make_person
from tests.campus.notices.server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(db: None) -> list[Person]:
    return [make_person(name) for name in ("Ai", "Bo", "Chi")]


def owe(readers: list[Person], kind: str = "test.vital", **fields: Any) -> None:
    notify(kind=kind, to=readers, **fields)


def states() -> dict[str, str]:
    return {mail.person.name: mail.state for mail in Mail.objects.select_related("person") if mail.person}


def died_while_sending(*, handed: bool) -> None:
    """Take all mails as a sender does that is then killed; its lease is over."""
    for turn in postage.take():
        if handed:
            postage.mark_handed(turn, address="ai@example.org")
    Mail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_mails_become_files_named_by_their_number(readers: list[Person], mail_folder: Path) -> None:
    owe(readers)
    assert not postage.deliver()
    assert set(states().values()) == {MailState.SENT}
    assert sorted(path.name for path in mail_folder.iterdir()) == sorted(
        f"{mail.uid}.eml" for mail in Mail.objects.all()
    )


def test_mails_go_out_by_smtp_over_one_connection(readers: list[Person], mail_server: MailServer) -> None:
    owe(readers)
    postage.deliver()
    assert mail_server.addresses() == ["ai@example.org", "bo@example.org", "chi@example.org"]
    assert set(states().values()) == {MailState.SENT}
    mail = Mail.objects.get(address="ai@example.org")
    assert mail_server.accepted[0]["Message-ID"] == f"<{mail.uid}@localhost>"
    assert mail.handed_at is not None
    assert mail.sent_at is not None
    assert mail.handed_at <= mail.sent_at


def test_lines_that_begin_with_a_dot_arrive_whole(readers: list[Person], mail_server: MailServer) -> None:
    readers[0].name = ".dot"
    readers[0].language = "en"
    readers[0].save()
    owe(readers[:1])
    postage.deliver()
    assert mail_server.accepted[0].get_content().startswith("Dear .dot,")


def test_two_senders_never_take_the_same_mail(readers: list[Person]) -> None:
    owe(readers)
    assert len(postage.take()) == 3
    assert postage.take() == []


def test_a_sender_that_died_before_handing_over_left_nothing_sent(
    readers: list[Person], mail_server: MailServer
) -> None:
    owe(readers)
    died_while_sending(handed=False)
    postage.sweep()
    assert set(states().values()) == {MailState.WAITING}
    postage.deliver()
    assert mail_server.addresses() == ["ai@example.org", "bo@example.org", "chi@example.org"]


def test_a_sender_that_died_after_handing_over_leaves_it_unclear_and_nothing_is_sent_twice(
    readers: list[Person], mail_server: MailServer
) -> None:
    owe(readers[:1])
    died_while_sending(handed=True)
    postage.sweep()
    postage.deliver()
    assert states() == {"Ai": MailState.UNCLEAR}
    assert mail_server.accepted == []


def test_a_file_may_be_written_twice_so_nothing_is_unclear(readers: list[Person], mail_folder: Path) -> None:
    owe(readers[:1])
    turns = postage.take()
    with open_post() as post:
        postage.send(turns[0], post)
    Mail.objects.update(state=MailState.SENDING, lease_until=timezone.now() - timedelta(seconds=1))
    postage.sweep()
    postage.deliver()
    assert states() == {"Ai": MailState.SENT}
    assert len(list(mail_folder.iterdir())) == 1


def test_a_late_sender_whose_mail_was_taken_over_does_not_send(readers: list[Person], mail_server: MailServer) -> None:
    owe(readers[:1])
    late = postage.take()[0]
    Mail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    postage.sweep()
    with open_post() as post:
        postage.send(late, post)
        assert mail_server.accepted == []
        postage.send(postage.take()[0], post)
    assert mail_server.addresses() == ["ai@example.org"]


def test_an_answer_after_the_lease_still_resolves_what_was_unclear(readers: list[Person]) -> None:
    owe(readers[:1])
    turn = postage.take()[0]
    Mail.objects.update(state=MailState.UNCLEAR)
    assert postage.record(turn, MailState.SENT)
    assert states() == {"Ai": MailState.SENT}


def test_a_connection_that_breaks_after_the_dot_leaves_it_unclear(
    readers: list[Person], mail_server: MailServer
) -> None:
    mail_server.to_dot["ai@example.org"] = "hang up"
    owe(readers[:2])
    postage.deliver()
    assert states() == {"Ai": MailState.UNCLEAR, "Bo": MailState.SENT}


def test_an_address_that_does_not_exist_bounces_and_is_not_written_to_again(
    readers: list[Person], mail_server: MailServer
) -> None:
    mail_server.to_rcpt["ai@example.org"] = "550 5.1.1 <ai@example.org>: no such person"
    owe(readers[:2])
    postage.deliver()
    assert states() == {"Ai": MailState.BOUNCED, "Bo": MailState.SENT}
    assert DeadAddress.objects.values_list("address", "code").get() == ("ai@example.org", "550 5.1.1")

    del mail_server.to_rcpt["ai@example.org"]
    owe(readers[:1], key="again")
    postage.deliver()
    assert Mail.objects.get(key="again").state == MailState.BOUNCED
    assert mail_server.addresses() == ["bo@example.org"]


def test_a_mail_that_the_server_does_not_want_says_nothing_about_the_address(
    readers: list[Person], mail_server: MailServer
) -> None:
    mail_server.to_dot["ai@example.org"] = "554 5.7.1 looks like spam"
    mail_server.to_rcpt["bo@example.org"] = "550 5.7.1 not from you"
    owe(readers[:2])
    postage.deliver()
    assert states() == {"Ai": MailState.FAILED, "Bo": MailState.FAILED}
    assert not DeadAddress.objects.exists()


def test_a_refusal_for_the_time_being_is_tried_again_later_and_not_for_ever(
    readers: list[Person], mail_server: MailServer
) -> None:
    mail_server.to_rcpt["ai@example.org"] = "450 4.2.1 busy"
    owe(readers[:1])
    postage.deliver()
    mail = Mail.objects.get()
    assert (mail.state, mail.attempt, mail.problem) == (MailState.WAITING, 1, "450 4.2.1")
    assert timedelta(seconds=50) < mail.due_at - timezone.now() <= timedelta(minutes=1)

    for _ in postage.PAUSES:
        Mail.objects.update(due_at=timezone.now())
        postage.deliver()
    assert states() == {"Ai": MailState.FAILED}


def test_while_the_server_is_away_everything_waits(
    readers: list[Person], mail_server: MailServer, settings: Any
) -> None:
    right = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    owe(readers)
    postage.deliver()
    assert [(mail.state, mail.attempt) for mail in Mail.objects.all()] == [(MailState.WAITING, 0)] * 3

    settings.EMAIL_PORT = right
    Mail.objects.update(due_at=timezone.now())
    postage.deliver()
    assert len(mail_server.accepted) == 3


def test_no_more_than_the_limit_goes_out_in_a_minute_but_urgent_mails_do(
    readers: list[Person], mail_server: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "mails_per_minute", 2)
    owe(readers)
    postage.deliver()
    assert mail_server.addresses() == ["ai@example.org", "bo@example.org"]

    Mail.objects.create(person=readers[0], kind="test.vital", is_urgent=True)
    postage.deliver()
    assert len(mail_server.accepted) == 3

    Mail.objects.update(taken_at=timezone.now() - timedelta(minutes=2))
    postage.deliver()
    assert mail_server.addresses()[-1] == "chi@example.org"


def test_a_text_that_can_not_be_written_holds_up_nobody_else(
    readers: list[Person], mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    owe(readers[:1], kind="test.invited", context={"starts_at": 5})
    owe(readers[1:2])
    postage.deliver()
    assert states() == {"Ai": MailState.WAITING, "Bo": MailState.SENT}
    assert "could not be written" in caplog.text
    assert "example.org" not in caplog.text


def test_a_secret_is_kept_no_longer_than_it_is_needed(readers: list[Person]) -> None:
    register("test.secret", group=Group("keys", "Keys"), is_secret=True)
    Mail.objects.create(person=readers[0], kind="test.secret", context={"code": "1234"}, url="/let-me-in/1234/")
    postage.deliver()
    mail = Mail.objects.get()
    assert (mail.state, mail.context, mail.url) == (MailState.SENT, {}, "")
    assert not send_again(mail)
