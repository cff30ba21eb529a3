"""Reading streams for the pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from campus.live.models import Stream
from campus.live.streams import encode_event

PAGE = 200

_EVENTS = """
    SELECT seq, kind, payload::text, at FROM live_event
    WHERE stream_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""


@dataclass(frozen=True)
class EventPage:
    """Events after a number, encoded as on the socket. `is_reset`: that number can't be continued from."""

    seq: int
    frames: list[str]
    has_more: bool = False
    is_reset: bool = False


def events_after(key: str, after: int) -> EventPage:
    """One page of the stream's events after that number."""
    stream = Stream.objects.filter(key=key).first() or Stream(key=key)
    if not stream.pruned <= after <= stream.seq:
        return EventPage(stream.seq, [], is_reset=True)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [stream.pk, after, PAGE + 1])
        rows = cursor.fetchall()
    frames = [
        encode_event(stream=key, seq=seq, kind=kind, payload=payload, at=at) for seq, kind, payload, at in rows[:PAGE]
    ]
    return EventPage(stream.seq, frames, has_more=len(rows) > PAGE)


def heads_of(keys: Iterable[str]) -> dict[str, int]:
    """The latest number of each stream; 0 where nothing was ever published."""
    wanted = sorted(keys)
    return dict.fromkeys(wanted, 0) | dict(Stream.objects.filter(key__in=wanted).values_list("key", "seq"))
