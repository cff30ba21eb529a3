"""The same events over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.live.models import Event
from campus.live.upkeep import prune_events
from tests.campus.live.conftest import sign_in
from tests.campus.live.saying import publish


@pytest.fixture
def client(aki) -> Client:
    return sign_in(aki)


def events(client: Client, stream: str = "probe:1", after: object = 0):
    return client.get("/live/events", {"stream": stream, "after": after})


def test_events_after_a_number(client):
    publish(count=3, score=1.5)
    answer = events(client, after=1).json()
    assert [event.pop("at")[-6:] for event in answer["events"]] == ["+00:00"] * 2
    assert answer == {
        "stream": "probe:1",
        "seq": 3,
        "more": False,
        "reset": False,
        "events": [{"stream": "probe:1", "seq": seq, "kind": "said", "payload": {"score": 1.5}} for seq in (2, 3)],
    }


def test_many_events_come_in_pages_with_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    publish(count=450)
    seen: list[int] = []
    more = True
    while more:
        with django_assert_max_num_queries(4):
            answer = events(client, after=seen[-1] if seen else 0).json()
        seen += [event["seq"] for event in answer["events"]]
        more = answer["more"]
    assert seen == list(range(1, 451))


def test_who_comes_from_before_the_kept_events_starts_anew(client):
    publish(count=3)
    Event.objects.filter(seq__lte=2).update(at=timezone.now() - timedelta(days=99))
    prune_events()
    assert events(client, after=1).json() == {
        "stream": "probe:1", "seq": 3, "more": False, "reset": True, "events": []
    }  # fmt: skip
    assert [event["seq"] for event in events(client, after=2).json()["events"]] == [3]


def test_who_comes_from_a_future_that_was_lost_starts_anew(client):
    publish()
    assert events(client, after=7).json()["reset"] is True


def test_the_latest_numbers_of_several_streams(client, stranger):
    publish(count=2)
    assert client.get("/live/state?streams=probe:1,probe:2,nobody:1").json() == {
        "streams": {"probe:1": 2, "probe:2": 0},
        "refused": ["nobody:1"],
    }


def test_strangers_may_not_read(stranger):
    publish()
    client = sign_in(stranger)
    assert events(client).status_code == 403
    assert client.get("/live/state?streams=probe:1").json() == {"streams": {}, "refused": ["probe:1"]}


def test_streams_that_no_app_knows_are_readable_by_nobody(client):
    publish("nobody:1")
    assert events(client, "nobody:1").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/live/events?stream=probe:1&after=0", "/live/state?streams=probe:1"])
def test_without_signing_in_there_is_nothing(address):
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(
    "address",
    [
        "/live/events",
        "/live/events?stream=probe:1",
        "/live/events?stream=probe:1&after=-1",
        "/live/events?stream=probe:1&after=²",
        "/live/events?stream=probe:x&after=1",
        "/live/state",
        "/live/state?streams=probe",
        "/live/state?streams=" + ",".join(f"probe:{n}" for n in range(1, 52)),
    ],
)
def test_questions_that_make_no_sense_are_refused(client, address):
    assert client.get(address).status_code == 400
