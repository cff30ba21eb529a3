"""How far somebody has read a thread, and whether it is followed: one row for each person and thread."""

from typing import Any

from django.db import connection

from campus.discussion.models import Level, Reading, Thread
from campus.people.models import Person

_READ = """
    INSERT INTO discussion_reading AS known (thread_id, person_id, last_read, level) VALUES (%s, %s, %s, 'plain')
    ON CONFLICT (person_id, thread_id) DO UPDATE SET last_read = greatest(known.last_read, excluded.last_read)
    WHERE known.last_read < excluded.last_read
"""
# Whoever writes follows; what others wrote meanwhile stays unread.
_WROTE = """
    INSERT INTO discussion_reading AS known (thread_id, person_id, last_read, level) VALUES (%s, %s, %s, 'follow')
    ON CONFLICT (person_id, thread_id) DO UPDATE SET
        last_read = CASE WHEN known.last_read = excluded.last_read - 1 THEN excluded.last_read ELSE known.last_read END,
        level = CASE WHEN known.level = 'plain' THEN 'follow' ELSE known.level END
"""
_READ_ALL = """
    INSERT INTO discussion_reading AS known (thread_id, person_id, last_read, level)
    SELECT thread.id, %s, thread.last_number, 'plain' FROM discussion_thread AS thread WHERE thread.id = ANY(%s)
    ON CONFLICT (person_id, thread_id) DO UPDATE SET last_read = greatest(known.last_read, excluded.last_read)
"""


def mark_read(*, thread: Thread, person: Person, number: int) -> None:
    """Remember that the person has read up to this post; never goes back."""
    _execute(_READ, [thread.pk, person.pk, min(number, thread.last_number)])


def mark_written(*, thread: Thread, person: Person, number: int) -> None:
    """Whoever writes follows from now on, unless the thread was muted."""
    _execute(_WROTE, [thread.pk, person.pk, number])


def mark_all_read(*, person: Person, threads: list[int]) -> None:
    """Take these threads off the unread list, in one statement."""
    _execute(_READ_ALL, [person.pk, threads])


def set_level(*, thread: Thread, person: Person, level: Level) -> None:
    """Follow, mute, or neither."""
    Reading.objects.update_or_create(thread=thread, person=person, defaults={"level": level})


def _execute(sql: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
