"""A learner's pages about groups: the own ones, invitations, slots and wishes; finding others, starting a group."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learner_enrolment
from campus.grouping import speaking
from campus.grouping.gathering import unplaced
from campus.grouping.leaving import leave_group
from campus.grouping.models import Approach, Interest
from campus.grouping.own_forms import InterestForm, SlotsForm, StartForm, WishesForm
from campus.grouping.own_queries import approaches_for, looking, own_teams, with_place
from campus.grouping.pages.forming import known_kind
from campus.grouping.policies import policy_of
from campus.people.models import Person
from campus.teams.models import Membership, Team, TeamKind
from campus.ui.pagination import page_of


def learners_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view the reader's enrolment as learner; for those who don't learn there, there is no page (404)."""

    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, **kwargs: Any) -> HttpResponseBase:
        enrolment = learner_enrolment(request.user, cohort)
        if enrolment is None:
            raise Http404
        return view(request, enrolment=enrolment, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@learners_page
def own(request: MemberRequest, *, enrolment: Enrolment) -> HttpResponse:
    """The learner's groups, what waits for an answer, slots and wishes."""
    sent = request.POST.get("form") if request.method == "POST" else ""
    slots_form = SlotsForm(request.POST if sent == "slots" else None, enrolment=enrolment)
    wishes_form = WishesForm(request.POST if sent == "wishes" else None, enrolment=enrolment)
    if slots_form.is_bound and slots_form.is_valid():
        speaking.say_slots(enrolment=enrolment, slots=slots_form.cleaned_data["slots"])
        return _saved(request, enrolment)
    if wishes_form.is_bound and wishes_form.is_valid():
        speaking.wish_for(enrolment=enrolment, wanted=wishes_form.wanted)
        return _saved(request, enrolment)
    teams = own_teams(enrolment)
    context = {
        "cohort": enrolment.cohort,
        "enrolment": enrolment,
        "teams": teams,
        "missing": [kind for kind in TeamKind if kind not in {team.kind for team in teams}],
        "approaches": approaches_for(enrolment),
        "policies": [policy for kind in TeamKind if (policy := policy_of(enrolment.cohort, kind)).is_open],
        "slots_form": slots_form,
        "wishes_form": wishes_form,
    }
    return render(request, "grouping/own.html", context)


def _saved(request: MemberRequest, enrolment: Enrolment) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("grouping:own", enrolment.cohort.slug)


@require_safe
@learners_page
def find(request: MemberRequest, *, enrolment: Enrolment, kind: str) -> HttpResponse:
    """Who looks for a group of a kind, which groups have a place, and the own signal."""
    chosen = known_kind(kind)
    return _find(request, enrolment, chosen)


def _find(request: MemberRequest, enrolment: Enrolment, kind: TeamKind, **forms: Any) -> HttpResponse:
    policy = policy_of(enrolment.cohort, kind)
    team = Team.objects.filter(memberships__in=Membership.objects.current().filter(enrolment=enrolment), kind=kind)
    own = Interest.objects.filter(enrolment=enrolment, kind=kind).first()
    waiting = approaches_for(enrolment)
    context = {
        "cohort": enrolment.cohort,
        "enrolment": enrolment,
        "kind": kind,
        "policy": policy,
        "team": team.first(),
        "own": own,
        "page": page_of(request, looking(enrolment.cohort, kind).exclude(enrolment=enrolment)),
        "places": page_of(
            request, with_place(enrolment.cohort, kind, largest=policy.largest), parameter="places", per_page=20
        ),
        "asked_teams": {one.team_id for one in waiting},
        "invited": {one.enrolment_id for one in waiting},
        "interest_form": InterestForm(instance=own),
        "start_form": StartForm(),
        **forms,
    }
    return render(request, "grouping/find.html", context, status=422 if forms else 200)


@require_POST
@learners_page
def signal(request: MemberRequest, *, enrolment: Enrolment, kind: str) -> HttpResponse:
    """Show the own signal to others, or with ``end`` take it back."""
    chosen = known_kind(kind)
    if request.POST.get("end"):
        Interest.objects.filter(enrolment=enrolment, kind=chosen).delete()
        return _back(request, enrolment, chosen, _("Your signal is no longer shown."))
    form = InterestForm(request.POST)
    if form.is_valid():
        try:
            speaking.signal(enrolment=enrolment, kind=chosen, topic=form.cleaned_data["topic"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return _back(request, enrolment, chosen, _("Others can see your signal now."))
    return _find(request, enrolment, chosen, interest_form=form)


def _back(request: MemberRequest, enrolment: Enrolment, kind: TeamKind, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("grouping:find", enrolment.cohort.slug, kind)


@require_POST
@learners_page
def start(request: MemberRequest, *, enrolment: Enrolment, kind: str) -> HttpResponse:
    """Make a group with oneself as the first member."""
    chosen = known_kind(kind)
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            team = speaking.start_group(enrolment=enrolment, kind=chosen, name=form.cleaned_data["name"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The group was created. Invite others now."))
            return redirect("grouping:space", enrolment.cohort.slug, team.pk)
    return _find(request, enrolment, chosen, start_form=form)


@require_POST
@learners_page
def ask(request: MemberRequest, *, enrolment: Enrolment, pk: int) -> HttpResponse:
    """Ask a group that signals a place to take one in."""
    rows = Team.objects.filter(cohort=enrolment.cohort, interests__isnull=False).distinct()
    team = get_object_or_404(rows.select_related("cohort"), pk=pk)
    text = request.POST.get("text", "")[:200]
    return _tried(
        request,
        enrolment,
        TeamKind(team.kind),
        _("Your request was sent."),
        lambda: speaking.ask_to_join(team=team, enrolment=enrolment, text=text),
    )


@require_POST
@learners_page
def invite(request: MemberRequest, *, enrolment: Enrolment, pk: int, other: int) -> HttpResponse:
    """Invite somebody who is in no group into one's own."""
    team = get_object_or_404(Team.objects.select_related("cohort"), cohort=enrolment.cohort, pk=pk)
    if not request.user.has_perm("grouping.work_in_space", team):
        raise Http404
    found = get_object_or_404(unplaced(team.cohort, team.kind).select_related("person"), pk=other)
    return _tried(
        request,
        enrolment,
        TeamKind(team.kind),
        _("The invitation was sent."),
        lambda: speaking.invite(team=team, enrolment=found, by=enrolment),
    )


def _tried(
    request: MemberRequest, enrolment: Enrolment, kind: TeamKind, said: str, do: Callable[[], object]
) -> HttpResponse:
    try:
        do()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("grouping:find", enrolment.cohort.slug, kind)
    return _back(request, enrolment, kind, said)


@require_POST
@learners_page
def answer(request: MemberRequest, *, enrolment: Enrolment, pk: int) -> HttpResponse:
    """Accept, decline or withdraw an invitation or request (``do``)."""
    rows = Approach.objects.filter(team__cohort=enrolment.cohort).select_related("team__cohort", "enrolment")
    approach, do = get_object_or_404(rows, pk=pk), request.POST.get("do")
    wanted = "grouping.withdraw" if do == "withdraw" else "grouping.answer"
    if not request.user.has_perm(wanted, approach):
        raise Http404
    try:
        _answer(approach, do, request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Done."))
    return redirect("grouping:own", enrolment.cohort.slug)


def _answer(approach: Approach, do: str | None, actor: Person) -> None:
    if do == "withdraw":
        speaking.withdraw(approach)
    else:
        speaking.answer(approach, accepts=do == "accept", actor=actor)


@require_POST
@learners_page
def leave(request: MemberRequest, *, enrolment: Enrolment, pk: int) -> HttpResponse:
    """Leave a group of one's own; its work stays."""
    rows = Membership.objects.current().select_related("team__cohort", "enrolment__person")
    membership = get_object_or_404(rows, team=pk, enrolment=enrolment)
    if not request.user.has_perm("teams.leave_team", membership):
        raise Http404
    leave_group(membership)
    messages.success(request, _("You have left the group. Everything you contributed stays there."))
    return redirect("grouping:own", enrolment.cohort.slug)
