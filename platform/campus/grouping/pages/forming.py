"""The organiser's pages of forming groups: settings, the draft with its reasons, changes by hand, publishing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.grouping import drafting, forming
from campus.grouping.forms import MergeForm, MoveForm, NameForm, PlanForm
from campus.grouping.gathering import learners_of, unplaced
from campus.grouping.models import DraftGroup, Formation
from campus.grouping.words import CRITERION_LABELS, impossible_in_words
from campus.teams.models import PROJECT_TEAM_LIMIT, TeamKind
from campus.ui.lists import Column, Listing, TextFilter
from campus.ui.pagination import page_of
from campus.ui.templatetags.ui import local_time

MAY_FORM = "grouping.form"
GROUPS_PER_PAGE = 20
# More people than these are not named where a rule can't be kept.
MOST_NAMED = 30


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(MAY_FORM)
def begin(request: MemberRequest, *, cohort: Cohort, kind: str) -> HttpResponse:
    """How groups of a kind are to be formed, and what was formed before."""
    chosen = known_kind(kind)
    form = PlanForm(request.POST or None, cohort=cohort, kind=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            begun = forming.begin(
                cohort=cohort, kind=chosen, plan=form.plan(), seed=form.cleaned_data["seed"], actor=request.user
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("grouping:formation", cohort.slug, begun.pk)
    formations = Formation.objects.filter(cohort=cohort, kind=chosen)
    listing = _formations_list(request, formations, name=f"drafts-{cohort.slug}-{chosen}")
    context = {
        "cohort": cohort,
        "kind": chosen,
        "form": form,
        "listing": listing,
        "open": next((one for one in formations[:1] if one.is_open), None),
        "learners": learners_of(cohort).count(),
        "unplaced": unplaced(cohort, chosen).count(),
    }
    return listing.download() or render(request, "grouping/begin.html", context, status=422 if form.errors else 200)


def _formations_list(request: MemberRequest, formations: QuerySet[Formation], *, name: str) -> Listing:
    """Drafts so far, the latest first."""

    def begun(one: Formation) -> str:
        address = reverse("grouping:formation", args=[one.cohort.slug, one.pk])
        return format_html('<a href="{}">{}</a>', address, local_time(one.started_at))

    columns = [
        Column(
            "begun", pgettext_lazy("grouping", "Started"), lambda one: one.started_at, cell=begun, sort="started_at"
        ),
        Column(
            "by",
            pgettext_lazy("grouping", "Started by"),
            lambda one: one.started_by.name if one.started_by else None,
            sort="started_by__name",
        ),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), sort="state"),
    ]
    return Listing(
        request,
        formations.select_related("started_by", "cohort"),
        columns=columns,
        name=name,
        order=["-started_at", "-pk"],
        filters=TextFilter(request.GET, label=pgettext_lazy("grouping", "Started by"), within=["started_by__name"]),
    )


def known_kind(kind: str) -> TeamKind:
    """The kind that an address names; 404 for others."""
    if kind not in TeamKind.values:
        raise Http404
    return TeamKind(kind)


def formation_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its formation, for organisers of the cohort; for the others there is none (404)."""

    @desk_page(MAY_FORM)
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = Formation.objects.filter(cohort=cohort).select_related("cohort", "started_by", "ended_by")
        return view(request, formation=get_object_or_404(rows, pk=pk), **kwargs)

    return guarded


@require_safe
@formation_page
def formation(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    return render(request, "grouping/formation.html", _page(request, formation))


@require_safe
@formation_page
def progress(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    """The part of the page that moves while the groups are worked out."""
    return render(request, "grouping/parts/draft.html", _page(request, formation))


def _page(request: MemberRequest, formation: Formation) -> dict[str, Any]:
    seq = live.last_seq(formation.stream)
    formation.refresh_from_db(fields=["state", "percent", "problem", "figures"])
    context: dict[str, Any] = {"cohort": formation.cohort, "formation": formation, "live_seq": seq}
    if formation.problem:
        context |= _impossible(formation)
    if formation.is_ready:
        context |= _draft(request, formation)
    return context


def _impossible(formation: Formation) -> dict[str, Any]:
    named = formation.problem["people"]
    people = Enrolment.objects.filter(cohort=formation.cohort, pk__in=named[:MOST_NAMED]).select_related("person")
    return {
        "impossible": impossible_in_words(formation.problem),
        "named": people.order_by("person__name", "pk"),
        "more_named": max(len(named) - MOST_NAMED, 0),
    }


def _draft(request: MemberRequest, formation: Formation) -> dict[str, Any]:
    faults = drafting.faults_of(formation)
    groups = drafting.groups_with_people(formation)
    query, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    if query:
        groups = groups.filter(seats__enrolment__person__name__icontains=query).distinct()
    if show == "broken":
        groups = groups.filter(pk__in=faults.of_group)
    page = page_of(request, groups, per_page=GROUPS_PER_PAGE)
    standing, criteria = drafting.standing_of(formation), formation.figures["criteria"]
    return {
        "standing": standing,
        "page": page,
        "cards": drafting.cards(formation, page, faults),
        "faults": faults,
        "team_limit": PROJECT_TEAM_LIMIT,
        "named_faults": _named(formation, faults),
        "q": query,
        "show": show,
        "move_form": MoveForm(formation=formation),
        "merge_form": MergeForm(formation=formation),
        "criteria": [(CRITERION_LABELS[name], round(value * 100)) for name, value in criteria.items()],
        "value": round(standing.value * 100),
    }


def _named(formation: Formation, faults: drafting.Faults) -> list[tuple[str, list[str]]]:
    """What is broken over all groups, with the names of those concerned."""
    wanted = {pk for fault in faults.over_all for pk in fault.people[:MOST_NAMED]}
    names = dict(Enrolment.objects.filter(cohort=formation.cohort, pk__in=wanted).values_list("pk", "person__name"))
    return [(fault.words, [names[pk] for pk in fault.people if pk in names]) for fault in faults.over_all]


@require_POST
@formation_page
def move(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    """Move the ticked people of a draft."""
    form = MoveForm(request.POST, formation=formation)

    def change() -> str:
        moved = drafting.move(formation, people=ticked(request), to=form.cleaned_data["to"])
        return ngettext("%(count)s person was moved.", "%(count)s people were moved.", moved) % {"count": moved}

    return _changed(request, formation, form.is_valid(), change)


def ticked(request: MemberRequest) -> list[int]:
    """Ids of those who were ticked."""
    return [int(pk) for pk in request.POST.getlist("selected") if pk.isdecimal() and len(pk) < 18]


@require_POST
@formation_page
def merge(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    form = MergeForm(request.POST, formation=formation)

    def change() -> str:
        drafting.merge(formation, **form.cleaned_data)
        return _("The groups were merged.")

    return _changed(request, formation, form.is_valid(), change)


@require_POST
@formation_page
def rename(request: MemberRequest, *, formation: Formation, group: int) -> HttpResponse:
    found = get_object_or_404(DraftGroup, formation=formation, pk=group)
    form = NameForm(request.POST)

    def change() -> str:
        drafting.rename(formation, group=found, name=form.cleaned_data["name"])
        return _("The group was renamed.")

    return _changed(request, formation, form.is_valid(), change)


def _changed(request: MemberRequest, formation: Formation, is_valid: bool, change: Callable[[], str]) -> HttpResponse:
    """Do it and say so, or say why not; back to where one was in the list."""
    try:
        if not is_valid:
            raise ValidationError(_("Choose from the list and try again: the groups may have changed in the meantime."))
        messages.success(request, change())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    back = redirect("grouping:formation", formation.cohort.slug, formation.pk)
    if query := request.GET.urlencode():
        back["Location"] += f"?{query}"
    return back


@require_POST
@formation_page
def publish(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    """Make the draft's groups real; with broken rules only where the organiser wants it so."""
    here = redirect("grouping:formation", formation.cohort.slug, formation.pk)
    if formation.is_ready and drafting.faults_of(formation).count and not request.POST.get("despite"):
        messages.error(
            request, _("Some rules are not met. Correct the groups, or tick the box to publish them anyway.")
        )
        return here
    try:
        count = forming.publish(formation, actor=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return here
    messages.success(
        request,
        ngettext(
            "%(count)s group was published, and its members are being notified.",
            "%(count)s groups were published, and their members are being notified.",
            count,
        )
        % {"count": count},
    )
    return redirect("grouping:desk", formation.cohort.slug)


@require_POST
@formation_page
def drop(request: MemberRequest, *, formation: Formation) -> HttpResponse:
    try:
        forming.drop(formation, actor=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The draft was discarded. The groups haven’t changed."))
    return redirect("grouping:begin", formation.cohort.slug, formation.kind)
