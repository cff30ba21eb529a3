"""The box of the search in the header of a cohort's pages."""

from typing import Any

from django import template
from django.template import Context

from campus.cohorts.templatetags.cohorts import takes_part_in

register = template.Library()


@register.inclusion_tag("search/parts/box.html", takes_context=True)
def search_box(context: Context) -> dict[str, Any]:
    """Draw it for members of the cohort that the page is about; nothing on all other pages."""
    cohort, request = context.get("cohort"), context.get("request")
    return {"cohort": cohort} if request and takes_part_in(request.user, cohort) else {}
