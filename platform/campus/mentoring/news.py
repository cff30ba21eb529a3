"""What has come since a mentor's page was loaded, for a line that says so: nothing that she reads moves by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.http import QueryDict
from django.utils.http import urlencode

from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.deliverables.queries import versions_of
from campus.mentoring.models import Comment, MentorReview
from campus.mentoring.queries import Waiting


@dataclass(frozen=True)
class Seen:
    """What the page showed: the newest work (or version), how many works, and the newest comment."""

    newest: int = 0
    works: int = 0
    comment: int = 0

    @classmethod
    def of(cls, query: QueryDict) -> "Seen":
        """As the open page sends it back; nothing where it can't be understood."""
        names = ("newest", "works", "comment")
        sent = [str(query.get(name, "")) for name in names]
        return cls(*(int(one) if one.isdecimal() else 0 for one in sent))

    @property
    def query(self) -> str:
        return urlencode(vars(self))


@dataclass(frozen=True)
class News:
    """How many works are new, how many have gone to others, how many answers came; whether a newer version did."""

    new: int = 0
    gone: int = 0
    answers: int = 0
    has_newer: bool = False

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.answers or self.has_newer)


def seen_in_queue(entries: Sequence[Waiting], mentor: Enrolment | None) -> Seen:
    """What the page of the queue shows now."""
    return Seen(max((one.pk for one in entries), default=0), len(entries), _newest(_answers_to(mentor)))


def news_in_queue(seen: Seen, entries: Sequence[Waiting], mentor: Enrolment | None) -> News:
    """What has come to the queue and left it since, and answers to the mentor's comments."""
    new = [one for one in entries if one.pk > seen.newest]
    # A later version takes the place of the one before: that has not gone to anybody.
    replaced = sum(one.number > 1 for one in new)
    gone = max(0, seen.works - replaced - (len(entries) - len(new)))
    return News(len(new), gone, _answers_to(mentor).filter(pk__gt=seen.comment).count())


def seen_in_review(newest: Deliverable | None, own: MentorReview | None, threads: Iterable[Comment]) -> Seen:
    """What the page of a work shows now: ``newest`` of its versions, and the threads of the mentor's review."""
    comments = [one for thread in threads for one in (thread, *thread.answers.all())]
    answers = [one.pk for one in comments if own and one.author_id != own.mentor.person_id]
    return Seen(newest=newest.number if newest else 0, comment=max(answers, default=0))


def news_in_review(seen: Seen, deliverable: Deliverable, own: MentorReview | None) -> News:
    """Answers in the mentor's review since, and whether the owner has handed in anew."""
    has_newer = versions_of(deliverable).filter(number__gt=seen.newest).exists()
    return News(answers=_answers_in(own).filter(pk__gt=seen.comment).count(), has_newer=has_newer)


def _answers_to(mentor: Enrolment | None) -> Any:
    if mentor is None:
        return Comment.objects.none()
    return Comment.objects.filter(review__mentor=mentor).exclude(author=mentor.person_id)


def _answers_in(review: MentorReview | None) -> Any:
    if review is None:
        return Comment.objects.none()
    return Comment.objects.filter(review=review).exclude(author=review.mentor.person_id)


def _newest(comments: Any) -> int:
    return int(comments.aggregate(newest=Max("pk"))["newest"] or 0)
