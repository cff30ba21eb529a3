"""The page of those whose work was reviewed."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.deliverables.models import Deliverable
from campus.mentoring.models import Comment
from campus.mentoring.queries import feedback_on, marks_of, threads_of
from campus.mentoring.threads import answer_or_settle, asks_about_thread, keep_answers, with_answers
from campus.reviews.rubrics import rubric_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def feedback(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """What mentors released about the owner's work, with the work beside it and room for answers.

    One form for all threads, so that no button loses what stands below another.
    """
    rows = Deliverable.objects.with_step().with_owner().with_content().filter(step__cohort_case__cohort=cohort)
    deliverable = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("mentoring.read_feedback", deliverable):
        raise Http404
    reviews = list(feedback_on(deliverable))
    sent = request.POST if request.method == "POST" else None
    if sent is not None and (answered := _receive(request, list(threads_of(reviews)))):
        return answered
    rubric = rubric_of(deliverable.step)
    context = {
        "cohort": cohort,
        "deliverable": deliverable,
        "step": deliverable.step,
        "reviews": [(one, marks_of(one, rubric), with_answers([one], request.user, sent)) for one in reviews],
    }
    return render(request, "mentoring/feedback.html", context)


def _receive(request: MemberRequest, threads: Sequence[Comment]) -> HttpResponse | None:
    """Keep what was typed and do what was asked; None where the page has to say what is wrong."""
    keep_answers(request.POST, threads, request.user)
    if request.headers.get("HX-Request"):
        return render(request, "mentoring/parts/saved.html", {"saved_at": timezone.now()})
    return answer_or_settle(request, threads) if asks_about_thread(request.POST) else redirect(request.path)
