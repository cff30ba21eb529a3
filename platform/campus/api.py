"""The API under /api/v1: its routers, and one kind of answer for everything that goes wrong."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import register_converter
from django.urls.converters import StringConverter
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from campus.cases.api import router as cases
from campus.cohorts.api import router as cohorts
from campus.deliverables.api import router as deliverables
from campus.grouping.api import router as grouping
from campus.notebooks.api import router as notebooks
from campus.people.api import router as people
from campus.problems import MEDIA_TYPE, ApiProblem, ProblemItem, problem_response
from campus.submissions.api import problem_of
from campus.submissions.api import router as submissions
from campus.submissions.refusals import Refused

logger = logging.getLogger(__name__)

DESCRIPTION = """What a learner needs from a notebook or a program: cohorts, cases, data, submissions, leaderboard.

Send `Authorization: Bearer mnb_…` with a personal token from your account settings; its scopes are `read` and
`submit`. Errors are RFC 9457 problem documents (`application/problem+json`) in the language of `Accept-Language`, or
in your own. Times are ISO 8601 with an offset."""


class DocumentedApi(NinjaAPI):
    """ninja's API, whose description names the media type of problem documents."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        operations = (operation for methods in schema["paths"].values() for operation in methods.values())
        for operation in operations:
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        return schema


# ninja's pages of documentation load their scripts from elsewhere: there are none, see docs/api.md.
api = DocumentedApi(title="Manabiai", version="1", description=DESCRIPTION, docs_url=None, urls_namespace="api")
nowhere = Router()
for router in (people, cohorts, cases, submissions, deliverables, grouping, notebooks):
    api.add_router("/v1", router)
api.add_router("", nowhere)


@api.exception_handler(ApiProblem)
def answer_problem(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    return problem_response(request, problem)


@api.exception_handler(Refused)
def answer_refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problem_response(request, problem_of(refused))


@api.exception_handler(AuthenticationError)
def answer_stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    detail = _("Send a personal token: Authorization: Bearer mnb_… You can make one in your account settings.")
    headers = {"WWW-Authenticate": 'Bearer realm="manabiai"'}
    return problem_response(request, ApiProblem(401, "not_signed_in", detail, headers=headers))


@api.exception_handler(ValidationError)
def answer_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters that break their description."""
    errors = [
        ProblemItem(code=str(one["type"]), detail=str(one["msg"]), column=str(one["loc"][-1])) for one in error.errors
    ]
    detail = _("Some parameters of the request are missing or wrong.")
    return problem_response(request, ApiProblem(422, "parameters_invalid", detail, errors=errors))


@api.exception_handler(Http404)
def answer_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem_response(request, ApiProblem(404, "not_found", _("There is nothing at this address.")))


@api.exception_handler(HttpError)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
def answer_unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
    """What Django or ninja could not even parse."""
    return problem_response(request, ApiProblem(400, "unreadable", _("The request could not be read.")))


@api.exception_handler(Exception)
def answer_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: told without its insides, which are in the log."""
    logger.error("api request failed", exc_info=error, extra={"path": request.path})
    detail = _("Something went wrong on our side. Please try again; if it goes on, tell your organiser.")
    return problem_response(request, ApiProblem(500, "internal_error", detail))


class AnythingConverter(StringConverter):
    """The rest of an address, line breaks too, before which Django's own `path` ends."""

    regex = "(?s:.+)"


register_converter(AnythingConverter, "anything")


@nowhere.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{anything:rest}", include_in_schema=False)
def answer_unknown_address(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001
    """Every other address below /api/."""
    raise Http404


def _in_documents(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Tell of a wrong method as of every other problem."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        detail = _("This address accepts only %(methods)s.") % {"methods": response.headers["Allow"]}
        headers = {"Allow": response.headers["Allow"]}
        return problem_response(request, ApiProblem(405, "method_not_allowed", detail, headers=headers))

    return answered


def _addresses() -> tuple[list[Any], str, str]:
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        pattern.callback = _in_documents(pattern.callback)  # type: ignore[arg-type]  # a list of operations has one
    return patterns, app_name, namespace


urls = _addresses()
