"""The pages of a case in a cohort: brief, data, steps; members only."""

from functools import wraps
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods, require_safe

from campus.cases.deadlines import as_read_by
from campus.cases.files import (
    CHECKSUMS,
    PUBLIC,
    Download,
    archive_size,
    archive_to_download,
    file_to_download,
    public_files,
)
from campus.cases.gallery import gallery_of, picture_in
from campus.cases.models import CohortCase
from campus.cases.pictures import picture_of, shown_picture
from campus.cases.queries import baselines_of, case_in, next_deadline, step_text_of, steps_of, story_of
from campus.cases.rubrics import criteria_of
from campus.cases.surveys import sheet_of
from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.rules import is_learner
from campus.questionnaires.sheets import Outcome
from campus.questionnaires.views import say_outcome


def case_page(view: View) -> View:
    """Hand the view the cohort's case; to people outside and for unknown names there is none (404)."""
    return require_safe(with_case(view))


def with_case(view: View) -> View:
    """The same for a view that also takes what is sent to it."""

    @member_page
    @wraps(view)
    def found_case(request: MemberRequest, *, cohort: Cohort, case: str, **kwargs: Any) -> HttpResponseBase:
        found = case_in(cohort, case)
        if found is None:
            raise Http404
        return view(request, case=found, **kwargs)

    return found_case


@case_page
def brief(request: MemberRequest, *, case: CohortCase) -> HttpResponse:
    version, steps = case.case_version, as_read_by(request.user, case.cohort, steps_of(case))
    context = _shown(request, case) | {
        "story": story_of(version),
        "steps": steps,
        "next_step": next_deadline(steps),
        "baselines": baselines_of(version),
        "gallery": gallery_of(version),
        "metrics": {metric["key"]: metric for metric in version.manifest["scoring"]["metrics"]},
    }
    return render(request, "cases/brief.html", context)


@case_page
def data(request: MemberRequest, *, case: CohortCase) -> HttpResponse:
    version = case.case_version
    described = {file["name"]: file for file in version.manifest["files"]}
    context = _shown(request, case) | {
        "files": [(described[file.name], file) for file in public_files(version)],
        "archive_size": archive_size(version),
        "checksums": CHECKSUMS,
    }
    return render(request, "cases/data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def step_page(request: MemberRequest, *, case: CohortCase, step: str) -> HttpResponse:
    """What a step asks for; a survey shows its form and takes the answers."""
    steps = as_read_by(request.user, case.cohort, steps_of(case))
    place = next((place for place, one in enumerate(steps) if one.key == step), None)
    if place is None:
        raise Http404
    found = steps[place]
    sheet = sheet_of(found, request.user)
    if request.method == "POST":
        if sheet is None:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        outcome = sheet.receive(request)
        if outcome is not Outcome.REFUSED:
            say_outcome(request, outcome)
            return redirect(request.path)
    context = _shown(request, case) | {"step": found, "steps": steps, "text": step_text_of(found), "sheet": sheet}
    context |= {"number": place + 1, "neighbours": (steps[:place][-1:], steps[place + 1 :][:1])}
    context["rubric"] = criteria_of(found)
    return render(request, "cases/step.html", context, status=sheet.status if sheet else 200)


def _shown(request: MemberRequest, case: CohortCase) -> dict[str, Any]:
    """What each page of a case needs: the case, the manifest that describes it, and whether the reader hands in."""
    return {
        "may_submit": is_learner(request.user, case.cohort),
        "cohort": case.cohort,
        "case": case,
        "version": case.case_version,
        "manifest": case.case_version.manifest,
    }


@case_page
def data_file(request: HttpRequest, *, case: CohortCase, name: str) -> HttpResponseBase:
    download = file_to_download(case.case_version, name)
    if download is None:
        raise Http404
    return send(request, download)


@case_page
def archive(request: HttpRequest, *, case: CohortCase) -> HttpResponseBase:
    return send(request, archive_to_download(case.case_version))


@case_page
def data_picture(request: HttpRequest, *, case: CohortCase, name: str, picture: str) -> HttpResponseBase:
    """One picture of a public zip."""
    version = case.case_version
    content = picture_in(version.path / PUBLIC, version.manifest, file=name, name=picture)
    if content is None:
        raise Http404
    return shown_picture(content, "image/png")


@case_page
def picture(request: HttpRequest, *, case: CohortCase, name: str) -> HttpResponseBase:
    """A picture that the manifest lists, of a type that is safe to show."""
    version = case.case_version
    return picture_of(version.path / "pack", version.manifest, name)


def send(request: HttpRequest, download: Download) -> HttpResponseBase:
    """Send a file as a download; 304 when the reader has this content already."""
    etag = f'"{download.sha256}"'
    response: HttpResponseBase
    if etag in [known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))]:
        response = HttpResponseNotModified()
    else:
        response = FileResponse(
            download.path.open("rb"), as_attachment=True, filename=download.name, content_type=download.content_type
        )
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_cache=True)
    return response
