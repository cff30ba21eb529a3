"""Who calls the API: personal tokens and sessions; and what it tells callers about themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import SimpleRateThrottle

from campus.people.models import Person, PersonalToken, Scope
from campus.people.tokens import PREFIX, authenticate_token
from campus.problems import ApiProblem, may_fail_with

router = Router(tags=["me"])


@dataclass(frozen=True)
class Caller:
    """Who calls, and by which token; without one it is a browser's session, which may do everything."""

    person: Person
    token: PersonalToken | None = None


class FailedTokens(SimpleRateThrottle):
    """How many wrong tokens an address may send; right ones from the same address go on working."""

    def __init__(self) -> None:
        super().__init__(rate="30/m")

    def get_cache_key(self, request: HttpRequest) -> str:
        return self.cache_format % {"scope": "failed-token", "ident": self.get_ident(request)}


class TokenAuth(HttpBearer):
    """``Authorization: Bearer mnb_…`` with the scope that the operation needs."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        found = authenticate_token(token) if token.startswith(PREFIX) else None
        if found is None:
            raise _refused_token(request)
        _speak_to(request, found.person)
        if self.scope not in found.scopes:
            raise _missing_scope(self.scope)
        return Caller(found.person, found)


def _refused_token(request: HttpRequest) -> ApiProblem:
    throttle = FailedTokens()
    if throttle.allow_request(request):
        return ApiProblem(
            401,
            "token_invalid",
            _("This token is unknown, expired or revoked. Create a new one in your account settings."),
            headers={"WWW-Authenticate": 'Bearer realm="manabiai", error="invalid_token"'},
        )
    wait = str(int(throttle.wait() or throttle.duration or 60) + 1)
    detail = _("Too many wrong tokens came from your address. Please wait %(seconds)s seconds.") % {"seconds": wait}
    return ApiProblem(429, "too_many_wrong_tokens", detail, headers={"Retry-After": wait})


def _missing_scope(scope: Scope) -> ApiProblem:
    return ApiProblem(
        403,
        "scope_missing",
        _("This token lacks the scope “%(scope)s”. Create one that has it in your account settings.")
        % {"scope": scope},
        headers={"WWW-Authenticate": f'Bearer realm="manabiai", error="insufficient_scope", scope="{scope}"'},
    )


def _speak_to(request: HttpRequest, person: Person) -> None:
    """Answer as the person: their rights, time zone and, unless the request asks for one, language."""
    request.user = person
    timezone.activate(person.time_zone)
    if not request.headers.get("Accept-Language"):
        translation.activate(person.language)


class SessionAuth(APIKeyCookie):
    """The session of a signed-in browser; unsafe methods need the X-CSRFToken header."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # Checked here, and only for those who are signed in: the others get 401.

    def authenticate(self, request: HttpRequest, _key: str | None) -> Caller | None:
        if not isinstance(request.user, Person):
            return None
        if _forged(request):
            raise ApiProblem(403, "csrf_failed", _("The X-CSRFToken header is missing or wrong."))
        return Caller(request.user)


def _forged(request: HttpRequest) -> bool:
    """Whether Django's own check refuses the request; ninja's views are exempt from the middleware."""
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is not None


def person_of(request: HttpRequest) -> Person:
    """The person who calls; every operation below /api/v1 has one."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja
    return caller.person


MAY_READ = [TokenAuth(Scope.READ), SessionAuth()]
MAY_SUBMIT = [TokenAuth(Scope.SUBMIT), SessionAuth()]


class TokenOut(Schema):
    """The token of this call."""

    name: str = Field(description="As its owner named it.")
    scopes: list[Scope] = Field(description="What it may do: read, submit.")
    expires_at: datetime = Field(description="From when on it no longer works.")


class Me(Schema):
    """The person who calls."""

    id: int = Field(description="Number of the person on this site.")
    name: str = Field(description="Full name.")
    alias: str = Field(description="Nickname, shown instead of the name where chosen; may be empty.")
    email: str = Field(description="Address to sign in with.")
    language: str = Field(description="Language of pages, mails and this API's words: ja or en.")
    time_zone: str = Field(description="IANA name of the time zone in which pages show times.")
    token: TokenOut | None = Field(default=None, description="The token of this call; null in a browser's session.")


@router.get(
    "/me", auth=MAY_READ, operation_id="me", summary="Who am I", response={200: Me, **may_fail_with(401, 403, 429)}
)
def me(request: HttpRequest) -> dict[str, Any]:
    """The person behind the token or session."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    fields = ("id", "name", "alias", "email", "language", "time_zone")
    return {**{name: getattr(caller.person, name) for name in fields}, "token": caller.token}
