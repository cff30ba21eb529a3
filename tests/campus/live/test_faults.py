"""What goes wrong costs time, never an event."""

import socket
import threading
import time

import pytest
from django.db import connection, connections

from campus.live import consumers
from campus.live.chores import Chore, run_alone
from tests.campus.live.conftest import Browser, LiveServer, session_of, sign_in, wait_until
from tests.campus.live.saying import publish

KB_32 = "x" * 32_000


def cut_live_from_postgres() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'campus live' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_a_lost_wake_up_costs_less_than_a_second(page, monkeypatch):
    page.follow("probe:1")
    monkeypatch.setattr("campus.live.publishing.NEWS_CHANNEL", "lost")
    began = time.monotonic()
    publish()
    assert page.hear_events(1) == [(1, "said")]
    assert time.monotonic() - began < 1.1


def test_a_wake_up_that_arrives_is_told_in_milliseconds(page):
    page.follow("probe:1")
    publish()
    page.hear()
    delays = []
    for _ in range(10):
        began = time.monotonic()
        publish()
        page.hear()
        delays.append(time.monotonic() - began)
    assert sorted(delays)[5] < 0.2


def test_events_said_while_postgres_was_away_are_heard_afterwards(page, server):
    page.follow("probe:1")
    publish()
    for _ in range(5):
        wait_until(lambda: cut_live_from_postgres() >= 1)  # The hub may not have noticed the last cut yet.
        publish()
    assert page.hear_events(6) == [(n, "said") for n in range(1, 7)]
    wait_until(lambda: server.hub.is_listening)


def test_concurrent_writers_are_heard_in_order_without_hole_or_double(page):
    page.follow("probe:1")

    def write() -> None:
        for _ in range(40):
            publish()
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    heard = page.hear_events(240)
    for writer in writers:
        writer.join()
    assert heard == [(n, "said") for n in range(1, 241)]


def test_a_restarted_process_goes_on_where_the_page_was(server, aki):
    session = session_of(sign_in(aki))
    page = server.open(session)
    page.follow("probe:1")
    publish(count=2)
    page.hear_events(2)
    page.socket.close()
    with LiveServer() as other:
        publish(count=2)
        page = other.open(session)
        page.say({"subscribe": {"probe:1": 2}})
        assert page.hear_events(2) == [(3, "said"), (4, "said")]
        page.socket.close()


@pytest.fixture
def sleeper(server, aki) -> Browser:
    """A page on a machine that has fallen asleep: it reads nothing and its network takes little."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host, port = server.address.split(":")
    narrow.connect((host, int(port)))
    browser = server.open(session_of(sign_in(aki)), sock=narrow, max_queue=1)
    browser.follow("probe:1")
    return browser


def flood(page: Browser) -> None:
    """Say more than all buffers before the sleeper hold; the page hears each event before the next is said."""
    for number in range(1, 301):
        publish(text=KB_32)
        assert page.hear_events(1, seconds=2) == [(number, "said")]


def test_a_reader_too_slow_is_closed_and_delays_nobody(page, sleeper, server, aki):
    page.follow("probe:1")
    flood(page)
    wait_until(lambda: len(server.hub._sockets[aki.pk]) == 1)
    heard, code = sleeper.hear_to_the_end()
    assert code == consumers.Close.RESYNC
    assert [event["seq"] for event in heard] == list(range(1, len(heard) + 1)), "what it did hear had no hole"


def test_a_reader_that_never_wakes_up_is_cut_off(page, sleeper, server, monkeypatch):
    monkeypatch.setattr(consumers, "CLOSE_WITHIN", 0.3)
    page.follow("probe:1")
    flood(page)
    wait_until(lambda: len(server.server.server_state.connections) == 1)


# --- chores ---


@pytest.mark.django_db(transaction=True)
def test_a_chore_is_never_done_twice_at_once():
    begun, may_end = threading.Event(), threading.Event()
    slow = Chore("slow", 1, lambda: begun.set() or may_end.wait(10))
    done: list[bool] = []

    def other_process() -> None:
        done.append(run_alone(slow))
        connections.close_all()

    thread = threading.Thread(target=other_process)
    thread.start()
    assert begun.wait(10)
    assert run_alone(slow) is False
    may_end.set()
    thread.join()
    assert done == [True]
    assert run_alone(Chore("slow", 1, list)) is True


@pytest.mark.django_db(transaction=True)
def test_a_chore_that_fails_can_be_done_again():
    with pytest.raises(ZeroDivisionError):
        run_alone(Chore("bad", 1, lambda: 1 / 0))
    assert run_alone(Chore("bad", 1, list)) is True
