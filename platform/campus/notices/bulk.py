"""Rows for many people at once: one statement each, however many they are.

Written in SQL because an announcement to 2,000 is one request: made by the ORM, the same rows take most of its time.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from campus import live
from campus.notices.kinds import Context, Kind

_NOTICES = """
    INSERT INTO notices_notice (person_id, kind, context, url, key, at)
    SELECT person, %(kind)s, %(context)s::jsonb, %(url)s, %(key)s, clock_timestamp()
    FROM unnest(%(people)s::bigint[]) AS person
    ON CONFLICT DO NOTHING
"""
_MAILS = """
    INSERT INTO notices_mail (
        uid, person_id, address, name, language, time_zone, kind, context, url, key, is_urgent, state, attempt,
        created_at, due_at, expires_at, problem)
    SELECT gen_random_uuid(), person, '', '', '', '', %(kind)s, %(context)s::jsonb, %(url)s, %(key)s, %(is_urgent)s,
        'waiting', 0, clock_timestamp(), coalesce(held_until, clock_timestamp()), %(expires_at)s, ''
    FROM unnest(%(people)s::bigint[], %(held)s::timestamptz[]) AS owed (person, held_until)
    ON CONFLICT DO NOTHING
"""
_UNREAD = """
    SELECT person, count(notice.id) FROM unnest(%(people)s::bigint[]) AS person
    LEFT JOIN notices_notice AS notice ON notice.person_id = person AND notice.read_at IS NULL GROUP BY person
"""


@dataclass(frozen=True)
class Said:
    """The same for everybody."""

    kind: Kind
    context: Context
    url: str
    key: str
    expires_at: datetime | None = None

    def parameters(self, people: Collection[int]) -> dict[str, Any]:
        return {
            "kind": self.kind.name,
            "context": json.dumps(self.context, cls=DjangoJSONEncoder, ensure_ascii=False),
            "url": self.url,
            "key": self.key,
            "is_urgent": self.kind.is_urgent,
            "expires_at": self.expires_at,
            "people": list(people),
        }


def write_notices(said: Said, *, people: Collection[int]) -> None:
    """A line in the list of each, and the new number of unread ones to their open pages."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, said.parameters(people))
    tell_pages(people)


def write_mails(said: Said, *, people: Collection[int], held: Mapping[int, datetime]) -> None:
    """Owe a mail to each, to those in ``held`` not before that moment."""
    moments = {"held": [held.get(pk) for pk in people]}
    with connection.cursor() as cursor:
        cursor.execute(_MAILS, said.parameters(people) | moments)


def tell_pages(people: Collection[int]) -> None:
    """Tell open pages how many notices are unread now."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, {"people": list(people)})
        counts = cursor.fetchall()
    live.touch_each("notices", {f"person:{person}": {"unread": unread} for person, unread in counts})
