"""The next study meetings and consultations, on the pages of other apps."""

from typing import Any

from django import template
from django.template import Context

from campus.cohorts.models import Enrolment
from campus.meetings.consultations.queries import consultations_ahead
from campus.meetings.models import Booking
from campus.meetings.queries import next_meetings
from campus.teams.models import Membership, Team

register = template.Library()
SHOWN = 3


@register.inclusion_tag("meetings/parts/next.html", takes_context=True)
def coming_meetings(context: Context, cohort: Any) -> dict[str, Any]:
    """Draw the next meetings and consultations that the reader may see, and the way to all of them."""
    request = context["request"]
    return {
        "request": request,
        "meetings": next_meetings(request.user, cohort, count=SHOWN),
        "consultations": consultations_ahead(request.user, cohort, count=SHOWN),
        "may_book": request.user.has_perm("meetings.book_consultations", cohort),
        "may_offer": request.user.has_perm("meetings.offer_consultations", cohort),
        "cohort": cohort,
    }


@register.inclusion_tag("meetings/consultations/parts/of_team.html", takes_context=True)
def consultations_of_team(context: Context, team: Team) -> dict[str, Any]:
    """Draw the team's consultations to come for its members, with the way to book one, and for organisers."""
    request = context["request"]
    mine = Enrolment.objects.of(request.user)
    is_in_it = Membership.objects.current().filter(team=team, enrolment__in=mine).exists()
    rows = Booking.objects.in_force().to_come().filter(team=team)
    return {
        "request": request,
        "may_see": is_in_it or request.user.has_perm("meetings.oversee_consultations", team.cohort),
        "bookings": rows.with_all().order_by("slot__starts_at"),
        "may_book": request.user.has_perm("meetings.book_consultations", team.cohort),
        "cohort": team.cohort,
    }
