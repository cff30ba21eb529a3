"""Numbers are given in the order of commits, without holes, and only to what was committed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, connections, transaction
from django.utils import timezone

from campus import live
from campus.live.models import Event, Hint, Stream
from campus.live.upkeep import prune_events, tell_hints
from tests.campus.live.saying import publish, told


def say_and_fail(block: Callable[[], AbstractContextManager[None]] = live.atomic, kind: str = "lost") -> None:
    """Publish in a block that then fails."""
    with block():
        live.publish("probe:1", kind, {})
        live.touch("probe:1")
        raise ZeroDivisionError


def in_threads(*functions: Callable[[], object]) -> None:
    """Run the functions at the same time, each with its own connection; raise what one of them raised."""

    def run(function: Callable[[], object]) -> None:
        try:
            function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        for done in [pool.submit(run, function) for function in functions]:
            done.result(timeout=60)


@pytest.mark.django_db
def test_events_of_a_stream_are_numbered_from_one_in_the_order_they_were_said():
    with live.atomic():
        live.publish("probe:1", "first", {"text": "需要予測"})
        live.publish("probe:2", "other", {})
        live.publish("probe:1", "second", {})
    assert told("probe:1") == [(1, "first"), (2, "second")]
    assert told("probe:2") == [(1, "other")]
    assert Event.objects.get(stream__key="probe:1", seq=1).payload == {"text": "需要予測"}
    assert live.last_seq("probe:1") == 2


@pytest.mark.django_db
def test_a_stream_that_nobody_published_to_has_the_number_zero():
    assert live.last_seq("probe:9") == 0


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_said():
    with pytest.raises(ZeroDivisionError):
        say_and_fail()
    assert told() == []
    assert tell_hints() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("inner", [live.atomic, transaction.atomic])
def test_a_rolled_back_savepoint_takes_back_only_what_was_said_in_it(inner):
    with live.atomic():
        live.publish("probe:1", "before", {})
        with pytest.raises(ZeroDivisionError):
            say_and_fail(inner)
        live.publish("probe:1", "after", {})
    assert told() == [(1, "before"), (2, "after")]


@pytest.mark.django_db
def test_a_transaction_marked_for_rollback_says_nothing():
    with live.atomic():
        live.publish("probe:1", "said", {})
        transaction.set_rollback(True)
    assert told() == []


@pytest.mark.django_db
def test_nested_blocks_say_it_once_at_the_end_of_the_outermost():
    @live.atomic
    def act() -> None:
        live.publish("probe:1", "inner", {})

    with live.atomic():
        act()
        assert told() == []
    assert told() == [(1, "inner")]


@pytest.mark.django_db(transaction=True)
def test_after_a_failed_block_the_next_one_starts_from_nothing():
    with pytest.raises(ZeroDivisionError), live.atomic():
        say_and_fail()
    publish(kind="kept")
    assert told() == [(1, "kept")]


@pytest.mark.django_db
def test_publishing_outside_is_refused_in_words():
    with pytest.raises(RuntimeError, match=r"inside `with live.atomic\(\):`"):
        live.publish("probe:1", "said", {})


@pytest.mark.django_db(transaction=True)
def test_the_outermost_block_must_be_the_outermost_transaction():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), live.atomic():
        pass


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stream", "kind", "payload"),
    [
        ("board", "said", {}),
        ("board:0", "said", {}),
        ("board:1; DROP", "said", {}),
        ("Board:1", "said", {}),
        ("board:1", "Said it", {}),
        ("board:1", "said", {"score": float("nan")}),
        ("board:1", "said", {"text": "a\0b"}),
        ("board:1", "said", {"text": "\ud800"}),
        ("board:1", "said", {"text": "x" * 70_000}),
    ],
)
def test_what_can_not_be_told_is_refused_where_it_is_said(stream, kind, payload):
    with pytest.raises(ValueError, match=r"."), live.atomic():
        live.publish(stream, kind, payload)


@pytest.mark.django_db
def test_a_backslash_that_somebody_wrote_is_no_nul_character():
    publish(text=r"\u0000")
    assert Event.objects.get().payload == {"text": r"\u0000"}


@pytest.mark.django_db(transaction=True)
def test_the_number_is_taken_at_the_end_so_a_slow_transaction_holds_up_nobody():
    publish(kind="start")
    fast_done = threading.Event()

    def slow() -> None:
        with live.atomic():
            live.publish("probe:1", "slow", {})
            assert fast_done.wait(10)

    def fast() -> None:
        publish(kind="fast")
        fast_done.set()

    in_threads(slow, fast)
    assert told() == [(1, "start"), (2, "fast"), (3, "slow")]


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_on_from_the_last_number_misses_nothing_under_concurrent_writers():
    writers, each = 8, 40
    read: list[int] = []

    def write() -> None:
        for _ in range(each):
            publish()

    def follow() -> None:
        while len(read) < writers * each:
            after = read[-1] if read else 0
            events = Event.objects.filter(stream__key="probe:1", seq__gt=after).order_by("seq")
            read.extend(events.values_list("seq", flat=True))

    in_threads(*[write] * writers, follow)
    assert read == list(range(1, writers * each + 1))


@pytest.mark.django_db(transaction=True)
def test_two_streams_in_opposite_order_do_not_wait_for_each_other():
    def speak(*streams: str) -> Callable[[], None]:
        def run() -> None:
            for _ in range(60):
                with live.atomic():
                    for stream in streams:
                        live.publish(stream, "said", {})

        return run

    in_threads(speak("probe:1", "probe:2"), speak("probe:2", "probe:1"), speak("probe:2", "probe:3", "probe:1"))
    assert [live.last_seq(f"probe:{n}") for n in (1, 2, 3)] == [180, 180, 60]


@pytest.mark.django_db(transaction=True)
def test_new_streams_are_made_once_when_many_publish_first_at_the_same_time():
    together = threading.Barrier(6)

    def begin() -> None:
        close_old_connections()
        together.wait()
        with live.atomic():
            for number in (3, 1, 2):
                live.publish(f"probe:{number}", "said", {})

    in_threads(*[begin] * 6)
    assert dict(Stream.objects.values_list("key", "seq")) == {"probe:1": 6, "probe:2": 6, "probe:3": 6}


@pytest.mark.django_db
def test_a_transaction_may_speak_in_more_streams_than_one_notify_can_name():
    with live.atomic():
        for number in range(1, 1001):
            live.publish(f"probe:{number}", "said", {})
    assert Event.objects.count() == 1000


# --- hints ---


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_touches_becomes_one_event_and_locks_no_stream():
    def score() -> None:
        for _ in range(50):
            with live.atomic():
                live.touch("probe:1")

    with live.atomic():
        live.publish("probe:1", "start", {})
    in_threads(score, score)
    assert Hint.objects.count() == 100
    assert tell_hints() == 1
    assert told() == [(1, "start"), (2, "changed")]


@pytest.mark.django_db(transaction=True)
def test_hints_of_one_kind_are_told_at_most_once_a_second_and_never_forgotten():
    with live.atomic():
        live.touch("probe:1")
    assert tell_hints() == 1
    with live.atomic():
        live.touch("probe:1")
    assert tell_hints() == 0
    Event.objects.update(at=timezone.now() - timedelta(seconds=1.1))
    assert tell_hints() == 1
    assert told() == [(1, "changed"), (2, "changed")]
    assert not Hint.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_latest_payload_of_a_hint_is_told():
    with live.atomic():
        for step in (1, 2, 3):
            live.publish("probe:1", "progress", {"step": step}, at_most_every=timedelta(seconds=5))
    tell_hints()
    assert [event.payload for event in Event.objects.all()] == [{"step": 3}]


# --- old events ---


@pytest.mark.django_db
def test_old_events_are_deleted_and_the_stream_remembers_up_to_where(monkeypatch):
    monkeypatch.setattr("campus.live.upkeep.PRUNE_AT_ONCE", 2)
    publish(count=5)
    publish("probe:2")
    Event.objects.filter(stream__key="probe:1", seq__lte=3).update(at=timezone.now() - timedelta(days=31))
    assert prune_events() == 3
    assert told() == [(4, "said"), (5, "said")]
    assert list(Stream.objects.order_by("key").values_list("key", "seq", "pruned")) == [
        ("probe:1", 5, 3),
        ("probe:2", 1, 0),
    ]


@pytest.mark.django_db
def test_publishing_costs_four_statements_whatever_was_said(django_assert_num_queries):
    publish()
    with django_assert_num_queries(4):  # savepoint, lock, write, release
        publish(count=20)
    assert connection.run_on_commit == []
