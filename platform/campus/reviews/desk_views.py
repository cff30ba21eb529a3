"""Running a round: how it goes, work by work; rebalancing; requests for re-evaluation; letting learners off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cases.models import Step
from campus.cohorts.access import MemberRequest, desk_page, member_page
from campus.cohorts.models import Cohort, Role
from campus.deliverables.models import Deliverable
from campus.reviews import overseeing
from campus.reviews.decisions import Plan
from campus.reviews.figures import figures_of
from campus.reviews.forms import DecisionForm, ExcuseForm
from campus.reviews.lists import WORK_COLUMNS, WorkFilter, appeals_listed, works_listed
from campus.reviews.models import Appeal, Assignment, ReviewRound, Work
from campus.reviews.practice import rubric_of_round
from campus.reviews.results import shown_result
from campus.reviews.rounds import round_of, rounds_in
from campus.reviews.rules import has_conflict
from campus.reviews.views import sent_to
from campus.ui.lists import Listing

UNPROCESSABLE = 422


@require_safe
@desk_page("reviews.oversee")
def desk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The cohort's rounds; where there is one, that one."""
    found = rounds_in(cohort)
    if len(found) == 1:
        return redirect("reviews:round", cohort=cohort.slug, pk=found[0].pk)
    lines = [(one, figures_of(one)) for one in found]
    return render(request, "reviews/desk/rounds.html", {"cohort": cohort, "lines": lines})


def round_in(cohort: Cohort, pk: int) -> ReviewRound:
    """The cohort's round of that number, else 404."""
    step = get_object_or_404(Step.objects.with_case(), review_round=pk, cohort_case__cohort=cohort)
    found = round_of(step)
    if found is None:
        raise Http404
    return found


@require_safe
@desk_page("reviews.oversee")
def round_on_desk(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """How a round goes: figures, and its works with those first that need somebody."""
    found = round_in(cohort, pk)
    stream = f"reviews:{found.pk}"
    seq = live.last_seq(stream)
    listing = Listing(
        request,
        works_listed(found),
        columns=WORK_COLUMNS,
        name=f"reviews-{cohort.slug}",
        order=["given", "open", "pk"],
        filters=WorkFilter(request.GET),
    )
    context = {
        "cohort": cohort,
        "round": found,
        "step": found.step,
        "figures": figures_of(found),
        "listing": listing,
        "stream": stream,
        "live_seq": seq,
        "is_running": found.step.has_opened(),
    }
    return listing.download() or render(request, "reviews/desk/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("reviews.oversee")
def rebalance(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """What would change now (GET), or do it (POST)."""
    found = round_in(cohort, pk)
    if not found.step.has_opened():
        messages.info(request, _("Reviews haven’t begun yet."))
        return redirect("reviews:round", cohort=cohort.slug, pk=found.pk)
    if request.method == "POST":
        plan = overseeing.rebalance(round=found, actor=request.user)
        count = len(plan.given_out)
        text = ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count)
        messages.success(request, text % {"count": count})
        return redirect("reviews:round", cohort=cohort.slug, pk=found.pk)
    plan = overseeing.preview(found)
    context = {"cohort": cohort, "round": found, "step": found.step, "plan": plan, "reasons": _reasons(plan)}
    return render(request, "reviews/desk/rebalance.html", context)


def _reasons(plan: Plan) -> list[tuple[str, int]]:
    """How many would be taken back, by reason."""
    words = dict(Assignment._meta.get_field("end_reason").flatchoices)
    counted: dict[str, int] = {}
    for _link, reason in plan.ends:
        counted[reason.value] = counted.get(reason.value, 0) + 1
    return [(str(words[reason]), count) for reason, count in counted.items()]


def _work(request: MemberRequest, cohort: Cohort, pk: int) -> Work:
    whole = Work.objects.select_related("round", "team", "enrolment__person", "appeal__by__person", "deliverable")
    found = get_object_or_404(whole, pk=pk, round__step__cohort_case__cohort=cohort)
    found.round = round_in(cohort, found.round_id)
    if not request.user.has_perm("reviews.look_into", found):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def work(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """A work with its reviews and everybody's names; an open request for re-evaluation is decided here."""
    found = _work(request, cohort, pk)
    overseeing.note_names_seen(work=found, actor=request.user)
    assignments = list(
        found.assignments.select_related("share__enrolment__person", "review__reception").order_by("assigned_at", "pk")
    )
    given = [one for one in assignments if one.given_at]
    labels = [(one.review.pk, _("Review %(letter)s") % {"letter": _letter(n)}) for n, one in enumerate(given)]
    appeal: Appeal | None = getattr(found, "appeal", None)
    form = None
    if appeal and not appeal.decided_at:
        form = DecisionForm(sent_to(request), reviews=labels)
        if request.method == "POST" and form.is_valid():
            return _decide(request, cohort, found, appeal, form)
    context = {
        "cohort": cohort,
        "work": found,
        "round": found.round,
        "step": found.round.step,
        "deliverable": Deliverable.objects.with_step().with_content().get(pk=found.deliverable_id),
        "assignments": assignments,
        "given": [(_letter(number), one, _marks(one, found.round)) for number, one in enumerate(given)],
        "result": shown_result(found),
        "appeal": appeal,
        "form": form,
        "may_decide": request.user.has_perm("reviews.decide", found),
        "has_conflict": has_conflict(request.user, found),
        "may_take_back": request.user.has_perm("reviews.oversee", cohort),
    }
    return render(request, "reviews/desk/work.html", context, status=UNPROCESSABLE if form and form.is_bound else 200)


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _marks(assignment: Assignment, round: ReviewRound) -> list[tuple[Any, int | None, str]]:
    review = assignment.review
    return [(one, review.marks.get(one.key), review.comments.get(one.key, "")) for one in rubric_of_round(round)]


def _decide(request: MemberRequest, cohort: Cohort, found: Work, appeal: Appeal, form: DecisionForm) -> HttpResponse:
    appeal.work = found
    try:
        overseeing.decide_appeal(
            appeal=appeal,
            set_aside=[int(pk) for pk in form.cleaned_data["set_aside"]],
            answer=form.cleaned_data["answer"],
            actor=request.user,
        )
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("Your decision was sent to the authors."))
    return redirect("reviews:work", cohort=cohort.slug, pk=found.pk)


@require_safe
@desk_page("reviews.list_appeals")
def appeals(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Requests for re-evaluation, those that wait first."""
    listing = appeals_listed(request, cohort)
    return listing.download() or render(request, "reviews/desk/appeals.html", {"cohort": cohort, "listing": listing})


@require_POST
@desk_page("reviews.oversee")
def take_back(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Give a review that was not given yet to somebody else."""
    assignments = Assignment.objects.with_all().filter(share__round__step__cohort_case__cohort=cohort)
    found = get_object_or_404(assignments, pk=pk)
    try:
        overseeing.take_back(assignment=found, actor=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("This review will go to somebody else."))
    return redirect("reviews:work", cohort=cohort.slug, pk=found.work_id)


@require_POST
@desk_page("reviews.oversee")
def excuse(request: MemberRequest, *, cohort: Cohort, pk: int, enrolment: int) -> HttpResponse:
    """Let a learner off the reviews of a round, or ask for them after all."""
    round_ = round_in(cohort, pk)
    learner = get_object_or_404(cohort.enrolments.select_related("person"), pk=enrolment, role=Role.LEARNER)
    share = round_.shares.filter(enrolment=learner, excused_at__isnull=False).select_related("enrolment").first()
    if request.POST.get("do") == "withdraw":
        if share:
            share.round = round_
            overseeing.ask_after_all(share=share, actor=request.user)
            messages.success(request, _("The learner is no longer excused from these reviews."))
        return redirect("cohorts:person", cohort.slug, learner.pk)
    form = ExcuseForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        overseeing.excuse(round=round_, enrolment=learner, reason=reason, actor=request.user)
        messages.success(request, _("The learner was excused. The reviews count as handed in."))
    else:
        messages.error(request, _("Enter a reason so that others can understand it later."))
    return redirect("cohorts:person", cohort.slug, learner.pk)
