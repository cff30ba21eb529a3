"""What mentors do: take a work, write, comment, release; what owners answer; what organisers set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campus import live
from campus.cases.models import Step
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable
from campus.mentoring.models import (
    AnswerDraft,
    Comment,
    Conflict,
    Load,
    MentorReview,
    Phrase,
    Sampling,
    feedback_page_of,
    page_of,
)
from campus.mentoring.notices import ANSWERED, COMMENTED, RELEASED
from campus.mentoring.queries import TAKEN_FOR, most_open, open_count
from campus.mentoring.refusals import released_already, taken, too_many_open
from campus.mentoring.rules import conflicts_of
from campus.mentoring.signals import conflict_declared
from campus.mentoring.streams import queue_stream, say_queue_moved
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.models import Membership, Team


@dataclass(frozen=True)
class Remark:
    """A comment that was typed and not added yet, and the place that it is about."""

    text: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a mentor has filled in so far, right or wrong."""

    marks: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    advice: str = ""
    remark: Remark = Remark()


@live.atomic
def take(*, deliverable: Deliverable, mentor: Enrolment) -> MentorReview:
    """The mentor's review of the version; begun now unless it was. Raises Refused at her cap, or where it is taken."""
    Deliverable.objects.select_for_update(no_key=True, of=("self",)).get(pk=deliverable.pk)
    Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=mentor.pk)
    reviews = MentorReview.objects.filter(deliverable=deliverable)
    if found := reviews.filter(mentor=mentor).first():
        return found
    in_hand = Q(released_at=None, saved_at__gt=timezone.now() - TAKEN_FOR)
    if reviews.filter(in_hand | Q(released_at__isnull=False)).exists():
        raise taken()
    most = most_open(mentor)
    if open_count(mentor) >= most:
        raise too_many_open(most)
    say_queue_moved(deliverable)
    return MentorReview.objects.create(deliverable=deliverable, mentor=mentor)


@live.atomic
def save_review(*, deliverable: Deliverable, mentor: Enrolment, judgement: Judgement) -> MentorReview:
    """Keep the draft as typed. Raises Refused where it can't be begun, or was released."""
    review = take(deliverable=deliverable, mentor=mentor)
    if review.is_released:
        raise released_already()
    review.marks, review.comments = dict(judgement.marks), dict(judgement.comments)
    review.advice, review.saved_at = judgement.advice, timezone.now()
    review.remark, review.remark_at = judgement.remark.text, judgement.remark.anchor
    review.save()
    return review


def keep_remark(*, review: MentorReview, remark: Remark) -> None:
    """Of a released review, whose marks stay, keep the comment that is being typed."""
    kept = MentorReview.objects.filter(pk=review.pk)
    kept.update(remark=remark.text, remark_at=remark.anchor, saved_at=timezone.now())


@live.atomic
def release(*, deliverable: Deliverable, mentor: Enrolment, judgement: Judgement) -> MentorReview:
    """Show the review with its comments to the owner, and tell everybody in the team."""
    review = save_review(deliverable=deliverable, mentor=mentor, judgement=judgement)
    review.released_at = timezone.now()
    review.save(update_fields=["released_at"])
    record_audit(
        action="mentoring.released",
        subject=f"deliverable:{deliverable.pk}",
        actor=mentor.person,
        cohort=deliverable.step.cohort,
        marks=len(judgement.marks),
    )
    _tell(RELEASED.name, review, owners_of(deliverable), key=f"mentoring:{review.pk}:released")
    say_queue_moved(deliverable)
    return review


@live.atomic
def give_back(*, review: MentorReview, actor: Person) -> None:
    """Leave the work to other mentors; the draft and its comments are deleted."""
    locked = MentorReview.objects.select_for_update(of=("self",)).select_related("deliverable__step").get(pk=review.pk)
    if locked.is_released:
        raise released_already()
    record_audit(
        action="mentoring.given_back",
        subject=f"deliverable:{locked.deliverable_id}",
        actor=actor,
        cohort=locked.deliverable.step.cohort,
    )
    say_queue_moved(locked.deliverable)
    locked.delete()


@live.atomic
def comment(*, deliverable: Deliverable, mentor: Enrolment, anchor: str, text: str) -> Comment:
    """Comment a place in the work; the owner reads it with the release, or at once after it."""
    review = take(deliverable=deliverable, mentor=mentor)
    made = Comment.objects.create(review=review, author=mentor.person, anchor=anchor, text=text)
    MentorReview.objects.filter(pk=review.pk).update(saved_at=timezone.now(), remark="", remark_at="")
    if review.is_released:
        _tell(COMMENTED.name, review, owners_of(deliverable), key=f"mentoring:comment:{made.pk}")
    return made


@live.atomic
def answer(*, thread: Comment, text: str, author: Person) -> Comment:
    """Answer a thread; a resolved one is open again, and the other side is told where both can read it."""
    made = Comment.objects.create(review=thread.review, parent=thread, author=author, anchor=thread.anchor, text=text)
    AnswerDraft.objects.filter(thread=thread, author=author).delete()
    Comment.objects.filter(pk=thread.pk).update(resolved_at=None, resolved_by=None)
    review = thread.review
    if author.pk != review.mentor.person_id:
        _tell(ANSWERED.name, review, [review.mentor.person], key=f"mentoring:comment:{made.pk}", is_mentor=True)
        live.touch(f"enrolment:{review.mentor_id}", "mentoring")
    elif review.is_released:
        _tell(COMMENTED.name, review, owners_of(review.deliverable), key=f"mentoring:comment:{made.pk}")
    return made


@transaction.atomic
def keep_answers(*, texts: Mapping[Comment, str], author: Person) -> None:
    """Keep what was typed below these threads and not sent; what was emptied is forgotten."""
    drafts = AnswerDraft.objects.filter(thread__in=texts, author=author)
    known = dict(drafts.values_list("thread", "text"))
    drafts.filter(thread__in=[thread for thread, text in texts.items() if not text.strip()]).delete()
    for thread, text in texts.items():
        if text.strip() and text != known.get(thread.pk):
            values = {"text": text, "saved_at": timezone.now()}
            AnswerDraft.objects.update_or_create(thread=thread, author=author, defaults=values)


@transaction.atomic
def resolve(*, thread: Comment, is_resolved: bool, actor: Person) -> None:
    """Say that a thread is settled, or open again."""
    thread.resolved_at = timezone.now() if is_resolved else None
    thread.resolved_by = actor if is_resolved else None
    thread.save(update_fields=["resolved_at", "resolved_by"])


def owners_of(deliverable: Deliverable) -> list[Person]:
    """Whose work it is: the learner, or the present members of the team."""
    if deliverable.team_id is None:
        return [deliverable.enrolment.person]
    members = Membership.objects.current().filter(team=deliverable.team_id).select_related("enrolment__person")
    return [one.enrolment.person for one in members]


def _tell(kind: str, review: MentorReview, to: list[Person], *, key: str, is_mentor: bool = False) -> None:
    deliverable, step = review.deliverable, review.deliverable.step
    notify(
        kind=kind,
        to=to,
        context={"step": {"ja": step.title_ja, "en": step.title_en or step.title_ja}},
        url=page_of(deliverable) if is_mentor else feedback_page_of(deliverable),
        key=key,
    )


@live.atomic
def declare_conflict(
    *, mentor: Enrolment, team: Team | None, enrolment: Enrolment | None, actor: Person
) -> tuple[Conflict, bool]:
    """Close the team's or learner's work to the mentor; what she has begun about it is given back."""
    conflict, is_new = Conflict.objects.get_or_create(
        mentor=mentor, team=team, enrolment=enrolment, defaults={"declared_by": actor}
    )
    if is_new:
        closed = Deliverable.objects.filter(conflicts_of(mentor.person, mentor.cohort)).values("pk")
        MentorReview.objects.filter(mentor=mentor, released_at=None, deliverable__in=closed).delete()
        conflict_declared.send(sender=Conflict, mentor=mentor, actor=actor)
        live.touch(queue_stream(mentor.cohort_id), "queue")
        _audit("mentoring.conflict_declared", mentor, actor)
    return conflict, is_new


@live.atomic
def end_conflict(*, conflict: Conflict, actor: Person) -> None:
    """Open the work to the mentor again; the organiser's decision."""
    _audit("mentoring.conflict_ended", conflict.mentor, actor)
    live.touch(queue_stream(conflict.mentor.cohort_id), "queue")
    conflict.delete()


@transaction.atomic
def set_limits(*, cohort: Cohort, percents: Mapping[Step, int], loads: Mapping[Enrolment, int], actor: Person) -> None:
    """How many single works come before mentors, and how many reviews each mentor takes at once."""
    for step, percent in percents.items():
        Sampling.objects.update_or_create(step=step, defaults={"percent": percent})
    for mentor, most in loads.items():
        Load.objects.update_or_create(mentor=mentor, defaults={"most": most})
    record_audit(
        action="mentoring.limits_set",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        steps=len(percents),
        mentors=len(loads),
    )


@transaction.atomic
def keep_phrase(*, cohort: Cohort, text: str, owner: Person | None, actor: Person) -> Phrase:
    """Add words to the bank: one's own, or the cohort's (without ``owner``)."""
    phrase = Phrase.objects.create(cohort=cohort, text=text, owner=owner)
    if owner is None:
        record_audit(action="mentoring.phrase_kept", subject=f"cohort:{cohort.pk}", actor=actor, cohort=cohort)
    return phrase


@transaction.atomic
def remove_phrase(*, phrase: Phrase, actor: Person) -> None:
    """Take words out of the bank."""
    if phrase.owner_id is None:
        subject = f"cohort:{phrase.cohort_id}"
        record_audit(action="mentoring.phrase_removed", subject=subject, actor=actor, cohort=phrase.cohort)
    phrase.delete()


def _audit(action: str, mentor: Enrolment, actor: Person) -> None:
    record_audit(action=action, subject=f"enrolment:{mentor.pk}", actor=actor, cohort=mentor.cohort)
