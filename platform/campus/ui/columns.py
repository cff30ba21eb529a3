"""Columns that many lists have."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.html import format_html

from campus.ui.lists import Column, Words
from campus.ui.templatetags.ui import local_time


def moment_column(
    key: str, label: Words, value: Callable[[Any], datetime | None], *, sort: str | Callable[[Any], Any] = ""
) -> Column:
    """A column of points in time: in the reader's time zone on the page."""
    return Column(key, label, value, cell=lambda row: local_time(value(row)), sort=sort)


def button_column(
    key: str, label: Words, *, address: Callable[[Any], str], about: Callable[[Any], str], form: str
) -> Column:
    """A button in each row that posts to the row's address; ``about`` says to those who don't see the table which.

    The page has a form of the id ``form`` beside the list, with the CSRF token.
    """

    def button(row: Any) -> str:
        words = '<button class="button text small" form="{}" formaction="{}">{}<span class="visually-hidden"> {}</span>'
        return format_html(words + "</button>", form, address(row), label, about(row))

    return Column(key, label, lambda _row: None, cell=button, is_short=True, in_file=False)
