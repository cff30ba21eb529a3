"""Cases in the API: what to work on, with which data, by when."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Path, Router

from campus.cases.deadlines import as_read_by
from campus.cases.files import file_to_download
from campus.cases.models import CohortCase, Step
from campus.cases.queries import case_in, steps_of
from campus.cases.schemas import CaseOut, CaseSummary, told_case, told_case_in_full
from campus.cases.views import send
from campus.cohorts.api import CohortSlug, cohort_or_404
from campus.people.api import MAY_READ, person_of
from campus.problems import ApiProblem, may_fail_with

router = Router(tags=["cases"])
CaseSlug = Annotated[str, Path(description="Slug of the case.")]
StepKey = Annotated[str, Path(description="Key of the step.")]
FileName = Annotated[str, Path(description="Name of the file, as the case lists it.")]


def case_or_404(request: HttpRequest, *, cohort: str, case: str) -> CohortCase:
    """The cohort's case, for those who take part in the cohort."""
    found = case_in(cohort_or_404(request, cohort), case)
    if found is None:
        raise ApiProblem(404, "case_not_found", _("This cohort has no such case."))
    return found


def step_or_404(request: HttpRequest, *, cohort: str, case: str, step: str) -> Step:
    """A step of the cohort's case, for those who take part in the cohort."""
    for one in _as_read(request, case_or_404(request, cohort=cohort, case=case)):
        if one.key == step:
            return one
    raise ApiProblem(404, "step_not_found", _("This case has no such step."))


def _as_read(request: HttpRequest, case: CohortCase) -> list[Step]:
    """The case's steps with the deadlines that the caller has."""
    return as_read_by(person_of(request), case.cohort, steps_of(case))


@router.get(
    "/cohorts/{slug:cohort}/cases",
    auth=MAY_READ,
    operation_id="list_cases",
    summary="Cases of a cohort",
    response={200: list[CaseSummary], **may_fail_with(401, 403, 404, 429)},
)
def list_cases(request: HttpRequest, cohort: CohortSlug) -> list[dict[str, Any]]:
    """The cases that the cohort works on, in its order."""
    found = cohort_or_404(request, cohort)
    cases = list(found.cases.select_related("case_version", "cohort").prefetch_related("steps"))
    seen = as_read_by(person_of(request), found, [step for case in cases for step in steps_of(case)])
    return [told_case(case, [step for step in seen if step.cohort_case_id == case.pk]) for case in cases]


@router.get(
    "/cohorts/{slug:cohort}/cases/{slug:case}",
    auth=MAY_READ,
    operation_id="get_case",
    summary="A case",
    response={200: CaseOut, **may_fail_with(401, 403, 404, 429)},
)
def get_case(request: HttpRequest, cohort: CohortSlug, case: CaseSlug) -> dict[str, Any]:
    """Steps, files with digests, and what to hand in."""
    found = case_or_404(request, cohort=cohort, case=case)
    return told_case_in_full(found, _as_read(request, found))


@router.get(
    "/cohorts/{slug:cohort}/cases/{slug:case}/data/{file}",
    auth=MAY_READ,
    operation_id="download_data",
    summary="Download a file",
    url_name="download_data",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file.",
                "content": {
                    content_type: {"schema": {"type": "string", "format": "binary"}}
                    for content_type in ("text/csv", "application/zip")
                },
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "SHA-256 of the content in quotes."}},
            },
            304: {"description": "You have this content already (If-None-Match)."},
        }
    },
    response={200: None, 304: None, **may_fail_with(401, 403, 404, 429)},
)
def download_data(request: HttpRequest, cohort: CohortSlug, case: CaseSlug, file: FileName) -> HttpResponseBase:
    """A file of the case's data."""
    found = case_or_404(request, cohort=cohort, case=case)
    download = file_to_download(found.case_version, file)
    if download is None:
        raise ApiProblem(404, "file_not_found", _("This case has no such file."))
    return send(request, download)
