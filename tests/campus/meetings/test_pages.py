"""The agenda, a meeting's page for each reader, and who may not."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.meetings.actions import create, propose, set_policy, sign_up
from campus.meetings.models import Meeting, State
from campus.meetings.views import WRONG_CODES
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.meetings.conftest import ROOM, move, plan

pytestmark = pytest.mark.django_db
AGENDA = "/cohorts/spring/meetings/"
DESK = "/cohorts/spring/desk/meetings/"


def filled(**changes: Any) -> dict[str, Any]:
    tomorrow = timezone.localtime() + timedelta(days=1)
    return {"title": "もくもく会", "starts_at": f"{tomorrow:%Y-%m-%d}T19:30", "minutes": 90} | changes


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def other_class(cohort: Cohort) -> StudyClass:
    return StudyClass.objects.create(cohort=cohort, name="B")


@pytest.fixture
def stranger(cohort: Cohort, other_class: StudyClass) -> Person:
    """A learner of another class."""
    person = make_person("Saburo")
    enrol(person, cohort, study_class=other_class)
    return person


def test_the_agenda_shows_days_in_the_readers_zone(cohort: Cohort, organiser: Person, learner: Person) -> None:
    late = timezone.now().replace(hour=16, minute=0) + timedelta(days=2)  # 1 o'clock of the next day in Tokyo.
    create(cohort=cohort, host=organiser, plan=plan(starts_at=late))
    tokyo = page(signed_in(learner), AGENDA)
    learner.time_zone, learner.language = "UTC", "en"
    learner.save()
    utc = page(signed_in(learner), AGENDA)
    assert f"{(late + timedelta(days=1)).day}日" in tokyo
    assert "01:00 JST" in tokyo
    assert "16:00 UTC" in utc
    assert f"{late:%a} {late.day} {late:%b}" in utc


def test_what_is_over_is_kept_apart(meeting: Meeting, learner: Person) -> None:
    client = signed_in(learner)
    assert meeting.title in page(client, AGENDA)
    move(meeting, hours=-5)
    assert meeting.title not in page(client, AGENDA)
    assert meeting.title in page(client, f"{AGENDA}?show=past")


def test_an_organiser_announces_and_members_find_it(cohort: Cohort, organiser: Person, learner: Person) -> None:
    signed_in(organiser).post(f"{AGENDA}new/", filled(capacity=10, url=ROOM))
    meeting = Meeting.objects.get()
    assert (meeting.title, meeting.minutes, meeting.capacity, meeting.state) == ("もくもく会", 90, 10, State.OPEN)
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "19:30"
    assert "もくもく会" in page(signed_in(learner), "/cohorts/spring/")


@pytest.mark.parametrize(
    "wrong",
    [{"starts_at": "2020-01-01T10:00"}, {"minutes": 0}, {"capacity": 1}, {"url": "http://x.example/"}, {"title": ""}],
)
def test_mistakes_are_named_and_nothing_typed_is_lost(cohort: Cohort, organiser: Person, wrong: dict[str, Any]) -> None:
    answer = signed_in(organiser).post(f"{AGENDA}new/", filled(description="くわしい説明") | wrong)
    assert "error-summary" in answer.content.decode()
    assert "くわしい説明" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_the_room_is_shown_to_those_with_a_place_only(small: Meeting, learner: Person, mate: Person) -> None:
    client, other = signed_in(learner), signed_in(mate)
    assert ROOM not in page(client, small.path)
    client.post(f"{small.path}sign-up/")
    other.post(f"{small.path}sign-up/")
    assert ROOM in page(client, small.path)
    assert ROOM not in page(other, small.path)

    client.post(f"{small.path}sign-off/")
    assert ROOM not in page(client, small.path)
    assert ROOM in page(other, small.path)


def test_a_participant_checks_in_with_the_code(meeting: Meeting, learner: Person) -> None:
    sign_up(meeting, person=learner)
    move(meeting, hours=0.1)
    client = signed_in(learner)
    assert meeting.code not in page(client, meeting.path)
    assert "error-summary" in client.post(f"{meeting.path}check-in/", {"code": "x"}).content.decode()
    client.post(f"{meeting.path}check-in/", {"code": meeting.code})
    assert meeting.participations.get(person=learner).attended_at is not None


def test_nobody_finds_the_code_by_trying(meeting: Meeting, learner: Person, mate: Person) -> None:
    for person in (learner, mate):
        sign_up(meeting, person=person)
    move(meeting, hours=0.1)
    client, address = signed_in(learner), f"{meeting.path}check-in/"
    answers = [client.post(address, {"code": "wrong"}).status_code for _ in range(WRONG_CODES.most + 1)]
    assert answers == [HTTPStatus.UNPROCESSABLE_ENTITY] * WRONG_CODES.most + [HTTPStatus.TOO_MANY_REQUESTS]
    # Now even the right one is not looked at; whoever else is there goes on.
    assert client.post(address, {"code": meeting.code}).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert signed_in(mate).post(address, {"code": meeting.code}).status_code == HTTPStatus.FOUND
    assert meeting.participations.get(person=learner).attended_at is None


def test_the_host_takes_attendance_and_downloads_it(meeting: Meeting, organiser: Person, learner: Person) -> None:
    row, client = sign_up(meeting, person=learner), signed_in(organiser)
    assert meeting.code in page(client, meeting.path)
    client.post(f"{meeting.path}attendance/", {"selected": [row.pk], "attended": "yes"})
    row.refresh_from_db()
    assert row.attended_at is not None
    table = client.get(f"{meeting.path}participants/?export=csv").content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith("Hanako,A,")


def test_a_facilitator_runs_meetings_of_her_own_classes_only(
    of_class: Meeting, cohort: Cohort, organiser: Person, facilitator: Person, other_class: StudyClass
) -> None:
    client = signed_in(facilitator)
    form = page(client, f"{AGENDA}new/")
    assert f'<option value="{other_class.pk}"' not in form
    for study_class in (other_class.pk, ""):
        assert client.post(f"{AGENDA}new/", filled(study_class=study_class)).status_code == 200
    assert Meeting.objects.count() == 1

    others = create(cohort=cohort, host=organiser, plan=plan(study_class=other_class))
    for_all = create(cohort=cohort, host=organiser, plan=plan())
    for foreign in (others, for_all):
        for end in ("edit/", "participants/"):
            assert client.get(f"{foreign.path}{end}").status_code == 404
        for end in ("cancel/", "attendance/", "accept/"):
            assert client.post(f"{foreign.path}{end}").status_code == 404
    assert client.get(others.path).status_code == 404
    assert client.post(f"{of_class.path}cancel/").status_code == 302


def test_a_meeting_of_a_class_does_not_exist_for_other_classes(
    of_class: Meeting, learner: Person, stranger: Person, mentor: Person
) -> None:
    assert of_class.title in page(signed_in(learner), AGENDA)
    for person in (stranger, mentor):
        client = signed_in(person)
        assert of_class.title not in page(client, AGENDA)
        assert client.get(of_class.path).status_code == 404
        assert client.get(f"{of_class.path}meeting.ics").status_code == 404
        assert client.post(f"{of_class.path}sign-up/").status_code == 404
    assert of_class.participations.count() == 1


@pytest.mark.parametrize("who", ["learner", "mentor"])
def test_members_without_the_right_run_nothing(request: pytest.FixtureRequest, meeting: Meeting, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    for path in (f"{meeting.path}edit/", f"{meeting.path}participants/", f"{AGENDA}new/", DESK):
        assert client.get(path).status_code == 404, path
    for path in (f"{meeting.path}cancel/", f"{meeting.path}attendance/", f"{DESK}policy/"):
        assert client.post(path).status_code == 404, path
    assert Meeting.objects.get().state == State.OPEN


def test_other_cohorts_and_strangers_see_nothing(meeting: Meeting, outsider: Person, other_cohort: Cohort) -> None:
    organiser = make_person("Elsewhere")
    enrol(organiser, other_cohort, Role.ORGANISER)
    for person in (outsider, organiser):
        client = signed_in(person)
        for path in (AGENDA, meeting.path, f"{meeting.path}meeting.ics", f"/cohorts/autumn/meetings/{meeting.pk}/"):
            assert client.get(path).status_code == 404, path
    for path in (AGENDA, meeting.path, DESK):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_learners_propose_where_the_cohort_allows_it(
    cohort: Cohort, organiser: Person, learner: Person, mate: Person
) -> None:
    client = signed_in(learner)
    assert client.get(f"{AGENDA}new/").status_code == 404
    signed_in(organiser).post(f"{DESK}policy/", {"learners_may_propose": "on"})

    client.post(f"{AGENDA}new/", filled())
    proposed = Meeting.objects.get()
    assert proposed.state == State.PROPOSED
    assert "もくもく会" in page(client, AGENDA)
    assert "もくもく会" not in page(signed_in(mate), AGENDA)
    assert client.post(f"{proposed.path}accept/").status_code == 404

    signed_in(organiser).post(f"{proposed.path}accept/")
    assert "もくもく会" in page(signed_in(mate), AGENDA)
    assert signed_in(mate).get(f"{proposed.path}edit/").status_code == 404
    assert client.get(f"{proposed.path}edit/").status_code == 200  # The proposer is the host.


def test_a_facilitator_decides_about_her_class_and_not_about_the_cohort(
    cohort: Cohort, study_class: StudyClass, facilitator: Person, learner: Person, organiser: Person
) -> None:
    set_policy(cohort=cohort, learners_may_propose=True, actor=organiser)
    for_class = propose(cohort=cohort, host=learner, plan=plan(study_class=study_class))
    for_all = propose(cohort=cohort, host=learner, plan=plan())
    client = signed_in(facilitator)
    assert client.post(f"{for_all.path}accept/").status_code == 404
    assert client.post(f"{for_class.path}accept/").status_code == 302
    assert {one.pk: one.state for one in Meeting.objects.all()} == {for_class.pk: "open", for_all.pk: "proposed"}


def test_pages_ask_the_database_little(
    cohort: Cohort, organiser: Person, enrolment: Enrolment, learner: Person, django_assert_max_num_queries: Any
) -> None:
    people = [make_person(f"P{number}") for number in range(15)]
    meetings = [create(cohort=cohort, host=organiser, plan=plan(hours=30 + number)) for number in range(25)]
    for person in people:
        enrol(person, cohort)
        sign_up(meetings[0], person=person)
    for client, path in (
        (signed_in(learner), AGENDA),
        (signed_in(learner), meetings[0].path),
        (signed_in(organiser), DESK),
        (signed_in(organiser), f"{meetings[0].path}participants/"),
    ):
        with django_assert_max_num_queries(24):
            page(client, path)
