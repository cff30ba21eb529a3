"""The live processes' own chores: tell hints, delete old events, show a pulse."""

import json
import os
import socket
from datetime import timedelta

from django.db import connection

from campus.live.chores import every
from campus.live.publishing import atomic, publish

KEEP_EVENTS = timedelta(days=30)
PRUNE_AT_ONCE = 5_000
PULSE_EVERY = 5.0  # seconds

# The latest hint of each stream and kind that has not been told within its `every`. now() is the start of the
# transaction, so the index on `at` serves. A hint that commits later than this reads waits for the next round.
_DUE_HINTS = """
    WITH told AS MATERIALIZED (
        SELECT stream.key, event.kind, max(event.at) AS at
        FROM live_event AS event JOIN live_stream AS stream ON stream.id = event.stream_id
        WHERE event.at > now() - (SELECT max(every) FROM live_hint)
        GROUP BY stream.key, event.kind
    ), due AS (
        SELECT hint.key, hint.kind FROM live_hint AS hint LEFT JOIN told USING (key, kind)
        GROUP BY hint.key, hint.kind
        HAVING max(told.at) IS NULL OR max(told.at) <= now() - max(hint.every)
    ), taken AS (
        DELETE FROM live_hint AS hint USING due WHERE (hint.key, hint.kind) = (due.key, due.kind)
        RETURNING hint.id, hint.key, hint.kind, hint.payload
    )
    SELECT DISTINCT ON (key, kind) key, kind, payload::text FROM taken ORDER BY key, kind, id DESC
"""
_OLD_EVENTS = "SELECT stream_id, seq FROM live_event WHERE at < now() - make_interval(secs => %s) ORDER BY at LIMIT %s"
_PRUNE = """
    WITH old AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS old (stream_id, seq)),
    gone AS (
        DELETE FROM live_event AS event USING old
        WHERE (event.stream_id, event.seq) = (old.stream_id, old.seq) RETURNING event.stream_id, event.seq
    )
    UPDATE live_stream AS stream SET pruned = greatest(stream.pruned, newest.seq)
    FROM (SELECT stream_id, max(seq) AS seq FROM gone GROUP BY stream_id) AS newest
    WHERE stream.id = newest.stream_id
"""
_LOCK = "SELECT id FROM live_stream WHERE id = ANY(%s) ORDER BY key FOR UPDATE"


@every(0.25)
def tell_hints() -> int:
    """Publish the hints that are due, one event for many; returns how many events that made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM live_hint)")
        if not cursor.fetchone()[0]:
            return 0
    with atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE_HINTS)
            hints = cursor.fetchall()
        for key, kind, payload in hints:
            publish(key, kind, json.loads(payload))
    return len(hints)


@every(3600)
def prune_events(*, older_than: timedelta = KEEP_EVENTS) -> int:
    """Delete old events batch by batch; who still waits for them is told to start anew. Returns how many."""
    total = 0
    while batch := _prune_batch(older_than):
        total += batch
    return total


def _prune_batch(older_than: timedelta) -> int:
    with atomic(), connection.cursor() as cursor:
        cursor.execute(_OLD_EVENTS, [older_than.total_seconds(), PRUNE_AT_ONCE])
        old = cursor.fetchall()
        if old:
            cursor.execute(_LOCK, [[stream_id for stream_id, _ in old]])
            cursor.execute(_PRUNE, [[stream_id for stream_id, _ in old], [seq for _, seq in old]])
    return len(old)


def beat() -> None:
    """Say that this process listens; forget processes that have been silent for a day."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_pulse (process, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (process) DO UPDATE SET at = excluded.at",
            [name[-120:]],
        )
        cursor.execute("DELETE FROM live_pulse WHERE at < now() - interval '1 day'")
