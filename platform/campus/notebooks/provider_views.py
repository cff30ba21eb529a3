"""The doors of allauth's OpenID provider: stricter, limited, and closed where the Hub needs nothing."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.idp.oidc import views as allauth
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from campus.ui.limits import Limit

# In the session of a browser that the Hub was told about: signing out has to go by the Hub.
KNOWN_AT_HUB = "known_at_hub"

View = Callable[[HttpRequest], HttpResponse]


def _where_notebooks_are_on(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if settings.ENVIRONMENT.notebooks == "off":
            raise Http404
        return view(request)

    return guarded


@_where_notebooks_are_on
@require_GET
@never_cache
def authorize(request: HttpRequest) -> HttpResponse:
    """Tell the Hub who sits before the browser; PKCE is a must.

    Whoever still owes a second factor is not signed in yet and is led to the sign-in page like everybody else.
    """
    if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
        raise BadRequest("PKCE with S256 is required")
    if not request.user.is_authenticated and request.GET.get("prompt") != "none":
        onward = f"{reverse('notebooks:onward')}?{urlencode({'to': request.get_full_path()})}"
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': onward})}")
    limit = Limit("hub-sign-on", "60/m")
    if not limit.allow_request(request):
        refused = render(request, "429.html", status=429)
        refused["Retry-After"] = str(limit.seconds_to_wait())
        return refused
    if request.user.is_authenticated:
        request.session[KNOWN_AT_HUB] = True
    return allauth.authorization(request)


def _limited(view: View) -> View:
    """Count what brings a wrong secret or token; right ones from the same address go on working."""

    @_where_notebooks_are_on
    @csrf_exempt  # Who calls is no browser.
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        response = view(request)
        limit = Limit("hub-wrong-secret", "60/m")
        if response.status_code == 401 and not limit.allow_request(request):
            headers = {"Retry-After": str(limit.seconds_to_wait())}
            return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers=headers)
        return response

    return answered


token = _limited(allauth.token)
userinfo = _limited(allauth.user_info)


@require_GET
@never_cache
def onward(request: HttpRequest) -> HttpResponse:
    """After signing in, go on to the Hub by a page of its own: a form must not end on another site."""
    address = request.GET.get("to", "")
    is_own = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    if not is_own or not address.startswith(reverse("idp:oidc:authorization") + "?"):
        raise Http404
    return render(request, "notebooks/onward.html", {"address": address})


@require_GET
@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    """After signing out, let the Hub forget this browser too; it sends it to the sign-in page."""
    return render(request, "notebooks/onward.html", {"address": f"{settings.NOTEBOOK_URL}/hub/logout"})


def nothing(request: HttpRequest) -> HttpResponse:
    """What allauth's provider can do besides, for devices and other clients: nobody needs it here."""
    raise Http404
