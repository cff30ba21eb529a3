"""Moments in words: date and time in the reader's zone and language, and how long is left."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

DATE_FORMATS = {"ja": "Y年n月j日(D)", "en": "D j M Y"}
TIME_FORMATS = {"ja": "Y年n月j日(D) H:i", "en": "D j M Y, H:i"}


def _language() -> str:
    return "en" if (get_language() or "ja").startswith("en") else "ja"


def date_in_words(day: date) -> str:
    """Return e.g. `2026年11月23日(月)` or `Mon 23 Nov 2026`; a moment counts in the reader's zone."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return date_format(day, DATE_FORMATS[_language()])


def moment_in_words(moment: datetime) -> str:
    """Return e.g. `2026年11月23日(月) 14:05 JST` or `Mon 23 Nov 2026, 14:05 JST`."""
    local = timezone.localtime(moment)
    return f"{date_format(local, TIME_FORMATS[_language()])} {local.tzname()}"


def time_left_in_words(moment: datetime, *, now: datetime | None = None) -> str:
    """Return how long is left until the moment in its largest unit, rounded down, or that none is."""
    left = moment - (now or timezone.now())
    if left <= timedelta(0):
        return _("Deadline passed")
    minutes = int(left.total_seconds() // 60)
    if minutes >= 24 * 60:
        return ngettext("%d day left", "%d days left", minutes // (24 * 60)) % (minutes // (24 * 60))
    if minutes >= 60:
        return ngettext("%d hour left", "%d hours left", minutes // 60) % (minutes // 60)
    if minutes >= 1:
        return ngettext("%d minute left", "%d minutes left", minutes) % minutes
    return _("Less than a minute left")
