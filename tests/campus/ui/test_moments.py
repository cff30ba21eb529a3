"""Dates, times and what is left, in both languages and several zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from campus.ui.moments import date_in_words, moment_in_words, time_left_in_words

MOMENT = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("ja", "Asia/Tokyo", "2026年11月24日(火) 00:05 JST"),
        ("en", "Asia/Tokyo", "Tue 24 Nov 2026, 00:05 JST"),
        ("ja", "UTC", "2026年11月23日(月) 15:05 UTC"),
        ("en", "America/New_York", "Mon 23 Nov 2026, 10:05 EST"),
    ],
)
def test_a_moment_is_shown_in_the_readers_zone_and_language(language, zone, shown):
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert moment_in_words(MOMENT) == shown


def test_the_day_of_a_moment_is_the_readers_day():
    with translation.override("ja"), timezone.override(ZoneInfo("Asia/Tokyo")):
        assert date_in_words(MOMENT) == "2026年11月24日(火)"
        assert date_in_words(date(2026, 11, 23)) == "2026年11月23日(月)"


@pytest.mark.parametrize(
    ("left", "ja", "en"),
    [
        (timedelta(days=3, hours=23), "あと3日", "3 days left"),
        (timedelta(days=1), "あと1日", "1 day left"),
        (timedelta(hours=23, minutes=59), "あと23時間", "23 hours left"),
        (timedelta(minutes=1, seconds=59), "あと1分", "1 minute left"),
        (timedelta(seconds=59), "あと1分未満", "Less than a minute left"),
        (timedelta(0), "締切済み", "Deadline passed"),
        (timedelta(days=-3), "締切済み", "Deadline passed"),
    ],
)
def test_what_is_left_is_told_in_its_largest_unit(left, ja, en):
    for language, words in (("ja", ja), ("en", en)):
        with translation.override(language):
            assert time_left_in_words(MOMENT + left, now=MOMENT) == words
