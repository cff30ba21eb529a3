"""What peer review holds of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.reviews.models import Appeal, Reception, Review
from campus.reviews.overseeing import close_appeal


def _given(person: Person) -> Iterator[Row]:
    mine = Review.objects.filter(assignment__share__enrolment__person=person)
    for one in mine.select_related("assignment__share__round__step__cohort_case__cohort").order_by("pk"):
        step = one.assignment.share.round.step
        yield {
            "cohort": step.cohort.slug,
            "step": step.key,
            "stage": one.assignment.stage,
            "given_at": one.assignment.given_at,
            "marks": one.marks,
            "comments": one.comments,
            "advice": one.advice,
        }


def _said(person: Person) -> Iterator[Row]:
    for one in Reception.objects.filter(by__person=person).order_by("pk"):
        yield {"review": one.review_id, "rating": one.rating, "answer": one.answer, "answered_at": one.answered_at}
    for appeal in Appeal.objects.filter(by__person=person).order_by("pk"):
        yield {"appeal": appeal.reason, "asked_at": appeal.asked_at, "decision": appeal.answer}


def _forget_drafts(person: Person) -> None:
    """Reviews that were given belong to their authors too; what was never given goes."""
    Review.objects.filter(assignment__share__enrolment__person=person, assignment__given_at=None).delete()


def _forget_words(person: Person) -> None:
    Reception.objects.filter(by__person=person).update(answer="")
    asked = Appeal.objects.filter(by__person=person)
    # Without its text nobody can decide it.
    waiting = asked.filter(decided_at=None).select_for_update(of=("self",))
    for one in waiting.select_related("work__round__step__cohort_case__cohort"):
        close_appeal(one)
    asked.update(reason="")


hold(
    Holding(
        name="reviews",
        label=pgettext_lazy("data held", "Reviews you wrote"),
        rows=_given,
        erase=_forget_drafts,
        gone=_("Drafts are deleted."),
        kept=_("Reviews you handed in, without your name: the authors of the works rely on them."),
    )
)
hold(
    Holding(
        name="reviews_received",
        label=pgettext_lazy("data held", "Your answers to reviews and requests for re-evaluation"),
        rows=_said,
        erase=_forget_words,
        gone=_("Your texts are deleted, and requests that have not been decided yet are closed."),
        kept=_("How you rated the reviews, without your name."),
    )
)
