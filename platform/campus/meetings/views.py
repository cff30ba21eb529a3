"""Study meetings as members see them: the agenda, a meeting, signing up."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cases.markdown import render_markdown
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.meetings import actions
from campus.meetings.feeds import MEDIA_TYPE, calendar_of_one
from campus.meetings.forms import CheckInForm, MeetingForm
from campus.meetings.models import Meeting
from campus.meetings.queries import agenda, visible_to, with_figures
from campus.people.models import Person
from campus.ui.pagination import page_of
from campus.ui.tries import Tries

PAST = "past"
# Six digits could be found by trying.
WRONG_CODES = Tries("check-in", most=10, seconds=600)


@require_GET
@member_page
def agenda_page(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What is to come, or with ?show=past what is over, by day."""
    rows = visible_to(request.user, cohort)
    is_past = request.GET.get("show") == PAST
    page = page_of(request, with_figures(rows.over() if is_past else rows.to_come(), request.user), per_page=30)
    context = {
        "cohort": cohort,
        "page": page,
        "days": agenda(page),
        "is_past": is_past,
        "may": _may(request.user, cohort),
    }
    return render(request, "meetings/agenda.html", context)


def _may(person: Person, cohort: Cohort) -> dict[str, bool]:
    may_create = person.has_perm("meetings.create", cohort)
    return {"create": may_create, "propose": not may_create and person.has_perm("meetings.propose", cohort)}


@require_http_methods(["GET", "POST"])
@member_page
def new_page(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Announce a meeting, or propose one as a learner."""
    may = _may(request.user, cohort)
    if not (may["create"] or may["propose"]):
        raise Http404
    form = MeetingForm(request.POST or None, cohort=cohort, person=request.user)
    if request.method == "POST" and form.is_valid():
        make = actions.create if may["create"] else actions.propose
        meeting = make(cohort=cohort, host=request.user, plan=form.plan())
        return redirect(meeting.path)
    return render(request, "meetings/edit.html", {"cohort": cohort, "form": form, "may": may})


@require_GET
@member_page
def meeting_page(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    return show(request, visible(request, cohort, meeting), CheckInForm())


@require_GET
@member_page
def calendar_file(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting)
    name = f'attachment; filename="meeting-{found.pk}.ics"'
    data = calendar_of_one(found, request.user)
    return HttpResponse(data, content_type=MEDIA_TYPE, headers={"Content-Disposition": name})


@require_POST
@member_page
def sign_up_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting)
    if not request.user.has_perm("meetings.sign_up", found):
        return not_possible(request, found)
    try:
        participation = actions.sign_up(found, person=request.user)
    except actions.NotPossible:
        return not_possible(request, found)
    if participation.is_waiting:
        messages.info(
            request, _("All places are taken. You are on the waiting list and will be told when a place becomes free.")
        )
    else:
        messages.success(request, _("You have a place."))
    return redirect(found.path)


@require_POST
@member_page
def sign_off_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting)
    try:
        actions.sign_off(found, person=request.user)
    except actions.NotPossible:
        return not_possible(request, found)
    messages.success(request, _("You cancelled your participation."))
    return redirect(found.path)


@require_POST
@member_page
def check_in_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting)
    form, who = CheckInForm(request.POST), f"{found.pk}:{request.user.pk}"
    if not WRONG_CODES.are_left(who):
        form.add_error("code", _("Too many wrong codes. Wait ten minutes, or ask the host to record your attendance."))
        return show(request, found, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    if form.is_valid():
        if actions.check_in(found, person=request.user, code=form.cleaned_data["code"]):
            messages.success(request, _("Your attendance was recorded."))
            return redirect(found.path)
        WRONG_CODES.count_wrong(who)
        form.add_error("code", _("This is not the code of this meeting. Ask the host for it."))
    return show(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def visible(request: MemberRequest, cohort: Cohort, meeting: int, permission: str = "view_meeting") -> Meeting:
    """The meeting with its figures; 404 for those who have not the right."""
    found = get_object_or_404(with_figures(Meeting.objects.filter(cohort=cohort), request.user), pk=meeting)
    if not request.user.has_perm(f"meetings.{permission}", found):
        raise Http404
    return found


def show(
    request: MemberRequest, meeting: Meeting, check_in_form: CheckInForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of a meeting as its reader may see it."""
    can: Callable[[str], bool] = lambda right: request.user.has_perm(f"meetings.{right}", meeting)  # noqa: E731
    own = meeting.participations.filter(person=request.user).first()
    context: dict[str, Any] = {
        "cohort": meeting.cohort,
        "meeting": meeting,
        "own": own,
        "description": render_markdown(meeting.description).html,
        "runs": can("run_meeting"),
        "decides": can("decide_meeting"),
        "may_sign_up": can("sign_up") and not meeting.is_over,
        "check_in_form": check_in_form,
        "may_check_in": own and not own.is_waiting and not own.attended_at and meeting.takes_check_ins(timezone.now()),
    }
    return render(request, "meetings/meeting.html", context, status=status)


def not_possible(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    """It was cancelled, or is over, while the page was open."""
    messages.error(request, _("This is no longer possible. The meeting is over or was cancelled."))
    return redirect(meeting.path)
