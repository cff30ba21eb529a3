"""What the Hub asks: a start gives a token and the cases, a stop ends the token, a visit is noted; nobody else asks."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, StudyClass
from campus.notebooks.models import Visit
from campus.notebooks.names import hub_name
from campus.people.models import Person, PersonalToken, TokenOrigin
from campus.people.tokens import MAX_LIVE_TOKENS, authenticate_token, create_token
from tests.campus.api.calls import caller, problem
from tests.campus.cast import make_person, signed_in
from tests.campus.notebooks.calls import ask, start

pytestmark = pytest.mark.django_db


class TestStart:
    def test_it_tells_all_that_the_server_needs(self, learner: Person, cohort_case: CohortCase) -> None:
        told = start(learner).json()
        assert authenticate_token(told.pop("token")).person == learner
        version = cohort_case.case_version
        assert told == {
            "site": settings.SITE_URL,
            "language": "ja",
            "time_zone": "Asia/Tokyo",
            "display_name": "Hanako",
            "cases": [
                {
                    "case": f"spring/{cohort_case.slug}",
                    "folder": cohort_case.slug,
                    "title": {"ja": version.title_ja, "en": version.title_en},
                    "version": version.version,
                    "data": str((version.path / "build/public").resolve()),
                    "starters": None,
                }
            ],
            "start_at": None,
        }
        data = Path(told["cases"][0]["data"])
        assert not [path for path in data.rglob("*") if "truth" in path.name]

    def test_the_token_reads_and_hands_in_for_half_a_day(self, learner: Person, cohort_case: CohortCase) -> None:
        raw = start(learner).json()["token"]
        token = PersonalToken.objects.get()
        assert (token.scopes, token.origin) == (["read", "submit"], TokenOrigin.NOTEBOOK)
        assert timedelta(hours=11, minutes=59) < token.expires_at - timezone.now() <= timedelta(hours=12)
        assert caller(raw).get("/api/v1/me").json()["id"] == learner.pk
        token.expires_at = timezone.now()
        token.save()
        assert problem(caller(raw).get("/api/v1/me"))["code"] == "token_invalid"

    def test_a_new_start_ends_the_former_token(self, learner: Person, cohort_case: CohortCase) -> None:
        first, second = (start(learner).json()["token"] for _ in range(2))
        assert authenticate_token(first) is None
        assert authenticate_token(second) is not None

    def test_own_tokens_neither_end_nor_stand_in_the_way(self, learner: Person, cohort_case: CohortCase) -> None:
        until = timezone.now() + timedelta(days=1)
        raw = [
            create_token(person=learner, name="x", scopes=["read"], expires_at=until)[1] for _ in range(MAX_LIVE_TOKENS)
        ]
        start(learner)
        ask("stopped", {"name": hub_name(learner)})
        assert all(authenticate_token(one) for one in raw)

    def test_the_person_sees_it_as_notebook_and_can_revoke_it(self, learner: Person, cohort_case: CohortCase) -> None:
        raw = start(learner).json()["token"]
        browser = signed_in(learner)
        assert "ノートブック" in browser.get("/account/tokens/").content.decode()
        browser.post(f"/account/tokens/{PersonalToken.objects.get().pk}/revoke/")
        assert authenticate_token(raw) is None

    def test_who_may_have_none(
        self, learner: Person, outsider: Person, other_cohort: Cohort, cohort_case: CohortCase
    ) -> None:
        assert problem(start(outsider))["code"] == "no_notebook"  # a cohort without a case
        assert start(make_person("Nobody")).status_code == 403
        assert ask("start", {"name": "u999999999"}).status_code == 403
        Enrolment.objects.filter(person=learner).update(state=EnrolmentState.PAUSED)
        assert start(learner).status_code == 403
        Enrolment.objects.filter(person=learner).update(state=EnrolmentState.ACTIVE)
        Person.objects.filter(pk=learner.pk).update(is_active=False)
        assert start(learner).status_code == 403
        assert not PersonalToken.objects.exists()

    def test_it_takes_few_queries(
        self, learner: Person, cohort_case: CohortCase, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(20):
            start(learner)


def test_a_stop_ends_the_token(learner: Person, cohort_case: CohortCase) -> None:
    raw = start(learner).json()["token"]
    for _ in range(2):
        assert ask("stopped", {"name": hub_name(learner)}).status_code == 204
    assert authenticate_token(raw) is None


class TestVisit:
    def test_it_is_noted(self, mentor: Person, learner: Person) -> None:
        assert ask("visit", {"visitor": hub_name(mentor), "owner": hub_name(learner)}).status_code == 204
        assert [(one.visitor, one.owner) for one in Visit.objects.all()] == [(mentor, learner)]

    def test_ones_own_server_is_no_visit(self, learner: Person) -> None:
        assert ask("visit", {"visitor": hub_name(learner), "owner": hub_name(learner)}).status_code == 204
        assert not Visit.objects.exists()

    def test_who_may_not_is_refused(self, mate: Person, learner: Person) -> None:
        assert ask("visit", {"visitor": hub_name(mate), "owner": hub_name(learner)}).status_code == 403
        assert not Visit.objects.exists()


def test_cohorts_and_classes_say_who_may_open_whose(cohort: Cohort, study_class: StudyClass) -> None:
    assert ask("cohorts").json() == {
        "cohorts": ["spring"],
        "grants": [
            {"visitors": "mentors-spring", "owners": "cohort-spring"},
            {"visitors": f"facilitators-{study_class.pk}", "owners": f"class-{study_class.pk}"},
        ],
    }


def test_long_after_the_end_nobody_may(cohort: Cohort, study_class: StudyClass) -> None:
    today = timezone.localdate()
    Cohort.objects.update(starts_on=today - timedelta(days=99), ends_on=today - timedelta(days=61))
    assert ask("cohorts").json() == {"cohorts": [], "grants": []}


class TestDoor:
    PATHS = ("start", "stopped", "visit")

    def test_the_secret_is_needed(self, learner: Person, organiser: Person, cohort_case: CohortCase) -> None:
        body = {"name": hub_name(learner), "visitor": hub_name(organiser), "owner": hub_name(learner)}
        for path in self.PATHS:
            for secret in ("", "guess", settings.HUB_API_TOKEN, settings.HUB_CLIENT_SECRET):
                assert problem(ask(path, body, secret=secret))["code"] == "token_invalid"
            address = f"/internal/notebooks/{path}"
            assert signed_in(organiser).post(address, body, content_type="application/json").status_code in {401, 429}
        assert ask("cohorts", secret="guess").status_code == 401
        assert not PersonalToken.objects.exists()

    def test_guesses_are_counted_and_the_hub_goes_on_working(self, learner: Person, cohort_case: CohortCase) -> None:
        answers = [ask("cohorts", secret="guess") for _ in range(31)]
        assert (answers[0].status_code, answers[-1].status_code) == (401, 429)
        assert int(answers[-1]["Retry-After"]) > 0
        assert start(learner).status_code == 200

    @pytest.mark.parametrize("body", ["", "[]", '"u1"', "{}", '{"name": 1}', '{"name": null}', "\x00"])
    def test_what_cannot_be_read_is_said(self, body: str) -> None:
        assert problem(ask("start", body))["code"] == "unreadable"

    def test_the_wrong_method(self, learner: Person) -> None:
        assert ask("start").status_code == 405
        assert ask("cohorts", {}).status_code == 405

    def test_where_notebooks_are_off_there_is_nothing(self, notebooks_are_off: None, learner: Person) -> None:
        assert [ask(path, {"name": "u1"}).status_code for path in self.PATHS] == [404] * 3

    def test_nothing_is_kept_by_browsers(self, cohort: Cohort) -> None:
        assert "no-store" in ask("cohorts")["Cache-Control"]
        assert Client().get("/internal/notebooks/cohorts")["Content-Type"] == "application/problem+json"
