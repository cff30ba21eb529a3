"""Personal tokens: made once, shown once, checked, bounded, revoked; nobody sees another's."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from campus.people.models import Person, PersonalToken
from campus.people.tokens import MAX_LIVE_TOKENS, authenticate_token, create_token, revoke_token
from tests.campus.people.cast import browser_of


def make(person: Person, *, days: int = 30, scopes: tuple[str, ...] = ("read",)) -> tuple[PersonalToken, str]:
    return create_token(person=person, name="laptop", scopes=scopes, expires_at=timezone.now() + timedelta(days=days))


def test_a_token_is_256_random_bits_and_only_its_digest_is_kept(hanako):
    token, raw = make(hanako)
    assert raw.startswith("mnb_")
    assert len(raw) == 4 + 43  # 32 bytes in base64
    stored = PersonalToken.objects.values().get()
    assert raw not in str(stored)
    assert stored["digest"] == hashlib.sha256(raw.encode()).hexdigest()
    assert raw.startswith(token.beginning)


def test_a_live_token_stands_for_its_person_and_scopes(hanako):
    _token, raw = make(hanako, scopes=("submit", "read"))
    found = authenticate_token(raw)
    assert found is not None
    assert (found.person, found.scopes) == (hanako, ["read", "submit"])


@pytest.mark.parametrize("raw", ["", "mnb_", "mnb_" + "A" * 43, "x" * 100_000, "mnb_\x00", "トークン"])
def test_a_guess_is_nobody(hanako, raw):
    make(hanako)
    assert authenticate_token(raw) is None


def test_an_expired_token_is_nobody(hanako):
    token, raw = make(hanako)
    PersonalToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert authenticate_token(raw) is None


def test_a_revoked_token_is_nobody_and_keeps_its_first_date(hanako):
    token, raw = make(hanako)
    revoke_token(token=token)
    first = token.revoked_at
    revoke_token(token=token)
    assert token.revoked_at == first
    assert authenticate_token(raw) is None


def test_a_closed_account_has_no_working_token(hanako):
    _token, raw = make(hanako)
    Person.objects.update(is_active=False)
    assert authenticate_token(raw) is None


def test_use_is_noted_at_most_once_a_minute(hanako, django_assert_num_queries):
    token, raw = make(hanako)
    with django_assert_num_queries(3):  # found, its use noted, and that its person was here
        authenticate_token(raw)
    with django_assert_num_queries(1):
        authenticate_token(raw)
    PersonalToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    authenticate_token(raw)
    token.refresh_from_db()
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)


def test_nobody_holds_more_than_the_bound_of_live_tokens(hanako):
    tokens = [make(hanako)[0] for _ in range(MAX_LIVE_TOKENS)]
    with pytest.raises(ValidationError):
        make(hanako)
    revoke_token(token=tokens[0])
    make(hanako)


@pytest.mark.parametrize(("scopes", "days"), [((), 30), (("admin",), 30), (("read", "admin"), 30), (("read",), -1)])
def test_a_token_without_known_scopes_or_future_is_refused(hanako, scopes, days):
    with pytest.raises(ValidationError):
        make(hanako, scopes=scopes, days=days)
    assert not PersonalToken.objects.exists()


def test_the_page_shows_a_new_token_once(hanako):
    browser = browser_of(hanako)
    made = browser.post("/account/tokens/", {"name": "laptop", "scopes": ["read", "submit"], "days": "90"})
    raw = made.context["raw"]
    assert raw in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert authenticate_token(raw).person == hanako
    again = browser.get("/account/tokens/").content.decode()
    assert raw not in again
    assert raw[:10] in again


def test_the_page_offers_only_its_own_expiries_and_scopes(hanako):
    made = browser_of(hanako).post("/account/tokens/", {"name": "x", "scopes": ["admin"], "days": "9999"})
    assert sorted(made.context["form"].errors) == ["days", "scopes"]
    assert not PersonalToken.objects.exists()


def test_the_page_says_when_the_bound_is_reached(hanako):
    for _ in range(MAX_LIVE_TOKENS):
        make(hanako)
    answer = browser_of(hanako).post("/account/tokens/", {"name": "x", "scopes": ["read"], "days": "30"})
    assert "トークンはすでに20個あります。" in answer.content.decode()


def test_one_revokes_ones_own_token(hanako):
    token, raw = make(hanako)
    browser = browser_of(hanako)
    assert browser.get(f"/account/tokens/{token.pk}/revoke/").status_code == 405
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").url == "/account/tokens/"
    assert authenticate_token(raw) is None
    assert raw[:10] not in browser.get("/account/tokens/").content.decode()


def test_another_persons_token_does_not_exist(hanako, john):
    token, raw = make(hanako)
    browser = browser_of(john)
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert raw[:10] not in browser.get("/account/tokens/").content.decode()
    assert authenticate_token(raw) is not None


def test_a_stranger_is_sent_to_sign_in(hanako):
    token, _raw = make(hanako)
    stranger = Client()
    pages = ["/account/", "/account/tokens/", f"/account/tokens/{token.pk}/revoke/", "/accounts/email/"]
    assert [stranger.post(page).status_code for page in pages] == [302] * 4
    token.refresh_from_db()
    assert token.revoked_at is None
