"""A second factor: set up, asked for at sign-in, kept sealed, replaced by recovery codes; organisers may have to."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail
from django.test import Client

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.rules import roles_of
from campus.people.models import Person
from campus.people.second_factor import SecondFactorAdapter, has_second_factor
from tests.campus.people.cast import PASSWORD, browser_of, sign_in


def code_for(secret: str) -> str:
    """What the authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(person: Person) -> tuple[Client, str]:
    """The person's browser after the app was set up, and the app's secret."""
    browser = browser_of(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302
    return browser, secret


def test_an_app_is_set_up_and_then_asked_for(john, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        _browser, secret = with_app(john)
    assert [m.subject for m in mail.outbox] == ["The authenticator app was set up"]
    client = Client()
    assert sign_in(client, john.email).url == "/accounts/2fa/authenticate/"
    assert client.get("/account/").status_code == 302  # not yet
    refused = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert list(refused.context["form"].errors) == ["code"]
    # A code works once, and the one of the set-up is used: the next is that of the next half minute.
    later = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))
    assert client.post("/accounts/2fa/authenticate/", {"code": later}).url == "/"
    assert client.get("/account/").status_code == 200


def test_the_code_is_called_a_code_in_japanese(john):
    with_app(john)
    client = Client(headers={"accept-language": "ja"})
    sign_in(client, john.email)
    assert '<label for="id_code">コード' in client.get("/accounts/2fa/authenticate/").content.decode()


def test_a_new_passkey_has_a_plain_name(john):
    browser = browser_of(john)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.get("/accounts/2fa/webauthn/add/").context["form"].initial["name"] == "Passkey 1"


def test_setting_it_up_takes_the_password(john):
    for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        assert browser_of(john).get(f"/accounts/2fa/{path}").url.startswith("/accounts/reauthenticate/")


def test_a_recovery_code_lets_in_once(john):
    browser, _secret = with_app(john)
    codes = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for attempt, way_in in ((codes[0], 302), (codes[0], 200)):
        client = Client()
        sign_in(client, john.email)
        assert client.post("/accounts/2fa/authenticate/", {"code": attempt}).status_code == way_in


def test_a_copy_of_the_database_makes_no_codes(john):
    _browser, secret = with_app(john)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert SecondFactorAdapter().decrypt(kept) == secret


def test_guessing_codes_is_slowed_down(john):
    with_app(john)
    client = Client()
    sign_in(client, john.email)
    for _ in range(6):
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "5分" in answer.content.decode() or "5 minutes" in answer.content.decode()


def test_every_page_about_it_is_ours_and_without_scripts_in_line(john):
    browser, _secret = with_app(john)
    pages = [
        browser.get(path)
        for path in (
            "/accounts/2fa/",
            "/accounts/2fa/webauthn/add/",
            "/accounts/2fa/webauthn/",
            "/accounts/2fa/totp/deactivate/",
            "/accounts/2fa/recovery-codes/",
            "/accounts/2fa/recovery-codes/generate/",
            "/accounts/reauthenticate/",
            "/accounts/2fa/reauthenticate/",
            "/accounts/login/",
        )
    ]
    for page in (page for page in pages if page.status_code == 200):
        text = page.content.decode()
        inline = [tag for tag in text.split("<script")[1:] if "src=" not in tag[:200] and "json" not in tag[:120]]
        assert inline == []
        assert "onclick" not in text
    assert [page.status_code for page in pages[:7]] == [200] * 7


def test_ones_passkeys_are_listed_by_name(john):
    data = {"name": "Phone", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    key = Authenticator.objects.create(user=john, type=Authenticator.Type.WEBAUTHN, data=data)
    browser = browser_of(john)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in ("", "webauthn/", f"webauthn/keys/{key.pk}/edit/", f"webauthn/keys/{key.pk}/remove/"):
        assert "Phone" in browser.get(f"/accounts/2fa/{path}").content.decode()
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in browser.get("/accounts/2fa/").content.decode()
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not has_second_factor(john)


def test_nobody_changes_anothers_passkey(john, hanako):
    key = Authenticator.objects.create(user=john, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    browser = browser_of(hanako)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in ("edit/", "remove/"):
        assert browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{path}", {"name": "Mine"}).status_code == 404
    assert has_second_factor(john)


class TestOrganisersMust:
    @pytest.fixture(autouse=True)
    def _required(self, monkeypatch):
        monkeypatch.setattr(settings.ENVIRONMENT, "second_factor", "organisers")

    def test_without_one_nobody_is_organiser(self, organiser: Person, cohort: Cohort, learner: Person) -> None:
        browser = browser_of(organiser)
        led = browser.get("/cohorts/spring/desk/consents/")
        assert led.url.startswith("/accounts/2fa/?next=")
        assert "事務局の方は2段階認証の設定が必要です" in browser.get(led.url).content.decode()
        assert browser.post("/cohorts/spring/desk/consents/start/").status_code == 404
        assert browser.get("/api/v1/cohorts/spring").status_code == 404
        assert roles_of(organiser, cohort) == set()
        assert browser_of(learner).get("/cohorts/spring/").status_code == 200

    def test_with_one_all_is_as_before(self, organiser: Person, cohort: Cohort) -> None:
        browser, _secret = with_app(organiser)
        assert has_second_factor(organiser)
        assert browser.get("/cohorts/spring/desk/consents/").status_code == 200

    def test_other_roles_of_the_same_person_stay(self, organiser: Person, cohort: Cohort) -> None:
        Enrolment.objects.create(person=organiser, cohort=cohort, role=Role.MENTOR)
        assert roles_of(organiser, cohort) == {Role.MENTOR}
