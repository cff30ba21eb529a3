"""When somebody was last here is known to the hour, at the cost of one write an hour."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campus.people.models import Person, Scope
from campus.people.tokens import create_token
from tests.campus.people.cast import browser_of

HOUR = timedelta(hours=1)


def seen(person: Person, ago: timedelta) -> datetime:
    at = timezone.now() - ago
    Person.objects.filter(pk=person.pk).update(seen_at=at)
    return at


def last_seen(person: Person) -> datetime | None:
    return Person.objects.get(pk=person.pk).seen_at


def updates_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return sum(query["sql"].startswith('UPDATE "people_person"') for query in queries)


def test_a_page_notes_who_opened_it_once_an_hour(hanako: Person) -> None:
    client = browser_of(hanako)
    seen(hanako, 2 * HOUR)
    assert [updates_of(client, "/account/") for _ in range(3)] == [1, 0, 0]
    assert timezone.now() - last_seen(hanako) < timedelta(minutes=1)  # type: ignore[operator]


def test_who_never_came_has_no_such_moment(hanako: Person, john: Person) -> None:
    browser_of(hanako).get("/")
    assert last_seen(hanako) is not None
    assert last_seen(john) is None


@pytest.mark.parametrize(("address", "headers"), [("/account/", {"HX-Request": "true"}), ("/live/state?streams=", {})])
def test_what_an_open_page_fetches_by_itself_is_nobodys_doing(
    hanako: Person, address: str, headers: dict[str, str]
) -> None:
    client, at = browser_of(hanako), seen(hanako, 5 * HOUR)
    client.get(address, headers=headers)
    assert last_seen(hanako) == at
    client.post("/account/", {}, headers=headers)
    assert last_seen(hanako) > at  # type: ignore[operator]


def test_work_by_the_client_counts_as_being_here(hanako: Person) -> None:
    at = seen(hanako, 5 * HOUR)
    _, raw = create_token(person=hanako, name="laptop", scopes=[Scope.READ], expires_at=timezone.now() + HOUR)
    Client().get("/api/v1/cohorts", headers={"Authorization": f"Bearer {raw}"})
    assert last_seen(hanako) > at  # type: ignore[operator]


def test_strangers_leave_no_trace(client: Client, hanako: Person) -> None:
    client.get("/")
    assert last_seen(hanako) is None
