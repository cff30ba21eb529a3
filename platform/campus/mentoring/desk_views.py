"""Pages of the desk: the queue, what mentors have in hand, limits and conflicts of interest."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from campus import live
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.mentoring import actions
from campus.mentoring.forms import ConflictForm, LimitsForm
from campus.mentoring.lists import conflicts_list, mentors_list, queue_list, reviews_list
from campus.mentoring.models import Conflict
from campus.mentoring.news import Seen, news_in_queue, seen_in_queue
from campus.mentoring.queries import (
    drafts_of,
    judged_steps,
    mentor_in,
    mentors_of,
    most_open,
    peers_in,
    percents,
    queue_for,
)
from campus.mentoring.streams import queue_stream


@require_GET
@desk_page("mentoring.see_queue")
def queue(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What waits for a mentor, the most urgent first, with the reasons."""
    mentor = mentor_in(request.user, cohort)
    keys = [queue_stream(cohort.pk), *([f"enrolment:{mentor.pk}"] if mentor else [])]
    followed = {"stream": " ".join(keys), "live_seq": " ".join(str(live.last_seq(key)) for key in keys)}
    waiting = queue_for(request.user, cohort)
    listing = queue_list(request, cohort, waiting, judged_steps(cohort), may_judge=mentor is not None)
    context = {
        "cohort": cohort,
        "listing": listing,
        "mentor": mentor,
        "first": waiting[0] if waiting else None,
        "drafts": drafts_of(mentor) if mentor else [],
        "most": most_open(mentor) if mentor else 0,
        "news_url": reverse("mentoring:queue_news", args=[cohort.slug]),
        "seen": seen_in_queue(waiting, mentor),
    }
    return listing.download() or render(request, "mentoring/queue.html", context | followed)


@require_safe
@desk_page("mentoring.see_queue")
def queue_news(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """A line on what has come since the page was loaded, which says what it showed."""
    seen, mentor = Seen.of(request.GET), mentor_in(request.user, cohort)
    context = {
        "news": news_in_queue(seen, queue_for(request.user, cohort), mentor),
        "seen": seen,
        "news_url": request.path,
        "page_url": reverse("mentoring:queue", args=[cohort.slug]),
    }
    return render(request, "mentoring/parts/news.html", context)


@require_GET
@desk_page("mentoring.oversee")
def overview(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Each mentor with what she has in hand."""
    listing = mentors_list(request, cohort)
    context = {"cohort": cohort, "listing": listing}
    return listing.download() or render(request, "mentoring/overview.html", context)


@require_GET
@desk_page("mentoring.oversee")
def all_reviews(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """All reviews with where they differ from the peers."""
    steps = judged_steps(cohort)
    listing = reviews_list(request, cohort, steps, peers_in(steps))
    context = {"cohort": cohort, "listing": listing}
    return listing.download() or render(request, "mentoring/all_reviews.html", context)


@require_http_methods(["GET", "POST"])
@desk_page("mentoring.oversee")
def limits(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """How many single works come before mentors, and how much each takes at once."""
    steps = [step for step in judged_steps(cohort) if not step.is_team_step]
    form = LimitsForm(request.POST or None, steps=steps, percents=percents(steps), mentors=mentors_of(cohort))
    if request.method == "POST" and form.is_valid():
        actions.set_limits(cohort=cohort, percents=form.percents, loads=form.loads, actor=request.user)
        messages.success(request, _("The limits were saved."))
        return redirect("mentoring:overview", cohort=cohort.slug)
    return render(request, "mentoring/limits.html", {"cohort": cohort, "form": form})


@require_http_methods(["GET", "POST"])
@desk_page("mentoring.oversee")
def conflicts(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Who must not judge whom."""
    form = ConflictForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actions.declare_conflict(
            mentor=chosen["mentor"], team=chosen["team"], enrolment=chosen.get("enrolment"), actor=request.user
        )
        messages.success(request, _("The conflict of interest was recorded."))
        return redirect("mentoring:conflicts", cohort=cohort.slug)
    listing = conflicts_list(request, cohort)
    context = {"cohort": cohort, "form": form, "listing": listing}
    return listing.download() or render(request, "mentoring/conflicts.html", context)


@require_POST
@desk_page("mentoring.oversee")
def end(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Open the work to the mentor again."""
    rows = Conflict.objects.select_related("mentor__cohort")
    actions.end_conflict(conflict=get_object_or_404(rows, pk=pk, mentor__cohort=cohort), actor=request.user)
    messages.success(request, _("The conflict of interest was removed."))
    return redirect("mentoring:conflicts", cohort=cohort.slug)
