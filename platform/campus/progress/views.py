"""Pages of those who look after learners: overview, who is where, whom to follow up and why."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import classes_looked_after, learners_looked_after
from campus.progress.actions import change_thresholds, record_follow_up
from campus.progress.audiences import ANY, KEY
from campus.progress.completion import standings_in
from campus.progress.concerns import Concern, concerns_in, thresholds_of
from campus.progress.forms import FollowUpForm, ThresholdsForm
from campus.progress.funnel import classes_in, figures_of, funnel_of
from campus.progress.lists import class_list, follow_up_list, matrix
from campus.progress.models import FollowUp
from campus.progress.queries import Progress, progress_of, progress_seen_by
from campus.progress.reasons import RULES
from campus.progress.today import today_of

LOOK_AFTER = "cohorts.look_after_learners"
TODAYS = 10


@require_GET
@desk_page(LOOK_AFTER)
def overview(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The desk's first page: whom to follow up today, how many and why, and what closes next."""
    today = today_of(progress_seen_by(request.user, cohort), request.user)
    context = {"cohort": cohort, "today": today, "concerns": today.waiting[:TODAYS]}
    return render(request, "progress/overview.html", context)


@require_GET
@desk_page(LOOK_AFTER)
def learners(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The matrix of learners and steps, on the page or as a file."""
    progress = progress_seen_by(request.user, cohort)
    listing = matrix(request, progress, list(classes_looked_after(request.user, cohort)))
    context = {"cohort": cohort, "listing": listing, "progress": progress}
    return listing.download() or render(request, "progress/learners.html", context)


@require_GET
@desk_page(LOOK_AFTER)
def funnel(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """How many come how far, and the classes side by side."""
    progress = progress_seen_by(request.user, cohort)
    thresholds = thresholds_of(cohort)
    classes = class_list(request, progress, classes_in(progress, concerns_in(progress, thresholds), thresholds))
    if file := classes.download():
        return file
    context = {
        "cohort": cohort,
        "stages": _stages(request, progress),
        "thresholds": thresholds,
        "classes": classes,
    }
    return render(request, "progress/funnel.html", context)


@require_GET
@desk_page(LOOK_AFTER)
def funnel_figures(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    return JsonResponse(figures_of(_stages(request, progress_seen_by(request.user, cohort))))


def _stages(request: MemberRequest, progress: Progress) -> Any:
    runs_it = request.user.has_perm("cohorts.run_cohort", progress.cohort)
    return funnel_of(progress, learners_looked_after(request.user, progress.cohort), with_intake=runs_it)


@require_GET
@desk_page(LOOK_AFTER)
def follow_up(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Whom to follow up and why, on the page or as a file."""
    thresholds = thresholds_of(cohort)
    concerns = concerns_in(progress_seen_by(request.user, cohort), thresholds)
    classes = list(classes_looked_after(request.user, cohort))
    listing = follow_up_list(request, cohort, concerns, classes)
    context = {
        "cohort": cohort,
        "listing": listing,
        "rules": [(rule, rule.explain(thresholds)) for rule in RULES],
        "message_address": _message_address(cohort, listing.filters),
        "may_change_rules": request.user.has_perm("cohorts.run_cohort", cohort),
    }
    return listing.download() or render(request, "progress/follow_up.html", context)


def _message_address(cohort: Cohort, filters: Any) -> str:
    """Where to write to those of the list, with the reason and class that it is narrowed to."""
    narrowed = filters.cleaned_data if filters.is_valid() else {}
    whom = {f"criterion_{KEY}": narrowed.get("reason") or ANY}
    if narrowed.get("study_class", "").isdigit():
        whom["classes"] = narrowed["study_class"]
    return f"{reverse('announcements:write', args=[cohort.slug])}?{urlencode(whom)}"


@dataclass(frozen=True)
class Chosen:
    """The learners that the reader chose, with their reasons."""

    enrolments: list[Enrolment]
    concerns: dict[int, Concern]

    def reasons(self) -> dict[Enrolment, list[str]]:
        return {one: self.concerns[one.pk].keys if one.pk in self.concerns else [] for one in self.enrolments}


def _chosen(request: MemberRequest, cohort: Cohort, wanted: list[str]) -> Chosen:
    """404 unless each of them is looked after by the reader."""
    if not all(one.isascii() and one.isdigit() for one in wanted):
        raise Http404
    found = learners_looked_after(request.user, cohort).filter(pk__in=wanted).distinct()
    enrolments = list(found.select_related("person", "study_class").order_by("person__name", "pk"))
    if len(enrolments) != len(set(wanted)):
        raise Http404
    progress = progress_of(cohort, Enrolment.objects.filter(pk__in=wanted))
    return Chosen(enrolments, {concern.pk: concern for concern in concerns_in(progress)})


@require_http_methods(["GET", "POST"])
@desk_page(LOOK_AFTER)
def record(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Record a follow-up for the chosen learners."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, cohort, given.getlist("selected"))
    if not chosen.enrolments:
        messages.warning(request, _("Please choose at least one learner in the list."))
        return redirect("progress:follow_up", cohort=cohort.slug)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record_follow_up(cohort=cohort, learners=chosen.reasons(), actor=request.user, **form.cleaned_data)
        count = len(chosen.enrolments)
        said = ngettext(
            "The follow-up of %(n)d learner was recorded.", "The follow-up of %(n)d learners was recorded.", count
        )
        messages.success(request, said % {"n": count})
        return redirect("progress:follow_up", cohort=cohort.slug)
    context = {"cohort": cohort, "form": form, "chosen": chosen.enrolments}
    return render(request, "progress/record.html", context)


@require_GET
@desk_page(LOOK_AFTER)
def learner(request: MemberRequest, *, cohort: Cohort, enrolment: int) -> HttpResponse:
    """One learner: the way through the steps, reasons, and what was done so far."""
    progress = progress_of(cohort, learners_looked_after(request.user, cohort).filter(pk=enrolment))
    if not progress.lines:
        raise Http404
    (line,) = progress.lines
    history = list(FollowUp.objects.filter(enrolment=enrolment).select_related("by"))
    latest = {enrolment: history[0]} if history else {}
    context = {
        "cohort": cohort,
        "chosen": [line],
        "line": line,
        "steps": list(zip(progress.steps, line.cells, strict=True)),
        "concern": next(iter(concerns_in(progress, latest=latest)), None),
        "standing": standings_in(progress)[0],
        "history": history,
        "form": FollowUpForm(),
    }
    return render(request, "progress/learner.html", context)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def rules(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """From when on the rules speak; the organiser's."""
    form = ThresholdsForm(request.POST or None, instance=thresholds_of(cohort))
    if request.method == "POST" and form.is_valid():
        change_thresholds(thresholds=form.instance, changed=form.changed_data, actor=request.user)
        messages.success(request, _("The rules were saved. The list follows them from now on."))
        return redirect("progress:follow_up", cohort=cohort.slug)
    return render(request, "progress/rules.html", {"cohort": cohort, "form": form, "rules": RULES})
