"""A launch: the LMS sends a browser, is asked who it is, answers once, and the browser comes in.

The LMS's answer arrives by a form from another site, with which browsers send no cookies of ours. So it is taken
without them, and the browser is then led to a page of ours where its session proves that the launch began there: an
answer that somebody else caught signs nobody in. Frames are left before anything begins: in them browsers keep
cookies from us, and the site refuses to be framed.
"""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.environment import LtiPlatform
from campus.lti import launches
from campus.lti.models import Launch
from campus.lti.platforms import platform_named, platform_of
from campus.lti.tokens import Claims, NotBelieved, is_ours
from campus.lti.tool import address
from campus.people.models import Person
from campus.ui.limits import Limit

logger = logging.getLogger(__name__)

SESSION_KEY, MOST_LAUNCHES = "lti_launches", 10
FRAMES = {"iframe", "frame", "embed", "object", "fencedframe"}
HINTS = ("iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id")
TicketView = Callable[..., HttpResponseBase]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """Begin a launch at the LMS's wish: ask it, in a window of its own, who sits before the browser."""
    said = {name: value for name in HINTS if (value := request.POST.get(name) or request.GET.get(name))}
    platform = platform_of(issuer=said.get("iss", ""), client_id=said.get("client_id", ""))
    if platform is None or not said.get("login_hint") or not is_ours(said.get("target_link_uri", "")):
        return _refused(request, "login")
    if request.headers.get("Sec-Fetch-Dest") in FRAMES:
        return _out_of_the_frame(request, platform, said)
    if not Limit("lti-login", "600/m").allow_request(request):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    launch, state = launches.begin(platform)
    request.session[SESSION_KEY] = [*request.session.get(SESSION_KEY, []), launch.pk][-MOST_LAUNCHES:]
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": address("lti_launch"),
        "login_hint": said["login_hint"],
        "state": state,
        "nonce": launch.nonce,
    }
    if hint := said.get("lti_message_hint"):
        asked["lti_message_hint"] = hint
    joint = "&" if urlsplit(platform.auth_url).query else "?"
    return HttpResponseRedirect(f"{platform.auth_url}{joint}{urlencode(asked)}")


def _out_of_the_frame(request: HttpRequest, platform: LtiPlatform, said: dict[str, str]) -> HttpResponse:
    """The one page that the LMS may frame: a link that begins the launch in a new window."""
    context = {"platform": platform, "onward": f"{reverse('lti_login')}?{urlencode(said)}"}
    page = render(request, "lti/frame.html", context)
    parts = urlsplit(platform.auth_url)
    framer = urlsplit(platform.issuer)
    origins = sorted({f"{one.scheme}://{one.netloc}" for one in (parts, framer) if one.netloc})
    page._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]  # as csp_replace() does
    page.xframe_options_exempt = True
    return page


@csrf_exempt
@never_cache
@require_POST
def launch(request: HttpRequest) -> HttpResponseBase:
    """Take the LMS's answer and lead the browser in by a page to which it sends its cookies."""
    if "error" in request.POST:
        return _refused(request, "platform_error")
    try:
        answered = launches.receive(state=request.POST.get("state", ""), token=request.POST.get("id_token", ""))
    except NotBelieved as refused:
        return _refused(request, refused.reason)
    response = redirect("lti_enter", launches.ticket_of(answered))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    logger.warning("launch refused: %s", reason)
    return render(request, "lti/refused.html", status=HTTPStatus.FORBIDDEN)


def with_launch(view: TicketView) -> TicketView:
    """Hand the view the launch of its ticket, in the browser in which it began; others are refused."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, ticket: str) -> HttpResponseBase:
        found = launches.launch_of(ticket)
        if found is None or found.pk not in request.session.get(SESSION_KEY, []):
            return _refused(request, "ticket")
        return view(request, found, ticket)

    return guarded


@require_GET
@with_launch
def enter(request: HttpRequest, found: Launch, ticket: str) -> HttpResponseBase:
    """Sign the person in whom the LMS means, or have the accounts linked first."""
    account = launches.account_of(found)
    if account:
        return _come_in(request, found, account.person)
    if isinstance(request.user, Person):
        return redirect("lti_link", ticket)
    newcomer = launches.newcomer_for(found)
    if newcomer is None:
        return redirect("lti_link", ticket)
    launches.link(found, newcomer, confirms_address=True)
    return _come_in(request, found, newcomer)


@require_http_methods(["GET", "POST"])
@with_launch
def link(request: HttpRequest, found: Launch, ticket: str) -> HttpResponseBase:
    """Ask whoever is signed in whether the LMS's account is hers; whoever isn't signs in or up first."""
    account = launches.account_of(found)
    if account:
        return redirect("lti_enter", ticket)
    if request.method == "POST" and isinstance(request.user, Person):
        try:
            launches.link(found, request.user)
        except launches.AlreadyLinked:
            return _refused(request, "already_linked")
        return _come_in(request, found, request.user)
    context = {
        "platform": platform_named(found.platform),
        "claims": Claims.from_json(found.claims),
        "can_sign_up": settings.ENVIRONMENT.sign_up == "open",
    }
    return render(request, "lti/link.html", context)


def _come_in(request: HttpRequest, found: Launch, person: Person) -> HttpResponseBase:
    """To the step or cohort that the link names; allauth signs in, by the second factor where there is one."""
    cohort = launches.cohort_of(found)
    is_in = bool(cohort) and launches.admit(found, person, cohort)  # type: ignore[arg-type]
    onward = reverse("home")
    if cohort and is_in:
        step = launches.step_of(found, cohort)
        onward = (
            reverse("cases:step", args=[cohort.slug, step.cohort_case.slug, step.key])
            if step
            else reverse("cohorts:cohort", args=[cohort.slug])
        )
    launches.finish(found)
    request.session[SESSION_KEY] = [pk for pk in request.session.get(SESSION_KEY, []) if pk != found.pk]
    response: HttpResponseBase = (
        redirect(onward) if request.user == person else perform_login(request, person, redirect_url=onward)
    )
    if cohort and not is_in:
        return render(request, "lti/not_admitted.html", {"cohort": cohort}, status=HTTPStatus.FORBIDDEN)
    return response
