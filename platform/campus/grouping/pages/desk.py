"""Groups on the desk: all of them, one of them, who is in none, which are too small, sizes and pairs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.grouping import standing
from campus.grouping.forms import NameForm, PairForm, PolicyForm, TargetTeamForm
from campus.grouping.models import Pair
from campus.grouping.pages.forming import known_kind, ticked
from campus.grouping.policies import policy_of, set_policy
from campus.teams.actions import rename_team
from campus.teams.models import Membership, Team, TeamKind
from campus.ui.columns import button_column
from campus.ui.lists import Column, Listing, TextFilter
from campus.ui.pagination import page_of
from campus.ui.templatetags.ui import local_date

LOOK, CHANGE = "grouping.look_after", "grouping.form"
# What the list of pairs says of both.
PAIRED = ["first__person", "first__study_class", "second__person", "second__study_class"]


@require_safe
@desk_page(LOOK)
def desk(request: MemberRequest, *, cohort: Cohort, kind: str = TeamKind.STUDY_GROUP) -> HttpResponseBase:
    """The groups of a kind that the reader looks after, and what needs doing about them."""
    chosen = known_kind(kind)
    teams = standing.teams_looked_after(request.user, cohort, chosen)
    listing = Listing(
        request,
        teams.standing().select_related("space"),
        columns=_team_columns(cohort),
        name=f"teams-{cohort.slug}-{chosen}",
        order=["name", "pk"],
        filters=TextFilter(request.GET, label=pgettext_lazy("team", "Name"), within=["name"]),
    )
    if answer := listing.download():
        return answer
    policy = policy_of(cohort, chosen)
    context = {
        "cohort": cohort,
        "kind": chosen,
        "listing": listing,
        "policy": policy,
        "unplaced": standing.unplaced_looked_after(request.user, cohort, chosen).count(),
        "small": teams.smaller_than(policy.smallest).count(),
        "may_form": request.user.has_perm(CHANGE, cohort),
    }
    return render(request, "grouping/desk.html", context)


def _team_columns(cohort: Cohort) -> list[Column]:
    def linked(team: Team) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grouping:team", args=[cohort.slug, team.pk]), team.name)

    def slot(team: Team) -> str:
        space = getattr(team, "space", None)
        return space.slot_name if space else ""

    return [
        Column("name", pgettext_lazy("team", "Name"), lambda team: team.name, cell=linked, sort="name"),
        Column("size", gettext_lazy("Members"), lambda team: team.size, sort="size", is_number=True),
        Column("slot", gettext_lazy("Weekly slot"), slot),
        Column(
            "formed",
            pgettext_lazy("team", "Formed on"),
            lambda team: team.formed_at,
            cell=lambda team: local_date(team.formed_at.date()),
            sort="formed_at",
        ),
    ]


@require_safe
@desk_page(LOOK)
def unplaced(request: MemberRequest, *, cohort: Cohort, kind: str) -> HttpResponseBase:
    """Learners in no group of a kind: nobody is forgotten."""
    chosen = known_kind(kind)
    rows = standing.unplaced_looked_after(request.user, cohort, chosen)
    listing = Listing(
        request,
        rows.select_related("person", "study_class", "availability"),
        columns=_unplaced_columns(cohort, chosen),
        name=f"unplaced-{cohort.slug}-{chosen}",
        order=["person__name", "pk"],
        filters=TextFilter(
            request.GET, label=gettext_lazy("Name or class"), within=["person__name", "study_class__name"]
        ),
    )
    context = {"cohort": cohort, "kind": chosen, "listing": listing}
    return listing.download() or render(request, "grouping/unplaced.html", context)


def _unplaced_columns(cohort: Cohort, kind: TeamKind) -> list[Column]:
    def linked(one: Enrolment) -> str:
        address = reverse("grouping:place", args=[cohort.slug, kind, one.pk])
        return format_html('<a href="{}">{}</a>', address, one.person.name)

    return [
        Column("name", gettext_lazy("Full name"), lambda one: one.person.name, cell=linked, sort="person__name"),
        Column(
            "class",
            gettext_lazy("Class"),
            lambda one: one.study_class.name if one.study_class else "",
            sort="study_class__name",
        ),
        Column(
            "slots",
            gettext_lazy("Has entered available times"),
            lambda one: _("yes") if getattr(one, "availability", None) else _("no"),
        ),
        Column(
            "enrolled",
            gettext_lazy("Joined the cohort on"),
            lambda one: one.enrolled_at,
            cell=lambda one: local_date(one.enrolled_at.date()),
            sort="enrolled_at",
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(LOOK)
def place(request: MemberRequest, *, cohort: Cohort, kind: str, enrolment: int) -> HttpResponse:
    """Groups that could take somebody who is in none; a POST makes her a member of one."""
    chosen = known_kind(kind)
    rows = standing.unplaced_looked_after(request.user, cohort, chosen).select_related("person", "cohort")
    found = get_object_or_404(rows, pk=enrolment)
    teams = standing.teams_looked_after(request.user, cohort, chosen)
    if request.method == "POST":
        team = get_object_or_404(teams.select_related("cohort"), pk=_number(request, "team"))
        try:
            standing.place(enrolment=found, team=team, actor=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(
                request, _("%(name)s is now in a group. All its members will be notified.") % {"name": found.person}
            )
            return redirect("grouping:unplaced", cohort.slug, chosen)
    proposals = standing.places_for([found.pk], cohort, chosen, among=teams.values_list("pk", flat=True))
    context = {"cohort": cohort, "kind": chosen, "enrolment": found, "proposals": proposals}
    return render(request, "grouping/place.html", context)


def _number(request: MemberRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not value.isdecimal() or len(value) > 17:
        raise Http404
    return int(value)


@require_safe
@desk_page(LOOK)
def small(request: MemberRequest, *, cohort: Cohort, kind: str) -> HttpResponseBase:
    """Groups with too few people, and which others could take them."""
    chosen = known_kind(kind)
    policy = policy_of(cohort, chosen)
    teams = standing.teams_looked_after(request.user, cohort, chosen).smaller_than(policy.smallest)
    listing = Listing(
        request,
        teams.select_related("space"),
        columns=_team_columns(cohort),
        name=f"small-{cohort.slug}-{chosen}",
        order=["size", "name", "pk"],
        filters=TextFilter(request.GET, label=pgettext_lazy("team", "Name"), within=["name"]),
        per_page=10,
    )
    if answer := listing.download():
        return answer
    context = {
        "cohort": cohort,
        "kind": chosen,
        "listing": listing,
        "teams": standing.small_teams(listing.page, cohort, chosen),
        "policy": policy,
        "may_form": request.user.has_perm(CHANGE, cohort),
    }
    return render(request, "grouping/small.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(LOOK)
def team(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """One group: its members, and who was in it; organisers change its name."""
    found = get_object_or_404(Team.objects.select_related("cohort"), cohort=cohort, pk=pk)
    if not request.user.has_perm("grouping.view_space", found):
        raise Http404
    may_change = request.user.has_perm("grouping.change_team", found)
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST":
        if not may_change:
            raise Http404
        if form.is_valid() and _done(
            request, _("Saved."), lambda: rename_team(team=found, name=form.cleaned_data["name"], actor=request.user)
        ):
            return redirect("grouping:team", cohort.slug, pk)
    history = Membership.objects.filter(team=found).select_related("enrolment__person", "enrolment__study_class")
    context = {
        "cohort": cohort,
        "team": found,
        "members": history.filter(left_at=None).order_by("joined_at", "pk"),
        "former": page_of(request, history.exclude(left_at=None).order_by("-left_at", "-pk")),
        "form": form,
        "target_form": TargetTeamForm(team=found),
        "may_change": may_change,
    }
    return render(request, "grouping/team.html", context)


def _done(request: MemberRequest, said: str, do: Any) -> bool:
    """Do it and say so; say why not where it is refused."""
    try:
        do()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return False
    messages.success(request, said)
    return True


@require_POST
@desk_page(CHANGE)
def change_members(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Move the ticked members to another group or a new one, or end their memberships (``end``)."""
    found = get_object_or_404(Team.objects.select_related("cohort"), cohort=cohort, pk=pk)
    people = ticked(request)
    if not people:
        messages.warning(request, _("Nobody is selected. Select people first, then choose where they go."))
    elif request.POST.get("end"):
        rows = found.memberships.current().filter(enrolment__in=people).order_by("pk")
        ended = list(rows.select_related("team__cohort", "enrolment__person"))
        said = _("They are no longer in a group of this kind. They and the rest of the group will be notified.")
        _done(request, said, lambda: standing.end_memberships(ended, actor=request.user))
    else:
        _move(request, found, people)
    return redirect("grouping:team", cohort.slug, pk)


def _move(request: MemberRequest, team: Team, people: list[int]) -> None:
    form = TargetTeamForm(request.POST, team=team)
    name = request.POST.get("name", "").strip()[:80]
    if not form.is_valid() or (form.cleaned_data["to"] is None and not name):
        messages.error(request, _("Choose a group from the list, or give the new one a name."))
        return
    text = ngettext(
        "%(count)s person was moved. Everybody in the new group will be notified.",
        "%(count)s people were moved. Everybody in the new group will be notified.",
        len(people),
    )
    to = form.cleaned_data["to"]
    _done(
        request,
        text % {"count": len(people)},
        lambda: standing.regroup(team=team, people=people, to=to, name=name, actor=request.user),
    )


@require_POST
@desk_page(CHANGE)
def merge(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Move all members of a group into another."""
    teams = Team.objects.select_related("cohort").filter(cohort=cohort)
    found, into = get_object_or_404(teams, pk=pk), get_object_or_404(teams, pk=_number(request, "into"))
    said = _("The groups were merged. All members will be notified.")
    if _done(request, said, lambda: standing.merge(team=found, into=into, actor=request.user)):
        return redirect("grouping:team", cohort.slug, into.pk)
    return redirect("grouping:small", cohort.slug, found.kind)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(CHANGE)
def settings(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The sizes of groups, and until when learners form them by themselves."""
    sent = request.POST.get("kind") if request.method == "POST" else None
    forms = [PolicyForm(request.POST if sent == kind else None, cohort=cohort, kind=kind) for kind in TeamKind]
    form = next((one for one in forms if one.is_bound), None)
    if form and form.is_valid():
        set_policy(form.save(commit=False), actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("grouping:settings", cohort.slug)
    return render(request, "grouping/settings.html", {"cohort": cohort, "forms": forms}, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(CHANGE)
def pairs(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Who belongs together, who is to be kept apart."""
    form = PairForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        standing.set_pair(cohort=cohort, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("grouping:pairs", cohort.slug)
    listing = Listing(
        request,
        Pair.objects.filter(cohort=cohort).select_related(*PAIRED),
        columns=_pair_columns(cohort),
        name=f"pairs-{cohort.slug}",
        order=["-pk"],
        filters=TextFilter(
            request.GET, label=gettext_lazy("Name or class"), within=[f"{field}__name" for field in PAIRED]
        ),
    )
    context = {"cohort": cohort, "form": form, "listing": listing}
    return listing.download() or render(request, "grouping/pairs.html", context, status=422 if form.errors else 200)


def _pair_columns(cohort: Cohort) -> list[Column]:
    return [
        Column("first", gettext_lazy("Learner"), lambda pair: pair.first.person.name, sort="first__person__name"),
        Column("first_class", gettext_lazy("Class"), lambda pair: _class_of(pair.first)),
        Column("second", gettext_lazy("With whom"), lambda pair: pair.second.person.name, sort="second__person__name"),
        Column("second_class", gettext_lazy("Class"), lambda pair: _class_of(pair.second)),
        Column("together", gettext_lazy("In the same group?"), _is_together, sort="is_together"),
        button_column(
            "remove",
            gettext_lazy("Remove"),
            address=lambda pair: reverse("grouping:remove_pair", args=[cohort.slug, pair.pk]),
            about=lambda pair: f"{pair.first.person.name}, {pair.second.person.name}",
            form="remove",
        ),
    ]


def _class_of(enrolment: Enrolment) -> str | None:
    return enrolment.study_class.name if enrolment.study_class else None


def _is_together(pair: Pair) -> Promise:
    return gettext_lazy("Always in the same group") if pair.is_together else gettext_lazy("Never in the same group")


@require_POST
@desk_page(CHANGE)
def remove_pair(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    standing.remove_pair(get_object_or_404(Pair, cohort=cohort, pk=pk), actor=request.user)
    messages.success(request, _("Removed."))
    return redirect("grouping:pairs", cohort.slug)
