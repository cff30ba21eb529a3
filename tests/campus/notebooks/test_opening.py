"""Opening the own notebook: there is room, all are in use, the Hub is away, there are none; and who may not."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campus.cases.choosing import set_choice_rule
from campus.cases.models import CohortCase, Step, Track
from campus.cohorts.models import Cohort, Enrolment
from campus.notebooks.names import hub_name
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.notebooks.hub_server import SmallHub

pytestmark = pytest.mark.django_db
BUTTON = "ノートブックを開く"


@pytest.fixture
def address(cohort_case: CohortCase) -> str:
    return f"/cohorts/spring/cases/{cohort_case.slug}/notebook/"


class TestThereIsRoom:
    def test_the_browser_goes_to_the_folder_by_the_hubs_door(self, learner: Person, address: str) -> None:
        going = urlsplit(signed_in(learner).get(address)["Location"])
        assert f"{going.scheme}://{going.netloc}{going.path}" == f"{settings.NOTEBOOK_URL}/hub/enter"
        assert parse_qs(going.query) == {
            "name": [hub_name(learner)],
            "next": ["/hub/user-redirect/manabiai/open/daily-sales"],
        }

    def test_the_hub_is_asked_by_the_sites_own_token_and_its_public_name(
        self, learner: Person, address: str, hub: SmallHub
    ) -> None:
        signed_in(learner).get(address)
        assert hub.asked == ["GET /hub/api/users?state=active&limit=1"]
        assert hub.hosts == {f"nb.localhost:{hub.server_address[1]}"}

    def test_staff_opens_the_own_one(self, mentor: Person, address: str) -> None:
        assert f"name={hub_name(mentor)}&" in signed_in(mentor).get(address)["Location"]


class TestAllAreInUse:
    @pytest.fixture(autouse=True)
    def _full(self, hub: SmallHub) -> None:
        hub.running = ["u901", "u902", "u903"]

    def test_the_page_says_how_many_run_and_looks_again(self, learner: Person, address: str) -> None:
        answer = signed_in(learner).get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "現在、3人がノートブックを使っています。同時に使えるのは3人までです。" in page
        assert f'hx-get="{address}"' in page
        assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
        assert "no-store" in answer["Cache-Control"]

    def test_it_goes_on_when_there_is_room(self, learner: Person, address: str, hub: SmallHub) -> None:
        browser = signed_in(learner)
        htmx = {"HX-Request": "true"}
        assert "HX-Redirect" not in browser.get(address, headers=htmx)
        hub.running.pop()
        assert browser.get(address, headers=htmx)["HX-Redirect"].startswith(f"{hub.url}/hub/enter?")
        assert browser.get(address)["Location"].startswith(f"{hub.url}/hub/enter?")

    def test_who_has_a_server_is_not_kept_out(self, learner: Person, address: str, hub: SmallHub) -> None:
        hub.running[0] = hub_name(learner)
        assert signed_in(learner).get(address).status_code == 302


class TestTheHubIsAway:
    def test_it_says_so(self, learner: Person, address: str, hub: SmallHub) -> None:
        hub.is_broken = True
        answer = signed_in(learner).get(address)
        assert answer.status_code == 503
        assert "現在、ノートブックを開けません" in answer.content.decode()

    def test_also_where_nothing_listens(self, learner: Person, address: str, settings: Settings) -> None:
        settings.NOTEBOOK_URL = "http://nb.localhost:9"
        assert signed_in(learner).get(address).status_code == 503


class TestThereAreNone:
    def test_the_page_says_so_and_nothing_leads_there(
        self, learner: Person, address: str, open_step: Step, notebooks_are_off: None
    ) -> None:
        browser = signed_in(learner)
        assert browser.get(address).status_code == 404
        for path in _pages(open_step):
            assert BUTTON not in browser.get(path).content.decode()
        assert browser.get("/account/notebook/").status_code == 404
        assert "/account/notebook/" not in browser.get("/account/").content.decode()


def test_the_button_stands_where_a_learner_works(learner: Person, address: str, open_step: Step) -> None:
    browser = signed_in(learner)
    for path in _pages(open_step):
        assert f'href="{address}"' in browser.get(path).content.decode(), path


def _pages(step: Step) -> list[str]:
    case = f"/cohorts/spring/cases/{step.cohort_case.slug}/"
    return ["/", case, f"{case}steps/{step.key}/", f"{case}{step.key}/submit/"]


class TestWhoMayNot:
    def test_strangers_and_outsiders(self, outsider: Person, address: str) -> None:
        assert Client().get(address)["Location"].startswith("/accounts/login/")
        assert signed_in(outsider).get(address).status_code == 404

    def test_nothing_is_posted(self, learner: Person, address: str) -> None:
        assert signed_in(learner).post(address).status_code == 405

    def test_a_case_that_is_not_chosen_is_chosen_first(
        self, learner: Person, enrolment: Enrolment, cohort: Cohort, address: str
    ) -> None:
        until = timezone.now() + timedelta(days=1)
        rule = set_choice_rule(cohort=cohort, cases_each=1, tracks=list(Track), until=until, actor=None)
        browser = signed_in(learner)
        assert browser.get(address)["Location"] == "/cohorts/spring/choose-cases/"
        rule.until = timezone.now()
        rule.save()
        assert browser.get(address).status_code == 404
