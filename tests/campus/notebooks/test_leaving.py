"""Signing out, being deactivated, leaving: the notebook follows, also when the Hub was away at that moment."""

import json

import pytest
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import Settings

from campus.cases.models import CohortCase
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.notebooks import hub as hub_api
from campus.notebooks import tasks
from campus.notebooks.actions import record_visit, take_away
from campus.notebooks.models import Visit
from campus.notebooks.names import hub_name
from campus.notebooks.sign_on import register_hub
from campus.people.erasure import erase
from campus.people.models import Person
from campus.people.personal_data import holdings
from campus.people.tokens import authenticate_token
from tests.campus.cast import PASSWORD, signed_in
from tests.campus.notebooks.calls import sign_on, start, userinfo
from tests.campus.notebooks.hub_server import SmallHub

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registered(_notebooks_are_on: None) -> None:
    register_hub()


def owed() -> list[dict[str, int]]:
    """Arguments of the jobs that take notebooks away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'notebooks.take_away' ORDER BY id")
        return [json.loads(row[0]) for row in cursor.fetchall()]


class TestSigningOut:
    def test_the_browser_goes_by_the_hub_which_sends_it_to_sign_in(self, learner: Person) -> None:
        browser = signed_in(learner)
        sign_on(browser)
        answer = browser.post("/accounts/logout/")
        assert answer["Location"] == "/notebooks/signed-out/"
        page = browser.get("/notebooks/signed-out/")
        assert page.context["address"] == f"{settings.NOTEBOOK_URL}/hub/logout"
        assert 'http-equiv="refresh" content="0; url=http://nb.localhost' in page.content.decode()

    def test_a_browser_that_the_hub_does_not_know_goes_straight_to_sign_in(
        self, learner: Person, hub: SmallHub
    ) -> None:
        assert signed_in(learner).post("/accounts/logout/")["Location"] == "/accounts/login/"
        assert hub.asked == []

    def test_nobody_is_led_to_a_hub_that_is_away(self, learner: Person, hub: SmallHub) -> None:
        browser = signed_in(learner)
        held = sign_on(browser)
        hub.is_broken = True
        assert browser.post("/accounts/logout/")["Location"] == "/accounts/login/"
        assert userinfo(held.access_token).status_code == 401  # so it finds out by itself

    def test_the_next_person_on_the_same_browser_is_themselves(self, learner: Person, mate: Person) -> None:
        browser = signed_in(learner)
        first = sign_on(browser)
        browser.post("/accounts/logout/")
        browser.post("/accounts/login/", {"login": mate.email, "password": PASSWORD})
        assert sign_on(browser).claims["hub_name"] == hub_name(mate)
        assert userinfo(first.access_token).status_code == 401

    def test_another_persons_sign_on_stays(self, learner: Person, mate: Person) -> None:
        held = sign_on(signed_in(mate))
        browser = signed_in(learner)
        sign_on(browser)
        browser.post("/accounts/logout/")
        assert userinfo(held.access_token).status_code == 200

    def test_a_new_password_ends_the_sign_on(self, learner: Person) -> None:
        browser = signed_in(learner)
        held = sign_on(browser)
        new = "another-battery-horse"
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        browser.post("/accounts/password/change/", form)
        assert userinfo(held.access_token).status_code == 401


class TestDeactivated:
    def test_token_and_sign_on_end_at_once_and_the_server_is_stopped(
        self, learner: Person, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw, held = start(learner).json()["token"], sign_on(signed_in(learner))
        hub.running = [hub_name(learner), "u999"]
        learner.is_active = False
        learner.save()
        assert authenticate_token(raw) is None
        assert userinfo(held.access_token).status_code == 401
        assert owed() == [{"person_id": learner.pk}]
        take_away(learner)
        assert hub.running == ["u999"]

    def test_they_stay_ended_when_the_account_is_opened_again(
        self, learner: Person, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw, held = start(learner).json()["token"], sign_on(signed_in(learner))
        learner.is_active = False
        learner.save()
        take_away(learner)
        learner.is_active = True
        learner.save()
        assert authenticate_token(raw) is None
        assert userinfo(held.access_token).status_code == 401

    def test_the_job_fails_while_the_hub_is_away_so_that_it_comes_again(
        self, learner: Person, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw = start(learner).json()["token"]
        Person.objects.filter(pk=learner.pk).update(is_active=False)
        hub.is_broken = True
        with pytest.raises(hub_api.HubAway):
            take_away(learner)
        Person.objects.filter(pk=learner.pk).update(is_active=True)
        assert authenticate_token(raw) is None  # ended all the same

    def test_the_sweep_finds_what_no_signal_told(
        self, learner: Person, mate: Person, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw = start(learner).json()["token"]
        Enrolment.objects.filter(person=learner).update(state=EnrolmentState.PAUSED)
        hub.running = [hub_name(mate), hub_name(learner), "u999999", "stray"]
        tasks.sweep()
        assert hub.running == [hub_name(mate)]
        assert authenticate_token(raw) is None

    def test_the_sweep_bears_a_hub_that_is_away(self, hub: SmallHub) -> None:
        hub.is_broken = True
        tasks.sweep()

    def test_where_notebooks_are_off_nobody_is_asked(
        self, learner: Person, hub: SmallHub, notebooks_are_off: None
    ) -> None:
        learner.is_active = False
        learner.save()
        tasks.sweep()
        assert (owed(), hub.asked) == ([], [])


class TestLeaving:
    def test_who_withdraws_loses_the_notebook(
        self, learner: Person, organiser: Person, enrolment: Enrolment, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw = start(learner).json()["token"]
        hub.running = [hub_name(learner)]
        change_states(enrolments=[enrolment], state=EnrolmentState.WITHDRAWN, actor=organiser)
        assert owed() == [{"person_id": learner.pk}]
        take_away(learner)
        assert authenticate_token(raw) is None
        assert hub.running == []

    def test_who_still_takes_part_elsewhere_keeps_it(
        self, learner: Person, cohort_case: CohortCase, hub: SmallHub
    ) -> None:
        raw = start(learner).json()["token"]
        hub.running = [hub_name(learner)]
        take_away(learner)
        assert authenticate_token(raw) is not None
        assert hub.running == [hub_name(learner)]

    def test_whose_account_is_erased_leaves_nothing(
        self, learner: Person, mentor: Person, cohort_case: CohortCase
    ) -> None:
        sign_on(signed_in(learner))
        record_visit(visitor=mentor, owner=learner)
        assert next(iter(holdings["notebook-visits"].rows(learner)))["by"] == "Megumi"
        erase(person=learner)
        assert not Token.objects.exists()
        assert not Visit.objects.exists()


def test_a_hub_elsewhere_is_called_by_its_name(settings: Settings) -> None:
    assert hub_api._host("nb.localhost") == "127.0.0.1"
    assert hub_api._host("notebooks.example.jp") == "notebooks.example.jp"


def test_the_page_after_signing_out_is_for_everybody() -> None:
    assert Client().get("/notebooks/signed-out/").status_code == 200
