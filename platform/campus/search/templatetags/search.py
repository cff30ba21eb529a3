"""The box of the search in the header of a cohort's pages."""

from typing import Any

from django import template
from django.template import Context

from campus.cohorts.models import Cohort

register = template.Library()


@register.inclusion_tag("search/parts/box.html", takes_context=True)
def search_box(context: Context) -> dict[str, Any]:
    """Draw it for members of the cohort that the page is about; nothing on all other pages."""
    cohort, request = context.get("cohort"), context.get("request")
    if request is None or not isinstance(cohort, Cohort) or not request.user.has_perm("cohorts.view_cohort", cohort):
        return {}
    return {"cohort": cohort}
