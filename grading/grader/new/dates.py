"""Days as Japanese offices write them: 2024/4/1, 2024年4月1日, 令和6年4月1日, R6.4.1, 20240401."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]

# The year before the first of each era.
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}

_CLOCK = (
    r"(?:[\sT]+(?P<hour>\d{1,2})[:時](?P<minute>\d{1,2})(?:[:分](?:\d{1,2}(?:\.\d+)?)?秒?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:\s*[(（].{1,4}[)）])?"
_FORMS = [
    re.compile(rf"(?P<year>\d{{4}})\s*[-/.]\s*(?P<month>\d{{1,2}})\s*[-/.]\s*(?P<day>\d{{1,2}}){_WEEKDAY}{_CLOCK}"),
    re.compile(rf"(?P<year>\d{{4}})年\s*(?P<month>\d{{1,2}})月(?:\s*(?P<day>\d{{1,2}})日)?{_WEEKDAY}{_CLOCK}"),
    re.compile(
        rf"(?P<era>明治|大正|昭和|平成|令和)\s*(?P<year>\d{{1,2}}|元)年\s*(?P<month>\d{{1,2}})月(?:\s*(?P<day>\d{{1,2}})日)?{_WEEKDAY}{_CLOCK}"
    ),
    re.compile(rf"(?P<era>[MTSHR])\s*(?P<year>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}"),
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"),
]
_PACKED = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])")


def read_moments(texts: Sequence[str], *, packed: bool = False) -> tuple[Days, NDArray[np.float64]] | None:
    """Days and hours of the day (NaN where none is written) of the texts, or None when one of them is no day.

    packed: read 20240401 as a day too, which without a hint from the column's name is more likely a number.
    """
    forms = [*_FORMS, _PACKED] if packed else _FORMS
    days, hours = np.empty(len(texts), dtype="datetime64[D]"), np.full(len(texts), np.nan)
    last = forms[0]
    for row, text in enumerate(texts):
        found = last.fullmatch(text)
        if found is None:  # a column keeps to one form, mostly
            form = next((form for form in forms if form.fullmatch(text)), None)
            if form is None:
                return None
            last, found = form, form.fullmatch(text)
        day = _day(found.groupdict()) if found else None
        if day is None:
            return None
        days[row] = day
        hours[row] = _hour(found.groupdict()) if found else np.nan
    return days, hours


def _day(parts: dict[str, str | None]) -> np.datetime64 | None:
    year = 1 if parts["year"] == "元" else int(str(parts["year"]))
    year += _ERAS[str(parts["era"])] if parts.get("era") else 0
    try:
        return np.datetime64(f"{year:04}-{int(str(parts['month'])):02}-{int(parts.get('day') or 1):02}", "D")
    except ValueError:
        return None


def _hour(parts: dict[str, str | None]) -> float:
    if not parts.get("hour"):
        return float("nan")
    return int(str(parts["hour"])) + int(str(parts["minute"])) / 60
