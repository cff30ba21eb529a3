"""The organiser's pages of rescorings: begin one, see what would change for whom, switch or drop."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.rescoring import actions
from campus.rescoring.changes import listing_of
from campus.rescoring.forms import BeginForm
from campus.rescoring.lists import rescorings_list
from campus.rescoring.measuring import CannotMeasure
from campus.rescoring.models import Rescoring, final_is_out
from campus.rescoring.queries import offers_of, summaries_of
from campus.rescoring.refusals import RescoringRefused
from campus.rescoring.shadow import graded_steps

MAY_RESCORE = "rescoring.rescore"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(MAY_RESCORE)
def rescorings(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The cohort's cases with the versions to choose from, and what was rescored before."""
    forms = [BeginForm(_sent(request, offer.case.slug), offer=offer) for offer in offers_of(cohort)]
    sent = next((form for form in forms if form.is_bound), None)
    if sent and sent.is_valid() and (begun := _begin(request, sent)):
        return redirect("rescoring:rescoring", cohort.slug, begun.pk)
    listing = rescorings_list(request, cohort)
    context = {"cohort": cohort, "forms": forms, "listing": listing}
    return listing.download() or render(request, "rescoring/rescorings.html", context, status=422 if sent else 200)


_NAMES = ("from_version", "to_version", "started_by", "ended_by")


def _sent(request: HttpRequest, slug: str) -> Any:
    """What was sent, for the form of the case it was sent from."""
    return request.POST if request.method == "POST" and request.POST.get("case") == slug else None


def _begin(request: MemberRequest, form: BeginForm) -> Rescoring | None:
    try:
        return actions.begin(
            case=form.offer.case,
            to_version=form.cleaned_data["to_version"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
    except RescoringRefused as refused:
        form.add_error(None, str(refused))
        return None


def rescoring_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its rescoring, for organisers of the cohort; for the others there is none (404)."""

    @desk_page(MAY_RESCORE)
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = Rescoring.objects.select_related("case__case_version", "case__cohort", *_NAMES)
        return view(request, cohort=cohort, rescoring=get_object_or_404(rows, case__cohort=cohort, pk=pk), **kwargs)

    return guarded


@require_safe
@rescoring_page
def rescoring(request: MemberRequest, *, cohort: Cohort, rescoring: Rescoring) -> HttpResponse:
    return render(request, "rescoring/rescoring.html", _page(cohort, rescoring))


@require_safe
@rescoring_page
def progress(request: MemberRequest, *, cohort: Cohort, rescoring: Rescoring) -> HttpResponse:
    """The part of the page that moves while predictions are measured."""
    return render(request, "rescoring/parts/progress.html", _page(cohort, rescoring))


def _page(cohort: Cohort, rescoring: Rescoring) -> dict[str, Any]:
    seq = live.last_seq(rescoring.stream)
    rescoring.refresh_from_db(fields=["state", "done", "total", "problem", "ready_at"])
    summaries = summaries_of(rescoring)
    return {
        "cohort": cohort,
        "rescoring": rescoring,
        "live_seq": seq,
        "summaries": summaries,
        "changed": sum(summary.changed for summary in summaries),
    }


@require_safe
@rescoring_page
def changes(request: MemberRequest, *, cohort: Cohort, rescoring: Rescoring, step: str) -> HttpResponseBase:
    """What changes for whom on the board of one step, as a page or a file."""
    found = next((one for one in graded_steps(rescoring.case) if one.key == step), None)
    if found is None:
        raise Http404
    listing = listing_of(request, rescoring, found)
    context = {"cohort": cohort, "rescoring": rescoring, "step": found, "listing": listing}
    context["shows_final"] = final_is_out(found)
    return listing.download() or render(request, "rescoring/changes.html", context)


@require_POST
@rescoring_page
def switch(request: MemberRequest, *, cohort: Cohort, rescoring: Rescoring) -> HttpResponse:
    try:
        actions.switch(rescoring, actor=request.user)
    except RescoringRefused as refused:
        messages.error(request, str(refused))
    except CannotMeasure:
        messages.error(
            request, _("A submission that came in meanwhile can’t be scored with this version. Nothing has changed.")
        )
    else:
        messages.success(request, _("The leaderboards now show the new scores. Everybody affected is being notified."))
    return redirect("rescoring:rescoring", cohort.slug, rescoring.pk)


@require_POST
@rescoring_page
def drop(request: MemberRequest, *, cohort: Cohort, rescoring: Rescoring) -> HttpResponse:
    try:
        actions.drop(rescoring, actor=request.user)
    except RescoringRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The rescoring was discarded. Nothing has changed."))
    return redirect("rescoring:rescorings", cohort.slug)
