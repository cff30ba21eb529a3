"""Pages of mentors: a work beside its rubric, marks of peers and comments; the bank of phrases."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cohorts.access import MemberRequest, View, desk_page, member_page
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.content import Content, content_of
from campus.deliverables.models import Deliverable
from campus.deliverables.queries import versions_of
from campus.mentoring import actions
from campus.mentoring.forms import CommentForm, JudgeForm, PhraseForm, places_in, remark_in
from campus.mentoring.lists import overall_share
from campus.mentoring.models import MentorReview, Phrase, page_of
from campus.mentoring.news import Seen, news_in_review, seen_in_review
from campus.mentoring.queries import marks_of, mentor_in, own_review, peers_of, phrases_for, queue_for, threads_of
from campus.mentoring.queue import diverges
from campus.mentoring.refusals import Refused
from campus.mentoring.scores import scores_beside
from campus.mentoring.streams import queue_stream
from campus.mentoring.threads import answer_or_settle, asks_about_thread, keep_answers, with_answers
from campus.reviews.queries import results_of
from campus.reviews.rubrics import LONGEST_ADVICE, initial_of, rubric_of


def judge_page(view: Callable[..., HttpResponseBase]) -> View:
    """Hand the view a work that the mentor may judge; for everybody else there is none (404)."""

    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponseBase:
        rows = Deliverable.objects.with_step().with_owner().with_content().filter(step__cohort_case__cohort=cohort)
        found = get_object_or_404(rows, pk=pk)
        mentor = mentor_in(request.user, cohort)
        if mentor is None or not request.user.has_perm("mentoring.judge", found):
            raise Http404
        return view(request, deliverable=found, mentor=mentor)

    return guarded


@require_http_methods(["GET", "POST"])
@judge_page
def review(request: MemberRequest, *, deliverable: Deliverable, mentor: Enrolment) -> HttpResponse:
    """The work on one side; on the other marks, peers' results, comments and phrases.

    One form for all, so that no button loses what stands in other fields: every one keeps the draft as typed.
    """
    sent = request.POST if request.method == "POST" else None
    own = own_review(deliverable, mentor)
    initial = initial_of(own.marks, own.comments, own.advice) if own else {}
    # What was released is read from what was kept, and what is missing is said of it.
    data = initial if sent is None and "check" in request.GET else sent
    bound = None if own and own.is_released else data
    form = JudgeForm(bound, rubric=rubric_of(deliverable.step), initial=initial)
    remark = _remark_form(request, deliverable, own)
    if sent is not None:
        try:
            if answered := _act(request, _Desk(deliverable, mentor, own), form, remark):
                return answered
        except Refused as refused:
            if request.headers.get("HX-Request"):
                return _saved(request, refused=" ".join(refused.messages))
            messages.error(request, " ".join(refused.messages))
        if form.is_bound and not _wants(request, "release"):  # Then nobody asked what is missing.
            typed = initial_of(*form.typed(), form.data.get("advice", ""))
            form = JudgeForm(None, rubric=form.rubric, initial=typed)
        own = own_review(deliverable, mentor)
    return render(request, "mentoring/review.html", _page(request, deliverable, own, form, remark))


def _remark_form(request: MemberRequest, deliverable: Deliverable, own: MentorReview | None) -> CommentForm:
    """The next comment; what was typed and not added stays in it, whatever button was pressed."""
    typed = {"anchor": own.remark_at, "text": own.remark} if own else {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("anchor", "text")}
    sent = request.POST if _wants(request, "comment") else None
    return CommentForm(sent, initial=typed, places=places_in(_content(deliverable)))


def _wants(request: MemberRequest, what: str) -> bool:
    return request.POST.get("do") == what


def _content(deliverable: Deliverable) -> Content:
    return content_of(deliverable, blind=False)


@dataclass(frozen=True)
class _Desk:
    """What lies before the mentor."""

    deliverable: Deliverable
    mentor: Enrolment
    own: MentorReview | None

    def keep(self, form: JudgeForm, sent: QueryDict, *, is_released: bool = False) -> None:
        """Keep, or release, what was typed; marks that were released stay."""
        remark = remark_in(sent)
        if self.own and self.own.is_released:
            actions.keep_remark(review=self.own, remark=remark)
            return
        typed = actions.Judgement(*form.typed(), form.data.get("advice", "")[:LONGEST_ADVICE], remark)
        do = actions.release if is_released else actions.save_review
        do(deliverable=self.deliverable, mentor=self.mentor, judgement=typed)


def _act(request: MemberRequest, desk: _Desk, form: JudgeForm, remark: CommentForm) -> HttpResponse | None:
    """Do what was asked; None where the page has to say what is wrong. Raises Refused."""
    # A comment that was typed and not added would stay unread: whoever releases is asked about it first.
    is_released = _wants(request, "release") and form.is_valid() and not request.POST.get("text", "").strip()
    threads = list(threads_of([desk.own])) if desk.own else []
    keep_answers(request.POST, threads, request.user)
    desk.keep(form, request.POST, is_released=is_released)
    if request.headers.get("HX-Request"):
        return _saved(request)
    if asks_about_thread(request.POST):
        return answer_or_settle(request, threads)
    if _wants(request, "comment"):
        if not remark.is_valid():
            return None
        made = actions.comment(deliverable=desk.deliverable, mentor=desk.mentor, **remark.cleaned_data)
        return redirect(f"{page_of(desk.deliverable)}#thread-{made.pk}")
    if is_released:
        messages.success(request, _("The review was released, and the authors were notified."))
    elif _wants(request, "release"):
        # To load a refused page anew would put the old text over a newer one.
        return None if form.is_too_long else redirect(f"{page_of(desk.deliverable)}?check=1")
    else:
        messages.success(request, _("The draft was saved. Only you can see it."))
    return redirect(page_of(desk.deliverable))


def _saved(request: MemberRequest, *, refused: str = "") -> HttpResponse:
    """What the open page says after saving by itself."""
    return render(request, "mentoring/parts/saved.html", {"saved_at": timezone.now(), "refused": refused})


def _page(
    request: MemberRequest,
    deliverable: Deliverable,
    own: MentorReview | None,
    form: JudgeForm,
    remark: CommentForm,
) -> dict[str, Any]:
    """What the page shows."""
    step, cohort = deliverable.step, deliverable.step.cohort
    share, peers = overall_share(form.rubric, own.marks) if own else None, peers_of(deliverable)
    followed = _followed(deliverable, own)
    sent = request.POST if request.method == "POST" else None
    newest, threads = versions_of(deliverable).first(), with_answers([own], request.user, sent) if own else []
    return {
        "cohort": cohort,
        "deliverable": deliverable,
        "step": step,
        "own": own,
        "form": form,
        "result": results_of(deliverable),
        "peers": peers,
        "differs": share is not None and diverges(share, peers),
        "marks": marks_of(own, form.rubric) if own and own.is_released else [],
        "threads": threads,
        "shows_errors": _wants(request, "release") or "check" in request.GET,
        "remark": remark,
        "phrases": phrases_for(request.user, cohort),
        **followed,
        "seen": seen_in_review(newest, own, [thread for thread, _answer in threads]),
        "newer": newest if newest and newest.number > deliverable.number else None,
        **_neighbours(request, cohort, deliverable),
    }


def _followed(deliverable: Deliverable, own: MentorReview | None) -> dict[str, Any]:
    """What the page hears of; asked before it reads what it shows."""
    keys = [queue_stream(deliverable.step.cohort.pk), *([f"enrolment:{own.mentor_id}"] if own else [])]
    return {
        "stream": " ".join(keys),
        "live_seq": " ".join(map(str, live.last_seqs(keys))),
        "news_url": reverse("mentoring:review_news", args=[deliverable.step.cohort.slug, deliverable.pk]),
    }


@require_safe
@judge_page
def review_news(request: MemberRequest, *, deliverable: Deliverable, mentor: Enrolment) -> HttpResponse:
    """A line on what has come since the page was loaded, which says what it showed."""
    seen = Seen.of(request.GET)
    context = {
        "news": news_in_review(seen, deliverable, own_review(deliverable, mentor)),
        "seen": seen,
        "news_url": request.path,
        "page_url": page_of(deliverable),
        "keeps": True,
    }
    return render(request, "mentoring/parts/news.html", context)


@require_safe
@judge_page
def scores(request: MemberRequest, *, deliverable: Deliverable, mentor: Enrolment) -> HttpResponse:
    """What the grader says of the owners, for the page of their work: read when the mentor opens it."""
    return render(request, "mentoring/parts/scores.html", {"scores": scores_beside(deliverable)})


def _neighbours(request: MemberRequest, cohort: Cohort, deliverable: Deliverable) -> dict[str, Any]:
    """The works before and after this one in the queue; where it isn't in it, its first."""
    queue = queue_for(request.user, cohort)
    keys = [one.pk for one in queue]
    at = keys.index(deliverable.pk) if deliverable.pk in keys else -1
    after = queue[at + 1] if at + 1 < len(queue) else None
    return {"before": queue[at - 1] if at > 0 else None, "after": after, "place": at + 1, "waiting": len(queue)}


@require_POST
@judge_page
def hand_back(request: MemberRequest, *, deliverable: Deliverable, mentor: Enrolment) -> HttpResponse:
    """Leave the work to others."""
    if own := own_review(deliverable, mentor):
        try:
            actions.give_back(review=own, actor=request.user)
            messages.success(request, _("You gave up the review. The work is back in the mentors’ queue."))
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("mentoring:queue", cohort=deliverable.step.cohort.slug)


@require_POST
@judge_page
def conflict(request: MemberRequest, *, deliverable: Deliverable, mentor: Enrolment) -> HttpResponse:
    """Declare that one must not judge its owner."""
    team = deliverable.team
    enrolment = None if team else deliverable.enrolment
    actions.declare_conflict(mentor=mentor, team=team, enrolment=enrolment, actor=request.user)
    messages.success(
        request,
        _(
            "The conflict of interest was recorded. Their work is closed to you from now on. "
            "The organiser can undo this."
        ),
    )
    return redirect("mentoring:queue", cohort=deliverable.step.cohort.slug)


@require_http_methods(["GET", "POST"])
@desk_page("mentoring.see_queue")
def phrases(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The bank: one's own, and the cohort's, which organisers fill."""
    runs_it = request.user.has_perm("mentoring.oversee", cohort)
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owner = None if runs_it else request.user
        actions.keep_phrase(cohort=cohort, text=form.cleaned_data["text"], owner=owner, actor=request.user)
        messages.success(request, _("The phrase was added."))
        return redirect("mentoring:phrases", cohort=cohort.slug)
    context = {"cohort": cohort, "form": form, "phrases": phrases_for(request.user, cohort), "runs_it": runs_it}
    return render(request, "mentoring/phrases.html", context)


@require_POST
@desk_page("mentoring.see_queue")
def remove(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Take a phrase out: one's own, or as an organiser the cohort's."""
    phrase = get_object_or_404(Phrase.objects.select_related("cohort"), pk=pk, cohort=cohort)
    is_own = phrase.owner_id == request.user.pk
    if not is_own and not (phrase.owner_id is None and request.user.has_perm("mentoring.oversee", cohort)):
        raise Http404
    actions.remove_phrase(phrase=phrase, actor=request.user)
    messages.success(request, _("The phrase was removed."))
    return redirect("mentoring:phrases", cohort=cohort.slug)
