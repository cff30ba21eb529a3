"""The calendar address of a person."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from campus.cohorts.access import MemberRequest
from campus.meetings.feeds import MEDIA_TYPE, calendar_of, end_feed, feed_address, new_feed, person_of


@login_required
@require_GET
def calendar_page(request: MemberRequest) -> HttpResponse:
    return render(request, "meetings/calendar.html", {"address": feed_address(request.user)})


@login_required
@require_POST
def make_address(request: MemberRequest) -> HttpResponse:
    new_feed(request.user)
    messages.success(request, _("Your calendar address was created. Earlier ones no longer work."))
    return redirect("own_meetings:calendar")


@login_required
@require_POST
def end_address(request: MemberRequest) -> HttpResponse:
    end_feed(request.user)
    messages.success(request, _("Your calendar address was switched off."))
    return redirect("own_meetings:calendar")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """For calendar programmes: the key in the address stands for the person."""
    person = person_of(request.GET.get("key", ""))
    if person is None:
        raise Http404
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        data = calendar_of(person)
    return HttpResponse(data, content_type=MEDIA_TYPE, headers={"Cache-Control": "private, max-age=300"})
