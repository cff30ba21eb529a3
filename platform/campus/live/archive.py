"""What the live process asks the database, without Django's ORM: it may not wait in the event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from psycopg.rows import tuple_row

from campus.live.publishing import CREATE_STREAMS
from campus.live.streams import NEWS_CHANNEL, RIGHTS_CHANNEL, encode_event

# How many of a stream's latest events a process keeps for those who come back.
RECENT = 100
# How many events are read at once; the rest follows in the next round.
PAGE = 500
ANSWER_WITHIN = 10.0  # seconds

_OPEN = """
    SELECT stream.id, stream.key, stream.seq, stream.pruned, event.seq, event.kind, event.payload::text, event.at
    FROM live_stream AS stream LEFT JOIN LATERAL (
        SELECT seq, kind, payload, at FROM live_event WHERE stream_id = stream.id ORDER BY seq DESC LIMIT %s
    ) AS event ON true
    WHERE stream.key = ANY(%s) ORDER BY stream.id, event.seq
"""
_NEWS = """
    SELECT stream_id, stream.key, event.seq, kind, payload::text, at
    FROM unnest(%s::bigint[], %s::bigint[]) AS known (id, seq)
    JOIN live_stream AS stream USING (id)
    JOIN live_event AS event ON event.stream_id = known.id AND event.seq > known.seq
    ORDER BY stream_id, event.seq LIMIT %s
"""


@dataclass(frozen=True)
class Opened:
    """A stream as it stands: its latest number, up to which number it is pruned, its latest events as JSON."""

    id: int
    key: str
    seq: int
    pruned: int
    frames: list[tuple[int, str]]


@dataclass(frozen=True)
class News:
    """One event of a stream, as JSON for all its readers."""

    stream_id: int
    seq: int
    text: str


async def connect() -> psycopg.AsyncConnection[tuple[Any, ...]]:
    """Open a connection of psycopg's own to the site's database."""
    params = connections["default"].get_connection_params()
    for of_django in ("cursor_factory", "context"):
        params.pop(of_django, None)
    params = {"connect_timeout": 5, "application_name": "campus live", **params}
    return await psycopg.AsyncConnection.connect(**params, autocommit=True, row_factory=tuple_row)


@asynccontextmanager
async def listening() -> AsyncIterator[psycopg.AsyncConnection[tuple[Any, ...]]]:
    """A connection that PostgreSQL tells of news and of changed rights."""
    async with await connect() as connection:
        for channel in (NEWS_CHANNEL, RIGHTS_CHANNEL):
            await connection.execute(f"LISTEN {channel}")
        yield connection


class Archive:
    """Reads streams and events over one connection, which is made anew after an error."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def open(self, keys: Iterable[str]) -> list[Opened]:
        """Read streams with their latest events; those that nobody has published to yet are created."""
        wanted = sorted(set(keys))
        rows = await self._query(_OPEN, [RECENT, wanted])
        if missing := set(wanted) - {row[1] for row in rows}:
            await self._query(CREATE_STREAMS, [sorted(missing)])
            rows = await self._query(_OPEN, [RECENT, wanted])
        return _opened(rows)

    async def heads(self, ids: list[int]) -> dict[int, int]:
        """The latest number of each stream."""
        return dict(await self._query("SELECT id, seq FROM live_stream WHERE id = ANY(%s)", [ids]))

    async def news(self, known: Mapping[int, int]) -> list[News]:
        """Events after the known numbers, stream by stream in their order; at most PAGE."""
        rows = await self._query(_NEWS, [list(known), list(known.values()), PAGE])
        return [
            News(stream_id, seq, encode_event(stream=key, seq=seq, kind=kind, payload=payload, at=at))
            for stream_id, key, seq, kind, payload, at in rows
        ]

    async def _query(self, sql: str, params: list[Any]) -> list[Any]:
        async with self._turn:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    return await self._fetch(sql, params)
            except BaseException:
                await self.close()
                raise

    async def _fetch(self, sql: str, params: list[Any]) -> list[Any]:
        if self._connection is None:
            self._connection = await connect()
        cursor = await self._connection.execute(sql, params)
        return await cursor.fetchall() if cursor.description else []


def _opened(rows: list[Any]) -> list[Opened]:
    streams: dict[int, Opened] = {}
    for stream_id, key, head, pruned, seq, kind, payload, at in rows:
        stream = streams.setdefault(stream_id, Opened(stream_id, key, head, pruned, []))
        if seq is not None:
            stream.frames.append((seq, encode_event(stream=key, seq=seq, kind=kind, payload=payload, at=at)))
    return list(streams.values())
