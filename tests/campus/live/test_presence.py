"""How many people have a page open: told to who has it open, counted over all processes, never who they are."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from campus.live import presence
from campus.live.presence import exchange
from campus.people.models import Person
from tests.campus.live.conftest import Browser, LiveServer, session_of, sign_in


@pytest.fixture(autouse=True)
def _told_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "TELL_EVERY", 0.05)
    monkeypatch.setattr("campus.live.rights._with_presence", {"probe"})


@pytest.fixture
def opened(server: LiveServer) -> Iterator[Callable[[Person], Browser]]:
    """Opens the page for somebody."""
    browsers = []

    def opened(person: Person) -> Browser:
        browsers.append(server.open(session_of(sign_in(person))))
        browsers[-1].follow("probe:1")
        return browsers[-1]

    yield opened
    for browser in browsers:
        browser.socket.close()


def heard_count(browser: Browser) -> int:
    message = browser.hear()
    assert message["present"] == "probe:1"
    return message["count"]


def test_readers_are_told_how_many_they_are_whenever_that_changes(opened, aki, stranger, readers):
    readers.add(stranger.pk)
    first = opened(aki)
    assert heard_count(first) == 1
    second = opened(stranger)
    assert heard_count(first) == 2
    while heard_count(second) != 2:
        pass  # What was being told as it came knew nothing of it.
    second.socket.close()
    assert heard_count(first) == 1
    assert first.hears_nothing(seconds=0.3)


def test_somebody_with_two_windows_is_one_person(opened, aki):
    first = opened(aki)
    assert heard_count(first) == 1
    second = opened(aki)
    assert heard_count(second) == 1
    assert first.hears_nothing(seconds=0.3)


def test_the_readers_of_other_processes_count(opened, aki, stranger):
    exchange("elsewhere", {"probe:1": {stranger.pk, aki.pk}, "probe:2": {99}})
    assert heard_count(opened(aki)) == 2


def test_what_a_process_said_long_ago_is_forgotten(db):
    exchange("killed", {"probe:1": {1, 2}})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE live_presence SET at = at - interval '1 minute'")
    assert exchange("alive", {"probe:1": {3}}) == {"probe:1": 1}
    assert exchange("alive", {}) == {}


def test_streams_that_did_not_ask_for_it_tell_nothing(server, readers, aki, monkeypatch):
    monkeypatch.setattr("campus.live.rights._with_presence", set())
    page = server.open(session_of(sign_in(aki)))
    page.follow("probe:1")
    assert page.hears_nothing(seconds=0.3)
    page.socket.close()


class TestTyping:
    def test_the_others_hear_that_somebody_types_until_they_have_stopped(
        self, opened, aki, stranger, readers, monkeypatch
    ):
        monkeypatch.setattr(presence, "TYPING_FOR", 0.5)
        readers.add(stranger.pk)
        writer, reader = opened(aki), opened(stranger)
        while heard_count(reader) != 2:
            pass
        for _ in range(3):
            writer.say({"typing": "probe:1"})
        assert reader.hear() == {"typing": "probe:1", "count": 1}
        assert reader.hear() == {"typing": "probe:1", "count": 0}
        assert reader.hears_nothing(seconds=0.2)
        heard = [writer.hear() for _ in range(3)]
        assert [one["count"] for one in heard if "typing" in one] in ([0], [0, 0])  # Nobody is told of themselves.

    def test_typists_at_other_processes_are_counted_and_forgotten(self, opened, aki):
        page = opened(aki)
        assert heard_count(page) == 1
        exchange("elsewhere", {"probe:1 typing": {98, 99}})
        assert page.hear() == {"typing": "probe:1", "count": 2}
        exchange("elsewhere", {})
        assert page.hear() == {"typing": "probe:1", "count": 0}

    def test_who_does_not_follow_the_stream_is_not_heard(self, opened, aki, stranger):
        page, outside = opened(aki), opened(stranger)
        assert heard_count(page) == 1
        outside.say({"typing": "probe:1"})
        assert page.hears_nothing(seconds=0.3)

    @pytest.mark.parametrize("wrong", [None, "probe", ["probe:1"], {"probe:1": None}])
    def test_what_names_no_stream_ends_the_connection(self, opened, aki, wrong):
        page = opened(aki)
        page.say({"typing": wrong})
        assert page.hear_to_the_end()[1] == 4400
