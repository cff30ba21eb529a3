"""What anybody may open about a badge: its page, and the files that prove it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from campus.badges.evidence import evidence_of
from campus.badges.keys import issuer_of_site
from campus.badges.models import AchievementVersion, Award
from campus.badges.pages.machines import open_to_all
from campus.badges.signing import LANGUAGES, baked_2_of, baked_of
from campus.badges.verification import check_award
from campus.ui.limits import Limit

JSON_LD = "application/vc+ld+json"
# Of pages and files together, for each address (who is signed in: for each person): each costs a check or a picture.
MOST = "120/m"


def limited(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask who opens these pages too often to wait, in the words of a page."""

    @wraps(view)
    def counted(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        limit = Limit("badge-pages", MOST)
        if limit.allow_request(request):
            return view(request, **kwargs)
        seconds = limit.seconds_to_wait()
        answer = render(request, "badges/too_many.html", {"seconds": seconds}, status=429)
        answer["Retry-After"] = str(seconds)
        return answer

    return counted


@require_safe
@limited
def badge(request: HttpRequest, uid: Any) -> HttpResponse:
    """The badge in words, with what was checked just now."""
    award = get_object_or_404(Award.objects.issued().with_badge(), uid=uid)
    if award.erased_at is not None:
        return render(request, "badges/gone.html", {"award": award}, status=410)
    if not request.user.has_perm("badges.view_award", award):
        return render(request, "badges/private.html", status=404)
    issuer = issuer_of_site()
    context = {
        "award": award,
        "issuer": issuer,
        "verdict": check_award(award),
        "now": timezone.now(),
        "address": f"{issuer.base_url}{award.path}",
        "picture": f"{issuer.base_url}{award.version.picture_path}",
        "evidence": evidence_of(award),
        "is_own": award.belongs_to(request.user),  # type: ignore[arg-type]  # strangers too
    }
    answer = render(request, "badges/badge.html", context)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def proof(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view a badge with its signed documents: to its holder, and to everybody where it is public."""

    @require_safe
    @open_to_all
    @limited
    @wraps(view)
    def guarded(request: HttpRequest, uid: Any) -> HttpResponseBase:
        rows = Award.objects.issued().with_badge().select_related("credential", "achievement__cohort")
        award = get_object_or_404(rows, uid=uid)
        if award.erased_at is not None:
            return HttpResponse("The holder has left.", status=410, content_type="text/plain")
        if not request.user.has_perm("badges.view_award", award):
            raise Http404
        answer = view(request, award)
        answer["Cache-Control"] = "private, max-age=60"
        return answer

    return guarded


@proof
def credential(_request: HttpRequest, award: Award) -> HttpResponse:
    return _file(award, award.credential.document, "json", JSON_LD)


@proof
def token(_request: HttpRequest, award: Award) -> HttpResponse:
    return _file(award, award.credential.jwt, "jwt", "text/plain")


@proof
def baked(_request: HttpRequest, award: Award) -> HttpResponse:
    return _file(award, baked_of(award), "png", "image/png")


@proof
def baked_2(_request: HttpRequest, award: Award) -> HttpResponse:
    return _file(award, baked_2_of(award), "2.0.png", "image/png")


@proof
def baked_svg(_request: HttpRequest, award: Award) -> HttpResponse:
    return _svg(award, baked_of(award, as_svg=True), "svg")


@proof
def baked_2_svg(_request: HttpRequest, award: Award) -> HttpResponse:
    return _svg(award, baked_2_of(award, as_svg=True), "2.0.svg")


def _svg(award: Award, content: bytes, ending: str) -> HttpResponse:
    """To be kept, never opened as a page of this site."""
    answer = _file(award, content, ending, "image/svg+xml")
    answer["Content-Disposition"] = answer["Content-Disposition"].replace("inline", "attachment")
    return answer


def _file(award: Award, content: str | bytes, ending: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="badge-{award.uid}.{ending}"'
    return answer


@require_safe
def achievement(request: HttpRequest, uid: Any, number: int, language: str) -> HttpResponse:
    """What a badge stands for, in the language of the address, which stands in every badge of this version."""
    if language not in LANGUAGES:
        raise Http404
    rows = AchievementVersion.objects.select_related("achievement__cohort__programme")
    version = get_object_or_404(rows, achievement__uid=uid, number=number)
    with translation.override(language):
        return render(request, "badges/achievement.html", {"version": version, "issuer": issuer_of_site()})
