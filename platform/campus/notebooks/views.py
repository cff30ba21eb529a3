"""Opening the own notebook, and, for those who look after learners, one of theirs."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from campus.cases.choosing import own_choices
from campus.cases.models import CohortCase
from campus.cases.views import case_page
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learner_enrolment
from campus.notebooks import hub
from campus.notebooks.actions import record_visit
from campus.notebooks.addresses import address_of, address_of_visit
from campus.notebooks.delivery import delivery_of
from campus.notebooks.lists import running_list
from campus.notebooks.models import Visit
from campus.notebooks.names import hub_name, person_id_of
from campus.notebooks.queries import visitable
from campus.ui.pagination import page_of


@never_cache
@case_page
def open_notebook(request: MemberRequest, *, case: CohortCase) -> HttpResponseBase:
    """Go on to the notebook of the case; where all servers are taken, wait here."""
    if settings.ENVIRONMENT.notebooks == "off":
        return render(request, "notebooks/off.html", {"case": case, "cohort": case.cohort}, status=404)
    delivery = delivery_of(request.user, case)
    if delivery is None:
        return _choose_first(request, case)
    return go_on(request, case, address_of(request.user, delivery))


def go_on(request: MemberRequest, case: CohortCase, address: str, *, by_page: bool = False) -> HttpResponseBase:
    """Leave for the reader's server where it runs or there is room for it; else say here why not."""
    context = {"case": case, "cohort": case.cohort}
    try:
        room = hub.room()
        if room.is_left or hub.has_server(hub_name(request.user)):
            return _leave_for(request, address, by_page=by_page)
    except hub.HubAway:
        return render(request, "notebooks/away.html", context, status=503)
    return render(request, "notebooks/waiting.html", context | {"room": room})


def _leave_for(request: HttpRequest, address: str, *, by_page: bool) -> HttpResponseBase:
    """The whole page goes, also where only the number of servers was asked again."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return render(request, "notebooks/onward.html", {"address": address}) if by_page else redirect(address)


def _choose_first(request: MemberRequest, case: CohortCase) -> HttpResponse:
    """The case isn't the learner's: she may choose it, or it doesn't exist here."""
    enrolment = learner_enrolment(request.user, case.cohort)
    if enrolment is None or case.cohort_id not in own_choices([enrolment]).open:
        raise Http404
    messages.info(request, _("Choose this case first. Then you can open its notebook."))
    return redirect("cases:choose", cohort=case.cohort.slug)


@require_safe
@never_cache
@desk_page("notebooks.see_list")
def running(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Whose notebook runs now, of those that the reader may open."""
    try:
        ids = {person_id_of(name) for name in hub.names_with_server()}
    except hub.HubAway:
        return render(request, "notebooks/running.html", {"cohort": cohort, "is_away": True}, status=503)
    rows = visitable(request.user, cohort).filter(person__in=[pk for pk in ids if pk])
    listing = running_list(request, cohort, rows)
    return listing.download() or render(request, "notebooks/running.html", {"cohort": cohort, "listing": listing})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page("notebooks.see_list")
def visit(request: MemberRequest, *, cohort: Cohort, enrolment: int) -> HttpResponse:
    """Say what opening somebody's notebook means (GET), note it and go on (POST); only its owner can start it."""
    found: Enrolment = get_object_or_404(visitable(request.user, cohort), pk=enrolment)
    context: dict[str, Any] = {"cohort": cohort, "enrolment": found}
    try:
        context["is_running"] = hub.has_server(hub_name(found.person))
    except hub.HubAway:
        return render(request, "notebooks/visit.html", context | {"is_away": True}, status=503)
    if request.method != "POST" or not context["is_running"]:
        return render(request, "notebooks/visit.html", context)
    record_visit(visitor=request.user, owner=found.person)
    return render(request, "notebooks/onward.html", {"address": address_of_visit(request.user, found.person)})


@require_safe
@login_required
def own(request: MemberRequest) -> HttpResponse:
    """Who opened one's notebook, and when."""
    if settings.ENVIRONMENT.notebooks == "off":
        raise Http404
    return render(request, "notebooks/own.html", {"page": page_of(request, Visit.objects.to(request.user))})
