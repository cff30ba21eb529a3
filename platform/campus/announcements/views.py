"""Announcements as those read them to whom they went."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from campus.announcements.models import Announcement
from campus.cases.markdown import render_markdown
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.notices.actions import mark_key_read
from campus.ui.pagination import page_of


@require_GET
@member_page
def announcement_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    received = Announcement.objects.received_by(request.user).filter(cohort=cohort).select_related("cohort")
    return render(
        request, "announcements/list.html", {"cohort": cohort, "page": page_of(request, received, per_page=20)}
    )


@require_GET
@member_page
def announcement_page(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    """Reading it here counts as reading its notice."""
    found = get_object_or_404(Announcement.objects.select_related("cohort"), pk=announcement, cohort=cohort)
    if not request.user.has_perm("announcements.read_announcement", found):
        raise Http404
    mark_key_read(person=request.user, key=found.key)
    context = {"cohort": cohort, "announcement": found, "body": render_markdown(found.body)}
    return render(request, "announcements/announcement.html", context)
