"""The next study meetings, on the pages of other apps."""

from typing import Any

from django import template
from django.template import Context

from campus.meetings.queries import next_meetings

register = template.Library()
SHOWN = 3


@register.inclusion_tag("meetings/parts/next.html", takes_context=True)
def coming_meetings(context: Context, cohort: Any) -> dict[str, Any]:
    """Draw the next meetings that the reader may see, and the way to all of them."""
    return {"meetings": next_meetings(context["request"].user, cohort, count=SHOWN), "cohort": cohort}
