"""The files that a team shares, in the API: a notebook brings them along and shares its own. For members alone."""

from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Path, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from campus.cohorts.api import CohortSlug, cohort_or_404
from campus.cohorts.models import Enrolment
from campus.grouping import keeping
from campus.grouping.models import FileVersion
from campus.paging import Page, PageQuery, cut
from campus.people.api import MAY_READ, MAY_SUBMIT, person_of
from campus.problems import ApiProblem, may_fail_with
from campus.submissions.api import NO_NUL, takes_a_file
from campus.teams.models import Membership, TeamKind

router = Router(tags=["teams"])
# Django's ids are 64 bits wide; a larger number names nothing.
TeamId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the team.")]
VersionId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the upload.")]


class TeamOut(Schema):
    """A team of the caller."""

    id: int = Field(description="Number of the team on this site.")
    name: str = Field(description="Its name.")
    kind: TeamKind = Field(description="What it is formed for: a study group, or a project team.")


class TeamFileOut(Schema):
    """The newest version of a file that the team shares."""

    name: str = Field(description="Name of the file, the same for all its versions.")
    number: int = Field(description="1, 2, 3… for each name.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="SHA-256 of its content.")
    uploaded_at: datetime = Field(description="When it was shared.")
    by: str = Field(description="Name of who shared it; empty for who is no longer known.")
    note: str = Field(description="What has changed.")
    url: str = Field(description="Path from which it is downloaded.")


def _mine(request: HttpRequest) -> QuerySet[Membership]:
    mine = Enrolment.objects.of(person_of(request))
    return Membership.objects.current().filter(enrolment__in=mine).select_related("team", "enrolment")


def _membership_or_404(request: HttpRequest, team: int) -> Membership:
    found = _mine(request).filter(team=team).first()
    if found is None:
        raise ApiProblem(404, "team_not_found", _("There is no such team, or you aren’t in it."))
    return found


def _told(one: FileVersion) -> dict[str, Any]:
    return {
        "name": one.file.name,
        "number": one.number,
        "size": one.size,
        "sha256": PurePath(one.stored.name or "").name,  # By which the storage calls it (ui/files.py).
        "uploaded_at": one.uploaded_at,
        "by": one.by.person.name if one.by else "",
        "note": one.note,
        "url": reverse("api:download_team_file", args=[one.file.team_id, one.pk]),
    }


@router.get(
    "/cohorts/{slug:cohort}/teams",
    auth=MAY_READ,
    operation_id="list_teams",
    summary="My teams",
    response={200: Page[TeamOut], **may_fail_with(401, 403, 404, 422, 429)},
)
def list_teams(request: HttpRequest, cohort: CohortSlug, query: Query[PageQuery]) -> dict[str, Any]:
    """The study group and the project team that the caller is in now."""
    mine = _mine(request).filter(team__cohort=cohort_or_404(request, cohort)).order_by("kind", "pk")
    found, place = cut(mine, query)
    return {"items": [{"id": one.team_id, "name": one.team.name, "kind": one.team.kind} for one in found], **place}


@router.get(
    "/teams/{team}/files",
    auth=MAY_READ,
    operation_id="list_team_files",
    summary="Files of a team",
    response={200: Page[TeamFileOut], **may_fail_with(401, 403, 404, 422, 429)},
)
def list_team_files(request: HttpRequest, team: TeamId, query: Query[PageQuery]) -> dict[str, Any]:
    """The newest version of each file that the team shares, by name."""
    found, place = cut(keeping.newest_of(_membership_or_404(request, team).team), query)
    return {"items": [_told(one) for one in found], **place}


@router.get(
    "/teams/{team}/files/{version}",
    auth=MAY_READ,
    operation_id="download_team_file",
    summary="Download a team's file",
    url_name="download_team_file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
    response={200: None, **may_fail_with(401, 403, 404, 422, 429)},
)
def download_team_file(request: HttpRequest, team: TeamId, version: VersionId) -> HttpResponseBase:
    """A version of a file that the team shares."""
    shared = FileVersion.objects.filter(file__team=_membership_or_404(request, team).team_id)
    found = shared.select_related("file").filter(pk=version).first()
    if found is None:
        raise ApiProblem(404, "file_not_found", _("The team has no such file."))
    content = found.stored.open("rb")
    return FileResponse(content, as_attachment=True, filename=found.file.name, content_type="application/octet-stream")


@router.post(
    "/teams/{team}/files",
    auth=MAY_SUBMIT,
    operation_id="share_team_file",
    summary="Share a file with the team",
    response={200: TeamFileOut, **may_fail_with(400, 401, 403, 404, 409, 413, 415, 422, 429)},
)
@decorate_view(takes_a_file)
def share_team_file(
    request: HttpRequest,
    team: TeamId,
    file: Annotated[UploadedFile, File(description="The file; its name says of which file it is a new version.")],
    note: Annotated[str, Form(max_length=200, pattern=NO_NUL, description="What has changed.")] = "",
    after: Annotated[
        int | None,
        Form(
            ge=0, le=2**31 - 1, description="Refuse it if there is a later version than this one; 0: if there is any."
        ),
    ] = None,
) -> dict[str, Any]:
    """Keep the file as a new version of its name. What is there already as it is makes no new version."""
    mine = _membership_or_404(request, team)
    try:
        made = keeping.upload(team=mine.team, file=file, note=note, by=mine.enrolment, after=after)
    except keeping.Overtaken as overtaken:
        raise ApiProblem(409, "newer_version", " ".join(overtaken.messages)) from None
    except ValidationError as refused:
        raise ApiProblem(422, "file_refused", " ".join(refused.messages)) from None
    return _told(FileVersion.objects.select_related("file", "by__person").get(pk=made.pk))
