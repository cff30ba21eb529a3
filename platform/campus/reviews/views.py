"""Pages of a round for reviewers: what there is to do, practising, writing a review."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cases.deadlines import as_seen_by
from campus.cases.models import Step, StepKind
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learner_enrolment
from campus.deliverables.models import Deliverable
from campus.reviews import actions
from campus.reviews.decisions import EndReason, Stage
from campus.reviews.models import Assignment, Review, ReviewRound, Share
from campus.reviews.practice import compare, next_sample, rubric_of_round, samples_of
from campus.reviews.quality import quality_of
from campus.reviews.queries import is_unlocked, own_assignments, work_of
from campus.reviews.rounds import round_of
from campus.reviews.rubrics import LONGEST_ADVICE, ReviewForm, RubricForm, initial_of

UNPROCESSABLE = 422


def round_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view the round of a review step, as it closes for the reader, and her enrolment (None for staff)."""

    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, case: str, step: str, **names: Any) -> HttpResponseBase:
        steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, cohort_case__slug=case)
        found = round_of(get_object_or_404(steps, key=step, kind=StepKind.REVIEW))
        if found is None:
            raise Http404
        enrolment = learner_enrolment(request.user, cohort)
        if enrolment:
            found.step = as_seen_by(enrolment, [found.step])[0]
        return view(request, round=found, enrolment=enrolment, **names)

    return guarded


def live_of(round: ReviewRound, enrolment: Enrolment) -> dict[str, str]:
    """The streams on which the learner hears of the round, and their numbers as the page needs them."""
    work = work_of(round, enrolment)
    keys = [f"enrolment:{enrolment.pk}", *([work.stream] if work and work.team_id else [])]
    return {"stream": " ".join(keys), "live_seq": " ".join(str(live.last_seq(key)) for key in keys)}


def sent_to(request: MemberRequest) -> QueryDict | None:
    """What a form was sent, even if that is nothing; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def learners_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The same for learners of the cohort; for others the page does not exist (404)."""

    @round_page
    @wraps(view)
    def guarded(request: MemberRequest, *, enrolment: Enrolment | None, **names: Any) -> HttpResponseBase:
        if enrolment is None:
            raise Http404
        return view(request, enrolment=enrolment, **names)

    return guarded


def shown_of(round: ReviewRound) -> dict[str, Any]:
    """What every page of the round names."""
    step = round.step
    return {
        "round": round,
        "step": step,
        "judged": round.judged,
        "cohort": step.cohort,
        "case": step.cohort_case,
        "version": step.case_version,
        "names": [step.cohort.slug, step.cohort_case.slug, step.key],
    }


@require_safe
@round_page
def page(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment | None) -> HttpResponse:
    """What there is to do in the round, and where one's own work stands."""
    context = shown_of(round) | {"rubric": rubric_of_round(round), "has_opened": round.step.has_opened()}
    if enrolment is None or not round.step.has_opened():
        return render(request, "reviews/page.html", context)
    context |= live_of(round, enrolment)
    share = actions.join(round=round, enrolment=enrolment)
    context |= _own_context(share)
    is_fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "reviews/parts/todo.html" if is_fragment else "reviews/page.html", context)


def _own_context(share: Share) -> dict[str, Any]:
    round_, enrolment = share.round, share.enrolment
    share.refresh_from_db(fields=["excused_at"])
    assignments = list(own_assignments(share))
    for one in assignments:
        one.share = share
    given = [one for one in assignments if one.stage == Stage.GIVEN]
    samples, done = samples_of(round_), set(share.practice.values_list("sample", flat=True))
    work = work_of(round_, enrolment)
    return {
        "share": share,
        "open_assignments": [one for one in assignments if one.is_open],
        "given_assignments": given,
        "ended_assignments": [one for one in assignments if one.stage == Stage.ENDED],
        "given_count": len(given),
        "samples": [(sample, sample.key in done) for sample in samples],
        "is_practised": all(sample.key in done for sample in samples),
        "work": work,
        "received_count": work.assignments.given().count() if work else 0,
        "is_unlocked": len(given) >= share.owes,
        "waits": work is not None and not share.excused_at and len(given) < share.owes,
        "is_closed": round_.step.is_closed(),
    }


@require_safe
@learners_page
def given(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment) -> HttpResponse:
    """How the reader's own reviews helped, and how far her marks lie from others'; nobody else sees it."""
    context = shown_of(round)
    share = Share.objects.filter(round=round, enrolment=enrolment).first()
    if share and is_unlocked(round, enrolment):
        share.round = round
        context["quality"] = quality_of(share)
    return render(request, "reviews/given.html", context)


# --- Practice ---


@require_http_methods(["GET", "HEAD", "POST"])
@learners_page
def practice(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment, sample: str) -> HttpResponse:
    """A sample with known marks: first one's own, then the comparison."""
    found = next((one for one in samples_of(round) if one.key == sample), None)
    if found is None or not round.step.has_opened():
        raise Http404
    share, rubric = actions.join(round=round, enrolment=enrolment), rubric_of_round(round)
    form = RubricForm(sent_to(request), rubric=rubric, comments=False)
    if request.method == "POST" and form.is_valid():
        actions.practise(share=share, sample=found.key, marks=form.marks)
        return redirect(request.path)
    practised = share.practice.filter(sample=found.key).first()
    context = shown_of(round) | {"sample": found, "count": len(samples_of(round)), "form": form, "rubric": rubric}
    if practised:
        context |= {"compared": compare(practised, found, rubric), "next": next_sample(share)}
    status = UNPROCESSABLE if form.is_bound and not practised else 200
    return render(request, "reviews/practice.html", context, status=status)


# --- Writing a review ---


def own_assignment(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view the reader's own assignment; for everybody else there is none (404)."""

    @learners_page
    @wraps(view)
    def guarded(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment, pk: int) -> HttpResponseBase:
        found = get_object_or_404(Assignment.objects.with_all(), pk=pk, share__round=round)
        found.share.round = round
        if not request.user.has_perm("reviews.write", found):
            raise Http404
        return view(request, round=round, assignment=found)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@own_assignment
def write(request: MemberRequest, *, round: ReviewRound, assignment: Assignment) -> HttpResponse:
    """The work, without names, and the form beside it; POST hands the review in."""
    if assignment.is_open and not round.step.is_closed() and (left := next_sample(assignment.share)):
        messages.info(request, _("Before your first review, practise on the samples."))
        return redirect("reviews:practice", *shown_of(round)["names"], left.key)
    form = _review_form(request, assignment)
    if request.method == "POST":
        return _receive(request, round, assignment, form)
    if assignment.is_open and not round.step.is_closed():
        actions.begin(assignment=assignment)
    return _show_write(request, round, assignment, form)


def _review_form(request: MemberRequest, assignment: Assignment) -> ReviewForm:
    review = getattr(assignment, "review", None)
    kept = initial_of(review.marks, review.comments, review.advice) if review else {}
    is_checked = request.method != "POST" and "check" in request.GET
    data = kept if is_checked else sent_to(request)
    return ReviewForm(data, initial=kept, rubric=rubric_of_round(assignment.share.round))


def _receive(
    request: MemberRequest,
    round: ReviewRound,
    assignment: Assignment,
    form: ReviewForm,
) -> HttpResponse:
    if request.POST.get("do") == "save":
        return _save_and_go(request, round, assignment, form)
    if not form.is_valid():
        # What is missing is said of the draft: to load a refused page anew would put the old text over a newer one.
        if _keep_typed(assignment, form) and not form.is_too_long:
            return redirect(f"{request.path}?check=1")
        return _show_write(request, round, assignment, form, status=UNPROCESSABLE)
    written = actions.Written(form.marks, form.comments, form.cleaned_data["advice"])
    try:
        actions.give(assignment=assignment, written=written)
    except ValidationError as refused:
        _keep_typed(assignment, form)
        return _show_write(request, round, assignment, form, refused=refused, status=409)
    messages.success(request, _("Your review was handed in. Thank you!"))
    return redirect(round.path())


def _save_and_go(
    request: MemberRequest,
    round: ReviewRound,
    assignment: Assignment,
    form: ReviewForm,
) -> HttpResponse:
    if _keep_typed(assignment, form):
        messages.success(request, _("Your draft was saved. You can continue later."))
    else:
        messages.error(request, _("This review has already been handed in and can’t be changed."))
    return redirect(round.path())


def _keep_typed(assignment: Assignment, form: ReviewForm) -> Review | None:
    """Save what was typed as it is; None where the review was given already."""
    marks, comments = form.typed()
    advice = form.data.get("advice", "")[:LONGEST_ADVICE]
    try:
        return actions.save_draft(assignment=assignment, written=actions.Written(marks, comments, advice))
    except ValidationError:
        return None


@require_POST
@own_assignment
def draft(request: MemberRequest, *, round: ReviewRound, assignment: Assignment) -> HttpResponse:
    """Save what was typed, while typing."""
    saved = _keep_typed(assignment, _review_form(request, assignment))
    return render(request, "reviews/parts/saved.html", {"saved": saved})


def _show_write(
    request: MemberRequest,
    round: ReviewRound,
    assignment: Assignment,
    form: ReviewForm,
    *,
    refused: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    deliverable = Deliverable.objects.with_step().with_content().get(pk=assignment.deliverable_id)
    review = getattr(assignment, "review", None)
    context = shown_of(round) | {
        "assignment": assignment,
        "deliverable": deliverable,
        "form": form,
        "rubric": form.rubric,
        "review": review,
        "reception": getattr(review, "reception", None) if review else None,
        "marks": marks_shown(review, round) if review else [],
        "refused": refused.messages if refused else [],
        "may_write": assignment.is_open and round.step.is_open(timezone.now()),
    }
    return render(request, "reviews/write.html", context, status=status)


def marks_shown(review: Review, round: ReviewRound) -> list[dict[str, Any]]:
    """Each criterion with the chosen level and the comment."""
    return [
        {
            "criterion": one,
            "points": review.marks.get(one.key),
            "level": next((str(level) for level in one.levels if level.points == review.marks.get(one.key)), ""),
            "comment": review.comments.get(one.key, ""),
        }
        for one in rubric_of_round(round)
    ]


@require_POST
@own_assignment
def decline(request: MemberRequest, *, round: ReviewRound, assignment: Assignment) -> HttpResponse:
    """Give a work back: the author was recognised, or it is a favour that doesn't fit in."""
    knows = request.POST.get("reason") == "known"
    try:
        actions.decline(assignment=assignment, reason=EndReason.KNOWN if knows else EndReason.DECLINED)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(
            request, _("Somebody else will review this work. You will get another as soon as there is one.")
        )
    return redirect(round.path())
