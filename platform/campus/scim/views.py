"""The addresses of SCIM 2.0 below /scim/v2/: users of the institution whose token calls, and what the service can."""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from campus.environment import Institution
from campus.scim import actions
from campus.scim.models import ScimUser
from campus.scim.resources import LIST, PATCH, USER, ScimError, Wish, as_json, bad, narrowed_by, patched
from campus.scim.tokens import PREFIX, authenticate, institution_named
from campus.ui.limits import Limit

MEDIA_TYPE = "application/scim+json"
ACCEPTED = {MEDIA_TYPE, "application/json"}
MOST_AT_ONCE, USUAL = 200, 100
CALLS, WRONG_TOKENS = "600/m", "30/m"
View = Callable[..., HttpResponse]


def _answer(body: dict[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE, headers=headers)


def scim_view(*methods: str) -> Callable[[View], View]:
    """Let an institution's system call, by its token and so often; whatever is wrong is told as SCIM tells it."""

    def decorate(view: View) -> View:
        @csrf_exempt  # Who calls is no browser, and no cookie counts.
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                institution = _caller(request)
                if request.method not in methods:
                    raise ScimError(405, f"Only {', '.join(methods)}.")
                response = view(request, institution, **kwargs)
            except ScimError as error:
                response = _answer(error.to_json(), error.status)
                if error.status == 401:
                    response.headers["WWW-Authenticate"] = 'Bearer realm="scim"'
            response.headers["Cache-Control"] = "no-store"
            return response

        return answered

    return decorate


def _caller(request: HttpRequest) -> Institution:
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    token = authenticate(raw.strip()) if scheme.lower() == "bearer" and raw.strip().startswith(PREFIX) else None
    if token is None:
        is_fine = Limit("scim-wrong-token", WRONG_TOKENS).allow_request(request)
        raise ScimError(401, "Send the institution’s token.") if is_fine else ScimError(429, "Too many wrong tokens.")
    if not Limit(f"scim-{token.pk}", CALLS).allow_request(request):
        raise ScimError(429, "Too many calls. Wait a minute.")
    institution = institution_named(token.institution)
    if institution is None:
        raise ScimError(401, "Send the institution’s token.")
    return institution


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type not in ACCEPTED:
        raise ScimError(415, f"Send {MEDIA_TYPE}.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise bad("The body is no JSON.", "invalidSyntax") from error
    if not isinstance(body, dict) or "\\u0000" in json.dumps(body):
        raise bad("The body has to be an object without NUL.", "invalidSyntax")
    return body


def _base() -> str:
    return f"{settings.SITE_URL}{reverse('scim_users')}/"


def _shown(user: ScimUser, status: int = 200) -> HttpResponse:
    body = as_json(user, base=_base())
    return _answer(body, status, Location=body["meta"]["location"])


@scim_view("GET", "POST")
def users(request: HttpRequest, institution: Institution) -> HttpResponse:
    """List those in the institution's care, or add one."""
    if request.method == "POST":
        return _shown(actions.make(institution=institution, wish=Wish.of(_body(request))), 201)
    kept = ScimUser.objects.kept_by(institution.key)
    if text := request.GET.get("filter"):
        kept = kept.filter(narrowed_by(text))
    start = max(1, _number(request, "startIndex", 1))
    count = min(MOST_AT_ONCE, max(0, _number(request, "count", USUAL)))
    page = [as_json(user, base=_base()) for user in kept[start - 1 : start - 1 + count]]
    found = {"totalResults": kept.count(), "startIndex": start, "itemsPerPage": len(page), "Resources": page}
    return _answer({"schemas": [LIST], **found})


def _number(request: HttpRequest, name: str, usual: int) -> int:
    try:
        return min(int(request.GET.get(name, usual)), 10**9)
    except ValueError as error:
        raise bad(f"{name} has to be a number.") from error


@scim_view("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, institution: Institution, pk: uuid.UUID) -> HttpResponse:
    """Read, replace, patch or let go one of them; of others there is none."""
    found = ScimUser.objects.kept_by(institution.key).filter(pk=pk).first()
    if found is None:
        raise ScimError(404, "There is no such user.")
    if request.method == "DELETE":
        actions.forget(user=found)
        return HttpResponse(status=204)
    if request.method in {"PUT", "PATCH"}:
        body = _body(request)
        if request.method == "PATCH":
            if PATCH not in (body.get("schemas") or []):
                raise bad("schemas has to name PatchOp.", "invalidSyntax")
            body = patched(as_json(found, base=_base()), body.get("Operations"))
        found = actions.change(institution=institution, user=found, wish=Wish.of(body))
    return _shown(found)


@scim_view("GET")
def configuration(request: HttpRequest, institution: Institution) -> HttpResponse:
    """What the service can (RFC 7643, 5)."""
    no = {"supported": False}
    return _answer(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": {"supported": True},
            "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": MOST_AT_ONCE},
            "changePassword": no,
            "sort": no,
            "etag": no,
            "authenticationSchemes": [
                {"type": "oauthbearertoken", "name": "Bearer token", "description": "Made by the platform operator"}
            ],
        }
    )


@scim_view("GET")
def resource_types(request: HttpRequest, institution: Institution) -> HttpResponse:
    """Users alone."""
    kind = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": USER,
    }
    return _answer({"schemas": [LIST], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [kind]})


@scim_view("GET")
def schemas(request: HttpRequest, institution: Institution) -> HttpResponse:
    """The attributes of users that are heard."""
    attributes = [
        {"name": name, "type": kind, "multiValued": False, "required": name == "userName", "mutability": "readWrite"}
        for name, kind in (
            ("userName", "string"),
            ("displayName", "string"),
            ("name", "complex"),
            ("active", "boolean"),
        )
    ]
    told = {"id": USER, "name": "User", "description": "Account of a person", "attributes": attributes}
    return _answer({"schemas": [LIST], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [told]})
