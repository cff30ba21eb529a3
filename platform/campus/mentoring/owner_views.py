"""Pages of those whose work was reviewed, and answers to comments from both sides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.deliverables.models import Deliverable
from campus.mentoring import actions
from campus.mentoring.forms import AnswerForm
from campus.mentoring.models import Comment, MentorReview, feedback_page_of, page_of
from campus.mentoring.queries import feedback_on, threads_of
from campus.people.models import Person
from campus.reviews.rubrics import Rubric, rubric_of


@require_safe
@member_page
def feedback(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """What mentors released about the owner's work, with the work beside it and room for answers."""
    rows = Deliverable.objects.with_step().with_owner().with_content().filter(step__cohort_case__cohort=cohort)
    deliverable = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("mentoring.read_feedback", deliverable):
        raise Http404
    reviews = list(feedback_on(deliverable))
    rubric = rubric_of(deliverable.step)
    context = {
        "cohort": cohort,
        "deliverable": deliverable,
        "step": deliverable.step,
        "reviews": [(one, marks_of(one, rubric), threads_of([one])) for one in reviews],
        "answer_form": AnswerForm(),
    }
    return render(request, "mentoring/feedback.html", context)


def marks_of(review: MentorReview, rubric: Rubric) -> list[dict[str, Any]]:
    """Each criterion with the level that the mentor chose, and what she wrote there."""
    levels = {(one.key, level.points): level for one in rubric for level in one.levels}
    return [
        {"criterion": one, "level": levels.get((one.key, review.marks[one.key])), "text": review.comments.get(one.key)}
        for one in rubric
        if one.key in review.marks
    ]


def _thread(request: MemberRequest, cohort: Cohort, pk: int) -> Comment:
    """A thread in which the person may speak; else there is none (404)."""
    rows = Comment.objects.select_related(
        "review__mentor__person",
        "review__deliverable__step__cohort_case__cohort",
        "review__deliverable__enrolment__person",
        "review__deliverable__team",
    )
    thread = get_object_or_404(rows, pk=pk, parent=None, review__deliverable__step__cohort_case__cohort=cohort)
    if not request.user.has_perm("mentoring.answer", thread):
        raise Http404
    return thread


def _back(person: Person, thread: Comment) -> str:
    is_mentor = thread.review.mentor.person_id == person.pk
    page = page_of(thread.review.deliverable) if is_mentor else feedback_page_of(thread.review.deliverable)
    return f"{page}#thread-{thread.pk}"


@require_POST
@member_page
def answer_thread(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Answer a comment."""
    thread = _thread(request, cohort, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        context = {"cohort": cohort, "thread": thread, "form": form, "back": _back(request.user, thread)}
        return render(request, "mentoring/answer.html", context)
    actions.answer(thread=thread, text=form.cleaned_data["text"], author=request.user)
    messages.success(request, _("Your reply was added."))
    return redirect(_back(request.user, thread))


@require_POST
@member_page
def resolve_thread(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Say that it is settled, or open it again."""
    thread = _thread(request, cohort, pk)
    actions.resolve(thread=thread, is_resolved=request.POST.get("resolved") == "1", actor=request.user)
    return redirect(_back(request.user, thread))
