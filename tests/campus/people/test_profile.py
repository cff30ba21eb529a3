"""One's own profile: filled in with help, shown with its purpose, changed by nobody else and in nothing else."""

import pytest

from campus.people.actions import change_profile
from campus.people.models import Person, Profile
from campus.people.profile_fields import PROFILE_FIELDS
from campus.people.profile_forms import ProfileForm
from tests.campus.people.cast import browser_of

MINE = {
    "name": "佐藤 花子",
    "name_kana": "さとう はなこ",
    "name_roman": "ＳＡＴＯ Hanako",
    "alias": "はな",
    "organisation": "みどり商店",
    "industry": "I",
    "occupation": "sales",
    "prefecture": "13",
    "age_band": "30",
    "language": "ja",
    "time_zone": "Asia/Tokyo",
}


def test_one_fills_in_ones_profile(hanako):
    assert browser_of(hanako).post("/account/", MINE).status_code == 302
    kept = Profile.objects.values("name_kana", "name_roman", "organisation", "industry", "prefecture").get()
    assert kept == {
        "name_kana": "サトウ ハナコ",
        "name_roman": "SATO Hanako",
        "organisation": "みどり商店",
        "industry": "I",
        "prefecture": "13",
    }
    hanako.refresh_from_db()
    assert hanako.alias == "はな"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name_kana": "佐藤"},
        {"name_kana": ""},
        {"name_roman": "佐藤"},
        {"language": "fr"},
        {"time_zone": "Mars/Olympus"},
        {"alias": "x" * 41},
        {"industry": "Z"},
        {"prefecture": "48"},
        {"organisation": "https://spam.example"},
    ],
)
def test_a_wrong_field_changes_nothing_says_where_and_keeps_what_was_typed(hanako, wrong):
    answer = browser_of(hanako).post("/account/", MINE | wrong)
    form = answer.context["form"]
    assert list(form.errors) == list(wrong)
    assert form["organisation"].value() == (MINE | wrong)["organisation"]
    hanako.refresh_from_db()
    assert hanako.alias == ""
    assert not Profile.objects.exists()


def test_only_a_name_needs_to_be_told(john):
    wanted = {"name": "John Smith", "language": "en", "time_zone": "Europe/London"}
    assert browser_of(john).post("/account/", wanted).status_code == 302


def test_each_field_shows_why_it_is_asked_and_who_sees_it(hanako):
    page = browser_of(hanako).get("/account/").content.decode()
    assert "修了証に記載します" in page
    assert page.count("表示される相手：") == len(PROFILE_FIELDS) - 1  # The address has a page of its own.


def test_a_learner_must_fill_in_what_is_missing(hanako):
    form = ProfileForm({"prefecture": ""}, person=hanako, only=["prefecture"])
    assert list(form.fields) == ["prefecture"]
    assert list(form.errors) == ["prefecture"]


def test_mass_assignment_changes_nobody(hanako, john):
    stolen = {"is_staff": "on", "is_superuser": "on", "email": "root@example.org", "person": john.pk, "pk": john.pk}
    browser_of(hanako).post("/account/", MINE | stolen | {"shared": ["industry"], "password": "x"})
    before = Person.objects.get(pk=john.pk)
    hanako.refresh_from_db()
    assert (hanako.is_staff, hanako.is_superuser, hanako.email) == (False, False, "hanako@example.org")
    assert hanako.check_password("correct-horse-battery")
    assert hanako.profile.shared == []
    assert (before.name, before.alias, Profile.objects.count()) == ("John Smith", "", 1)


def test_even_the_action_takes_only_what_the_table_knows(hanako):
    change_profile(person=hanako, values={"is_staff": True, "email": "x@example.org", "alias": "はな"})
    hanako.refresh_from_db()
    assert (hanako.is_staff, hanako.email, hanako.alias) == (False, "hanako@example.org", "はな")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_changes_no_person(hanako, method):
    answer = getattr(browser_of(hanako), method)(
        "/api/v1/me", {"is_staff": True, "name": "root"}, content_type="application/json"
    )
    assert answer.status_code == 405


def test_the_api_tells_nothing_of_the_profile(hanako):
    Profile.objects.create(person=hanako, age_band="30", organisation="みどり商店")
    told = browser_of(hanako).get("/api/v1/me").json()
    assert set(told) == {"id", "name", "alias", "email", "language", "time_zone", "token"}


def test_one_shows_more_to_fellow_learners_and_takes_it_back(hanako):
    browser = browser_of(hanako)
    browser.post("/account/who-sees-what/", {"shared": ["organisation", "prefecture"]})
    assert Profile.objects.get().shared == ["organisation", "prefecture"]
    browser.post("/account/who-sees-what/", {})
    assert Profile.objects.get().shared == []


def test_what_may_not_be_shown_to_all_is_refused(hanako):
    answer = browser_of(hanako).post("/account/who-sees-what/", {"shared": ["age_band"]})
    assert list(answer.context["form"].errors) == ["shared"]
    assert not Profile.objects.exists()


def test_the_page_tells_who_sees_what(hanako):
    Profile.objects.create(person=hanako, organisation="みどり商店")
    page = browser_of(hanako).get("/account/who-sees-what/").content.decode()
    assert "プロフィールの公開範囲" in page
    assert "みどり商店" in page


@pytest.mark.parametrize("path", ["/account/", "/account/who-sees-what/"])
def test_strangers_are_sent_to_sign_in(client, path):
    assert client.get(path).url == f"/accounts/login/?next={path}"
