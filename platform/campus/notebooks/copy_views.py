"""“Open a copy in my notebook”: from the page of a notebook that was handed in to a copy in one's own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campus.cases.models import CohortCase, Step
from campus.cases.views import case_page
from campus.cohorts.access import MemberRequest
from campus.notebooks.addresses import address_of_copy
from campus.notebooks.copies import submission_of, ticket_for
from campus.notebooks.views import go_on
from campus.submissions.models import Submission
from campus.submissions.views import graded_step


@require_POST
@graded_step
def ask_for_copy(request: MemberRequest, *, step: Step, pk: int) -> HttpResponse:
    """Give a ticket; whoever may not copy the notebook finds nothing (404)."""
    whole = Submission.objects.select_related("enrolment__person", "team", "step__cohort_case__cohort")
    found = get_object_or_404(whole, step=step, pk=pk)
    if not request.user.has_perm("notebooks.copy", found):
        raise Http404
    ticket = ticket_for(request.user, found)
    return redirect("notebooks_of_cohort:copy", step.cohort.slug, step.cohort_case.slug, ticket)


@never_cache
@case_page
def copy(request: MemberRequest, *, case: CohortCase, ticket: str) -> HttpResponseBase:
    """Go on to the own notebook, which fetches the copy; where all servers are taken, wait here."""
    found = submission_of(ticket, request.user)
    if found is None or found.step.cohort_case_id != case.pk:
        messages.info(request, _("The copy couldn’t be made. Open the notebook’s page and try again."))
        return redirect("cases:case", case.cohort.slug, case.slug)
    # By a page: the way here began with a form, and our policy lets no form end on another host.
    return go_on(request, case, address_of_copy(request.user, ticket), by_page=True)
