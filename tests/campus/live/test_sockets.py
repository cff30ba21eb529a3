"""What an open page hears, who may hear it, and when its socket ends."""

from datetime import timedelta

import pytest
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from campus import live
from campus.live import consumers
from campus.live.models import Event
from campus.live.upkeep import prune_events
from tests.campus.live.conftest import Browser, session_of, sign_in, wait_until
from tests.campus.live.saying import publish


def ends_with(browser: Browser) -> int | None:
    """Read to the end; return the code that the server closed with."""
    _, code = browser.hear_to_the_end()
    return code


# --- hearing ---


def test_an_event_arrives_as_it_was_said(page):
    assert page.follow("probe:1") == {"subscribed": "probe:1", "seq": 0}
    publish(kind="score", score=0.5, name="需要予測")
    event = page.hear()
    assert event.pop("at").endswith("+00:00")
    assert event == {"stream": "probe:1", "seq": 1, "kind": "score", "payload": {"score": 0.5, "name": "需要予測"}}


def test_who_comes_back_hears_what_was_missed_and_then_what_comes(page):
    publish(count=5)
    page.say({"subscribe": {"probe:1": 3}})
    assert page.hear_events(2) == [(4, "said"), (5, "said")]
    assert page.hear() == {"subscribed": "probe:1", "seq": 5}
    publish(kind="new")
    assert page.hear_events(1) == [(6, "new")]


def test_who_names_no_number_hears_only_what_comes(page):
    publish(count=5)
    assert page.follow("probe:1") == {"subscribed": "probe:1", "seq": 5}


def test_a_long_gap_is_left_to_http(page):
    publish(count=150)
    assert page.follow("probe:1", 10) == {"gap": "probe:1", "seq": 150}
    publish(kind="new")
    assert page.hear_events(1) == [(151, "new")]


def test_who_comes_from_before_the_kept_events_is_told_to_start_anew(page):
    publish(count=3)
    Event.objects.update(at=timezone.now() - timedelta(days=99))
    prune_events()
    assert page.follow("probe:1", 1) == {"reset": "probe:1", "seq": 3}


def test_who_comes_from_a_future_that_was_lost_is_told_to_start_anew(page):
    assert page.follow("probe:1", 7) == {"reset": "probe:1", "seq": 0}


def test_a_page_newer_than_what_the_process_has_read_hears_each_event_once(page, server, monkeypatch):
    page.follow("probe:1")
    monkeypatch.setattr("campus.live.publishing.NEWS_CHANNEL", "lost")
    publish(count=2)
    second = server.open(page.socket.request.headers["Cookie"].partition("=")[2])
    assert second.follow("probe:1", 2) == {"subscribed": "probe:1", "seq": 2}
    assert page.hear_events(2) == [(1, "said"), (2, "said")]
    second.socket.close()


def test_events_of_one_transaction_reach_each_stream_they_were_said_in(page):
    page.say({"subscribe": {"probe:1": 0, "probe:2": 0}})
    assert sorted(page.hear()["subscribed"] for _ in range(2)) == ["probe:1", "probe:2"]
    with live.atomic():
        live.publish("probe:2", "b", {})
        live.publish("probe:1", "a", {})
    assert sorted((event["stream"], event["seq"]) for event in (page.hear(), page.hear())) == [
        ("probe:1", 1),
        ("probe:2", 1),
    ]


def test_a_stream_that_was_left_is_heard_no_more(page):
    page.follow("probe:1")
    page.say({"unsubscribe": ["probe:1"]})
    page.say({"ping": True})
    assert page.hear() == {"pong": True}
    publish()
    assert page.hears_nothing()


def test_touches_are_told_by_the_live_process_itself(page):
    page.follow("probe:1")
    for _ in range(30):
        with live.atomic():
            live.touch("probe:1")
    assert page.hear_events(1, seconds=3) == [(1, "changed")]


def test_the_process_shows_its_pulse(server):
    wait_until(live.is_listening)


# --- who may not ---


def test_strangers_are_refused(server, stranger):
    browser = server.open(session_of(sign_in(stranger)))
    assert browser.follow("probe:1") == {"refused": "probe:1"}
    publish()
    assert browser.hears_nothing()
    browser.socket.close()


def test_streams_that_no_app_knows_are_refused(page):
    assert page.follow("nobody:1") == {"refused": "nobody:1"}


@pytest.mark.parametrize("session", ["", "no-such-session"])
def test_who_has_not_signed_in_is_sent_away(server, session):
    assert ends_with(server.open(session)) == consumers.Close.SIGNED_OUT


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://127.0.0.1:1", "null"])
def test_pages_of_other_sites_and_ports_may_not_connect(server, aki, origin):
    with pytest.raises(InvalidStatus) as refused:
        server.open(session_of(sign_in(aki)), origin=origin)
    assert refused.value.response.status_code == 403


def test_an_unknown_host_may_not_connect_even_if_the_origin_agrees(server, aki):
    session = session_of(sign_in(aki))
    cookie = {"Cookie": f"campus_session={session}"}
    with pytest.raises(InvalidStatus):
        server.open(origin="http://evil.example", additional_headers=cookie | {"Host": "evil.example"})


def test_a_lost_right_closes_the_subscription_at_once(page, aki, readers):
    page.say({"subscribe": {"probe:1": 0, "probe:2": 0}})
    page.hear(), page.hear()
    readers.clear()
    live.recheck(aki.pk)
    assert {page.hear()["refused"], page.hear()["refused"]} == {"probe:1", "probe:2"}
    publish()
    assert page.hears_nothing()


def test_a_right_lost_without_a_word_closes_the_subscription_later(server, aki, readers, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_EVERY", 0.2)
    page = server.open(session_of(sign_in(aki)))
    page.follow("probe:1")
    readers.clear()
    assert page.hear() == {"refused": "probe:1"}
    page.socket.close()


def test_signing_out_closes_the_sockets_of_that_session_only(server, aki):
    here, there = sign_in(aki), sign_in(aki)
    page, other = server.open(session_of(here)), server.open(session_of(there))
    other.follow("probe:1")
    here.logout()
    assert ends_with(page) == consumers.Close.SIGNED_OUT
    publish()
    assert other.hear_events(1) == [(1, "said")]
    other.socket.close()


def test_a_deactivated_person_hears_no_more(page, aki):
    page.follow("probe:1")
    aki.is_active = False
    aki.save()
    assert ends_with(page) == consumers.Close.SIGNED_OUT


def test_a_changed_password_closes_the_sockets(page, aki):
    page.follow("probe:1")
    aki.set_password("something-else-entirely")
    aki.save()
    assert ends_with(page) == consumers.Close.SIGNED_OUT


# --- limits ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "nonsense",
        '{"shout": 1}',
        '{"subscribe": ["probe:1"]}',
        '{"subscribe": {"probe:1": -1}}',
        '{"subscribe": {"probe:1": true}}',
        '{"subscribe": {"probe:1": 1.5}}',
        '{"subscribe": {"probe": 1}}',
        '{"unsubscribe": [{}]}',
        '{"ping": "' + "x" * 9000 + '"}',
        b"\x00",
    ],
)
def test_messages_that_make_no_sense_end_the_socket(page, text):
    page.socket.send(text)
    assert ends_with(page) == consumers.Close.BAD_MESSAGE


def test_more_streams_than_a_socket_may_follow_are_refused(page):
    keys = {f"probe:{n}": None for n in range(1, consumers.STREAMS_PER_SOCKET + 2)}
    page.say({"subscribe": keys})
    assert {page.hear()["refused"] for _ in keys} == set(keys)


def test_who_talks_too_much_is_closed(page):
    for _ in range(consumers.MESSAGES_AT_ONCE + 5):
        page.say({"ping": True})
    assert ends_with(page) == consumers.Close.TOO_MUCH


def test_a_person_has_a_limited_number_of_sockets(server, aki, monkeypatch):
    monkeypatch.setattr(consumers, "SOCKETS_PER_PERSON", 2)
    session = session_of(sign_in(aki))
    pages = [server.open(session) for _ in range(3)]
    assert ends_with(pages[2]) == consumers.Close.TOO_MUCH
    pages[0].socket.close()
    wait_until(lambda: len(server.hub._sockets[aki.pk]) == 1)
    assert server.open(session).follow("probe:1") == {"subscribed": "probe:1", "seq": 0}
