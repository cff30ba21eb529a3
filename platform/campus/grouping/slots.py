"""The slots of a week in which people have time: seven days with five parts each, a bit of a number for each."""

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(models.IntegerChoices):
    """A part of the day."""

    EARLY = 0, pgettext_lazy("part of the day", "Early (6–9)")
    MORNING = 1, pgettext_lazy("part of the day", "Morning (9–12)")
    AFTERNOON = 2, pgettext_lazy("part of the day", "Afternoon (13–17)")
    EVENING = 3, pgettext_lazy("part of the day", "Evening (18–21)")
    NIGHT = 4, pgettext_lazy("part of the day", "Night (21–24)")


class Day(models.IntegerChoices):
    """A day of the week."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


COUNT = len(Day) * len(Part)


def slot_of(day: int, part: int) -> int:
    """The number of a slot."""
    return day * len(Part) + part


def name_of_slot(slot: int) -> str:
    """Day and part of the day in words."""
    day, part = divmod(slot, len(Part))
    return pgettext_lazy("weekly slot", "%(day)s, %(part)s") % {"day": Day(day).label, "part": Part(part).label}


def choices() -> list[tuple[int, str | Promise]]:
    return [(slot, name_of_slot(slot)) for slot in range(COUNT)]


def as_bits(slots: Iterable[int]) -> int:
    """The number that stands for these slots."""
    return sum(1 << slot for slot in set(slots))


def from_bits(bits: int) -> list[int]:
    return [slot for slot in range(COUNT) if bits >> slot & 1]
