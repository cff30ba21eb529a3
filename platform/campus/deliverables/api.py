"""Deliverables in the API: hand in what people judge, and read one's own versions."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Form, Header, Query, Router, Schema, Status
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from campus.cases.api import CaseSlug, StepKey, step_or_404
from campus.cases.models import Step, StepKind
from campus.cohorts.api import CohortSlug
from campus.deliverables import actions
from campus.deliverables.files import MOST_FILES, check_and_store
from campus.deliverables.links import typed_links
from campus.deliverables.models import LONGEST_AI_USE, LONGEST_TEXT, Deliverable, FileKind
from campus.deliverables.queries import of_owner
from campus.deliverables.refusals import NotJudged
from campus.paging import Page, PageQuery, cut
from campus.people.api import MAY_READ, MAY_SUBMIT
from campus.problems import may_fail_with
from campus.submissions.api import NO_NUL, STEP, learner_or_403, request_key_of, takes_a_file

router = Router(tags=["deliverables"])


class DeliverableFileOut(Schema):
    """A file as it was handed in; of pictures, without what the camera wrote."""

    name: str = Field(description="Name that it came with.")
    kind: FileKind = Field(description="What it is, by its content.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="SHA-256 of its content.")


class DeliverableOut(Schema):
    """A version of what was handed in for people to judge."""

    id: int = Field(description="Number of the version on this site.")
    number: int = Field(description="1, 2, 3… for each owner and step.")
    handed_in_at: datetime = Field(description="When it was handed in.")
    is_late: bool = Field(description="After the owner's deadline.")
    is_current: bool = Field(description="The newest of its owner: the one that is judged.")
    text: str = Field(description="Markdown.")
    ai_use: str = Field(description="How generative AI was used.")
    links: list[str] = Field(description="Addresses.")
    files: list[DeliverableFileOut] = Field(description="Files, in their order.")
    page: str = Field(description="Path of its page on this site.")


def _judged_step(request: HttpRequest, *, cohort: str, case: str, step: str) -> Step:
    found = step_or_404(request, cohort=cohort, case=case, step=step)
    if found.kind != StepKind.TEXT:
        raise NotJudged
    return found


def _told(one: Deliverable) -> dict[str, Any]:
    files = one.files.all()
    return {
        "id": one.pk,
        "number": one.number,
        "handed_in_at": one.handed_in_at,
        "is_late": one.is_late,
        "is_current": one.is_current,
        "text": one.text,
        "ai_use": one.ai_use,
        "links": [link.url for link in one.links.all()],
        "files": [{"name": file.name, "kind": file.kind, "size": file.size, "sha256": file.digest} for file in files],
        "page": one.address,
    }


@router.get(
    STEP + "/deliverables",
    auth=MAY_READ,
    operation_id="list_deliverables",
    summary="My deliverables",
    response={200: Page[DeliverableOut], **may_fail_with(401, 403, 404, 409, 422, 429)},
)
def list_deliverables(
    request: HttpRequest, cohort: CohortSlug, case: CaseSlug, step: StepKey, query: Query[PageQuery]
) -> dict[str, Any]:
    """The versions that the caller, or the caller's team where teams hand in, handed in, the newest first."""
    found = _judged_step(request, cohort=cohort, case=case, step=step)
    own = of_owner(found, learner_or_403(request, found)).with_step().with_content()
    versions, place = cut(own, query)
    return {"items": [_told(one) for one in versions], **place}


@router.post(
    STEP + "/deliverables",
    auth=MAY_SUBMIT,
    operation_id="hand_in_deliverable",
    summary="Hand in what people judge",
    response={
        200: DeliverableOut,
        201: DeliverableOut,
        **may_fail_with(400, 401, 403, 404, 409, 413, 415, 422, 429, 507),
    },
)
@decorate_view(takes_a_file)
def hand_in_deliverable(
    request: HttpRequest,
    cohort: CohortSlug,
    case: CaseSlug,
    step: StepKey,
    ai_use: Annotated[
        str, Form(max_length=LONGEST_AI_USE, pattern=NO_NUL, description="How generative AI was used; required.")
    ],
    text: Annotated[str, Form(max_length=LONGEST_TEXT, pattern=NO_NUL, description="Markdown.")] = "",
    links: Annotated[
        str, Form(max_length=5000, pattern=NO_NUL, description="A https address for each line, a name after it.")
    ] = "",
    file: Annotated[
        list[UploadedFile],
        File(max_length=MOST_FILES, description="PDF, notebook, CSV or picture; the field may be repeated."),
    ] = [],  # noqa: B006 - ninja reads it, nobody changes it
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            description="Any text that is new for each hand-in. Sent again, it gives the one of the first time (200).",
        ),
    ] = None,
) -> Status[dict[str, Any]]:
    """Hand in a new version, which takes the place of the one before it. What is begun on the page stays there."""
    found = _judged_step(request, cohort=cohort, case=case, step=step)
    enrolment = learner_or_403(request, found)
    work = actions.Work(
        text=text.strip(),
        ai_use=ai_use.strip(),
        links=typed_links(links),
        files=[check_and_store(upload) for upload in file],
    )
    key = request_key_of(idempotency_key)
    made = actions.hand_in(step=found, enrolment=enrolment, work=work, request_key=key)
    told = Deliverable.objects.with_step().with_content().get(pk=made.pk)
    return Status(201 if made.is_new else 200, _told(told))
