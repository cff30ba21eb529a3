"""How many files of a person may be refused in a while: reading each takes time from everybody.

Refused files cost no attempt, so nothing else ends somebody (or a program gone wild) who sends one after the other.
"""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from campus.people.models import Person

MOST_REFUSED = 20
WITHIN = timedelta(minutes=10)


def note_refused(person: Person) -> None:
    """One more. Two at the same moment may count as one; it does not matter."""
    cache.set(_key(person), [*_lately(person), timezone.now()], timeout=WITHIN.total_seconds())


def free_again_at(person: Person) -> datetime | None:
    """When the next file is read; None for at once."""
    lately = _lately(person)
    return lately[-MOST_REFUSED] + WITHIN if len(lately) >= MOST_REFUSED else None


def _lately(person: Person) -> list[datetime]:
    since = timezone.now() - WITHIN
    return [at for at in cache.get(_key(person), []) if at > since]


def _key(person: Person) -> str:
    return f"refused-files:{person.pk}"
