"""Columns that many lists have."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from campus.ui.lists import Column, Words
from campus.ui.templatetags.ui import local_time


def moment_column(
    key: str, label: Words, value: Callable[[Any], datetime | None], *, sort: str | Callable[[Any], Any] = ""
) -> Column:
    """A column of points in time: in the reader's time zone on the page."""
    return Column(key, label, value, cell=lambda row: local_time(value(row)), sort=sort)
