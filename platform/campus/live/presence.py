"""How many people have a page open right now: cheap, and lossy by design.

Each process writes whom its own sockets show every few seconds, in one statement, and reads how many there are
everywhere. Nothing of it is an event: it has no number, nobody catches up on it, and a crash of PostgreSQL forgets it.
Only the count is told: who reads what is nobody's business. Who is typing goes the same way, under further keys of
the same table; the own process tells at once that somebody began.
"""

import asyncio
import logging
import os
import socket
import time
from collections import defaultdict
from collections.abc import Iterable
from uuid import uuid4

from django.db import connection

from campus.live.hub import Hub, Socket
from campus.live.jitter import jittered
from campus.live.rights import shows_presence
from campus.live.streams import parse_key
from campus.live.threads import Threads

logger = logging.getLogger(__name__)

TELL_EVERY = 5.0  # seconds
FORGET_AFTER = 20.0  # seconds without a word from a process
TYPING_FOR = 8.0  # seconds from the last word of who types; browsers say it every four
_TYPING = " typing"  # behind the key of the stream; no stream is called so

_WRITE = """
    WITH gone AS (
        DELETE FROM live_presence WHERE process = %(process)s OR at < now() - make_interval(secs => %(forget)s)
    ), here AS (
        SELECT key, person FROM unnest(%(keys)s::text[], %(people)s::bigint[]) AS here (key, person)
    ), written AS (
        INSERT INTO live_presence (process, key, people, at)
        SELECT %(process)s, key, array_agg(person), now() FROM here GROUP BY key
    ), elsewhere AS (
        SELECT key, unnest(people) AS person FROM live_presence
        WHERE key = ANY(%(asked)s) AND process <> %(process)s AND at >= now() - make_interval(secs => %(forget)s)
    )
    SELECT key, count(DISTINCT person) FROM (TABLE here UNION ALL TABLE elsewhere) AS everywhere GROUP BY key
"""


def exchange(process: str, here: dict[str, set[int]], asked: Iterable[str] = ()) -> dict[str, int]:
    """Say who is here, by stream; returns how many different people these streams, and those asked for, have anywhere.

    A stream without anybody is left out.
    """
    pairs = [(key, person) for key, people in here.items() for person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "process": process,
                "forget": FORGET_AFTER,
                "keys": [key for key, _ in pairs],
                "people": [person for _, person in pairs],
                "asked": [*here, *asked],
            },
        )
        return dict(cursor.fetchall())


class Presence:
    """What one process tells its sockets of who is there."""

    def __init__(self, hub: Hub, threads: Threads) -> None:
        self._hub, self._threads = hub, threads
        self._process = f"{socket.gethostname()[-60:]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._told: dict[str, int] = {}
        self._was_empty = True
        # By stream: until when each person here is typing, how many elsewhere, and how many were told.
        self._typing: dict[str, dict[int, float]] = defaultdict(dict)
        self._typing_elsewhere: dict[str, int] = {}
        self._typing_told: dict[str, int] = {}

    async def run(self) -> None:
        """Tell it every few seconds, for ever."""
        while True:
            await asyncio.sleep(jittered(TELL_EVERY))
            try:
                await self.tell()
            except Exception as error:
                logger.warning("live can't tell who is there: %s", error)

    async def tell(self) -> None:
        """Exchange it with the other processes, and tell the sockets of each stream whose count has changed."""
        here = {key: people for key, people in self._hub.people_by_stream().items() if is_shown(key)}
        if not here and self._was_empty:
            return
        typing = {key + _TYPING: people for key in here if (people := self._typists(key))}
        asked = [key + _TYPING for key in here]
        everywhere = await self._threads.run(exchange, self._process, here | typing, asked)
        self._was_empty = not here
        counts = {key: everywhere[key] for key in here if key in everywhere}
        for key, count in counts.items():
            message = {"present": key, "count": count}
            self._hub.whisper(key, message, also_known=self._told.get(key) == count)
        self._told = counts
        self._typing_elsewhere = {
            key: everywhere.get(key + _TYPING, 0) - len(typing.get(key + _TYPING, ())) for key in here
        }
        for key in here:
            self._tell_typing(key)

    # --- who is typing ---

    def typing(self, reader: Socket, key: str) -> None:
        """Somebody who follows the stream is typing; the others hear it when it begins and when it has ended."""
        if key in reader.streams and is_shown(key):
            self._typing[key][reader.person_id] = time.monotonic() + TYPING_FOR
            self._tell_typing(key)

    def _typists(self, key: str) -> set[int]:
        now, known = time.monotonic(), self._typing.get(key, {})
        left = {person: until for person, until in known.items() if until > now}
        if left:
            self._typing[key] = left
        else:
            self._typing.pop(key, None)
        return set(left)

    def _tell_typing(self, key: str) -> None:
        """Tell it where the number has changed; nobody is counted for themselves."""
        here = self._typists(key)
        count = len(here) + self._typing_elsewhere.get(key, 0)
        if self._typing_told.get(key, 0) != count:
            self._hub.whisper_apart(key, lambda person: {"typing": key, "count": count - (person in here)})
        self._typing_told[key] = count
        if not count:
            del self._typing_told[key]


def is_shown(key: str) -> bool:
    """Whether the stream's readers are told how many they are."""
    parsed = parse_key(key)
    return parsed is not None and shows_presence(parsed[0])
