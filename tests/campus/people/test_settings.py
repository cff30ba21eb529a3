"""The language and time zone that pages are shown in."""

import pytest
from django.conf import settings

from tests.campus.people.cast import browser_of

MINE = {"name": "佐藤 花子", "name_kana": "サトウ ハナコ", "alias": "はな", "language": "ja", "time_zone": "Asia/Tokyo"}


def language_of(answer):
    assert f'<html lang="{answer.headers["Content-Language"]}">' in answer.content.decode()
    return answer.headers["Content-Language"]


def test_one_changes_ones_settings_and_reads_about_it_in_the_new_language(hanako):
    answer = browser_of(hanako).post(
        "/account/", MINE | {"language": "en", "time_zone": "America/New_York"}, follow=True
    )
    hanako.refresh_from_db()
    assert (hanako.alias, hanako.language, hanako.time_zone) == ("はな", "en", "America/New_York")
    assert "Your settings were saved." in answer.content.decode()
    assert "Times are shown in America/New_York." in answer.content.decode()


def test_what_else_is_sent_with_the_settings_is_not_heard(hanako):
    email = hanako.email
    wishes = {"is_staff": "on", "is_superuser": "on", "is_active": "", "email": "other@example.org", "password": "x"}
    assert browser_of(hanako).post("/account/", MINE | wishes).status_code == 302
    hanako.refresh_from_db()
    assert (hanako.is_staff, hanako.is_superuser, hanako.is_active, hanako.email) == (False, False, True, email)


@pytest.mark.parametrize(
    ("wish", "shown"),
    [("", "ja"), ("fr-FR,fr;q=0.9", "ja"), ("en-GB,en;q=0.9", "en"), ("ja,en;q=0.5", "ja"), ("%%", "ja")],
)
def test_a_stranger_reads_what_the_browser_wishes_and_japanese_otherwise(client, wish, shown):
    assert language_of(client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE=wish)) == shown


def test_a_persons_setting_beats_cookie_and_browser(hanako):
    browser = browser_of(hanako)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language_of(browser.get("/account/", HTTP_ACCEPT_LANGUAGE="en")) == "ja"


def test_a_strangers_switch_is_kept_in_a_cookie(client):
    answer = client.post("/account/language/", {"language": "en", "next": "/accounts/login/?next=/account/"})
    assert answer.url == "/accounts/login/?next=/account/"
    assert language_of(client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="ja")) == "en"


def test_a_persons_switch_is_kept_with_the_person(hanako):
    browser_of(hanako).post("/account/language/", {"language": "en", "next": "/account/"})
    hanako.refresh_from_db()
    assert hanako.language == "en"
    assert language_of(browser_of(hanako).get("/account/")) == "en"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)"])
def test_the_switch_never_leads_to_another_site(client, next_):
    assert client.post("/account/language/", {"language": "en", "next": next_}).url == "/"


def test_an_unknown_language_changes_nothing(hanako):
    browser_of(hanako).post("/account/language/", {"language": "xx", "next": "/account/"})
    hanako.refresh_from_db()
    assert hanako.language == "ja"


def test_the_switch_takes_a_post(client):
    assert client.get("/account/language/").status_code == 405


def test_pages_differ_by_cookie_and_wish_for_caches(client):
    vary = client.get("/accounts/login/").headers["Vary"]
    assert {"Cookie", "Accept-Language"} <= set(vary.split(", "))
