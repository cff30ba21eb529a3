"""First steps of each role: shown at home until put away, always under Help; and when a stay begins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campus.cohorts.models import Cohort, Role
from campus.home.actions import STAY, first_page_of
from campus.home.models import FirstPage
from campus.home.tours import POINTS, tours_of
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
TITLE = "はじめの一歩（受講生）"


def test_first_steps_stand_at_home_until_they_are_put_away_and_can_come_back(learner: Person) -> None:
    browser = signed_in(learner)
    assert TITLE in browser.get("/").text
    browser.post("/help/learner/put-away/")
    assert TITLE not in browser.get("/").text
    assert "次に取り組むこと" in browser.get("/help/").text
    browser.post("/help/learner/take-out/")
    assert TITLE in browser.get("/").text


def test_with_several_roles_one_comes_after_the_other(cohort: Cohort, learner: Person) -> None:
    enrol(learner, cohort, Role.MENTOR)
    browser = signed_in(learner)
    assert browser.get("/").context["tour"].role == Role.LEARNER
    browser.post("/help/learner/put-away/")
    assert browser.get("/").context["tour"].role == Role.MENTOR
    assert [tour.role for tour in browser.get("/help/").context["tours"]] == [Role.LEARNER, Role.MENTOR]


def test_what_one_puts_away_others_still_see(learner: Person, mate: Person) -> None:
    signed_in(learner).post("/help/learner/put-away/")
    assert TITLE in signed_in(mate).get("/").text


def test_every_point_leads_to_a_page_that_its_role_may_open(cohort: Cohort, cohort_case: object) -> None:
    for role in POINTS:
        person = make_person(role.value)
        enrol(person, cohort, role)
        browser = signed_in(person)
        (tour,) = tours_of([(cohort, [role])], put_away=[])
        answers = {stop.address: browser.get(stop.address).status_code for stop in tour.stops}
        assert set(answers.values()) == {200}, answers


def test_strangers_sign_in_first_and_other_roles_have_no_first_steps(client: Client, learner: Person) -> None:
    assert client.get("/help/").status_code == 302
    assert client.post("/help/learner/put-away/").status_code == 302
    assert signed_in(learner).post("/help/alumni/put-away/").status_code == 404
    assert not FirstPage.objects.filter(put_away__len__gt=0).exists()


def test_a_stay_begins_after_hours_away_and_not_with_each_visit(learner: Person) -> None:
    assert first_page_of(learner).since is None
    began = timezone.now() - STAY - timedelta(minutes=1)
    FirstPage.objects.update(stay_began_at=began)
    assert first_page_of(learner).since == began
    assert first_page_of(learner).since == began


@pytest.mark.django_db(transaction=True)
def test_the_first_visit_in_two_windows_at_once_is_kept_once(learner: Person) -> None:
    begin = Barrier(2)

    def visit() -> int:
        begin.wait()
        try:
            return first_page_of(learner).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as windows:
        pages = {one.result() for one in [windows.submit(visit), windows.submit(visit)]}
    assert pages == {FirstPage.objects.get(person=learner).pk}


@pytest.mark.django_db(transaction=True)
def test_a_first_visit_asks_one_thing_more_than_the_next(learner: Person) -> None:
    with CaptureQueriesContext(connection) as first:
        first_page_of(learner)
    with CaptureQueriesContext(connection) as next_one:
        first_page_of(learner)
    assert len(first) == len(next_one) + 1 == 2
