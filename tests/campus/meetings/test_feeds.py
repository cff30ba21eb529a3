"""Calendars: what they hold, and that a key opens one person's only, until it is revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from icalendar import Calendar

from campus.cohorts.models import EnrolmentState
from campus.meetings.actions import cancel, sign_up
from campus.meetings.feeds import SALT, end_feed, feed_address, new_feed
from campus.meetings.models import Feed, Meeting
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.meetings.conftest import ROOM

pytestmark = pytest.mark.django_db


def path_of(person: Person) -> str:
    new_feed(person)
    address = feed_address(person)
    assert address is not None
    return address.removeprefix("http://127.0.0.1:8000")


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_a_feed_holds_the_meetings_that_one_signed_up_for(meeting: Meeting, small: Meeting, learner: Person) -> None:
    sign_up(meeting, person=learner)
    answer = Client().get(path_of(learner))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(answer.content)
    assert (str(event["summary"]), str(event["status"]), str(event["location"])) == (
        "需要予測の勉強会",
        "CONFIRMED",
        ROOM,
    )
    assert abs(event["dtstart"].dt - meeting.starts_at) < timedelta(seconds=1)
    assert abs(event["dtend"].dt - meeting.ends_at) < timedelta(seconds=1)
    assert str(event["uid"]) == f"meeting-{meeting.pk}@127.0.0.1"


def test_who_waits_sees_it_as_tentative_without_the_room(small: Meeting, learner: Person, mate: Person) -> None:
    for person in (mate, learner):
        sign_up(small, person=person)
    (event,) = events(Client().get(path_of(learner)).content)
    assert (str(event["status"]), "location" in event) == ("TENTATIVE", False)
    assert "キャンセル待ち" in str(event["summary"])


def test_a_cancelled_meeting_is_cancelled_in_the_calendar(meeting: Meeting, organiser: Person, learner: Person) -> None:
    sign_up(meeting, person=learner)
    cancel(meeting, actor=organiser)
    (event,) = events(Client().get(path_of(learner)).content)
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)


def test_who_left_the_cohort_sees_its_meetings_no_more(meeting: Meeting, learner: Person) -> None:
    sign_up(meeting, person=learner)
    learner.enrolments.update(state=EnrolmentState.WITHDRAWN)
    assert events(Client().get(path_of(learner)).content) == []


def test_a_new_address_or_switching_off_ends_the_earlier_one(learner: Person) -> None:
    first = path_of(learner)
    second = path_of(learner)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    end_feed(learner)
    assert Client().get(second).status_code == 404
    assert feed_address(learner) is None


def test_keys_that_are_forged_foreign_or_of_the_deactivated_open_nothing(learner: Person, mate: Person) -> None:
    path = path_of(learner)
    new_feed(mate)
    number = Feed.objects.get(person=learner).number.hex
    foreign = signing.dumps([mate.pk, number], salt=SALT)
    other_salt = signing.dumps([learner.pk, number])
    for key in ("", "x", foreign, other_salt, signing.dumps([learner.pk, "no number"], salt=SALT)):
        assert Client().get("/meetings/feed.ics", {"key": key}).status_code == 404
    Person.objects.filter(pk=learner.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_one_meeting_can_be_downloaded_with_its_room_by_those_who_have_a_place(
    meeting: Meeting, learner: Person, mate: Person
) -> None:
    sign_up(meeting, person=learner)
    path = f"{meeting.path}meeting.ics"
    (own,) = events(signed_in(learner).get(path).content)
    (others,) = events(signed_in(mate).get(path).content)
    assert str(own["location"]) == ROOM
    assert "location" not in others


def test_the_address_is_made_and_switched_off_on_a_page(learner: Person) -> None:
    client = signed_in(learner)
    assert "/meetings/feed.ics" not in client.get("/meetings/calendar/").content.decode()
    page = client.post("/meetings/calendar/new/", follow=True).content.decode()
    assert "/meetings/feed.ics?key=" in page
    client.post("/meetings/calendar/end/")
    assert not Feed.objects.exists()
    assert Client().get("/meetings/calendar/")["Location"].startswith("/accounts/login/")
