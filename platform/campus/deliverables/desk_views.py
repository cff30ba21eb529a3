"""What was handed in, for those who look after learners or judge their work."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import classes_looked_after
from campus.deliverables.lists import deliverables_list
from campus.deliverables.queries import seen_on_desk, text_steps


@require_GET
@desk_page("deliverables.list")
def desk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The current version of each owner, step by step; as a file too."""
    listing = deliverables_list(
        request,
        seen_on_desk(request.user, cohort),
        name=f"hand-ins-{cohort.slug}",
        steps=list(text_steps(cohort)),
        classes=classes_looked_after(request.user, cohort),
    )
    return listing.download() or render(request, "deliverables/desk.html", {"cohort": cohort, "listing": listing})
