"""Who sees which field: the whole table, field by field and viewer by viewer."""

import pytest

from campus.people.models import Person, Profile
from campus.people.profile_fields import PROFILE_FIELDS, WIDENABLE, Viewer
from campus.people.visibility import may_see, missing_fields, profile_columns, shown, what_others_see

# What each sees of somebody who has widened nothing; nearer viewers see what farther ones see.
FELLOW = {"name", "alias"}
STAFF = FELLOW | {"name_kana", "industry", "occupation", "language", "time_zone"}
ORGANISER = STAFF | {"name_roman", "email", "organisation", "prefecture", "age_band"}
SEEN = {
    Viewer.STRANGER: set(),
    Viewer.FELLOW: FELLOW,
    Viewer.STAFF: STAFF,
    Viewer.ORGANISER: ORGANISER,
    Viewer.SELF: ORGANISER,
}
FILLED = {
    "name_kana": "サトウ ハナコ",
    "name_roman": "SATO Hanako",
    "organisation": "みどり商店",
    "industry": "I",
    "occupation": "sales",
    "prefecture": "13",
    "age_band": "30",
}


@pytest.fixture
def filled(hanako: Person) -> Person:
    Profile.objects.create(person=hanako, **FILLED)
    return hanako


def seen_by(viewer: Viewer, person: Person) -> set[str]:
    return {key for key in PROFILE_FIELDS if may_see(key, of=person, viewer=viewer)}


@pytest.mark.parametrize("viewer", list(Viewer))
def test_each_viewer_sees_what_the_table_says(filled: Person, viewer: Viewer) -> None:
    assert seen_by(viewer, filled) == SEEN[viewer]


@pytest.mark.parametrize("viewer", list(Viewer))
def test_what_is_not_for_the_viewers_eyes_is_empty(filled: Person, viewer: Viewer) -> None:
    filled.alias = "はな"
    assert {key for key in PROFILE_FIELDS if shown(key, of=filled, viewer=viewer)} == SEEN[viewer]


def test_widening_reaches_fellows_and_nobody_beyond(filled: Person) -> None:
    Profile.objects.update(shared=[key for key, _ in WIDENABLE])
    filled = Person.objects.select_related("profile").get()
    assert seen_by(Viewer.FELLOW, filled) == FELLOW | {key for key, _ in WIDENABLE}
    assert seen_by(Viewer.STRANGER, filled) == set()


def test_what_may_not_be_widened_stays_though_it_is_in_the_row(filled: Person) -> None:
    Profile.objects.update(shared=["age_band", "email", "name_roman"])
    filled = Person.objects.select_related("profile").get()
    assert seen_by(Viewer.FELLOW, filled) == FELLOW


def test_codes_are_told_in_words(filled: Person) -> None:
    assert shown("prefecture", of=filled, viewer=Viewer.SELF) in {"東京都", "Tokyo"}


def test_columns_hold_only_what_the_viewer_sees(filled: Person, john: Person) -> None:
    columns = profile_columns(Viewer.STAFF, path="")
    # Organisation and prefecture could be widened: a column, but empty for those who haven't.
    assert {column.key for column in columns} == STAFF | {"organisation", "prefecture"}
    cells = {column.key: column.value(filled) for column in columns}
    assert (cells["name_kana"], cells["organisation"]) == ("サトウ ハナコ", "")
    Profile.objects.filter(person=filled).update(shared=["organisation"])
    again = Person.objects.select_related("profile").get(pk=filled.pk)
    assert {column.key: column.value(again) for column in columns}["organisation"] == "みどり商店"


def test_nobody_learns_a_hidden_value_by_sorting() -> None:
    sorts = {column.key: column.sort for column in profile_columns(Viewer.STAFF)}
    assert (sorts["name_kana"], sorts["organisation"]) == ("person__profile__name_kana", "")


def test_strangers_get_no_columns() -> None:
    assert profile_columns(Viewer.STRANGER) == []


def test_columns_cost_no_query_per_person(filled: Person, john: Person, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        for person in Person.objects.select_related("profile"):
            [column.value(person) for column in profile_columns(Viewer.ORGANISER, path="")]


def test_a_learner_is_asked_for_what_is_missing(filled: Person, john: Person) -> None:
    assert missing_fields(filled) == []
    # His name needs no reading.
    assert missing_fields(john) == ["name_roman", "industry", "occupation", "prefecture", "age_band"]


def test_every_field_says_why_it_is_asked() -> None:
    assert all(str(field.label) and str(field.purpose) for field in PROFILE_FIELDS.values())


def test_the_page_shows_the_same_table(filled: Person) -> None:
    told = {
        row["field"].key: {viewer for viewer, sees in row["seen"] if sees} for row in what_others_see(filled)["rows"]
    }
    for viewer in (Viewer.FELLOW, Viewer.STAFF, Viewer.ORGANISER):
        assert {key for key, viewers in told.items() if viewer in viewers} == SEEN[viewer]
