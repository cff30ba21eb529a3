"""A cohort's page and the name on its leaderboards: what members see, and that others see nothing."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/cohorts/spring/"
BOARD_NAME = "/cohorts/spring/board-name/"


def test_members_see_dates_classes_and_how_many_take_part(
    learner: Person, mate: Person, mentor: Person, organiser: Person, cohort: Cohort
) -> None:
    enrol(make_person("Gone"), cohort, state=EnrolmentState.WITHDRAWN)
    page = signed_in(learner).get(PAGE)
    assert page.status_code == 200
    assert {entry.role: entry.count for entry in page.context["people"]} == {
        Role.LEARNER: 2,
        Role.FACILITATOR: 1,
        Role.MENTOR: 1,
        Role.ORGANISER: 1,
    }
    assert [(one.name, one.learner_count) for one in page.context["classes"]] == [("A", 2)]
    assert "Fumi" in page.text


def test_the_page_asks_the_database_little_whatever_the_size(
    learner: Person, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        study_class = cohort.classes.create(name=f"B{number}")
        enrol(make_person(f"L{number}"), cohort, study_class=study_class)
    client = signed_in(learner)
    with django_assert_max_num_queries(25):
        client.get(PAGE)


@pytest.mark.parametrize("address", [PAGE, BOARD_NAME])
def test_others_find_no_cohort_and_anonymous_people_are_asked_to_sign_in(
    address: str, cohort: Cohort, outsider: Person, client: Client
) -> None:
    assert signed_in(outsider).get(address).status_code == 404
    assert client.get(address)["Location"].startswith("/accounts/login/?next=/cohorts/spring/")


@pytest.mark.parametrize(
    "state", [state for state in EnrolmentState if not state.takes_part and state != EnrolmentState.SELECTED]
)
def test_who_does_not_take_part_now_finds_no_cohort(state: EnrolmentState, cohort: Cohort) -> None:
    person = make_person("Idle")
    enrol(person, cohort, state=state)
    assert signed_in(person).get(PAGE).status_code == 404


def test_a_learner_chooses_the_nickname_and_back(enrolment: Enrolment) -> None:
    client = signed_in(enrolment.person)
    assert client.post(BOARD_NAME, {"shown": "alias"})["Location"] == PAGE
    enrolment.refresh_from_db()
    assert (enrolment.uses_alias, enrolment.shown_name) == (True, "ハナ")
    client.post(BOARD_NAME, {"shown": "name"})
    enrolment.refresh_from_db()
    assert (enrolment.uses_alias, enrolment.shown_name) == (False, "Hanako")
    entries = AuditEntry.objects.filter(subject=f"enrolment:{enrolment.pk}").order_by("pk")
    assert [entry.details for entry in entries] == [{"uses_alias": True}, {"uses_alias": False}]


def test_without_a_nickname_there_is_none_to_choose(mate_enrolment: Enrolment) -> None:
    answer = signed_in(mate_enrolment.person).post(BOARD_NAME, {"shown": "alias"})
    mate_enrolment.refresh_from_db()
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not mate_enrolment.uses_alias


def test_who_stands_on_no_board_has_no_name_to_choose(
    organiser: Person, mentor: Person, outsider: Person, enrolment: Enrolment
) -> None:
    for person in [organiser, mentor, outsider]:
        assert signed_in(person).post(BOARD_NAME, {"shown": "alias"}).status_code == 404
    enrolment.refresh_from_db()
    assert not enrolment.uses_alias
