"""Which time zones are offered, and how they are called."""

import pytest
from django.utils import translation

from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.people.time_zones import time_zone_choices
from tests.campus.cast import signed_in


@pytest.mark.parametrize(
    ("language", "tokyo", "kolkata", "knox"),
    [
        ("ja", "日本: 東京", "インド: コルカタ", "アメリカ合衆国: インディアナ州ノックス"),
        ("en", "Japan: Tokyo", "India: Kolkata", "United States: Knox, Indiana"),
    ],
)
def test_zones_are_named_by_country_and_place(language: str, tokyo: str, kolkata: str, knox: str) -> None:
    with translation.override(language):
        offered = time_zone_choices()
    assert offered[:2] == [("Asia/Tokyo", f"{tokyo} (Asia/Tokyo)"), ("UTC", "UTC")]
    words = dict(offered)
    assert words["Asia/Kolkata"] == f"{kolkata} (Asia/Kolkata)"
    assert words["America/Indiana/Knox"] == f"{knox} (America/Indiana/Knox)"
    assert len(words) == len(offered)


def test_what_is_no_place_or_another_name_of_one_is_not_offered() -> None:
    names = {name for name, _words in time_zone_choices()}
    unwanted = {
        "Factory",
        "localtime",
        "posixrules",
        "Japan",
        "EST",
        "GMT+0",
        "Etc/GMT-9",
        "Asia/Calcutta",
        "US/Pacific",
    }
    assert not names & unwanted
    assert {"Europe/Kyiv", "Asia/Ho_Chi_Minh", "America/Argentina/Buenos_Aires"} <= names


@pytest.mark.django_db
def test_a_cohort_keeps_a_zone_that_is_no_longer_offered(cohort: Cohort, organiser: Person) -> None:
    Cohort.objects.update(time_zone="Japan")
    client, page = signed_in(organiser), f"/cohorts/{cohort.slug}/desk/settings/"
    form = client.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    assert client.post(page, sent | {"title_ja": "春の開催期"}).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.title_ja, cohort.time_zone) == ("春の開催期", "Japan")
    for wrong in ("Factory", "Mars/Olympus", ""):
        assert list(client.post(page, sent | {"time_zone": wrong}).context["form"].errors) == ["time_zone"]


@pytest.mark.django_db
def test_a_person_keeps_a_zone_that_is_no_longer_offered(learner: Person) -> None:
    Person.objects.filter(pk=learner.pk).update(time_zone="Asia/Calcutta")
    client = signed_in(learner)
    sent = {"name": "Hanako", "language": "en", "time_zone": "Asia/Calcutta"}
    assert client.post("/account/", sent).status_code == 302
    learner.refresh_from_db()
    assert (learner.language, learner.time_zone) == ("en", "Asia/Calcutta")
