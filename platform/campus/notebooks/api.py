"""Notebooks in the API: a person's own server fetches what she may copy into it (`manabiai.server_extension`)."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Path, Router, Schema

from campus.notebooks.copies import Copy, copy_of, submission_of
from campus.people.api import MAY_READ, person_of
from campus.problems import ApiProblem, may_fail_with
from grader.csvfile import SubmissionRejected

router = Router(tags=["notebooks"])
_MOST_CHARACTERS = 300


class CopyOut(Schema):
    """A notebook to be written beside the caller's own work."""

    folder: str = Field(description="The case's folder in the caller's home.")
    name: str = Field(description="Name of the file; where something else has it, the copy gets a number.")
    notebook: dict[str, Any] = Field(description="nbformat 4.5: words and code, no outputs.")


@router.get(
    "/notebook-copies/{ticket}",
    auth=MAY_READ,
    operation_id="get_notebook_copy",
    summary="A notebook to copy",
    response={200: CopyOut, **may_fail_with(401, 403, 404, 422, 429)},
)
def get_notebook_copy(
    request: HttpRequest,
    ticket: Annotated[
        str, Path(max_length=_MOST_CHARACTERS, description="From “Open a copy in my notebook”; two hours, one person.")
    ],
) -> Copy:
    """A notebook that was handed in, for whoever may read it on the site now."""
    reader = person_of(request)
    submission = submission_of(ticket, reader)
    if submission is None:
        raise _not_found()
    try:
        return copy_of(submission, reader)
    except SubmissionRejected as error:
        raise _not_found() from error


def _not_found() -> ApiProblem:
    detail = _("This notebook can’t be copied. Open its page on the site and choose to copy it again.")
    return ApiProblem(404, "copy_not_found", detail)
