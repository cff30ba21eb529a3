"""Errors of the API as RFC 9457 problem documents, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
# Where docs/api.md is served is the operator's choice, so types are URIs that name and don't locate (RFC 9457, 3.1.1).
TYPE_PREFIX = "urn:manabiai:problem:"

TITLES = {
    400: _("The request can't be read"),
    401: _("Sign-in needed"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    409: _("Not possible now"),
    413: _("Too large"),
    415: _("Wrong kind of content"),
    422: _("Something in the request must be mended"),
    429: _("Too many requests"),
    500: _("Error on our side"),
    503: _("Not available at the moment"),
    507: _("No room left on the site"),
}


class ProblemItem(Schema):
    """One thing to mend."""

    code: str = Field(description="Stable name of what is wrong.")
    detail: str = Field(description="What is wrong and what to do, in the reader's language.")
    row: int | None = Field(default=None, description="Data row in the file, counted from 1 without the header.")
    line: int | None = Field(default=None, description="Line in the file, counted from 1 with the header.")
    column: str | None = Field(default=None, description="Column of the file, or the parameter of the request.")
    value: str | None = Field(default=None, description="What stands there, shortened.")
    params: dict[str, Any] = Field(default_factory=dict, description="Everything that the words were made of.")


class ProblemDocument(Schema):
    """RFC 9457 problem document."""

    type: str = Field(description="URN that names the kind of problem: urn:manabiai:problem:<code>.")
    title: str = Field(description="Short summary, the same for every problem of this status.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="What happened and what to do, in the reader's language.")
    instance: str = Field(description="Path of the request that failed.")
    code: str = Field(description="Stable name of the problem, for programs.")
    errors: list[ProblemItem] = Field(default_factory=list, description="Each thing to mend, in order.")


class ApiProblem(Exception):
    """Raised where a request can't be answered; becomes a problem document."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[ProblemItem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def problem_response(request: HttpRequest, problem: ApiProblem) -> JsonResponse:
    """The problem as a document of type application/problem+json."""
    document = ProblemDocument(
        type=TYPE_PREFIX + problem.code,
        title=str(TITLES[problem.status]),
        status=problem.status,
        detail=str(problem.detail),
        instance=request.path,
        code=problem.code,
        errors=problem.errors,
    )
    response = JsonResponse(
        document.model_dump(exclude_none=True),
        status=problem.status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    response.headers["Content-Language"] = get_language() or "ja"
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def may_fail_with(*statuses: int) -> dict[int, type[ProblemDocument]]:
    """The problem responses of an operation, for its OpenAPI description."""
    return dict.fromkeys(statuses, ProblemDocument)
