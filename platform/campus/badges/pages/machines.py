"""What verifiers and wallets read by themselves: Open Badges 2.0, the DID document, the list of revoked badges."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from campus.badges import signing
from campus.badges.keys import issuer_of_site
from campus.badges.models import AchievementVersion, Award, StatusList

# How long others may keep what they read: a revocation is known everywhere after five minutes.
SHORT, LONG = 300, 86_400


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let scripts of any site read the answer: wallets and verifiers run in browsers."""

    @wraps(view)
    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, **kwargs)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    return opened


def published(seconds: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """A public answer that may be kept for so long."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @open_to_all
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            answer = view(request, **kwargs)
            if answer.status_code == 200:
                answer["Cache-Control"] = f"public, max-age={seconds}"
            return answer

        return answered

    return decorate


def _json(document: dict[str, Any], kind: str = "application/ld+json") -> JsonResponse:
    return JsonResponse(document, content_type=kind, json_dumps_params={"ensure_ascii": False})


@published(SHORT)
def assertion(_request: HttpRequest, uid: Any) -> HttpResponse:
    """The hosted assertion of Open Badges 2.0. It names nobody: the holder is a salted hash."""
    award = get_object_or_404(Award.objects.issued().with_badge(), uid=uid)
    if award.erased_at is not None:
        return HttpResponse("The holder has left.", status=410, content_type="text/plain")
    return JsonResponse(
        signing.assertion_of(award), status=410 if award.is_revoked else 200, content_type="application/ld+json"
    )


def _version(uid: Any, number: int) -> AchievementVersion:
    rows = AchievementVersion.objects.select_related("achievement__cohort__programme")
    return get_object_or_404(rows, achievement__uid=uid, number=number)


@published(LONG)
def badge_class(_request: HttpRequest, uid: Any, number: int, language: str) -> HttpResponse:
    if language not in signing.LANGUAGES:
        raise Http404
    return _json(signing.class_of(_version(uid, number), language))


@published(LONG)
def picture(_request: HttpRequest, uid: Any, number: int) -> HttpResponse:
    with _version(uid, number).picture.open("rb") as file:
        return HttpResponse(file.read(), content_type="image/png")


@published(SHORT)
def issuer(_request: HttpRequest) -> HttpResponse:
    return _json(signing.issuer_profile(issuer_of_site()))


@published(SHORT)
def revoked(_request: HttpRequest) -> HttpResponse:
    return _json(signing.revocation_list(issuer_of_site()))


@published(SHORT)
def did(_request: HttpRequest) -> HttpResponse:
    """The issuer's keys, old ones too."""
    return _json(signing.did_document_of(issuer_of_site()), "application/did+json")


@published(SHORT)
def status(_request: HttpRequest, number: int) -> HttpResponse:
    """Which badges were revoked, signed."""
    found = StatusList.objects.filter(issuer=issuer_of_site(), number=number).first()
    if found is None:
        raise Http404
    return HttpResponse(signing.status_document(found), content_type="application/vc+ld+json")
