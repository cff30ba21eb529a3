"""Whether a badge was revoked: only a list that can be trusted answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campus.badges.credentials import proof
from campus.badges.credentials.facts import Document, Revocation, RevocationListPlace
from campus.badges.credentials.status import StatusList, revocation_list, status_credential
from tests.campus.badges.credentials.site import (
    AWARD,
    ISSUER,
    KEYS,
    LIST,
    NOW,
    SITE,
    STRANGER,
    Published,
    failed,
    signed,
    token,
)


@pytest.mark.parametrize("form", [signed, token])
def test_a_revoked_badge_is_refused_and_its_neighbours_are_not(form: Callable[[], Any]) -> None:
    assert failed(Published(revoked=(94_567,)).verdict(form())) == {"status": "status.revoked"}
    assert Published(revoked=(94_566, 94_568)).verdict(form()).is_genuine


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        pytest.param(lambda _good: None, "status.unresolved", id="not there"),
        pytest.param(lambda good: good | {"id": f"{SITE}/status/2"}, "status.unreadable", id="another list"),
        pytest.param(lambda good: good | {"issuer": "did:web:evil.example"}, "status.unreadable", id="another issuer"),
        pytest.param(lambda good: good | {"proof": {}}, "status.unreadable", id="unsigned"),
        pytest.param(lambda good: good | {"note": "x"}, "status.unreadable", id="with an addition"),
        pytest.param(lambda _good: _signed_by(STRANGER), "status.unreadable", id="signed by a stranger"),
        pytest.param(lambda _good: _ended_list(), "status.unreadable", id="out of date"),
        pytest.param(lambda _good: "not JSON", "status.unresolved", id="no object"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_no_answer(
    badge: Document, listed: Callable[[Document], Any], code: str
) -> None:
    published = Published(others={LIST: listed(Published().documents()[LIST])})

    assert failed(published.verdict(badge)) == {"status": code}


def _signed_by(keys: Any) -> Document:
    return Published(list_keys=keys).documents()[LIST]


def _ended_list() -> Document:
    ended = status_credential(
        list_url=LIST, issuer=ISSUER, statuses=StatusList(), valid_from=NOW - timedelta(days=9), valid_until=NOW
    )
    return proof.sign(ended, KEYS, created=NOW)


def test_a_plain_revocation_list_is_understood_too() -> None:
    url = f"{SITE}/revoked"
    badge = signed(replace(AWARD, status=RevocationListPlace(url)))

    def published(revoked: list[Revocation]) -> Published:
        return Published(others={url: revocation_list(list_url=url, issuer=ISSUER, revoked=revoked)})

    assert published([Revocation("urn:uuid:other")]).verdict(badge).is_genuine
    assert failed(published([Revocation(AWARD.id, "By mistake")]).verdict(badge)) == {"status": "status.revoked"}


def test_a_badge_without_status_is_not_asked_for_one() -> None:
    verdict = Published().verdict(signed(replace(AWARD, status=None)))

    assert (verdict["status"].ok, verdict.is_genuine) == (None, True)
