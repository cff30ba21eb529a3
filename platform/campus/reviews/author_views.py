"""What authors do with the reviews of their work: read, rate, answer, ask for re-evaluation."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campus.cohorts.access import MemberRequest
from campus.cohorts.models import Enrolment
from campus.reviews import actions
from campus.reviews.forms import AnswerForm, AppealForm, rating_of
from campus.reviews.models import Rating, Review, ReviewRound, Work
from campus.reviews.queries import is_unlocked, reviews_of, work_of
from campus.reviews.results import shown_result
from campus.reviews.rubric_changes import last_change_of
from campus.reviews.views import UNPROCESSABLE, learners_page, live_of, marks_shown, shown_of


@require_safe
@learners_page
def received(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment) -> HttpResponse:
    """The reviews of one's own work, once one's own reviews are in."""
    return _show_received(request, round, enrolment)


def _show_received(
    request: MemberRequest, round: ReviewRound, enrolment: Enrolment, *refused: AnswerForm | AppealForm
) -> HttpResponse:
    """The page; a form that was refused stands in it as it was typed. (What htmx is to swap in has to be a success.)"""
    work = work_of(round, enrolment)
    if work is None:
        raise Http404
    context = shown_of(round) | {"work": work, "received_url": round.path("received")} | live_of(round, enrolment)
    context["received_count"] = work.assignments.given().count()
    if is_unlocked(round, enrolment):
        forms: dict[str | None, Form] = {form.prefix: form for form in refused}
        reviews, appeal = _received_reviews(work, round, forms), getattr(work, "appeal", None)
        context |= {
            "is_unlocked": True,
            "result": shown_result(work),
            "rubric_change": last_change_of(round),
            "reviews": reviews,
            "is_any_counted": any(not one["is_set_aside"] for one in reviews),
            "appeal": appeal,
            "may_appeal": appeal is None or appeal.is_closed,
            "appeal_form": forms.get(None) or AppealForm(),
            "ratings": list(Rating),
        }
    is_refused = bool(refused) and not request.headers.get("HX-Request")
    return render(request, "reviews/received.html", context, status=UNPROCESSABLE if is_refused else 200)


def _received_reviews(work: Work, round: ReviewRound, forms: Mapping[str | None, Form]) -> list[dict[str, Any]]:
    """Reviewers are letters in the order in which their reviews came."""
    shown = []
    for number, one in enumerate(reviews_of(work)):
        reception = getattr(one.review, "reception", None)
        prefix = f"review-{one.review.pk}"
        shown.append(
            {
                "letter": chr(ord("A") + number) if number < 26 else str(number + 1),
                "review": one.review,
                "given_at": one.given_at,
                "marks": marks_shown(one.review, round),
                "reception": reception,
                "answer_form": forms.get(prefix) or AnswerForm(prefix=prefix),
                "is_set_aside": one.review.set_aside_at is not None,
            }
        )
    return shown


def received_review(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view a review of the reader's own work; for everybody else there is none (404)."""

    @require_POST
    @learners_page
    @wraps(view)
    def guarded(
        request: MemberRequest,
        *,
        round: ReviewRound,
        enrolment: Enrolment,
        pk: int,
    ) -> HttpResponseBase:
        reviews = Review.objects.select_related(
            "assignment__work", "assignment__share__enrolment__person", "assignment__share__round"
        )
        found = get_object_or_404(reviews, pk=pk, assignment__work__round=round)
        found.assignment.work.round = found.assignment.share.round = round
        if not request.user.has_perm("reviews.receive", found):
            raise Http404
        try:
            return view(request, round=round, enrolment=enrolment, review=found)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return redirect(f"{round.path('received')}#review-{found.pk}")

    return guarded


@received_review
def rate(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment, review: Review) -> HttpResponse:
    """Say how much a review helped."""
    if rating := rating_of(request.POST.get("rating", "")):
        actions.rate(review=review, rating=rating, by=enrolment)
        messages.success(request, _("Your rating was saved. You can still change it."))
    return redirect(f"{round.path('received')}#review-{review.pk}")


@received_review
def answer(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment, review: Review) -> HttpResponse:
    """Answer a review, once."""
    form = AnswerForm(request.POST, prefix=f"review-{review.pk}")
    if not form.is_valid():
        return _show_received(request, round, enrolment, form)
    actions.answer(review=review, text=form.cleaned_data["text"], by=enrolment)
    messages.success(request, _("Your answer was sent. The reviewer won’t see your name."))
    return redirect(f"{round.path('received')}#review-{review.pk}")


@require_POST
@learners_page
def appeal(request: MemberRequest, *, round: ReviewRound, enrolment: Enrolment) -> HttpResponse:
    """Ask staff to look at the reviews again."""
    work = work_of(round, enrolment)
    if work is None or not request.user.has_perm("reviews.appeal", work):
        raise Http404
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _show_received(request, round, enrolment, form)
    try:
        actions.appeal(work=work, reason=form.cleaned_data["reason"], by=enrolment)
        messages.success(request, _("Your request was sent. You will be notified of the decision."))
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    return redirect(f"{round.path('received')}#appeal")
