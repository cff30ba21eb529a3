"""What reviewers and authors do in a round: practise, write and give reviews, rate, answer, ask for re-evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from campus import live
from campus.cases.deadlines import deadline_for
from campus.cohorts.models import Enrolment, Role
from campus.notices.actions import notify
from campus.people.models import Person
from campus.reviews import notices as kinds
from campus.reviews import refusals
from campus.reviews.decisions import EndReason, Stage
from campus.reviews.models import (
    Appeal,
    Assignment,
    Outcome,
    PracticeReview,
    Rating,
    Reception,
    Review,
    ReviewRound,
    Share,
    Work,
)
from campus.reviews.practice import is_practised
from campus.reviews.queries import authors_of, is_unlocked
from campus.reviews.tasks import defer_assigning
from campus.reviews.telling import tell
from campus.reviews.words import told_of


@dataclass(frozen=True)
class Written:
    """What a reviewer typed."""

    marks: Mapping[str, int]
    comments: Mapping[str, str]
    advice: str


def join(*, round: ReviewRound, enrolment: Enrolment) -> Share:
    """The learner's share; whoever looks in is there for reviews again."""
    share, _ = Share.objects.get_or_create(round=round, enrolment=enrolment)
    Share.objects.filter(pk=share.pk).update(active_at=timezone.now())
    share.round, share.enrolment = round, enrolment
    return share


def practise(*, share: Share, sample: str, marks: Mapping[str, int]) -> PracticeReview:
    """Keep what a reviewer gave a sample; the first try counts, since the known marks are shown after it."""
    with transaction.atomic():
        made, is_new = PracticeReview.objects.get_or_create(share=share, sample=sample, defaults={"marks": dict(marks)})
        if is_new:
            _note_activity(share)
    return made


def save_draft(*, assignment: Assignment, written: Written) -> Review:
    """Keep what was typed, right or wrong; the first time is when the review begins."""
    with live.atomic():
        locked = _locked(assignment)
        if locked.stage == Stage.GIVEN:
            raise refusals.is_given()
        return _write(locked, written)


def give(*, assignment: Assignment, written: Written) -> Review:
    """Hand the review in: the author sees it as soon as her own are in. Never changed afterwards."""
    with live.atomic():
        locked = _locked(assignment)
        _refuse_to_give(locked)
        review = _write(locked, written)
        now = timezone.now()
        locked.stage, locked.given_at = Stage.GIVEN, now
        locked.save(update_fields=["stage", "given_at"])
        ReviewRound.objects.filter(pk=locked.share.round_id).update(has_news=True)
        round_ = locked.share.round
        _tell_authors(locked.work, kinds.RECEIVED, round_, key=f"received:{locked.pk}")
        live.touch(locked.work.stream, "reviews")
        live.touch(f"enrolment:{locked.share.enrolment_id}", "reviews")
        live.touch(f"reviews:{round_.pk}")
    return review


def decline(*, assignment: Assignment, reason: EndReason) -> None:
    """Give a work back: a favour that she can't do, or a work whose author she recognised. Somebody else gets it."""
    with live.atomic():
        locked = _locked(assignment)
        if not locked.is_open:
            raise refusals.has_ended()
        if reason is EndReason.DECLINED and not locked.is_extra:
            raise refusals.has_ended()
        end_assignment(locked, reason)
        if reason is EndReason.DECLINED:
            Share.objects.filter(pk=locked.share_id).update(takes_extras=False)
        _note_activity(locked.share)
        live.touch(f"enrolment:{locked.share.enrolment_id}", "reviews")
        defer_assigning(locked.share.round)


def end_assignment(assignment: Assignment, reason: EndReason) -> None:
    """End it, for whatever reason; what was typed is kept with it."""
    assignment.stage, assignment.ended_at, assignment.end_reason = Stage.ENDED, timezone.now(), reason
    assignment.save(update_fields=["stage", "ended_at", "end_reason"])


def rate(*, review: Review, rating: Rating, by: Enrolment) -> None:
    """Say how much a received review helped; may be changed."""
    _refuse_locked(review.assignment.work, by)
    Reception.objects.update_or_create(review=review, defaults={"rating": rating, "by": by})


def answer(*, review: Review, text: str, by: Enrolment) -> None:
    """Answer a received review, once; the reviewer is told, and neither learns who the other is."""
    _refuse_locked(review.assignment.work, by)
    with live.atomic():
        Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
        reception, _ = Reception.objects.get_or_create(review=review)
        if reception.answered_at:
            raise refusals.answered()
        reception.answer, reception.answered_at, reception.by = text, timezone.now(), by
        reception.save()
        share = review.assignment.share
        notify(
            kind=kinds.ANSWERED.name,
            to=[share.enrolment.person],
            context=told_of(share.round),
            url=review.assignment.path,
            key=f"review:{review.pk}:answered",
        )
        live.touch(f"enrolment:{share.enrolment_id}", "reviews")


def appeal(*, work: Work, reason: str, by: Enrolment) -> Appeal:
    """Ask staff to look at the reviews again; once for a work, unless who asked has deleted the account."""
    _refuse_locked(work, by)
    with live.atomic():
        Work.objects.select_for_update(of=("self",)).get(pk=work.pk)
        if Appeal.objects.filter(work=work).exclude(outcome=Outcome.CLOSED).exists():
            raise refusals.asked_already()
        if not work.assignments.counted().exists():
            raise refusals.nothing_to_appeal()
        Appeal.objects.filter(work=work).delete()
        made = Appeal.objects.create(work=work, reason=reason, by=by)
        notify(
            kind=kinds.APPEALED.name,
            to=_deciders(work),
            context=told_of(work.round),
            url=f"/cohorts/{work.round.cohort.slug}/desk/reviews/works/{work.pk}/",
            key=f"appeal:{made.pk}",
        )
        live.touch(f"reviews:{work.round_id}")
    return made


def _deciders(work: Work) -> list[Person]:
    staff = Enrolment.objects.taking_part().filter(cohort=work.round.cohort, role__in=[Role.ORGANISER, Role.MENTOR])
    return [one.person for one in staff.select_related("person")]


def _locked(assignment: Assignment) -> Assignment:
    """The row as it is now, until the transaction ends."""
    return Assignment.objects.with_all().select_for_update(of=("self",)).get(pk=assignment.pk)


def _refuse_to_give(assignment: Assignment) -> None:
    step, now = assignment.share.round.step, timezone.now()
    if assignment.stage == Stage.GIVEN:
        raise refusals.is_given()
    if now >= deadline_for(step, assignment.share.enrolment):
        raise refusals.is_closed()
    if not assignment.is_open:
        raise refusals.has_ended()
    if not is_practised(assignment.share):
        raise refusals.practice_first()


def _write(assignment: Assignment, written: Written) -> Review:
    now = timezone.now()
    review, _ = Review.objects.update_or_create(
        assignment=assignment,
        defaults={
            "marks": dict(written.marks),
            "comments": dict(written.comments),
            "advice": written.advice,
            "saved_at": now,
        },
    )
    if assignment.is_open:
        assignment.stage, assignment.touched_at = Stage.BEGUN, now
        assignment.begun_at = assignment.begun_at or now
        assignment.save(update_fields=["stage", "touched_at", "begun_at"])
        _note_activity(assignment.share)
    return review


def begin(*, assignment: Assignment) -> None:
    """Note that the reviewer has opened the work: from now on nobody takes it from her."""
    now = timezone.now()
    changed = Assignment.objects.filter(pk=assignment.pk, stage=Stage.ASSIGNED).update(
        stage=Stage.BEGUN, begun_at=now, touched_at=now
    )
    if changed:
        _note_activity(assignment.share)
        assignment.refresh_from_db(fields=["stage", "begun_at", "touched_at"])


def _note_activity(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(active_at=timezone.now())


def _refuse_locked(work: Work, by: Enrolment) -> None:
    if not is_unlocked(work.round, by):
        raise refusals.own_reviews_first()


def _tell_authors(work: Work, kind: kinds.Kind, round_: ReviewRound, *, key: str) -> None:
    tell(round_, kind, authors_of(work), key=key, page="received")
