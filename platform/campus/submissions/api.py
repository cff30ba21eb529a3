"""Submissions in the API: hand in, follow, choose for the final score, compare on the board."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Header, Path, Query, Router, Status
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from campus.cases.api import CaseSlug, StepKey, step_or_404
from campus.cases.models import Step
from campus.cohorts.api import CohortSlug, Text
from campus.cohorts.models import Enrolment, Role
from campus.paging import Page, PageQuery, cut
from campus.people.api import MAY_READ, MAY_SUBMIT, person_of
from campus.people.models import Person
from campus.problems import ApiProblem, may_fail_with, problem_response
from campus.submissions import actions, board, refusals
from campus.submissions.history import submissions_of
from campus.submissions.models import Owner, Source, Submission, owner_in
from campus.submissions.noise import marks_of
from campus.submissions.quota import quota_of
from campus.submissions.schemas import (
    BaselineRow,
    Leaderboard,
    QuotaOut,
    SubmissionOut,
    shown_values,
    told_problem,
    told_row,
    told_submissions,
)
from campus.submissions.uploads import largest_file
from campus.ui.moments import moment_in_words
from grader.problems import Problem

router = Router(tags=["submissions"])
STEP = "/cohorts/{slug:cohort}/cases/{slug:case}/steps/{slug:step}"
# Room for the note and the borders of multipart, beyond the file.
FORM_ROOM = 64 * 1024
# PostgreSQL's texts can't hold it.
NO_NUL = r"^[^\x00]*$"
# Django's ids are 64 bits wide; a larger number names nothing.
Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the submission.")]


def problem_of(refused: refusals.Refused) -> ApiProblem:
    """A refusal of the site as a problem of the API."""
    headers = {}
    if isinstance(refused, refusals.QuotaReached | refusals.TooManyRuns | refusals.TooManyRefused):
        seconds = (refused.resets_at - timezone.now()).total_seconds()
        headers["Retry-After"] = str(max(1, int(seconds) + 1))
    problems = refused.problems if isinstance(refused, refusals.FormatRefused) else []
    errors = [told_problem(problem) for problem in problems]
    return ApiProblem(refused.status, refused.code, str(refused), errors=errors, headers=headers)


def learner_or_403(request: HttpRequest, step: Step) -> Enrolment:
    """The caller's enrolment as learner of the step's cohort."""
    mine = Enrolment.objects.of(person_of(request)).filter(cohort=step.cohort, role=Role.LEARNER)
    found = mine.select_related("cohort", "person").first()
    if found is None:
        raise ApiProblem(403, "not_a_learner", _("Only learners in this cohort can hand in work."))
    return found


def _owner(person: Person, step: Step) -> Owner | None:
    """Who the person hands in for: None for staff, and for learners without a team where one is needed."""
    mine = Enrolment.objects.of(person).filter(cohort=step.cohort, role=Role.LEARNER)
    enrolment = mine.select_related("person").first()
    return owner_in(step=step, enrolment=enrolment) if enrolment else None


def _submission_or_404(request: HttpRequest, number: int) -> Submission:
    """The submission, for its owner and those who look after it; for everybody else it does not exist."""
    everything = Submission.objects.with_result().select_related(
        "team", "step__cohort_case__case_version", "step__cohort_case__cohort"
    )
    found = everything.filter(pk=number).first()
    if found is None or not request.user.has_perm("submissions.view_submission", found):
        raise ApiProblem(
            404, "submission_not_found", _("There is no such submission, or you don’t have permission to see it.")
        )
    return found


def _told(submission: Submission) -> SubmissionOut:
    """The submission read afresh: what an action did to it is only in the database."""
    everything = Submission.objects.with_result().select_related(
        "team", "step__cohort_case__case_version", "step__cohort_case__cohort"
    )
    fresh = everything.get(pk=submission.pk)
    return told_submissions([fresh], step=fresh.owner.sees(fresh.step))[0]


@router.get(
    STEP + "/submissions",
    auth=MAY_READ,
    operation_id="list_submissions",
    summary="My submissions",
    response={200: Page[SubmissionOut], **may_fail_with(401, 403, 404, 422, 429)},
)
def list_submissions(
    request: HttpRequest, cohort: CohortSlug, case: CaseSlug, step: StepKey, query: Query[PageQuery]
) -> dict[str, Any]:
    """The submissions of the caller, or of the caller's team where the step is by team, the latest first."""
    found = step_or_404(request, cohort=cohort, case=case, step=step)
    owner = _owner(person_of(request), found)
    own = submissions_of(owner, step=found).select_related("team") if owner else Submission.objects.none()
    submissions, place = cut(own, query)
    return {"items": told_submissions(submissions, step=found), **place}


def takes_a_file(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse what is no form with a file, or too large, before a byte of it is read."""

    @wraps(run)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        largest = settings.ENVIRONMENT.upload_limit_mb * 1024 * 1024
        if request.content_type != "multipart/form-data":
            detail = _("Send the file as multipart/form-data, in the field “file”.")
            return problem_response(request, ApiProblem(415, "not_multipart", detail))
        if int(request.META.get("CONTENT_LENGTH") or 0) > largest + FORM_ROOM:
            return problem_response(request, _too_large(size=None, limit=largest))
        return run(request, **kwargs)

    return guarded


def _too_large(*, size: int | None, limit: int) -> ApiProblem:
    megabytes = f"{limit / 1_000_000:g}"
    detail = _("The file is larger than %(limit)s MB. It was not counted against your daily limit.") % {
        "limit": megabytes
    }
    errors = [told_problem(Problem("file_too_large", {"bytes": size, "limit": limit}))] if size else []
    return ApiProblem(413, "file_too_large", detail, errors=errors)


@router.post(
    STEP + "/submissions",
    auth=MAY_SUBMIT,
    operation_id="submit",
    summary="Hand in",
    response={
        200: SubmissionOut,
        201: SubmissionOut,
        **may_fail_with(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 507),
    },
)
@decorate_view(takes_a_file)
def submit(
    request: HttpRequest,
    cohort: CohortSlug,
    case: CaseSlug,
    step: StepKey,
    file: Annotated[
        UploadedFile, File(description="Predictions as CSV, or a model or program where the case takes them.")
    ],
    note: Annotated[str, Form(max_length=200, pattern=NO_NUL, description="A note to yourself.")] = "",
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            description="Any text that is new for each submission, e.g. a UUID. Sent again, with the same file, "
            "it gives the submission of the first time (200) instead of a second one.",
        ),
    ] = None,
) -> Status[SubmissionOut]:
    """Hand in a file. Format errors come back at once (422), uncounted; the score follows: poll the submission."""
    found = step_or_404(request, cohort=cohort, case=case, step=step)
    enrolment = learner_or_403(request, found)
    if not found.is_graded:
        raise refusals.NotGraded
    data = _read(file, found)
    submission = actions.hand_in(
        step=found,
        enrolment=enrolment,
        upload=actions.Upload(name=file.name or "submission.csv", data=data),
        note=note,
        source=Source.API,
        request_key=request_key_of(idempotency_key),
    )
    return Status(201 if submission.is_new else 200, _told(submission))


def _read(file: UploadedFile, step: Step) -> bytes:
    limit = largest_file(step.case_version.pack())
    if file.size is None or file.size > limit:
        raise _too_large(size=file.size, limit=limit)
    return file.read()


def request_key_of(text: str | None) -> uuid.UUID | None:
    """The key as a UUID: as it is where it is one, else derived from the text."""
    if text is None:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"manabiai:{text}")


@router.get(
    STEP + "/quota",
    auth=MAY_READ,
    operation_id="get_quota",
    summary="What is left today",
    response={200: QuotaOut, **may_fail_with(401, 403, 404, 409, 429)},
)
def get_quota(request: HttpRequest, cohort: CohortSlug, case: CaseSlug, step: StepKey) -> QuotaOut:
    """How many valid submissions the caller, or the caller's team, has left today."""
    found = step_or_404(request, cohort=cohort, case=case, step=step)
    owner = owner_in(step=found, enrolment=learner_or_403(request, found))
    if not found.is_graded:
        raise refusals.NotGraded
    if owner is None:
        raise refusals.NoTeam
    quota = quota_of(step=found, owner=owner)
    return QuotaOut(per_day=quota.per_day, used=quota.used, left=quota.left, resets_at=quota.resets_at)


@router.get(
    "/submissions/{int:submission}",
    auth=MAY_READ,
    operation_id="get_submission",
    summary="A submission",
    response={200: SubmissionOut, **may_fail_with(401, 403, 404, 422, 429)},
)
def get_submission(request: HttpRequest, submission: Id) -> SubmissionOut:
    """A submission of the caller's, or one that the caller looks after. Poll it until ``is_final``."""
    found = _submission_or_404(request, submission)
    return told_submissions([found], step=found.owner.sees(found.step))[0]


@router.delete(
    "/submissions/{int:submission}",
    auth=MAY_SUBMIT,
    operation_id="cancel_submission",
    summary="Cancel a submission",
    response={200: SubmissionOut, **may_fail_with(401, 403, 404, 409, 422, 429)},
)
def cancel_submission(request: HttpRequest, submission: Id) -> SubmissionOut:
    """Take a waiting submission out of the queue or stop its run; the attempt is given back. 409 once it is graded."""
    found, _enrolment = _pickable_or_403(request, submission)
    actions.cancel(submission=found)
    return _told(found)


@router.put(
    "/submissions/{int:submission}/pick",
    auth=MAY_SUBMIT,
    operation_id="pick_submission",
    summary="Choose for the final score",
    response={200: SubmissionOut, **may_fail_with(401, 403, 404, 409, 422, 429)},
)
def pick_submission(request: HttpRequest, submission: Id) -> SubmissionOut:
    """Let the submission count for the final score. Two at most; without any, the two best provisional ones count."""
    found, enrolment = _pickable_or_403(request, submission)
    actions.pick_final(submission=found, by=enrolment)
    return _told(found)


@router.delete(
    "/submissions/{int:submission}/pick",
    auth=MAY_SUBMIT,
    operation_id="unpick_submission",
    summary="Take the choice back",
    response={200: SubmissionOut, **may_fail_with(401, 403, 404, 409, 422, 429)},
)
def unpick_submission(request: HttpRequest, submission: Id) -> SubmissionOut:
    """Take back that the submission counts for the final score."""
    found, _enrolment = _pickable_or_403(request, submission)
    actions.unpick_final(submission=found)
    return _told(found)


def _pickable_or_403(request: HttpRequest, number: int) -> tuple[Submission, Enrolment]:
    found = _submission_or_404(request, number)
    if not request.user.has_perm("submissions.pick_submission", found):
        raise ApiProblem(403, "not_own", _("Only the person or team who handed it in can do this."))
    return found, learner_or_403(request, found.step)


@router.get(
    STEP + "/leaderboard",
    auth=MAY_READ,
    operation_id="get_leaderboard",
    summary="Leaderboard",
    response={200: Leaderboard, **may_fail_with(401, 403, 404, 409, 422, 429)},
)
def get_leaderboard(
    request: HttpRequest,
    cohort: CohortSlug,
    case: CaseSlug,
    step: StepKey,
    query: Query[PageQuery],
    split: Annotated[
        Literal["public", "private"],
        Query(description="public: provisional scores. private: final scores, 403 until the step has closed."),
    ] = "public",
) -> dict[str, Any]:
    """A page of the step's board, the caller's own place, and the baselines."""
    found = step_or_404(request, cohort=cohort, case=case, step=step)
    if not found.is_graded:
        raise refusals.NotGraded
    if split == "private" and not found.is_closed():
        raise _hidden_until(found)
    owner = _owner(person_of(request), found)
    standings, place = cut(board.ranked(step=found, split=split), query)
    own = board.own_row(step=found, split=split, owner=owner) if owner else None
    marks = marks_of(list(standings), step=found, split=split)
    rows = board.rows(standings, split=split, own=owner)
    return {
        "split": split,
        "primary": found.case_version.manifest["scoring"]["primary"],
        "items": [told_row(row, split=split, step=found, mark=marks.get(row.number or 0)) for row in rows],
        "own": own and told_row(own, split=split, step=found),
        "baselines": [
            BaselineRow(label=Text(**label), values=shown_values(values, step=found))
            for label, values in board.baseline_rows(step=found, split=split)
        ],
        **place,
    }


def _hidden_until(step: Step) -> ApiProblem:
    when = moment_in_words(step.closes_at)
    return ApiProblem(
        403, "final_board_hidden", _("The final leaderboard opens when the step closes, on %(when)s.") % {"when": when}
    )
