"""Telling people: once each, as they want to hear it, inside the caller's transaction."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from campus.live.models import Hint
from campus.notices.actions import (
    Letter,
    choose,
    clear_address,
    mark_all_read,
    mark_read,
    notify,
    send_again,
    write_mail,
)
from campus.notices.models import DeadAddress, Mail, MailState, Notice
from campus.notices.queries import bell_of
from campus.people.models import Person
from tests.campus.cast import make_person

pytestmark = pytest.mark.django_db


def told(person: Person) -> tuple[int, int]:
    """Notices and mails of the person."""
    return person.notices.count(), person.mails.count()


def test_each_is_told_once_in_the_page_and_by_mail(learner: Person, mate: Person, mentor: Person) -> None:
    notify(kind="test.invited", to=[learner, mate, learner], context={"title": {"ja": "会"}}, url="/x/", key="party:1")
    notify(kind="test.invited", to=[mate, mentor], context={"title": {"ja": "会"}}, url="/x/", key="party:1")

    assert [told(person) for person in (learner, mate, mentor)] == [(1, 1), (1, 1), (1, 1)]
    notice = learner.notices.get()
    assert (notice.kind, notice.context, notice.url, notice.read_at) == (
        "test.invited",
        {"title": {"ja": "会"}},
        "/x/",
        None,
    )


def test_without_a_key_the_same_is_told_again(learner: Person) -> None:
    for _ in range(2):
        notify(kind="test.invited", to=[learner], mail=False)
    assert told(learner) == (2, 0)


def test_what_the_transaction_takes_back_was_never_said(learner: Person) -> None:
    with transaction.atomic():
        notify(kind="test.invited", to=[learner])
        transaction.set_rollback(True)
    assert told(learner) == (0, 0)
    assert not Hint.objects.exists()


def test_people_hear_of_optional_things_as_they_want(learner: Person, mate: Person) -> None:
    choose(person=learner, group="party", in_page=True, by_mail=False)
    choose(person=mate, group="party", in_page=False, by_mail=True)

    notify(kind="test.invited", to=[learner, mate])
    assert [told(learner), told(mate)] == [(1, 0), (0, 1)]

    notify(kind="test.vital", to=[learner, mate])
    assert [told(learner), told(mate)] == [(2, 1), (1, 2)]


def test_the_deactivated_hear_nothing(learner: Person) -> None:
    learner.is_active = False
    notify(kind="test.vital", to=[learner])
    assert told(learner) == (0, 0)


def test_a_kind_that_nobody_registered_is_refused(learner: Person) -> None:
    with pytest.raises(ValueError, match=r"no app registered the kind of notices 'test\.nothing'"):
        notify(kind="test.nothing", to=[learner])


def test_two_thousand_are_told_in_a_few_statements(cohort: Any, django_assert_max_num_queries: Any) -> None:
    people = [Person(email=f"p{number}@example.org", name="P") for number in range(2000)]
    Person.objects.bulk_create(people)
    with django_assert_max_num_queries(12):
        notify(kind="test.invited", to=Person.objects.filter(email__startswith="p"), key="party:1")
    assert (Notice.objects.count(), Mail.objects.count()) == (2000, 2000)


def test_open_pages_are_told_how_many_are_unread(learner: Person) -> None:
    notify(kind="test.invited", to=[learner], mail=False)
    notify(kind="test.invited", to=[learner], mail=False)
    mark_read(person=learner, notice_id=learner.notices.earliest("pk").pk)

    hints = Hint.objects.filter(key=f"person:{learner.pk}", kind="notices").order_by("pk")
    assert [hint.payload for hint in hints] == [{"unread": 1}, {"unread": 2}, {"unread": 1}]
    assert bell_of(learner).unread == 1


def test_nobody_reads_for_somebody_else(learner: Person, mate: Person) -> None:
    notify(kind="test.invited", to=[learner], mail=False)
    mark_read(person=mate, notice_id=learner.notices.get().pk)
    mark_all_read(person=mate, until=timezone.now())
    assert learner.notices.unread().count() == 1


def test_what_came_after_the_page_was_made_stays_unread(learner: Person) -> None:
    notify(kind="test.invited", to=[learner], mail=False)
    seen = timezone.now()
    notify(kind="test.vital", to=[learner], mail=False)
    mark_all_read(person=learner, until=seen)
    assert [notice.kind for notice in learner.notices.unread()] == ["test.vital"]


def test_addresses_without_an_account_get_mails_of_their_own(db: None) -> None:
    letters = [
        Letter("A@Example.org", name="甲", url="/invitations/a/", key="invitation:1"),
        Letter("b@example.org", language="en", url="/invitations/b/", key="invitation:2"),
    ]
    first = write_mail(kind="test.vital", letters=letters)
    again = write_mail(kind="test.vital", letters=[Letter("a@example.org", key="invitation:1"), letters[1]])

    assert [mail.pk for mail in again] == [mail.pk for mail in first]
    assert [(mail.address, mail.name, mail.language, mail.url) for mail in first] == [
        ("A@Example.org", "甲", "ja", "/invitations/a/"),
        ("b@example.org", "", "en", "/invitations/b/"),
    ]


def test_a_mail_is_sent_again_only_once_it_has_ended(learner: Person) -> None:
    notify(kind="test.vital", to=[learner])
    mail = learner.mails.get()
    assert not send_again(mail)

    Mail.objects.update(state=MailState.UNCLEAR, attempt=3, handed_at=timezone.now() - timedelta(hours=1))
    assert send_again(mail)
    mail.refresh_from_db()
    assert (mail.state, mail.attempt, mail.handed_at) == (MailState.WAITING, 0, None)


def test_a_dead_address_can_be_cleared(db: None) -> None:
    make_person("Gone")
    DeadAddress.objects.create(address="gone@example.org", code="550 5.1.1")
    assert clear_address("Gone@example.org")
    assert not clear_address("Gone@example.org")
