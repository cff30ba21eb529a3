"""What mentoring holds of a person: what she wrote as a mentor or an owner, and her own phrases."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.mentoring.models import AnswerDraft, Comment, MentorReview, Phrase
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _reviews(person: Person) -> Iterator[Row]:
    rows = MentorReview.objects.filter(mentor__person=person).select_related("deliverable__step").order_by("pk")
    for one in rows:
        yield {
            "step": one.deliverable.step.key,
            "marks": one.marks,
            "comments": one.comments,
            "advice": one.advice,
            "remark": one.remark,
            "released_at": one.released_at,
        }


def _comments(person: Person) -> Iterator[Row]:
    rows = Comment.objects.filter(author=person).order_by("pk")
    yield from rows.values("review__deliverable__step__key", "anchor", "text", "written_at", "resolved_at")
    for draft in AnswerDraft.objects.filter(author=person).order_by("pk"):
        yield {"text": draft.text, "not_sent_since": draft.saved_at}


def _phrases(person: Person) -> Iterator[Row]:
    yield from Phrase.objects.filter(owner=person).values("text", "made_at")


def _erase(person: Person) -> None:
    """Drafts and own phrases go; what was released to others is theirs to keep."""
    own = MentorReview.objects.filter(mentor__person=person)
    own.filter(released_at=None).delete()
    own.update(remark="", remark_at="")
    Phrase.objects.filter(owner=person).delete()


hold(
    Holding(
        name="mentor_reviews",
        label=pgettext_lazy("data held", "Reviews you wrote as a mentor"),
        rows=_reviews,
        erase=_erase,
        gone=_("Drafts are deleted."),
        kept=_("Released reviews, without your name: the people who received them keep them."),
    )
)
hold(
    Holding(
        name="mentoring_comments",
        label=pgettext_lazy("data held", "Comments on work that mentors reviewed"),
        rows=_comments,
        erase=lambda person: AnswerDraft.objects.filter(author=person).delete(),
        gone=_("Your name is removed from them, and replies that you have not sent are deleted."),
        kept=_("The texts: the others in the conversation still need them."),
    )
)
hold(
    Holding(
        name="mentoring_phrases",
        label=pgettext_lazy("data held", "Your phrases for reviews"),
        rows=_phrases,
        gone=_("All of it is deleted."),
    )
)
