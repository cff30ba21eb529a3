"""A learner's groups on the pages of other apps."""

from typing import Any

from django import template

from campus.cohorts.models import Enrolment
from campus.teams.models import Membership

register = template.Library()


@register.inclusion_tag("grouping/parts/own.html")
def own_groups(enrolment: Enrolment | None) -> dict[str, Any]:
    """Draw the ways to the learner's groups; nothing for those who don't learn in the cohort."""
    rows = Membership.objects.current().filter(enrolment=enrolment).select_related("team") if enrolment else []
    return {"enrolment": enrolment, "teams": [one.team for one in rows]}
