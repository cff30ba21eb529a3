"""Say what happened: numbers are taken as the last statements of the transaction, in one order of streams."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import _GeneratorContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar, overload

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from campus.live.streams import NEWS_CHANNEL, RIGHTS_CHANNEL, check_key, check_kind

P = ParamSpec("P")
R = TypeVar("R")

LARGEST_PAYLOAD = 64 * 1024  # bytes of JSON; a socket's whole buffer is 1 MB
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # the escape itself, not a backslash that somebody wrote
HINT_EVERY = timedelta(seconds=1)

# Locks are taken in the order of keys, so two transactions can't wait for each other.
_LOCK = "SELECT key FROM live_stream WHERE key = ANY(%s) ORDER BY key FOR UPDATE"
CREATE_STREAMS = """
    INSERT INTO live_stream (key, seq, pruned)
    SELECT key, 0, 0 FROM unnest(%s::text[]) AS key ORDER BY key COLLATE "C" ON CONFLICT DO NOTHING
"""
# NOTIFY carries ids only, 300 at a time (8,000 bytes at most).
_WRITE = """
    WITH said AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS said (key, kind, payload, place)
    ), numbered AS (
        UPDATE live_stream AS stream SET seq = seq + counts.count
        FROM (SELECT key, count(*) FROM said GROUP BY key) AS counts
        WHERE stream.key = counts.key
        RETURNING stream.id, stream.key, stream.seq - counts.count AS before
    ), written AS (
        INSERT INTO live_event (stream_id, seq, kind, payload, at)
        SELECT id, before + row_number() OVER (PARTITION BY key ORDER BY place), kind, payload::jsonb, clock_timestamp()
        FROM said JOIN numbered USING (key)
    ), parts AS (
        SELECT id, row_number() OVER () / 300 AS part FROM numbered
    )
    SELECT pg_notify(%s, string_agg(id::text, ',')) FROM parts GROUP BY part
"""


@dataclass(frozen=True, eq=False)
class _Message:
    """What one call of publish() said. It rides in Django's on-commit list, which forgets rolled-back savepoints."""

    key: str
    kind: str
    payload: str

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""


class _Depth(threading.local):
    value = 0


_depth = _Depth()


@overload
def atomic() -> "_GeneratorContextManager[None]": ...
@overload
def atomic(function: Callable[P, R]) -> Callable[P, R]: ...


def atomic(function: Callable[P, R] | None = None) -> "_GeneratorContextManager[None] | Callable[P, R]":
    """A transaction in which publish() may be called; context manager and decorator, may be nested.

    The outermost one must be the outermost transaction too (RuntimeError): nothing may follow the taking of numbers.
    """
    return _atomic()(function) if function else _atomic()


@contextmanager
def _atomic() -> Iterator[None]:
    is_outermost = _depth.value == 0
    with transaction.atomic(durable=is_outermost):
        _depth.value += 1
        try:
            yield
        finally:
            _depth.value -= 1
        if is_outermost and not transaction.get_rollback():
            _write(_take_messages())


def publish(stream: str, kind: str, payload: dict[str, Any], *, at_most_every: timedelta | None = None) -> None:
    """Put an event into a stream when the transaction commits.

    With `at_most_every` a live process tells only the latest one of its kind, that often (see docs/live.md).
    Raises RuntimeError outside live.atomic(), ValueError for what can't be told.
    """
    check_key(stream)
    check_kind(kind)
    message = _Message(stream, kind, _encode(payload))
    if _depth.value == 0:
        raise RuntimeError(f"live.publish({stream!r}, {kind!r}) must be called inside `with live.atomic():`")
    if at_most_every is None:
        transaction.on_commit(message)
    else:
        _write_hint(message, at_most_every)


def touch(stream: str, kind: str = "changed") -> None:
    """Say that something changed, at most once a second however many say so; locks nothing."""
    publish(stream, kind, {}, at_most_every=HINT_EVERY)


def touch_each(kind: str, payloads: Mapping[str, dict[str, Any]]) -> None:
    """The same for many streams in one statement, each with a payload of its own, of which the latest is told."""
    check_kind(kind)
    for stream in payloads:
        check_key(stream)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_hint (key, kind, payload, every)"
            " SELECT key, %s, payload::jsonb, make_interval(secs => %s)"
            " FROM unnest(%s::text[], %s::text[]) AS hints (key, payload)",
            [kind, HINT_EVERY.total_seconds(), list(payloads), [_encode(payload) for payload in payloads.values()]],
        )


def recheck(person_id: int) -> None:
    """Have all sockets of a person ask anew what the person may read; call it where a right is lost."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [RIGHTS_CHANNEL, str(int(person_id))])


def last_seq(stream: str) -> int:
    """The stream's latest number, for data-live-seq. Ask before reading what the page shows: then nothing is missed."""
    return last_seqs([stream])[0]


def last_seqs(streams: Sequence[str]) -> list[int]:
    """The same of several streams, in one query."""
    for stream in streams:
        check_key(stream)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, seq FROM live_stream WHERE key = ANY(%s)", [list(streams)])
        found = dict(cursor.fetchall())
    return [found.get(stream, 0) for stream in streams]


def _encode(payload: dict[str, Any]) -> str:
    text = json.dumps(payload, cls=DjangoJSONEncoder, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    if (size := len(text.encode())) > LARGEST_PAYLOAD:
        raise ValueError(f"the payload has {size} bytes, {LARGEST_PAYLOAD} are allowed")
    if _NUL.search(text):
        raise ValueError("the payload has a NUL character, which PostgreSQL can't store")
    return text


def _take_messages() -> list[_Message]:
    waiting = connection.run_on_commit
    messages = [entry[1] for entry in waiting if isinstance(entry[1], _Message)]
    connection.run_on_commit = [entry for entry in waiting if not isinstance(entry[1], _Message)]
    return messages


def _write(messages: list[_Message]) -> None:
    if not messages:
        return
    keys = sorted({message.key for message in messages})
    columns = zip(*((message.key, message.kind, message.payload) for message in messages), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [keys])
        if missing := set(keys) - {key for (key,) in cursor.fetchall()}:
            cursor.execute(CREATE_STREAMS, [sorted(missing)])
            cursor.execute(_LOCK, [keys])
        cursor.execute(_WRITE, [*map(list, columns), NEWS_CHANNEL])


def _write_hint(message: _Message, every: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_hint (key, kind, payload, every) VALUES (%s, %s, %s::jsonb, make_interval(secs => %s))",
            [message.key, message.kind, message.payload, every.total_seconds()],
        )
