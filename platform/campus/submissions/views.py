"""Pages of a graded step: handing in, the own submissions, one submission, final picks, the board."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from campus import live
from campus.cases.deadlines import as_read_by
from campus.cases.models import Step
from campus.cohorts.access import member_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learner_enrolment
from campus.people.models import Person
from campus.submissions import actions, runner
from campus.submissions.board import Split
from campus.submissions.board_page import board_page, standing_line
from campus.submissions.charts import history_chart
from campus.submissions.forms import HandInForm
from campus.submissions.history import Entry, entries_of, entry_of, scores_table, submissions_of, text_of, versions_of
from campus.submissions.measures import measures_of
from campus.submissions.models import FINAL_PICKS, Owner, Submission, owner_in
from campus.submissions.owners import works_on
from campus.submissions.quota import quota_of
from campus.submissions.readable import is_notebook
from campus.submissions.refusals import FormatRefused, NotChosen, NoTeam, Refused
from campus.submissions.uploads import largest_file, too_large
from campus.ui.moments import moment_in_words
from campus.ui.pagination import page_of
from campus.ui.uploads import drain, is_too_large
from grader.kinds import KINDS

HISTORY_PER_PAGE = 20


class Request(HttpRequest):
    """A request of somebody signed in, as the middleware prepares it."""

    user: Person
    htmx: HtmxDetails


@dataclass(frozen=True)
class Learner:
    """The reader where she learns in the cohort; ``owner`` is None in a team step without a team."""

    enrolment: Enrolment
    owner: Owner | None


def graded_step(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its graded step, a learner's with her own deadline; elsewhere there is none (404)."""

    @member_page
    @wraps(view)
    def guarded(request: Request, *, cohort: Cohort, **names: Any) -> HttpResponseBase:
        steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, cohort_case__slug=names.pop("case"))
        found = get_object_or_404(steps, key=names.pop("step"))
        if not found.is_graded:
            raise Http404
        seen = as_read_by(request.user, cohort, [found])
        return view(request, step=seen[0], **names)

    return guarded


def learner_of(request: Request, step: Step) -> Learner | None:
    enrolment = learner_enrolment(request.user, step.cohort)
    if enrolment is None or not request.user.has_perm("submissions.hand_in", step):
        return None
    return Learner(enrolment=enrolment, owner=owner_in(step=step, enrolment=enrolment))


def what_pages_name(step: Step) -> dict[str, Any]:
    """What every page of the step names."""
    return {
        "step": step,
        "cohort": step.cohort,
        "case": step.cohort_case,
        "version": step.case_version,
        "names": [step.cohort.slug, step.cohort_case.slug, step.key],
        "final_picks": FINAL_PICKS,
    }


# --- Handing in ---


@csrf_exempt  # The CSRF check reads the whole upload; _receive makes it once the size is known to be fair.
@require_http_methods(["GET", "HEAD", "POST"])
@graded_step
def hand_in(request: Request, *, step: Step) -> HttpResponseBase:
    """The form with the own history (GET), or take a file (POST)."""
    learner = learner_of(request, step)
    if request.method != "POST":
        return _show_hand_in(request, step=step, learner=learner)
    if learner is None:
        raise PermissionDenied
    limit = largest_file(step.case_version.pack())
    if is_too_large(request, limit=limit):
        drain(request)
        return _refuse(request, step=step, learner=learner, refused=too_large(request, limit=limit))
    return _receive(request, step=step, learner=learner)


@csrf_protect
def _receive(request: Request, *, step: Step, learner: Learner) -> HttpResponse:
    form = _form(step, request.POST, request.FILES)
    if not form.is_valid():
        return _show_hand_in(request, step=step, learner=learner, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    upload = form.upload()
    try:
        submission = actions.hand_in(
            step=step,
            enrolment=learner.enrolment,
            upload=upload,
            note=form.cleaned_data["note"],
            request_key=form.key_for(upload),
        )
    except Refused as refused:
        return _refuse(request, step=step, learner=learner, refused=refused, form=form)
    return _accept(request, step=step, learner=learner, submission=submission)


def _form(step: Step, *data: Any) -> HandInForm:
    return HandInForm(*data, pack=step.case_version.pack())


def _refuse(
    request: Request, *, step: Step, learner: Learner, refused: Refused, form: HandInForm | None = None
) -> HttpResponse:
    codes = {problem.code for problem in refused.problems} if isinstance(refused, FormatRefused) else set()
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if "file_too_large" in codes else refused.status
    return _show_hand_in(request, step=step, learner=learner, form=form, refused=refused, status=status)


def _accept(request: Request, *, step: Step, learner: Learner, submission: Submission) -> HttpResponse:
    """In place: what was noticed, the history with the new row, a fresh form. Else: the page again."""
    found = submissions_of(submission.owner, step=step).get(pk=submission.pk)
    entry = entry_of(found, step=step)
    if not request.htmx:
        _say_accepted(request, entry)
        return redirect("submissions:hand_in", *what_pages_name(step)["names"])
    context = _hand_in_context(request, step=step, learner=learner) | {"accepted": entry}
    response = render(request, "submissions/parts/handed_in.html", context)
    return trigger_client_event(response, "handed-in", {"submission": submission.pk})


def _say_accepted(request: Request, entry: Entry) -> None:
    messages.success(request, _("“%(file)s” was received.") % {"file": entry.submission.file_name})
    for notice in entry.notices:
        messages.info(request, notice)


def _show_hand_in(
    request: Request,
    *,
    step: Step,
    learner: Learner | None,
    form: HandInForm | None = None,
    refused: Refused | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = _hand_in_context(request, step=step, learner=learner, form=form) | {"refused": refused}
    if isinstance(refused, FormatRefused):
        context["problems"] = [text_of(problem) for problem in refused.problems]
    target = request.htmx.target if request.htmx and not request.htmx.boosted else None
    template = {"feedback": "submissions/parts/feedback.html", "history": "submissions/parts/history.html"}.get(
        target or "", "submissions/hand_in.html"
    )
    return render(request, template, context, status=status)


def _hand_in_context(
    request: Request, *, step: Step, learner: Learner | None, form: HandInForm | None = None
) -> dict[str, Any]:
    owner = learner.owner if learner else None
    context = what_pages_name(step) | {"pack": step.case_version.pack(), "manifest": step.case_version.manifest}
    executed = [KINDS[kind] for kind in step.case_version.pack().submission.kinds if KINDS[kind].is_executed]
    context |= {
        "executed_kinds": executed,
        "takes_programs": bool(executed),
        "runner_is_ready": bool(executed) and runner.is_ready(),
        "largest_file": largest_file(step.case_version.pack()),
        "has_opened": timezone.now() >= step.opens_at,
        "learner": learner,
        "no_team": str(NoTeam()) if learner and not owner else "",
        "not_chosen": str(NotChosen()) if learner and not works_on(learner.enrolment, step) else "",
    }
    if learner is None or owner is None:
        return context
    # Asked before the rows are read: what happens in between arrives as an event.
    context["live_seq"] = live.last_seq(owner.stream)
    return context | {
        "owner": owner,
        "form": form or _form(step),
        "quota": quota_of(step=step, owner=owner),
        "standing": standing_line(step=step, owner=owner),
        **_history_context(request, step=step, owner=owner),
    }


def _history_context(request: Request, *, step: Step, owner: Owner) -> dict[str, Any]:
    page = page_of(request, submissions_of(owner, step=step), per_page=HISTORY_PER_PAGE)
    return {
        "page": page,
        "entries": entries_of(page.object_list, step=step),
        "measures": measures_of(step.case_version),
    }


@require_safe
@graded_step
def history(request: Request, *, step: Step) -> HttpResponseBase:
    """The own scores over time, for the chart."""
    learner = learner_of(request, step)
    if learner is None or learner.owner is None:
        raise Http404
    return JsonResponse(history_chart(learner.owner, step=step))


# --- One submission ---


def own_or_looked_after(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view a submission of the step that the reader may see; for others there is none (404)."""

    @graded_step
    @wraps(view)
    def guarded(request: Request, *, step: Step, pk: int) -> HttpResponseBase:
        found = get_object_or_404(Submission.objects.with_result().select_related("team"), step=step, pk=pk)
        found.step = step = found.owner.sees(step)
        if not request.user.has_perm("submissions.view_submission", found):
            raise Http404
        return view(request, step=step, submission=found)

    return guarded


@require_safe
@own_or_looked_after
def submission(request: Request, *, step: Step, submission: Submission) -> HttpResponseBase:
    """Everything about one submission; the final score only after the close."""
    stream = submission.owner.stream
    seq = live.last_seq(stream)
    submission.grading.refresh_from_db()
    context = what_pages_name(step) | {
        "entry": entry_of(submission, step=step),
        "scores": scores_table(submission, step=step),
        "versions": versions_of(submission, step=step),
        "may_pick": _may_pick(request, step=step, submission=submission),
        "stream": stream,
        "is_notebook": is_notebook(submission),
        "live_seq": seq,
    }
    return render(request, "submissions/submission.html", context)


@require_safe
@own_or_looked_after
def row(request: Request, *, step: Step, submission: Submission) -> HttpResponseBase:
    """The submission's line of the own history, and the quota, which a failed grading gives back."""
    learner = learner_of(request, step)
    if learner is None or learner.owner is None:
        raise Http404
    context = what_pages_name(step) | {
        "entry": entry_of(submission, step=step),
        "page_number": request.GET.get("page", "1"),
        "quota": quota_of(step=step, owner=learner.owner),
        "standing": standing_line(step=step, owner=learner.owner),
        "measures": measures_of(step.case_version),
        "owner": learner.owner,
    }
    return render(request, "submissions/parts/row_update.html", context)


@require_safe
@own_or_looked_after
def file(_request: Request, *, submission: Submission, **_names: Any) -> HttpResponseBase:
    """The file as it was handed in, as a download only."""
    content_type = "application/octet-stream" if submission.is_executed else "text/csv"
    response = FileResponse(
        submission.file.open("rb"), as_attachment=True, filename=submission.file_name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@own_or_looked_after
def pick(request: Request, *, step: Step, submission: Submission) -> HttpResponseBase:
    """Choose the submission for the final score, or take the choice back."""
    learner = learner_of(request, step)
    if learner is None or not _may_pick(request, step=step, submission=submission):
        raise Http404
    refused: Refused | None = None
    try:
        if request.POST.get("pick") == "yes":
            actions.pick_final(submission=submission, by=learner.enrolment)
        else:
            actions.unpick_final(submission=submission)
    except Refused as error:
        refused = error
    return _after_pick(request, step=step, learner=learner, submission=submission, refused=refused)


@require_POST
@own_or_looked_after
def cancel(request: Request, *, step: Step, submission: Submission) -> HttpResponseBase:
    """Take the submission out of the queue, or stop its run."""
    learner = learner_of(request, step)
    if learner is None or not _may_pick(request, step=step, submission=submission):
        raise Http404
    try:
        actions.cancel(submission=submission)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The submission was cancelled. It is not counted against your daily limit."))
    return redirect("submissions:hand_in", *what_pages_name(step)["names"])


def _may_pick(request: Request, *, step: Step, submission: Submission) -> bool:
    """Whoever shares the submission now may choose or cancel it; who has left the team may only look."""
    learner = learner_of(request, step)
    is_owner = learner is not None and learner.owner is not None and learner.owner.key == submission.owner.key
    return is_owner and request.user.has_perm("submissions.pick_submission", submission)


def _after_pick(
    request: Request, *, step: Step, learner: Learner, submission: Submission, refused: Refused | None
) -> HttpResponse:
    if request.htmx:
        context = _hand_in_context(request, step=step, learner=learner) | {"pick_refused": refused}
        return render(request, "submissions/parts/history.html", context, status=refused.status if refused else 200)
    if refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your choice for the final score was saved."))
    names = what_pages_name(step)["names"]
    if request.POST.get("from") == "submission":
        return redirect("submissions:submission", *names, submission.pk)
    return redirect("submissions:hand_in", *names)


# --- The board ---


@require_GET
@graded_step
def board(request: Request, *, step: Step) -> HttpResponseBase:
    """The provisional board."""
    return _show_board(request, step=step, split="public")


@require_GET
@graded_step
def final_board(request: Request, *, step: Step) -> HttpResponseBase:
    """The final board; before the close only the provisional one exists."""
    if not step.is_closed():
        when = moment_in_words(step.closes_at)
        messages.info(request, _("The final places appear here after the close on %(when)s.") % {"when": when})
        return redirect("submissions:board", *what_pages_name(step)["names"])
    return _show_board(request, step=step, split="private")


def _show_board(request: Request, *, step: Step, split: Split) -> HttpResponse:
    learner = learner_of(request, step)
    seq = live.last_seq(f"board:{step.pk}")
    page = board_page(request, step=step, split=split, own=learner.owner if learner else None)
    context = what_pages_name(step) | {"board": page, "page": page.page, "live_seq": seq}
    template = "submissions/parts/board.html" if request.htmx and not request.htmx.boosted else "submissions/board.html"
    return render(request, template, context)
