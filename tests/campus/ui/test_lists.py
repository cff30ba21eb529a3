"""A list narrows, sorts, pages and downloads as its address says."""

from typing import Any

import pytest
from django import forms
from django.db.models import QuerySet
from django.template import Context, Template
from django.test import RequestFactory

from campus.people.models import Person
from campus.ui.lists import Column, Filter, Listing, MemoryListing, TextFilter
from tests.campus.cast import make_person

pytestmark = pytest.mark.django_db


class ByName(Filter):
    """Persons whose name holds a text."""

    name = forms.CharField(max_length=20)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(name__icontains=self.cleaned_data["name"])


COLUMNS = [
    Column("name", "Name", lambda person: person.name, sort="name"),
    Column("alias", "Nickname", lambda person: person.alias),
    Column("email", "E-mail", lambda person: person.email, on_page=False),
]


def listing(address: str = "/", **options: Any) -> Listing:
    request = RequestFactory().get(address)
    filters = ByName(request.GET)
    return Listing(
        request, Person.objects.all(), columns=COLUMNS, name="people", order=["pk"], filters=filters, **options
    )


def draw(found: Listing) -> str:
    source = "{% load ui %}{% listing found 'People' 'Invite somebody.' %}"
    return Template(source).render(Context({"request": found.request, "found": found}))


@pytest.fixture
def people() -> list[Person]:
    return [make_person("Beni", alias="=1+1"), make_person("Aoi"), make_person("Chika")]


def test_the_address_narrows_sorts_and_pages(people: list[Person]) -> None:
    assert [person.name for person in listing().page] == ["Beni", "Aoi", "Chika"]
    assert [person.name for person in listing("/?sort=name").page] == ["Aoi", "Beni", "Chika"]
    assert [person.name for person in listing("/?sort=-name").page] == ["Chika", "Beni", "Aoi"]
    assert [person.name for person in listing("/?name=i&sort=name&page=2", per_page=2).page] == ["Chika"]


@pytest.mark.parametrize("wish", ["email", "pk", "person__password", "-", "name,pk"])
def test_only_what_a_column_offers_can_be_sorted_by(wish: str, people: list[Person]) -> None:
    assert [person.name for person in listing(f"/?sort={wish}").page] == ["Beni", "Aoi", "Chika"]


def test_what_a_filter_cannot_understand_narrows_nothing(people: list[Person]) -> None:
    assert listing(f"/?name={'x' * 21}").total == 3


def test_words_are_looked_for_one_by_one_in_all_of_the_fields(people: list[Person]) -> None:
    def found(words: str) -> list[str]:
        asked = {"words": words}
        filters = TextFilter(asked, label="Name or email", within=["name", "email"])
        return list(filters.chosen(Person.objects.order_by("pk")).values_list("name", flat=True))

    first = people[0]
    everybody = [one.name for one in people]
    assert found(f"{first.email.partition('@')[0].upper()} {first.name}") == [first.name]
    assert (found(f"{first.name} nowhere"), found(" "), found("")) == ([], everybody, everybody)


def test_a_file_holds_all_rows_that_the_filter_leaves(people: list[Person]) -> None:
    answer = listing("/?name=i&sort=name&export=csv&page=2", per_page=1).download()
    assert answer is not None
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Name,Nickname,E-mail",
        "Aoi,,aoi@example.org",
        "Beni,'=1+1,beni@example.org",
        "Chika,,chika@example.org",
    ]
    assert listing("/?export=pdf").download() is None


def test_the_page_links_to_files_and_orders_of_the_same_rows(people: list[Person]) -> None:
    page = draw(listing("/?name=i&sort=name&page=2", per_page=2))
    assert 'href="?name=i&amp;sort=-name"' in page
    assert 'aria-sort="ascending"' in page
    assert 'href="?name=i&amp;sort=name&amp;export=csv"' in page
    assert "Chika" in page
    assert "Aoi" not in page


def test_an_empty_list_says_what_to_do(people: list[Person]) -> None:
    assert "条件に合うものがありません" in draw(listing("/?name=nobody"))
    Person.objects.all().delete()
    assert "Invite somebody." in draw(listing())


def test_a_list_is_drawn_with_three_queries_at_most(people: list[Person], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        draw(listing(selectable=True))


def test_rows_worked_out_in_memory_sort_by_what_their_column_compares(people: list[Person]) -> None:
    columns = [
        Column("name", "Name", lambda person: person.name, sort=lambda person: person.name, note="3 here"),
        Column("alias", "Nickname", lambda person: person.alias, sort=lambda person: person.alias or None),
    ]

    def names(address: str) -> list[str]:
        request = RequestFactory().get(address)
        return [person.name for person in MemoryListing(request, people, columns=columns, name="people", order=[]).page]

    assert names("/") == ["Beni", "Aoi", "Chika"]
    assert names("/?sort=name") == ["Aoi", "Beni", "Chika"]
    assert names("/?sort=-name") == ["Chika", "Beni", "Aoi"]
    assert names("/?sort=-alias")[0] == "Beni"  # Who has none comes last, whichever way.
    found = MemoryListing(RequestFactory().get("/?export=csv"), people, columns=columns, name="people", order=[])
    assert "3 here" in draw(found)
    assert found.download().content.decode("utf-8-sig").splitlines()[0] == "Name,Nickname"  # type: ignore[union-attr]


def test_checkboxes_belong_to_the_pages_own_form_since_the_filters_are_one_too(people: list[Person]) -> None:
    page = draw(listing(selectable=True))
    assert page.count('name="selected"') == page.count('form="with-selected"') == 3
    assert "Beniを選択" in page
    assert 'name="selected"' not in draw(listing())
