"""All by which a launch is refused: state, browser, time, key, audience, deployment. Nobody is signed in then."""

import time
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from campus.lti.launches import delete_expired
from campus.lti.models import AdmissionByLaunch, Launch, LmsAccount
from campus.people.models import Person
from tests.campus.lti.conftest import HINTS, Launching, answer, begin
from tests.campus.lti.lms import CLAIM, Lms, new_key

pytestmark = pytest.mark.django_db
NOW = int(time.time())
WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of-another-launch"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-tool"},
    "several audiences and no party": {"aud": ["campus", "another-tool"]},
    "another party": {"azp": "another-tool"},
    "expired": {"iat": NOW - 500, "exp": NOW - 120},
    "made long ago": {"iat": NOW - 7200, "exp": NOW + 7200},
    "no end": {"exp": None},
    "no number of the person": {"sub": None},
    "an empty number": {"sub": ""},
    "an endless number": {"sub": "x" * 300},
    "an unknown deployment": {f"{CLAIM}deployment_id": "2"},
    "no deployment": {f"{CLAIM}deployment_id": None},
    "another version": {f"{CLAIM}version": "1.1"},
    "another message": {f"{CLAIM}message_type": "LtiDeepLinkingRequest"},
    "a target elsewhere": {f"{CLAIM}target_link_uri": "http://testserver.evil.example/"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG.keys())
def test_a_token_that_is_not_in_order_is_refused(
    claims: dict[str, Any], lms: Lms, client: Client, learners_welcome: AdmissionByLaunch
) -> None:
    asked = begin(client)
    refused = answer(asked["state"], lms.token(**{"nonce": asked["nonce"]} | claims))
    assert refused.status_code == 403
    assert not LmsAccount.objects.exists()
    assert not Person.objects.filter(email="hanako@uni.example").exists()


def test_a_token_by_another_key_is_refused(lms: Lms, client: Client) -> None:
    forger = new_key()
    for forged in ({"key": forger}, {"key": forger, "kid": "unknown"}, {"key": "s" * 40, "algorithm": "HS256"}):
        asked = begin(client)
        assert answer(asked["state"], lms.token(nonce=asked["nonce"], **forged)).status_code == 403
    asked = begin(client)
    unsigned = jwt.encode({"sub": "moodle-7", "nonce": asked["nonce"]}, None, algorithm="none")
    assert answer(asked["state"], unsigned).status_code == 403
    assert answer(begin(client)["state"], "no token").status_code == 403


def test_an_answer_counts_once_and_a_wrong_one_uses_its_state_up(
    lms: Lms, client: Client, learners_welcome: AdmissionByLaunch
) -> None:
    asked = begin(client)
    token = lms.token(nonce=asked["nonce"])
    entered = answer(asked["state"], token)
    assert entered.status_code == 303
    assert answer(asked["state"], token).status_code == 403
    assert client.get(entered.url).url == "/cohorts/spring/"
    assert client.get(entered.url).status_code == 403
    spoilt = begin(client)
    answer(spoilt["state"], "wrong")
    assert answer(spoilt["state"], lms.token(nonce=spoilt["nonce"])).status_code == 403


def test_a_state_that_is_not_ours_or_too_old_is_refused(lms: Lms, client: Client) -> None:
    asked = begin(client)
    token = lms.token(nonce=asked["nonce"])
    for state in ("", "made-up", f"{asked['state']}x", asked["state"].rpartition(":")[0]):
        assert answer(state, token).status_code == 403
    Launch.objects.update(expires_at=timezone.now())
    assert answer(asked["state"], token).status_code == 403
    assert (delete_expired(), Launch.objects.exists()) == (1, False)


def test_an_answer_that_somebody_else_caught_signs_no_other_browser_in(
    lms: Lms, client: Client, learners_welcome: AdmissionByLaunch
) -> None:
    asked = begin(client)
    entered = answer(asked["state"], lms.token(nonce=asked["nonce"]))
    victim = Client()
    assert victim.get(entered.url).status_code == 403
    assert victim.get(entered.url.replace("enter", "link")).status_code == 403
    assert not Person.objects.filter(email="hanako@uni.example").exists()
    assert client.get(f"{entered.url}x").status_code in {403, 404}


@pytest.mark.parametrize(
    "hints",
    [
        {"iss": "https://evil.example"},
        {"client_id": "x"},
        {"login_hint": ""},
        {"target_link_uri": "https://evil.example/"},
    ],
)
def test_a_login_that_nobody_registered_begins_nothing(hints: dict[str, str], lms: Lms, client: Client) -> None:
    assert client.get("/lti/login/", HINTS | hints).status_code == 403
    assert not Launch.objects.exists()


def test_in_a_frame_nothing_begins_but_a_link_leads_out_of_it(lms: Lms) -> None:
    framed = Client(headers={"Sec-Fetch-Dest": "iframe"}, enforce_csrf_checks=True)
    page = framed.post("/lti/login/", HINTS)
    assert (page.status_code, Launch.objects.exists(), "campus_session" in framed.cookies) == (200, False, False)
    assert "frame-ancestors https://lms.uni.example" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers
    assert 'target="_blank"' in page.text
    assert "/accounts/login/" not in page.text  # No other page of ours opens in a frame.
    assert "iss=https%3A%2F%2Flms.uni.example&amp;login_hint=7" in page.text
    assert "frame-ancestors 'none'" in Client().get("/accounts/login/").headers["Content-Security-Policy"]


def test_the_key_set_is_kept_and_asked_for_again_when_keys_rotate(
    lms: Lms, launch: Launching, learners_welcome: AdmissionByLaunch, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch(Client())
    launch(Client())
    assert lms.asked == 1
    monkeypatch.setitem(lms.keys, "second", new_key())
    assert launch(Client(), kid="second").status_code == 403  # Asked a moment ago: strangers can't make us ask on.
    monkeypatch.setattr("campus.lti.platforms.ASK_AGAIN_AFTER", 0)
    from django.core.cache import cache

    cache.delete("lti:keys:moodle:asked")
    assert launch(Client(), kid="second").status_code == 302
    assert lms.asked == 2


def test_an_lms_whose_keys_cannot_be_had_signs_nobody_in(
    lms: Lms, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings.ENVIRONMENT, "lti_platforms", [lms.registered(jwks_url="http://127.0.0.1:9/certs")])
    asked = begin(client)
    assert answer(asked["state"], lms.token(nonce=asked["nonce"])).status_code == 403
