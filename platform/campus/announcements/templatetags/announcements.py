"""The latest announcements, on the pages of other apps."""

from typing import Any

from django import template
from django.template import Context

from campus.announcements.queries import latest_received

register = template.Library()
SHOWN = 3


@register.inclusion_tag("announcements/parts/latest.html", takes_context=True)
def latest_announcements(context: Context, cohort: Any = None) -> dict[str, Any]:
    """Draw the latest that the reader got, in the cohort or in all; nothing where there are none."""
    found = latest_received(context["request"].user, cohort, count=SHOWN)
    return {"announcements": found, "cohort": cohort}
