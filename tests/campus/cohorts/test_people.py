"""The people of a cohort: who sees whom, what can be done with several, and that nothing else can be slipped in."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.enrolments import change_roles, change_states
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Note, Role, StudyClass
from campus.people.models import Person, Profile
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PEOPLE = "/cohorts/spring/desk/people/"


@pytest.fixture
def desk(organiser: Person) -> Client:
    return signed_in(organiser)


@pytest.fixture
def elsewhere(cohort: Cohort) -> Enrolment:
    """A learner of a class that the cast's facilitator does not look after."""
    return enrol(make_person("Other"), cohort, study_class=StudyClass.objects.create(cohort=cohort, name="B"))


def names(client: Client, **query: str) -> set[str]:
    return {one.person.name for one in client.get(PEOPLE, query).context["listing"].page}


def test_organisers_see_everybody_and_facilitators_their_learners(
    desk: Client, facilitator: Person, learner: Person, mate: Person, elsewhere: Enrolment, mentor: Person
) -> None:
    assert names(desk) == {"Osamu", "Fumi", "Hanako", "Taro", "Other", "Megumi"}
    assert names(signed_in(facilitator)) == {"Hanako", "Taro"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"role": "learner"}, {"Hanako", "Other"}),
        ({"name": "hana"}, {"Hanako"}),
        ({"name": "hanako@example"}, {"Hanako"}),
        ({"study_class": "none"}, set()),
        ({"state": "paused"}, set()),
    ],
)
def test_the_list_is_narrowed(
    query: dict[str, str], found: set[str], desk: Client, learner: Person, elsewhere: Enrolment
) -> None:
    assert names(desk, **query) == found


def test_a_facilitator_finds_nobody_by_an_address_that_is_not_shown(facilitator: Person, learner: Person) -> None:
    assert names(signed_in(facilitator), name="hanako@example") == set()


def exported(client: Client) -> list[dict[str, str]]:
    answer = client.get(PEOPLE, {"export": "csv"})
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_holds_only_what_its_reader_may_see(desk: Client, facilitator: Person, learner: Person) -> None:
    Profile.objects.create(person=learner, prefecture="13", industry="E")
    for person in (facilitator, *Person.objects.filter(name="Osamu")):
        person.language = "en"
        person.save()
    (row,) = exported(signed_in(facilitator))
    assert (row["Full name"], row["Industry"]) == ("Hanako", "Manufacturing")
    assert ("Email address" in row, row["Prefecture"]) == (False, "")
    mine = next(row for row in exported(desk) if row["Full name"] == "Hanako")
    assert (mine["Email address"], mine["Prefecture"]) == ("hanako@example.org", "Tokyo")


def test_the_list_asks_the_database_little(
    desk: Client, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        enrol(make_person(f"L{number}"), cohort)
    desk.get(PEOPLE)
    with django_assert_max_num_queries(14):
        desk.get(PEOPLE)


def test_one_persons_page_shows_steps_notes_and_history_to_those_who_look_after_her(
    desk: Client, facilitator: Person, enrolment: Enrolment
) -> None:
    page = f"{PEOPLE}{enrolment.pk}/"
    signed_in(facilitator).post(page, {"text": "Wants to switch teams", "author": "1", "enrolment": "1"})
    note = Note.objects.get()
    assert (note.enrolment, note.author, note.text) == (enrolment, facilitator, "Wants to switch teams")
    Person.objects.filter(name="Osamu").update(language="en")
    shown = desk.get(page)
    assert "Wants to switch teams" in shown.text
    assert [line.plain for line in shown.context["history"]] == ["wrote a note about Hanako"]


def test_nobody_else_opens_the_list_or_a_persons_page(
    facilitator: Person,
    enrolment: Enrolment,
    elsewhere: Enrolment,
    outsider_enrolment: Enrolment,
    mentor: Person,
    client: Client,
) -> None:
    for person in (mentor, enrolment.person, outsider_enrolment.person):
        assert signed_in(person).get(PEOPLE).status_code == 404
        assert signed_in(person).get(f"{PEOPLE}{enrolment.pk}/").status_code == 404
    assert client.get(PEOPLE).status_code == 302
    theirs = signed_in(facilitator)
    assert theirs.get(f"{PEOPLE}{elsewhere.pk}/").status_code == 404
    assert theirs.post(f"{PEOPLE}{elsewhere.pk}/", {"text": "x"}).status_code == 404
    assert theirs.get(f"{PEOPLE}{outsider_enrolment.pk}/").status_code == 404
    assert not Note.objects.exists()


BULK = {
    "move": {"study_class": ""},
    "state": {"state": "withdrawn"},
    "role": {"role": "mentor"},
    "resume": {"cohort": "1"},
}


@pytest.mark.parametrize("action", list(BULK))
def test_only_the_organiser_changes_people(
    action: str, facilitator: Person, mentor: Person, enrolment: Enrolment, outsider: Person, client: Client
) -> None:
    body = {"selected": enrolment.pk, "save": "1", **BULK[action]}
    for person in (facilitator, mentor, enrolment.person, outsider):
        assert signed_in(person).post(f"{PEOPLE}{action}/", body).status_code == 404
    assert client.post(f"{PEOPLE}{action}/", body).status_code == 302
    before = (enrolment.role, enrolment.state, enrolment.study_class_id)
    enrolment.refresh_from_db()
    assert (enrolment.role, enrolment.state, enrolment.study_class_id) == before


def test_those_ticked_are_asked_about_first_and_then_changed(
    desk: Client, enrolment: Enrolment, mate_enrolment: Enrolment, elsewhere: Enrolment
) -> None:
    to = elsewhere.study_class
    assert to
    ticked = {"selected": [enrolment.pk, mate_enrolment.pk]}
    asked = desk.post(f"{PEOPLE}move/", ticked)
    assert asked.context["selection"].count == 2
    assert not AuditEntry.objects.filter(action="enrolment.class_changed").exists()
    desk.post(f"{PEOPLE}move/", {**ticked, "study_class": to.pk, "save": "1", "state": "withdrawn"})
    assert set(to.learners.all()) == {enrolment, mate_enrolment, elsewhere}
    assert AuditEntry.objects.filter(action="enrolment.class_changed").count() == 2
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE


def test_everybody_whom_the_filter_leaves_is_changed_and_nobody_else(
    desk: Client, cohort: Cohort, enrolment: Enrolment, mate_enrolment: Enrolment, outsider_enrolment: Enrolment
) -> None:
    body = {"everybody": "1", "filter": "name=Hana&role=learner", "state": "paused", "save": "1"}
    desk.post(f"{PEOPLE}state/", body)
    assert list(Enrolment.objects.filter(state=EnrolmentState.PAUSED)) == [enrolment]


@pytest.mark.parametrize(
    "body", [{}, {"selected": "999999"}, {"selected": "x"}, {"everybody": "1", "filter": "state=x"}]
)
def test_what_selects_nobody_changes_nobody(body: dict[str, str], desk: Client, enrolment: Enrolment) -> None:
    answer = desk.post(f"{PEOPLE}state/", {**body, "state": "withdrawn", "save": "1"})
    assert answer["Location"] == PEOPLE
    assert not Enrolment.objects.filter(state=EnrolmentState.WITHDRAWN).exists()


def test_people_of_another_cohort_are_not_reached(desk: Client, outsider_enrolment: Enrolment) -> None:
    desk.post(f"{PEOPLE}state/", {"selected": outsider_enrolment.pk, "state": "withdrawn", "save": "1"})
    outsider_enrolment.refresh_from_db()
    assert outsider_enrolment.state == EnrolmentState.ACTIVE


def test_the_last_organiser_stays(desk: Client, organiser: Person, cohort: Cohort) -> None:
    mine = organiser.enrolments.get()
    for changed in (
        change_states(enrolments=[mine], state=EnrolmentState.WITHDRAWN, actor=organiser),
        change_roles(enrolments=[mine], role=Role.MENTOR, actor=organiser),
    ):
        assert (changed.count, [one for one, _ in changed.left_out]) == (0, [mine])
    enrol(make_person("Second"), cohort, Role.ORGANISER)
    assert change_roles(enrolments=[mine], role=Role.MENTOR, actor=organiser).count == 1


def test_another_role_ends_what_belonged_to_the_former(facilitator: Person, study_class: StudyClass) -> None:
    mine = facilitator.enrolments.get()
    change_roles(enrolments=[mine], role=Role.MENTOR, actor=None)
    assert not study_class.facilitators.exists()
    entry = AuditEntry.objects.get(action="enrolment.role_changed")
    assert entry.details == {"before": "facilitator", "role": "mentor"}


def test_nobody_has_a_role_twice(cohort: Cohort, facilitator: Person) -> None:
    second = enrol(facilitator, cohort, Role.MENTOR)
    changed = change_roles(enrolments=[second], role=Role.FACILITATOR, actor=None)
    assert (changed.count, len(changed.left_out)) == (0, 1)


def test_a_refused_form_says_so_and_changes_nothing(desk: Client, enrolment: Enrolment) -> None:
    answer: Any = desk.post(f"{PEOPLE}state/", {"selected": enrolment.pk, "state": "applied", "save": "1"})
    assert answer.context["form"].errors
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE
