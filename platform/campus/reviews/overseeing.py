"""What staff do in a round, each with its trace in the audit log: excuse, take back, rebalance, decide on appeals."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.models import AuditEntry, Enrolment
from campus.notices.actions import notify
from campus.people.models import Person
from campus.reviews import assigning, refusals
from campus.reviews.actions import end_assignment
from campus.reviews.decisions import EndReason, Plan
from campus.reviews.models import Appeal, Assignment, Outcome, Review, ReviewRound, Share, Work
from campus.reviews.notices import DECIDED
from campus.reviews.queries import authors_of
from campus.reviews.rules import has_conflict
from campus.reviews.tasks import defer_assigning
from campus.reviews.words import told_of

SEEN_AGAIN_AFTER = timedelta(hours=12)


def rebalance(*, round: ReviewRound, actor: Person) -> Plan:
    """Do at once what the preview showed, as far as it still holds."""
    with live.atomic():
        plan = assigning.assign(round)
        record_audit(
            action="reviews.rebalanced",
            subject=f"step:{round.step_id}",
            actor=actor,
            cohort=round.cohort,
            ended=len(plan.ends),
            given=len(plan.given_out),
        )
    return plan


def preview(round: ReviewRound) -> Plan:
    """What rebalancing would do now; nothing is written."""
    with transaction.atomic():
        plan = assigning.look(round, now=timezone.now())
        transaction.set_rollback(True)
    return plan


def excuse(*, round: ReviewRound, enrolment: Enrolment, reason: str, actor: Person) -> Share:
    """Let a learner off her reviews: they count as given, and what she has in hand goes to others."""
    with live.atomic():
        share, _ = Share.objects.get_or_create(round=round, enrolment=enrolment)
        share.excused_at, share.excused_by, share.excuse = timezone.now(), actor, reason
        share.save(update_fields=["excused_at", "excused_by", "excuse"])
        for assignment in share.assignments.open():
            end_assignment(assignment, EndReason.REASSIGNED)
        _audit("reviews.excused", round, enrolment, actor)
        live.touch(f"enrolment:{enrolment.pk}", "reviews")
        defer_assigning(round)
    return share


def ask_after_all(*, share: Share, actor: Person) -> None:
    """Take an excuse back: she owes her reviews again."""
    with live.atomic():
        share.excused_at, share.excused_by, share.excuse = None, None, ""
        share.save(update_fields=["excused_at", "excused_by", "excuse"])
        _audit("reviews.excuse_withdrawn", share.round, share.enrolment, actor)
        defer_assigning(share.round)


def take_back(*, assignment: Assignment, actor: Person) -> None:
    """Give a review that is not given yet to somebody else."""
    with live.atomic():
        locked = Assignment.objects.with_all().select_for_update(of=("self",)).get(pk=assignment.pk)
        if not locked.is_open:
            raise refusals.is_given()
        end_assignment(locked, EndReason.REASSIGNED)
        _audit("reviews.taken_back", locked.share.round, locked.share.enrolment, actor, work=locked.work_id)
        live.touch(f"enrolment:{locked.share.enrolment_id}", "reviews")
        defer_assigning(locked.share.round)


def decide_appeal(*, appeal: Appeal, set_aside: Collection[int], answer: str, actor: Person) -> Appeal:
    """Answer an author's request: reviews (ids) that don't count any more, and why; the authors are told."""
    with live.atomic():
        locked = Appeal.objects.select_for_update(of=("self",)).select_related("work").get(pk=appeal.pk)
        work = locked.work
        work.round = appeal.work.round
        if locked.decided_at:
            raise refusals.decided()
        if has_conflict(actor, work):
            raise refusals.conflict()
        now = timezone.now()
        aside = Review.objects.filter(pk__in=set_aside, assignment__work=work, set_aside_at=None)
        count = aside.update(set_aside_at=now)
        locked.outcome = Outcome.SET_ASIDE if count else Outcome.KEPT
        locked.answer, locked.decided_at, locked.decided_by = answer, now, actor
        locked.save()
        ReviewRound.objects.filter(pk=work.round_id).update(has_news=True)
        record_audit(
            action="reviews.appeal_decided",
            subject=f"reviewed_work:{work.pk}",
            actor=actor,
            cohort=work.round.cohort,
            count=count,
        )
        _tell_authors(work, locked)
        defer_assigning(work.round)
    return locked


def close_appeal(appeal: Appeal) -> None:
    """End a request whose author deleted the account: there is nobody to answer, and its text goes with them."""
    appeal.outcome, appeal.decided_at = Outcome.CLOSED, timezone.now()
    appeal.save(update_fields=["outcome", "decided_at"])
    record_audit(
        action="reviews.appeal_closed",
        subject=f"reviewed_work:{appeal.work_id}",
        actor=None,
        cohort=appeal.work.round.cohort,
    )


def _tell_authors(work: Work, appeal: Appeal) -> None:
    notify(
        kind=DECIDED.name,
        to=[one.person for one in authors_of(work)],
        context=told_of(work.round),
        url=work.round.path("received"),
        key=f"appeal:{appeal.pk}:decided",
    )
    live.touch(work.stream, "reviews")


def note_names_seen(*, work: Work, actor: Person) -> None:
    """Leave a trace that somebody looked at who wrote and who reviewed a work; once in half a day."""
    subject, since = f"reviewed_work:{work.pk}", timezone.now() - SEEN_AGAIN_AFTER
    seen = AuditEntry.objects.filter(action="reviews.names_seen", subject=subject, actor=actor, at__gt=since)
    if not seen.exists():
        record_audit(action="reviews.names_seen", subject=subject, actor=actor, cohort=work.round.cohort)


def _audit(action: str, round_: ReviewRound, enrolment: Enrolment, actor: Person, **details: int) -> None:
    subject = f"enrolment:{enrolment.pk}"
    record_audit(action=action, subject=subject, actor=actor, cohort=round_.cohort, step=round_.step_id, **details)
