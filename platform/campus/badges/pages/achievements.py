"""The organiser's pages of achievements: the list, the editor, and one with all who hold it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.badges import actions, lists
from campus.badges.forms import AchievementForm, design_in
from campus.badges.keys import issuer_of_site
from campus.badges.models import Achievement, AchievementVersion, Rule
from campus.badges.pictures import draw
from campus.badges.replacing import in_need
from campus.badges.signing import LANGUAGES
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort

ISSUE = "badges.issue"


def achievement_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its achievement, for organisers of the cohort; for the others there is none (404)."""

    @desk_page(ISSUE)
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = Achievement.objects.with_counts().filter(cohort=cohort)
        return view(request, cohort=cohort, achievement=get_object_or_404(rows, pk=pk), **kwargs)

    return guarded


@require_safe
@desk_page(ISSUE)
def listing(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    found, issuer = lists.achievements(request, cohort), issuer_of_site()
    context = {
        "cohort": cohort,
        "listing": found,
        "issuer": issuer,
        "has_moved": issuer.base_url != settings.SITE_URL,
        "present_address": settings.SITE_URL,
    }
    return found.download() or render(request, "badges/desk/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(ISSUE)
def new(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    form = AchievementForm(request.POST or None, request.FILES or None, instance=AchievementVersion())
    if request.method == "POST" and form.is_valid():
        made = actions.create(
            cohort=cohort,
            rule=Rule(form.cleaned_data["rule"]),
            texts=form.texts,
            picture=form.picture,
            actor=request.user,
        )
        return redirect("badges:achievement", cohort.slug, made.pk)
    return _editor(request, form, cohort=cohort)


@require_http_methods(["GET", "HEAD", "POST"])
@achievement_page
def edit(request: MemberRequest, *, cohort: Cohort, achievement: Achievement) -> HttpResponse:
    # Of the form alone: a version that somebody holds is never saved again.
    form = AchievementForm(
        request.POST or None, request.FILES or None, instance=achievement.version, rule=achievement.rule
    )
    if request.method == "POST" and form.is_valid():
        actions.revise(
            achievement,
            rule=Rule(form.cleaned_data["rule"]),
            texts=form.texts,
            picture=form.picture,
            actor=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect("badges:achievement", cohort.slug, achievement.pk)
    return _editor(request, form, cohort=cohort, achievement=achievement)


def _editor(request: HttpRequest, form: AchievementForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "badges/desk/edit.html", {"form": form, **context}, status=status)


@require_safe
@desk_page(ISSUE)
def sample(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The picture as it would be drawn, while one chooses."""
    try:
        return HttpResponse(draw(design_in(request.GET.dict())), content_type="image/png")
    except ValueError:
        return HttpResponseBadRequest("no such design")


@require_safe
@achievement_page
def one(request: MemberRequest, *, cohort: Cohort, achievement: Achievement) -> HttpResponse:
    """What it says, how it was issued, and who holds it; the list as a file too."""
    held = lists.holders(request, achievement)
    context = {
        "cohort": cohort,
        "achievement": achievement,
        "version": achievement.version,
        "pages": [(language, achievement.version.path(language)) for language in LANGUAGES],
        "listing": held,
        "in_need": in_need(achievement).count(),
        "runs": achievement.runs.select_related("started_by")[:10],
    }
    return held.download() or render(request, "badges/desk/achievement.html", context)


@require_POST
@achievement_page
def remove(request: MemberRequest, *, cohort: Cohort, achievement: Achievement) -> HttpResponse:
    if actions.remove(achievement, actor=request.user):
        messages.success(request, _("The badge was deleted."))
        return redirect("badges:achievements", cohort.slug)
    messages.error(request, _("Somebody holds this badge, so it can’t be deleted."))
    return redirect("badges:achievement", cohort.slug, achievement.pk)
