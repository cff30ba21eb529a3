"""What the texts of notices need: moments and texts that were stored as JSON; the bell in the header."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.dateparse import parse_datetime

from campus.notices.queries import bell_of
from campus.ui.moments import moment_in_words

register = template.Library()


@register.filter
def moment(value: datetime | str) -> str:
    """Say a moment (or its ISO form) in the reader's language and zone, as plain text."""
    parsed = parse_datetime(value) if isinstance(value, str) else value
    return moment_in_words(parsed) if parsed else ""


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """The text in the reader's language from {"ja": …, "en": …}, the other one where it is missing."""
    from django.utils.translation import get_language

    ja, en = texts.get("ja", ""), texts.get("en", "")
    return (en or ja) if get_language() == "en" else (ja or en)


@register.inclusion_tag("notices/parts/bell.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """Draw the way to the reader's notices with the number of unread ones; nothing for strangers."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"bell": None}
    return {"bell": bell_of(user), "person": user}
