"""Who the API lets in: tokens with scopes, browsers' sessions; and how it turns the others away."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from campus.cases.models import Step
from campus.people.models import Person, PersonalToken, Scope
from campus.people.tokens import revoke_token
from tests.campus.api.calls import as_person, caller, hand_in, path_of, problem, token_of
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


@pytest.fixture(autouse=True)
def _no_failed_tokens_yet() -> None:
    cache.clear()


def test_a_token_tells_who_its_owner_is(learner: Person) -> None:
    answer = as_person(learner, Scope.READ).get(ME)
    told = answer.json()
    expires_at = told["token"].pop("expires_at")
    assert told == {
        "id": learner.pk,
        "name": "Hanako",
        "alias": "ハナ",
        "email": "hanako@example.org",
        "language": "ja",
        "time_zone": "Asia/Tokyo",
        "token": {"name": "test", "scopes": ["read"]},
    }
    assert expires_at.endswith("Z") or "+" in expires_at


def test_a_session_needs_no_token(learner: Person) -> None:
    assert signed_in(learner).get(ME).json()["token"] is None


def test_without_either_the_way_in_is_told() -> None:
    answer = Client().get(ME)
    assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/cohorts", "/cohorts/spring", "/cohorts/spring/cases", "/submissions/1"])
def test_strangers_learn_nothing_about_what_exists(path: str, cohort: object) -> None:
    assert Client().get("/api/v1" + path).status_code == 401


def test_a_revoked_token_stops_at_once(learner: Person) -> None:
    client = as_person(learner)
    assert client.get(ME).status_code == 200
    revoke_token(token=PersonalToken.objects.get(person=learner))
    answer = client.get(ME)
    assert (answer.status_code, problem(answer)["code"]) == (401, "token_invalid")


def test_an_expired_token_is_refused(learner: Person) -> None:
    client = as_person(learner)
    PersonalToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(ME).status_code == 401


def test_an_inactive_person_is_out_by_token_and_session(learner: Person) -> None:
    by_token, by_session = as_person(learner), signed_in(learner)
    Person.objects.filter(pk=learner.pk).update(is_active=False)
    assert [client.get(ME).status_code for client in (by_token, by_session)] == [401, 401]


def test_a_wrong_token_does_not_fall_back_to_the_session(learner: Person) -> None:
    answer = signed_in(learner).get(ME, headers={"Authorization": "Bearer mnb_wrong"})
    assert answer.status_code == 401


def test_a_reading_token_hands_in_nothing(learner: Person, open_step: Step) -> None:
    answer = hand_in(as_person(learner, Scope.READ), open_step)
    assert (answer.status_code, problem(answer)["code"]) == (403, "scope_missing")
    assert 'scope="submit"' in answer["WWW-Authenticate"]
    assert not open_step.submissions.exists()


def test_a_submitting_token_reads_nothing(learner: Person, open_step: Step) -> None:
    answer = as_person(learner, Scope.SUBMIT).get(path_of(open_step, "/submissions"))
    assert (answer.status_code, problem(answer)["code"]) == (403, "scope_missing")


def test_a_session_hands_in_only_with_its_csrf_token(learner: Person, open_step: Step) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert problem(hand_in(browser, open_step))["code"] == "csrf_failed"
    browser.get("/account/")  # any page sets the cookie
    cookie = next(value.value for name, value in browser.cookies.items() if name.endswith("csrf"))
    assert hand_in(browser, open_step, headers={"X-CSRFToken": cookie}).status_code == 201


def test_many_wrong_tokens_are_slowed_down_but_a_right_one_still_works(learner: Person) -> None:
    wrong = caller("mnb_" + "x" * 43)
    statuses = [wrong.get(ME).status_code for _ in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    answer = wrong.get(ME)
    assert problem(answer)["code"] == "too_many_wrong_tokens"
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert as_person(learner).get(ME).status_code == 200


@pytest.mark.parametrize("odd", ["", "mnb_", "nonsense", "mnb_" + "é" * 10, "mnb_a b c", "x" * 5000])
def test_odd_tokens_are_just_wrong(odd: str, db: None) -> None:
    assert caller(odd).get(ME).status_code == 401


@pytest.mark.parametrize(
    ("asked", "own", "words"),
    [
        ({"Accept-Language": "en"}, "ja", "There is no such cohort, or you are not in it."),
        ({"Accept-Language": "ja"}, "en", "この開催期は存在しないか、参加していません。"),
        ({}, "en", "There is no such cohort, or you are not in it."),
        ({}, "ja", "この開催期は存在しないか、参加していません。"),
    ],
)
def test_problems_are_told_in_the_language_asked_for_else_the_persons(
    learner: Person, asked: dict[str, str], own: str, words: str
) -> None:
    Person.objects.filter(pk=learner.pk).update(language=own)
    client = Client(headers={"Authorization": f"Bearer {token_of(learner)}", **asked})
    answer = client.get("/api/v1/cohorts/nowhere")
    assert problem(answer)["detail"] == words
    assert answer["Content-Language"] == asked.get("Accept-Language", own)
