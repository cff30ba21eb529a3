"""Time zones as people choose them: one for each place that the tz database names for a country, in words."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.core import get_global
from django import forms
from django.conf import settings
from django.utils.translation import get_language

UTC = "UTC"


class TimeZoneField(forms.ChoiceField):
    """One of the zones; ``keep`` offers one more that was chosen before, by whatever name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=time_zone_choices, **kwargs)

    def keep(self, name: str) -> None:
        self.choices = partial(time_zone_choices, kept=name)


def time_zone_choices(kept: str = "") -> list[tuple[str, str]]:
    """The site's zone, UTC and the one to keep first; the others as their words are sorted in the reader's language."""
    words = _words(get_language() or settings.LANGUAGE_CODE)
    names = dict.fromkeys((settings.TIME_ZONE, UTC, kept or UTC, *words))
    return [(name, words.get(name, name)) for name in names]


@cache
def _words(language: str) -> dict[str, str]:
    """Each zone with country and place: “Japan: Tokyo (Asia/Tokyo)”."""
    locale = Locale.parse(language, sep="-")
    said = ((name, f"{_country(code, locale)}: {_place(name, locale)} ({name})") for code, name in _zones())
    return dict(sorted(said, key=lambda pair: pair[1]))


def _country(code: str, locale: Locale) -> str:
    return str(locale.territories.get(code, code))


def _place(name: str, locale: Locale) -> str:
    """The place as CLDR translates it; it may know the zone by a former name only."""
    known = (locale.time_zones.get(one, {}) for one in (name, *_former_names()[name]))
    as_named = name.rpartition("/")[2].replace("_", " ")
    return next((str(zone["city"]) for zone in known if "city" in zone), as_named)


@cache
def _former_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for former, name in get_global("zone_aliases").items():
        found[name].append(former)
    return found


def _zones() -> Iterator[tuple[str, str]]:
    """Country and zone of each line of zone.tab: code, coordinates, zone, comments."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _coordinates, name, *_comments = line.split("\t")
            yield country, name
