"""What a new cohort can take over from an earlier one: each app registers the parts that are its own.

People are never among them: who takes part is decided anew for each cohort.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from campus.cohorts.audit import labels_for
from campus.cohorts.models import Cohort
from campus.people.models import Person


@dataclass(frozen=True)
class Copying:
    """A copy under way. ``target`` exists already and is empty."""

    source: Cohort
    target: Cohort
    actor: Person | None

    def moved(self, moment: datetime) -> datetime:
        """The moment as many days later as the new cohort starts later, at the same time of its day."""
        days = self.target.starts_on - self.source.starts_on
        return shifted(moment, days, from_zone=self.source.time_zone, to_zone=self.target.time_zone)


def shifted(moment: datetime, days: timedelta, *, from_zone: str, to_zone: str | None = None) -> datetime:
    """The moment some days later at the same time of day, also over the change to summer time."""
    local = moment.astimezone(ZoneInfo(from_zone)).replace(tzinfo=None) + days
    return local.replace(tzinfo=ZoneInfo(to_zone or from_zone))


@dataclass(frozen=True)
class Part:
    """Something that can be copied.

    preview: a line for each thing that would be copied, with its new dates; empty where the source has none.
    copy: does it, in the transaction that makes the cohort; returns how many things it copied.
    by_default: whether it is ticked when the page opens.
    """

    key: str
    label: str | Promise
    preview: Callable[[Copying], list[str]]
    copy: Callable[[Copying], int]
    position: int = 50
    by_default: bool = True


_parts: list[Part] = []


def can_copy(part: Part) -> None:
    """Register a part; call it in the app's ``copying.py``, imported in ``AppConfig.ready``."""
    _parts.append(part)
    labels_for("parts", {part.key: part.label})
    _parts.sort(key=lambda one: (one.position, one.key))


def parts() -> list[Part]:
    """All parts, in the order in which they are shown and copied."""
    return list(_parts)


def copy_parts(copying: Copying, keys: Collection[str]) -> dict[str, int]:
    """Copy the chosen parts; return how many things each came to."""
    return {part.key: part.copy(copying) for part in _parts if part.key in keys}
