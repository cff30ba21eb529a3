"""The audit log: of a cohort for its organisers, of the whole installation for its operators. Nothing changes it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.audit_list import AuditListing
from campus.cohorts.models import AuditEntry, Cohort
from campus.cohorts.rules import is_operator


@require_GET
@desk_page("cohorts.run_cohort")
def of_cohort(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    entries = AuditEntry.objects.filter(cohort=cohort)
    listing = AuditListing(request, entries, shows_cohort=False, name=f"audit-{cohort.slug}")
    return listing.download() or render(request, "cohorts/audit.html", {"cohort": cohort, "listing": listing})


@require_GET
@login_required
def of_installation(request: MemberRequest) -> HttpResponse:
    if not is_operator(request.user):
        raise Http404
    listing = AuditListing(request, AuditEntry.objects.all(), shows_cohort=True, name="audit")
    return listing.download() or render(request, "cohorts/audit_of_installation.html", {"listing": listing})
