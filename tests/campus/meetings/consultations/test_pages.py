"""Pages of consultations for each who has to do with them, and to whom they don't exist."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Role
from campus.meetings.consultations.actions import book, cancel
from campus.meetings.feeds import calendar_of
from campus.meetings.models import Audience, Booking, Slot
from campus.people.archive import build_copy, request_copy
from campus.people.erasure import erase
from campus.people.models import Person
from campus.submissions.models import Owner
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.meetings.consultations.conftest import ROOM, in_hours

pytestmark = pytest.mark.django_db
COHORT = "/cohorts/spring/"
LIST, DESK = f"{COHORT}consultations/", f"{COHORT}desk/consultations/"
BY_MENTOR = f"{DESK}mentors/"
QUESTION = "欠品した日の扱いで迷っています。"


@pytest.fixture
def booked(slot: Slot, for_team: Owner) -> Booking:
    return book(slot=slot, owner=for_team, question=QUESTION)


@pytest.fixture
def foreign_mentor(other_cohort: Cohort) -> Person:
    person = make_person("Mukan")
    enrol(person, other_cohort, Role.MENTOR)
    return person


# --- Who may not ---


def test_only_learners_find_the_list_and_only_mentors_and_organisers_the_desk(
    slot: Slot,
    learner: Person,
    facilitator: Person,
    outsider: Person,
    foreign_mentor: Person,
    mentor: Person,
    organiser: Person,
    client: Client,
) -> None:
    def statuses(address: str, people: list[Person]) -> list[int]:
        return [signed_in(one).get(address).status_code for one in people]

    assert statuses(LIST, [learner, facilitator, outsider, foreign_mentor, mentor]) == [200, 404, 404, 404, 404]
    assert statuses(DESK, [mentor, organiser, learner, facilitator, foreign_mentor]) == [200, 200, 404, 404, 404]
    assert statuses(BY_MENTOR, [mentor, organiser, learner, facilitator]) == [404, 200, 404, 404]
    assert statuses(f"{DESK}new/", [mentor, organiser, learner, foreign_mentor]) == [200, 404, 404, 404]
    for address in (LIST, DESK, slot.path):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_checkbox_of_a_time_is_called_as_its_row_is(slot: Slot, mentor: Person) -> None:
    page = signed_in(mentor).get(DESK).content.decode()
    assert re.search(r"\d+年\d+月\d+日\(.\) \d\d:\d\d JSTを選択", page)


def test_times_of_one_day_stand_under_one_heading(offered: Callable[..., Slot], learner: Person) -> None:
    morning = (timezone.localtime() + timedelta(days=3)).replace(hour=10)
    for starts_at in (morning, morning + timedelta(hours=1), morning + timedelta(days=1)):
        offered(starts_at=starts_at)
    page = signed_in(learner).get(LIST).content.decode()
    assert page.count("<h3>") == 2


def test_what_is_booked_is_between_the_team_the_mentor_and_the_organiser(
    booked: Booking,
    learner: Person,
    mate: Person,
    mentor: Person,
    organiser: Person,
    facilitator: Person,
    outsider: Person,
    other_mentor: Enrolment,
    cohort: Cohort,
) -> None:
    other_learner = enrol(make_person("Saburo"), cohort).person
    page, calendar = booked.slot.path, f"{booked.slot.path}consultation.ics"
    for person in (learner, mate, mentor, organiser):
        text = signed_in(person).get(page).text
        assert QUESTION in text
        assert ROOM in text
    for person in (facilitator, outsider, other_mentor.person, other_learner):
        client = signed_in(person)
        assert [client.get(one).status_code for one in (page, calendar)] == [404, 404]
        assert [client.post(f"{page}{what}/").status_code for what in ("cancel", "call-off", "room", "move")] == [
            404
        ] * 4
    assert signed_in(organiser).get(calendar).status_code == 404
    for person in (learner, mate):
        assert [signed_in(person).post(f"{page}{what}/").status_code for what in ("call-off", "room", "move")] == [
            404
        ] * 3
    for person in (mentor, organiser):
        assert signed_in(person).post(f"{page}cancel/").status_code == 404
    assert Booking.objects.in_force().get() == booked


def test_a_mentor_changes_her_own_times_only(slot: Slot, other_mentor: Enrolment, learner: Person) -> None:
    signed_in(other_mentor.person).post(f"{DESK}withdraw/", {"selected": [slot.pk]})
    assert signed_in(learner).post(f"{DESK}withdraw/", {"selected": [slot.pk]}).status_code == 404
    assert signed_in(other_mentor.person).post(f"{DESK}notice/", {"hours": 1}).status_code == 404
    assert Slot.objects.standing().get() == slot


# --- Mentors ---


def filled(**changes: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=3)
    return {"starts_at": f"{day}T19:30", "minutes": 30, "until": "", "audience": "everybody", "url": ROOM} | changes


def test_a_mentor_offers_each_week_and_sees_who_booked(
    mentor: Person, as_mentor: Enrolment, cohort: Cohort, enrolment: Enrolment
) -> None:
    browser = signed_in(mentor)
    until = timezone.localdate() + timedelta(days=3 + 14)
    assert browser.post(f"{DESK}new/", filled(until=str(until)))["Location"] == DESK
    slots = list(Slot.objects.order_by("starts_at"))
    assert {timezone.localtime(one.starts_at).strftime("%H:%M") for one in slots} == {"19:30"}
    book(slot=slots[0], owner=Owner(enrolment=enrolment), question=QUESTION)
    text = browser.get(DESK).text
    assert "Hanako" in text
    browser.post(f"{DESK}withdraw/", {"selected": [one.pk for one in slots]})
    assert Slot.objects.standing().count() == 1
    assert "取り下げ" in browser.get(f"{DESK}?which=withdrawn").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": "2020-01-01T10:00"}, "starts_at"),
        ({"minutes": 5}, "minutes"),
        ({"url": "http://meet.example.org/"}, "url"),
        ({"url": ""}, "url"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2099-01-01"}, "until"),
        ({"audience": "nobody"}, "audience"),
    ],
)
def test_a_wrong_time_is_explained_and_nothing_typed_is_lost(mentor: Person, wrong: dict[str, Any], field: str) -> None:
    answer = signed_in(mentor).post(f"{DESK}new/", filled(**wrong))
    assert list(answer.context["form"].errors) == [field]
    assert "19:30" in answer.text or "starts_at" in wrong
    assert not Slot.objects.exists()


def test_a_time_that_overlaps_is_refused_at_its_field(mentor: Person) -> None:
    browser = signed_in(mentor)
    browser.post(f"{DESK}new/", filled())
    answer = browser.post(f"{DESK}new/", filled(minutes=60))
    assert "重なります" in str(answer.context["form"].errors["starts_at"])
    assert Slot.objects.count() == 1


def test_a_mentor_moves_the_room_and_calls_off(booked: Booking, mentor: Person, learner: Person) -> None:
    browser, page = signed_in(mentor), booked.slot.path
    assert browser.post(f"{page}room/", {"url": "http://x.example"}).status_code == 422
    browser.post(f"{page}room/", {"url": f"{ROOM}/2"})
    assert f"{ROOM}/2" in signed_in(learner).get(page).text
    assert browser.post(f"{page}call-off/")["Location"] == DESK
    assert signed_in(learner).get(page).status_code == 404
    assert "取り下げられました" in browser.get(page).text


def test_a_mentor_moves_a_booked_time_and_the_calendars_follow(
    booked: Booking, mentor: Person, mate: Person, team: Team
) -> None:
    browser, page = signed_in(mentor), booked.slot.path
    day = timezone.localdate() + timedelta(days=5)
    refused = browser.post(f"{page}move/", {"starts_at": "2020-01-01T10:00", "minutes": 30})
    assert (refused.status_code, list(refused.context["move_form"].errors)) == (422, ["starts_at"])
    assert QUESTION in refused.text
    assert browser.post(f"{page}move/", {"starts_at": f"{day}T20:15", "minutes": 45})["Location"] == page
    (event,) = Calendar.from_ical(calendar_of(mate)).walk("VEVENT")
    assert (f"{timezone.localtime(event['dtstart'].dt):%Y-%m-%d %H:%M}", event["sequence"]) == (f"{day} 20:15", 1)
    assert str(event["uid"]).startswith(f"consultation-{booked.pk}@")
    assert "予約のあとで日時が変わりました" in signed_in(mate).get(page).text
    assert "20:15" in signed_in(mate).get(f"{COHORT}teams/{team.pk}/").text


def test_both_sides_find_the_next_consultation_at_home(
    booked: Booking, offered: Callable[..., Slot], mate: Person, mentor: Person, outsider: Person
) -> None:
    link = f'href="{booked.slot.path}"'
    offered(hours=60)
    assert link in signed_in(mate).get("/").text
    part = signed_in(mentor).get(f"{COHORT}at-home/queue/", headers={"HX-Request": "true"})
    assert link in part.text
    assert (part.context["judging"].free, QUESTION in part.text) == (1, True)
    assert link not in signed_in(outsider).get("/").text


# --- Learners ---


def test_a_learner_books_for_her_team_and_both_find_it(
    slot: Slot, learner: Person, mate: Person, mentor: Person, team: Team
) -> None:
    browser = signed_in(learner)
    text = browser.get(LIST).text
    assert f'href="{slot.path}"' in text
    assert ROOM not in browser.get(slot.path).text
    answer = browser.post(slot.path, {"whom": f"team:{team.pk}", "question": " "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["question"])
    assert browser.post(slot.path, {"whom": f"team:{team.pk}", "question": QUESTION})["Location"] == slot.path
    for person in (learner, mate, mentor):
        assert f'href="{slot.path}"' in signed_in(person).get(COHORT).text
    assert f'href="{slot.path}"' in signed_in(mate).get(f"{COHORT}teams/{team.pk}/").text
    assert QUESTION in signed_in(mate).get(LIST).text
    signed_in(mate).post(f"{slot.path}cancel/")
    assert not Booking.objects.in_force().exists()


def test_who_is_in_no_team_books_for_herself_without_being_asked(slot: Slot, mate: Person) -> None:
    signed_in(mate).post(slot.path, {"question": QUESTION})
    booking = Booking.objects.get()
    assert (booking.enrolment.person, booking.team) == (mate, None)


def test_nobody_books_for_a_team_that_is_not_hers_or_not_meant(
    offered: Callable[..., Slot], learner: Person, mate: Person, team: Team, cohort: Cohort
) -> None:
    stranger = enrol(make_person("Saburo"), cohort).person
    for_all, single = offered(), offered(hours=60, audience=Audience.SINGLE)
    for person, slot in ((stranger, for_all), (learner, single)):
        answer = signed_in(person).post(slot.path, {"whom": f"team:{team.pk}", "question": QUESTION})
        assert list(answer.context["form"].errors) == ["whom"]
    assert not Booking.objects.exists()


def test_a_time_that_was_taken_meanwhile_says_so_and_keeps_the_question(
    offered: Callable[..., Slot], learner: Person, alone: Owner
) -> None:
    for hours in (50, 60):
        book(slot=offered(hours=hours), owner=alone, question=QUESTION)
    third = offered(hours=70)
    answer = signed_in(learner).post(third.path, {"question": "もう1つ"})
    assert answer.status_code == 422
    assert "2件" in answer.text
    assert "もう1つ" in answer.text


def test_too_late_is_said_instead_of_a_form_or_a_button(
    slot: Slot, offered: Callable[..., Slot], alone: Owner, learner: Person
) -> None:
    book(slot=slot, owner=alone, question=QUESTION)
    browser, free = signed_in(learner), offered(hours=60)
    for one in (slot, free):
        in_hours(one, 5)
    assert "予約は締め切りました" in browser.get(free.path).text
    assert f"{slot.path}cancel/" not in browser.get(slot.path).text
    browser.post(f"{slot.path}cancel/")
    assert Booking.objects.in_force().exists()


# --- Organisers ---


def test_an_organiser_sees_every_mentors_load_and_calls_off_for_her(
    booked: Booking, organiser: Person, other_mentor: Enrolment
) -> None:
    browser = signed_in(organiser)
    (load,) = browser.get(BY_MENTOR, {"mentor": "minoru"}).context["listing"].page
    assert load.mentor == other_mentor
    _header, *lines = browser.get(BY_MENTOR, {"export": "csv", "sort": "-booked"}).text.splitlines()
    assert lines == ["Megumi,0,1,0", "Minoru,0,0,0"]
    browser.post(f"{DESK}notice/", {"hours": 12})
    browser.post(f"{DESK}notice/", {"hours": 1000})
    assert "開始の12時間前" in browser.get(DESK).text
    browser.post(f"{booked.slot.path}call-off/")
    assert AuditEntry.objects.get(action="consultation.called_off").actor == organiser


# --- Calendars, data, queries ---


def test_both_sides_have_it_in_their_calendars(booked: Booking, mate: Person, mentor: Person, learner: Person) -> None:
    cancelled = booked
    for person, name in ((mate, "Megumi"), (mentor, "Team 1")):
        (event,) = Calendar.from_ical(calendar_of(person)).walk("VEVENT")
        assert (str(event["summary"]), str(event["location"])) == (f"相談：{name}", ROOM)
    one = signed_in(mate).get(f"{booked.slot.path}consultation.ics")
    assert ROOM in one.text
    cancel(booking=cancelled, actor=learner)
    (event,) = Calendar.from_ical(calendar_of(mate)).walk("VEVENT")
    assert (str(event["status"]), event["sequence"], "location" in event) == ("CANCELLED", 1, False)


def test_who_leaves_the_site_takes_her_questions_along(
    booked: Booking, offered: Callable[..., Slot], alone: Owner, learner: Person, mentor: Person
) -> None:
    book(slot=offered(hours=60), owner=alone, question=QUESTION)
    build_copy(request_copy(person=learner))
    erase(person=learner)
    erase(person=mentor)
    assert [one.question for one in Booking.objects.all()] == [""]
    assert [one.url for one in Slot.objects.all()] == [""]


def test_pages_ask_the_database_little(
    offered: Callable[..., Slot],
    learner: Person,
    organiser: Person,
    cohort: Cohort,
    team: Team,
    django_assert_max_num_queries: Any,
) -> None:
    slots = [offered(hours=50 + number) for number in range(12)]
    for number, slot in enumerate(slots[:6]):
        book(slot=slot, owner=Owner(enrolment=enrol(make_person(f"P{number}"), cohort)), question=QUESTION)
    for person, path in ((learner, LIST), (learner, slots[-1].path), (organiser, DESK)):
        browser = signed_in(person)
        with django_assert_max_num_queries(28):
            assert browser.get(path).status_code == 200
