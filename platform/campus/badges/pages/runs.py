"""The organiser's pages of issuing: who gets the badge and who not, and the run with its progress."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.badges import issuing, lists, replacing
from campus.badges.candidates import Candidate, candidates_of
from campus.badges.models import Achievement, IssueRun, Rule
from campus.badges.pages.achievements import ISSUE, achievement_page
from campus.badges.refusals import BadgeRefused
from campus.cohorts.access import MemberRequest
from campus.cohorts.bulk import Selection, bulk_page
from campus.cohorts.models import Cohort


@require_http_methods(["GET", "HEAD", "POST"])
@achievement_page
def preview(request: MemberRequest, *, cohort: Cohort, achievement: Achievement) -> HttpResponse:
    """Who gets it now, who not, and why; sent, it is issued."""
    if not achievement.is_by_completion:
        messages.info(request, _("Select people in the list, then choose “Give a badge”."))
        return redirect("cohorts:people", cohort.slug)
    if request.method == "POST":
        try:
            begun = issuing.start(achievement, actor=request.user)
        except BadgeRefused as refused:
            messages.error(request, str(refused))
            return redirect("badges:preview", cohort.slug, achievement.pk)
        return redirect("badges:run", cohort.slug, achievement.pk, begun.pk)
    rows = candidates_of(achievement)
    shown = lists.candidates(request, achievement, rows)
    context = {"cohort": cohort, "achievement": achievement, "listing": shown, **_counts(rows)}
    return shown.download() or render(request, "badges/desk/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@achievement_page
def replace(request: MemberRequest, *, cohort: Cohort, achievement: Achievement) -> HttpResponse:
    """How many badges would be issued anew, and what changes; sent, it is done."""
    if request.method == "POST":
        try:
            begun = replacing.start(achievement, actor=request.user)
        except BadgeRefused as refused:
            messages.error(request, str(refused))
            return redirect("badges:replace", cohort.slug, achievement.pk)
        return redirect("badges:run", cohort.slug, achievement.pk, begun.pk)
    preview = replacing.preview_of(achievement)
    context = {"cohort": cohort, "achievement": achievement, "version": achievement.version, "preview": preview}
    return render(request, "badges/desk/replace.html", context)


def _counts(rows: list[Candidate]) -> dict[str, int]:
    getting = sum(one.gets for one in rows)
    return {"getting": getting, "others": len(rows) - getting}


class GiveForm(forms.Form):
    """Which of the badges that are given by hand."""

    achievement = forms.ModelChoiceField(queryset=Achievement.objects.none())

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["achievement"]
        field.label = _("Badge")
        by_hand = cohort.achievements.filter(rule=Rule.BY_HAND).select_related("current")
        field.queryset = by_hand  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@bulk_page(ISSUE)
def give(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Give those chosen in the list of people a badge: choose it, look at who gets it, issue."""
    is_sent = "achievement" in request.POST
    form = GiveForm(request.POST if is_sent else None, cohort=cohort)
    chosen: Achievement | None = form.cleaned_data["achievement"] if is_sent and form.is_valid() else None
    context: dict[str, Any] = {"cohort": cohort, "form": form, "selection": selection, "achievement": chosen}
    if chosen is None:
        return render(request, "badges/desk/give.html", context, status=422 if is_sent else 200)
    ids = list(selection.rows.values_list("pk", flat=True))
    if request.POST.get("save"):
        try:
            begun = issuing.start(chosen, chosen=ids, actor=request.user)
        except BadgeRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("badges:run", cohort.slug, chosen.pk, begun.pk)
    rows = candidates_of(chosen, chosen=ids)
    left_out = [one for one in rows if not one.gets]
    context |= {**_counts(rows), "left_out": left_out[:50], "more": max(0, len(left_out) - 50)}
    return render(request, "badges/desk/give.html", context)


def run_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its run, for organisers of the cohort; for the others there is none (404)."""

    @achievement_page
    @wraps(view)
    def guarded(request: MemberRequest, *, achievement: Achievement, run: int, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(achievement.runs.select_related("started_by"), pk=run)
        return view(request, achievement=achievement, run=found, **kwargs)

    return guarded


@require_safe
@run_page
def run(request: MemberRequest, *, cohort: Cohort, achievement: Achievement, run: IssueRun) -> HttpResponse:
    return render(request, "badges/desk/run.html", _page(cohort, achievement, run))


@require_safe
@run_page
def progress(request: MemberRequest, *, cohort: Cohort, achievement: Achievement, run: IssueRun) -> HttpResponse:
    """The part of the page that moves while badges are signed."""
    return render(request, "badges/parts/progress.html", _page(cohort, achievement, run))


def _page(cohort: Cohort, achievement: Achievement, run: IssueRun) -> dict[str, Any]:
    seq = live.last_seq(run.stream)
    run.refresh_from_db(fields=["state", "done", "total", "problem", "ended_at"])
    return {"cohort": cohort, "achievement": achievement, "run": run, "live_seq": seq}


@require_POST
@run_page
def resume(request: MemberRequest, *, cohort: Cohort, achievement: Achievement, run: IssueRun) -> HttpResponse:
    issuing.resume(run, actor=request.user)
    return redirect("badges:run", cohort.slug, achievement.pk, run.pk)


@require_POST
@run_page
def stop(request: MemberRequest, *, cohort: Cohort, achievement: Achievement, run: IssueRun) -> HttpResponse:
    count = issuing.stop(run, actor=request.user)
    words = ngettext("%(count)s badge was not issued.", "%(count)s badges were not issued.", count)
    messages.info(request, words % {"count": count})
    return redirect("badges:run", cohort.slug, achievement.pk, run.pk)
