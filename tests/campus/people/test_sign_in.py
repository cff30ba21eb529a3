"""Signing up, confirming the address, signing in, resetting and changing what one signs in with."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone, translation

from campus.people.invitations import admit
from campus.people.models import Person
from campus.people.tokens import authenticate_token, create_token
from tests.campus.people.cast import PASSWORD, browser_of, link_in_last_mail, sign_in

NEWCOMER = {
    "name": "鈴木 一郎",
    "email": "ichiro@example.org",
    "password1": PASSWORD,
    "language": "ja",
}


def test_a_newcomer_signs_up_confirms_the_address_and_signs_in(client):
    answer = client.post("/accounts/signup/", NEWCOMER)
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    person = Person.objects.get(email="ichiro@example.org")
    assert (person.name, person.language, person.time_zone) == ("鈴木 一郎", "ja", "Asia/Tokyo")
    assert sign_in(client, person.email).url == "/accounts/confirm-email/"  # not yet

    link = link_in_last_mail()
    assert "鈴木 一郎 様" in mail.outbox[0].body
    assert mail.outbox[0].subject == "メールアドレスの確認をお願いします"
    client.post(link)
    assert sign_in(Client(), person.email).url == "/"


@pytest.mark.parametrize(("wish", "then"), [("/apply/spring/", "/apply/spring/"), ("https://evil.example/", "/")])
def test_the_browser_that_signed_up_comes_back_to_where_it_began(client, wish, then):
    client.post("/accounts/signup/", NEWCOMER | {"next": wish})
    sign_in_page = client.post(link_in_last_mail()).url
    assert client.get(sign_in_page).status_code == 200
    typed = {
        "login": NEWCOMER["email"],
        "password": PASSWORD,
        "next": parse_qs(urlsplit(sign_in_page).query).get("next", [""])[0],
    }
    signed_in = client.post("/accounts/login/", typed)
    assert signed_in.url == then


def test_a_sign_up_in_english_is_answered_in_english(client):
    client.post("/accounts/signup/", NEWCOMER | {"language": "en"}, HTTP_ACCEPT_LANGUAGE="ja")
    assert mail.outbox[0].subject == "Please confirm your email address"
    assert mail.outbox[0].body.startswith("Dear 鈴木 一郎,")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "今すぐ https://spam.example へ"}, "name"),
        ({"language": "fr"}, "language"),
        ({"password1": "short"}, "password1"),
        ({"email": "nonsense"}, "email"),
    ],
)
def test_a_sign_up_with_something_wrong_makes_nobody(client, wrong, field):
    answer = client.post("/accounts/signup/", NEWCOMER | wrong)
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_sign_up_asks_four_things_and_keeps_nothing_else(client):
    form = client.get("/accounts/signup/").context["form"]
    assert list(form.fields) == ["name", "email", "password1", "language"]
    client.post("/accounts/signup/", NEWCOMER | {"is_staff": "on", "is_superuser": "on", "alias": "root"})
    person = Person.objects.get()
    assert (person.is_staff, person.is_superuser, person.alias) == (False, False, "")


def test_signing_up_with_a_taken_address_tells_only_its_owner(client, hanako):
    answer = client.post("/accounts/signup/", NEWCOMER | {"email": "HANAKO@example.org"})
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")  # as for a newcomer
    assert [m.subject for m in mail.outbox] == ["アカウントはすでに登録されています"]
    assert Person.objects.count() == 1


def test_closed_sign_up_makes_nobody(client, monkeypatch):
    monkeypatch.setattr(settings.ENVIRONMENT, "sign_up", "closed")
    assert "新規登録は受け付けていません" in client.post("/accounts/signup/", NEWCOMER).content.decode()
    assert "新規登録" not in client.get("/accounts/login/").content.decode()
    assert not Person.objects.exists()


@pytest.fixture
def opened_invitation(client, monkeypatch):
    """Sign-up is closed, and the browser has opened the link of an invitation to Ichiro."""
    monkeypatch.setattr(settings.ENVIRONMENT, "sign_up", "closed")
    request = HttpRequest()
    request.session = client.session
    admit(request, email="ichiro@example.org")
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


def test_who_opened_an_invitation_signs_up_without_another_mail(client, opened_invitation):
    form = client.get("/accounts/signup/").context["form"]
    assert form["email"].value() == "ichiro@example.org"
    assert client.post("/accounts/signup/", NEWCOMER).url == "/"
    assert Person.objects.get().emailaddress_set.get().verified
    assert mail.outbox == []


def test_the_invitation_is_for_its_address_alone(client, opened_invitation):
    answer = client.post("/accounts/signup/", NEWCOMER | {"email": "friend@example.org"})
    assert list(answer.context["form"].errors) == ["email"]
    assert not Person.objects.exists()


def test_sign_in_ignores_the_case_of_the_address(client, hanako):
    assert sign_in(client, "Hanako@Example.org").url == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, hanako):
    known = sign_in(client, hanako.email, "wrong").context["form"].errors
    unknown = sign_in(client, "nobody@example.org", "wrong").context["form"].errors
    assert known == unknown == {"__all__": ["メールアドレスまたはパスワードが正しくありません。"]}


def test_a_closed_account_does_not_get_in(client, hanako):
    Person.objects.update(is_active=False)
    assert sign_in(client, hanako.email).url == "/accounts/inactive/"
    assert client.get("/account/").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_waits_and_is_told_how_long(client, hanako):
    for _ in range(5):
        sign_in(client, hanako.email, "wrong")
    errors = sign_in(client, hanako.email).context["form"].errors
    assert errors["__all__"] == [
        "ログインに何度も失敗しました。5分待ってからもう一度お試しいただくか、パスワードを再設定してください。"
    ]


def test_failures_are_counted_for_the_sender_and_not_for_the_proxy(client, hanako, monkeypatch):
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    for n in range(60):
        sign_in(client, f"nobody{n}@example.org", "wrong", HTTP_X_FORWARDED_FOR="192.0.2.1")
    blocked = sign_in(client, hanako.email, HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert blocked.status_code == 200
    assert sign_in(client, hanako.email, HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.2").url == "/"


def test_too_many_requests_are_refused_in_words(client):
    for _ in range(20):
        client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer.status_code == 429
    assert "5分待ってから" in answer.content.decode()


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, hanako, next_):
    answer = client.post("/accounts/login/", {"login": hanako.email, "password": PASSWORD, "next": next_})
    assert (answer.status_code, answer.url) == (302, "/")


def test_sign_in_leads_back_to_the_page_that_asked_for_it(client, hanako):
    assert client.get("/account/tokens/").url == "/accounts/login/?next=/account/tokens/"
    answer = client.post("/accounts/login/?next=/account/tokens/", {"login": hanako.email, "password": PASSWORD})
    assert answer.url == "/account/tokens/"


def test_signing_out_takes_a_post(hanako):
    browser = browser_of(hanako)
    browser.get("/accounts/logout/")
    assert browser.get("/account/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/account/").status_code == 302


def labels_of(form):
    with translation.override("en"):
        return [str(field.label) for field in form]


def test_a_forgotten_password_is_reset_by_mail_once(client, john):
    client.post("/accounts/password/reset/", {"email": john.email})
    assert mail.outbox[-1].subject == "Set a new password"  # in his language, not that of the page
    link = link_in_last_mail()
    form = client.get(link, follow=True)
    assert labels_of(form.context["form"]) == ["New password", "New password (again)"]
    client.post(form.request["PATH_INFO"], {"password1": "new-battery-staple", "password2": "new-battery-staple"})
    assert mail.outbox[-1].subject == "Your password was reset"
    assert sign_in(Client(), john.email, "new-battery-staple").url == "/"
    assert "すでに使われています" in Client().get(link, follow=True).content.decode()


def test_a_reset_revokes_the_tokens_a_change_keeps_them(client, john):
    expires = timezone.now() + timedelta(days=1)
    _token, raw = create_token(person=john, name="laptop", scopes=["read"], expires_at=expires)
    new = {"password1": "new-battery-staple", "password2": "new-battery-staple"}
    browser_of(john).post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert authenticate_token(raw) is not None
    client.post("/accounts/password/reset/", {"email": john.email})
    form = client.get(link_in_last_mail(), follow=True)
    done = client.post(form.request["PATH_INFO"], new, follow=True)
    assert authenticate_token(raw) is None
    assert "これまでのアクセストークンは失効しました" in done.content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same_to_who_asked(client, john):
    known = client.post("/accounts/password/reset/", {"email": john.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_the_japanese_sign_in_page_asks_for_an_email_address():
    page = Client(headers={"accept-language": "ja"}).get("/accounts/login/").content.decode()
    assert '<label for="id_login">メールアドレス<' in page
    assert "パスワードをお忘れの方" in page


def test_changing_the_password_needs_the_old_one_and_is_announced(john):
    browser = browser_of(john)
    new = {"password1": "new-battery-staple", "password2": "new-battery-staple"}
    refused = browser.post("/accounts/password/change/", {"oldpassword": "wrong", **new})
    form = refused.context["form"]
    assert list(form.errors) == ["oldpassword"]
    with translation.override("en"):
        assert form.errors["oldpassword"] == ["That is not your current password. Please try again."]
    assert labels_of(form) == ["Current password", "New password", "New password (again)"]
    done = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert done.url == "/account/"
    assert [m.subject for m in mail.outbox] == ["Your password was changed"]


def change_address(browser, new, *, password=PASSWORD):
    """Ask for the change, then confirm the password; the answer to the latter."""
    asked = browser.post("/accounts/email/", {"action_add": "", "email": new})
    assert asked.url.startswith("/accounts/reauthenticate/")
    return browser.post(asked.url, {"password": password})


def test_an_unattended_session_does_not_change_the_address_without_the_password(john):
    refused = change_address(browser_of(john), "thief@example.org", password="wrong")
    assert list(refused.context["form"].errors) == ["password"]
    assert mail.outbox == []


def test_a_new_address_counts_only_once_it_is_confirmed(john):
    browser = browser_of(john)
    change_address(browser, "smith@example.org")
    john.refresh_from_db()
    assert john.email == "john@example.org"
    assert "smith@example.org" in browser.get("/accounts/email/").content.decode()
    browser.post(link_in_last_mail())
    john.refresh_from_db()
    assert john.email == "smith@example.org"
    assert sign_in(Client(), "john@example.org").status_code == 200  # refused
    assert sign_in(Client(), "smith@example.org").url == "/"


def test_passwords_and_tokens_travel_on_pages_that_no_cache_keeps(client):
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]
