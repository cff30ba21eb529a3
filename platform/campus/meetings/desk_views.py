"""Running meetings: the desk's list, changing, deciding, attendance."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page, member_page
from campus.cohorts.models import Cohort
from campus.meetings import actions
from campus.meetings.forms import MeetingForm, PolicyForm
from campus.meetings.lists import MEETING_COLUMNS, PARTICIPANT_COLUMNS
from campus.meetings.models import Policy
from campus.meetings.queries import desk_meetings, participants_of
from campus.meetings.views import not_possible, visible
from campus.ui.lists import Listing, TextFilter


@require_GET
@desk_page("meetings.create")
def desk_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    listing = Listing(
        request,
        desk_meetings(request.user, cohort),
        columns=MEETING_COLUMNS,
        name=f"meetings-{cohort.slug}",
        order=["-starts_at", "-pk"],
        filters=TextFilter(request.GET, label=gettext_lazy("Title or host"), within=["title", "host__name"]),
    )
    allowed = Policy.objects.filter(cohort=cohort, learners_may_propose=True).exists()
    may_set = request.user.has_perm("meetings.set_policy", cohort)
    policy_form = PolicyForm(initial={"learners_may_propose": allowed}) if may_set else None
    context = {"cohort": cohort, "listing": listing, "policy_form": policy_form}
    return listing.download() or render(request, "meetings/desk.html", context)


@require_POST
@desk_page("meetings.set_policy")
def policy(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    form = PolicyForm(request.POST)
    if form.is_valid():
        actions.set_policy(
            cohort=cohort, learners_may_propose=form.cleaned_data["learners_may_propose"], actor=request.user
        )
        messages.success(request, _("Your choice was saved."))
    return redirect("meetings:desk", cohort=cohort.slug)


@require_http_methods(["GET", "POST"])
@member_page
def edit_page(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting, "run_meeting")
    form = MeetingForm(request.POST or None, instance=found, cohort=cohort, person=request.user)
    if request.method == "POST" and form.is_valid():
        recording_url = form.cleaned_data.get("recording_url", found.recording_url)
        try:
            actions.change(found, plan=form.plan(), recording_url=recording_url, actor=request.user)
        except actions.NotPossible:
            return not_possible(request, found)
        messages.success(request, _("The meeting was changed."))
        return redirect(found.path)
    return render(request, "meetings/edit.html", {"cohort": cohort, "meeting": found, "form": form})


@require_POST
@member_page
def cancel_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    return _act(request, cohort, meeting, "run_meeting", actions.cancel, _("The meeting was cancelled."))


@require_POST
@member_page
def accept_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    return _act(request, cohort, meeting, "decide_meeting", actions.accept, _("The meeting is announced."))


@require_POST
@member_page
def decline_now(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    return _act(request, cohort, meeting, "decide_meeting", actions.decline, _("The proposal was declined."))


@require_GET
@member_page
def participants_page(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    """Who signed up and who was there, for those who run the meeting."""
    found = visible(request, cohort, meeting, "run_meeting")
    listing = Listing(
        request,
        participants_of(found),
        columns=PARTICIPANT_COLUMNS,
        name=f"participants-{found.pk}",
        order=["is_waiting", "person__name", "pk"],
        filters=TextFilter(request.GET, label=gettext_lazy("Name or class"), within=["person__name", "class_name"]),
        selectable=True,
    )
    context = {"cohort": cohort, "meeting": found, "listing": listing}
    return listing.download() or render(request, "meetings/participants.html", context)


@require_POST
@member_page
def attendance(request: MemberRequest, *, cohort: Cohort, meeting: int) -> HttpResponse:
    found = visible(request, cohort, meeting, "run_meeting")
    chosen = [int(value) for value in request.POST.getlist("selected") if value.isdigit()]
    attended = request.POST.get("attended") == "yes"
    count = actions.take_attendance(found, participation_ids=chosen, attended=attended, actor=request.user)
    text = ngettext("%(count)d person was changed.", "%(count)d people were changed.", count) % {"count": count}
    messages.success(request, text)
    return redirect("meetings:participants", cohort=cohort.slug, meeting=found.pk)


def _act(
    request: MemberRequest, cohort: Cohort, meeting: int, permission: str, action: Callable[..., None], done: str
) -> HttpResponse:
    found = visible(request, cohort, meeting, permission)
    try:
        action(found, actor=request.user)
    except actions.NotPossible:
        return not_possible(request, found)
    messages.success(request, done)
    return redirect(found.path)
