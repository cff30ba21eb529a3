"""Extensions: the list of those in force, granting them to chosen learners, withdrawing them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cases.extending import grant_extensions, plan_granting, withdraw_extensions
from campus.cases.forms import ExtensionForm
from campus.cases.models import Extension, Step
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.bulk import Selection, bulk_page
from campus.cohorts.models import Cohort
from campus.cohorts.pages.people import tell_changed
from campus.cohorts.queries import learners_looked_after
from campus.people.models import Person
from campus.teams.models import Membership
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Listing, TextFilter

FOUND_BY = ("enrolment__person__name", "team__name", "step__title_ja", "step__title_en")


def extensions_seen_by(person: Person, cohort: Cohort) -> QuerySet[Extension]:
    """Extensions of the learners looked after, and of teams that have one of them now."""
    learners = learners_looked_after(person, cohort).values("pk")
    teams = Membership.objects.current().filter(enrolment__in=learners).values("team")
    found = Extension.objects.filter(Q(enrolment__in=learners) | Q(team__in=teams), step__cohort_case__cohort=cohort)
    return found.select_related("step__cohort_case__case_version", "enrolment__person", "team", "granted_by")


def _columns() -> list[Column]:
    return [
        Column("who", gettext_lazy("For whom"), owner_of),
        Column("step", gettext_lazy("Step"), lambda one: one.step.title, sort="step__position"),
        moment_column("usual", gettext_lazy("Usual deadline"), lambda one: one.step.closes_at),
        moment_column("until", gettext_lazy("New deadline"), lambda one: one.closes_at, sort="closes_at"),
        Column("reason", gettext_lazy("Reason"), lambda one: one.reason),
        Column("by", gettext_lazy("Granted by"), lambda one: one.granted_by.name if one.granted_by else ""),
        moment_column("at", gettext_lazy("Granted"), lambda one: one.granted_at, sort="granted_at"),
    ]


def owner_of(extension: Extension) -> str:
    """The team's or the learner's name."""
    if extension.team:
        return extension.team.name
    return extension.enrolment.person.name if extension.enrolment else ""


@require_GET
@desk_page("cohorts.look_after_learners")
def extensions(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    listing = Listing(
        request,
        extensions_seen_by(request.user, cohort),
        columns=_columns(),
        name=f"extensions-{cohort.slug}",
        order=["-granted_at", "pk"],
        filters=TextFilter(request.GET, label=gettext_lazy("Name or step"), within=FOUND_BY),
        selectable=True,
    )
    context = {"cohort": cohort, "listing": listing}
    return listing.download() or render(request, "cases/extensions.html", context)


@require_POST
@desk_page("cohorts.look_after_learners")
def withdraw(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Withdraw the ticked ones, of those that the reader sees."""
    ticked = [pk for pk in request.POST.getlist("selected")[:500] if pk.isdecimal() and len(pk) < 18]
    chosen = list(extensions_seen_by(request.user, cohort).filter(pk__in=ticked))
    for step in Step.objects.with_case().filter(pk__in={one.step_id for one in chosen}):
        withdraw_extensions(step=step, extensions=[one for one in chosen if one.step_id == step.pk], actor=request.user)
    text = ngettext("%(count)s extension was withdrawn.", "%(count)s extensions were withdrawn.", len(chosen))
    messages.success(request, text % {"count": len(chosen)})
    return redirect("cases:extensions", cohort=cohort.slug)


@require_http_methods(["GET", "POST"])
@bulk_page("cohorts.look_after_learners")
def extend(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Give the chosen learners more time: first whom it would reach, then the extension."""
    sent = request.method == "POST" and ("look" in request.POST or "save" in request.POST)
    form = ExtensionForm(request.POST if sent else None, cohort=cohort)
    context = {"cohort": cohort, "selection": selection, "form": form}
    if sent and form.is_valid():
        chosen = form.cleaned_data
        try:
            if "save" in request.POST:
                granted = grant_extensions(enrolments=selection.rows, actor=request.user, **chosen)
                tell_changed(request, len(granted.extensions), granted.left_out)
                return redirect("cases:extensions", cohort=cohort.slug)
            context["plan"] = plan_granting(
                step=chosen["step"], enrolments=selection.rows, closes_at=chosen["closes_at"]
            )
        except ValidationError as refused:
            form.add_error("closes_at", refused)
    return render(request, "cases/extend.html", context)
