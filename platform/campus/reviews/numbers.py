"""What other numbers of a round would change for whom; and changing them."""

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from campus import live
from campus.cohorts.actions import record_audit
from campus.people.models import Person
from campus.reviews import assigning, refusals
from campus.reviews.decisions import EndReason, Plan, Stage
from campus.reviews.models import ReviewRound, Share
from campus.reviews.notices import OWED
from campus.reviews.tasks import defer_assigning
from campus.reviews.telling import tell

FIELDS = ("reviews_each", "idle_hours", "due_hours", "favours")
Numbers = Mapping[str, int]


def numbers_of(round: ReviewRound) -> dict[str, int]:
    return {name: getattr(round, name) for name in FIELDS}


def version_of(round: ReviewRound) -> str:
    """What a form says it was filled in on: changing is refused where somebody else has changed them meanwhile."""
    return "-".join(str(number) for number in numbers_of(round).values())


@dataclass(frozen=True)
class Change:
    """One learner, before and after."""

    share: Share
    given: int
    owed_before: int
    owed_after: int
    taken_back: int
    given_out: int

    @property
    def was_done(self) -> bool:
        return self.given >= self.owed_before

    @property
    def is_done(self) -> bool:
        return self.given >= self.owed_after

    @property
    def matters(self) -> bool:
        return self.was_done != self.is_done or bool(self.taken_back or self.given_out)


@dataclass(frozen=True)
class Effect:
    """Who is concerned, and how many works would have all of their reviews."""

    changes: list[Change]
    reasons: Counter[EndReason]
    works: int
    complete_before: int
    complete_after: int

    @property
    def concerned(self) -> list[Change]:
        return [one for one in self.changes if one.matters]

    @property
    def done_before(self) -> int:
        return sum(one.was_done for one in self.changes)

    @property
    def done_after(self) -> int:
        return sum(one.is_done for one in self.changes)

    @property
    def owe_again(self) -> int:
        """Who has given all and would owe more; until then she can't read what she received."""
        return sum(one.was_done and not one.is_done for one in self.changes)

    @property
    def taken_back(self) -> int:
        return sum(one.taken_back for one in self.changes)

    @property
    def given_out(self) -> int:
        return sum(one.given_out for one in self.changes)


def effect_of(round: ReviewRound, numbers: Numbers) -> Effect:
    """What the numbers would change now; nothing is written."""
    tried = _with(round, numbers)
    plan = _plan(tried)
    taken = Counter(link.reviewer for link, _ in plan.ends)
    given_out = Counter([*(link.reviewer for link in plan.resumes), *(share for share, _ in plan.gives)])
    given = Count("assignments", filter=Q(assignments__stage=Stage.GIVEN))
    shares = round.shares.taking_part().annotate(given=given)
    shares = shares.select_related("enrolment__person", "enrolment__study_class").order_by("enrolment__person__name")
    changes = [
        Change(
            share,
            share.given,
            0 if share.excused_at else round.reviews_each,
            0 if share.excused_at else tried.reviews_each,
            taken[share.pk],
            given_out[share.pk],
        )
        for share in shares
    ]
    by_work = list(round.works.annotate(given=given).values_list("given", flat=True))
    return Effect(
        changes,
        Counter(reason for _, reason in plan.ends),
        len(by_work),
        sum(count >= round.reviews_each for count in by_work),
        sum(count >= tried.reviews_each for count in by_work),
    )


def _with(round: ReviewRound, numbers: Numbers) -> ReviewRound:
    tried = copy.copy(round)
    for name in FIELDS:
        setattr(tried, name, numbers[name])
    return tried


def _plan(round: ReviewRound) -> Plan:
    """What would be done at once."""
    if not round.step.has_opened():
        return Plan()
    with transaction.atomic():
        plan = assigning.look(round, now=timezone.now())
        transaction.set_rollback(True)
    return plan


def change_numbers(*, round: ReviewRound, numbers: Numbers, based_on: str, actor: Person) -> None:
    """Make them the round's; what follows is done within a second, and who owes another number is told.

    Raises ValidationError where they are no longer those that the organiser saw.
    """
    with live.atomic():
        locked = ReviewRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
        if version_of(locked) != based_on:
            raise refusals.numbers_changed()
        before = locked.reviews_each
        for name in FIELDS:
            setattr(round, name, numbers[name])
        round.save(update_fields=FIELDS)
        changed = sorted(name for name in FIELDS if getattr(locked, name) != numbers[name])
        record_audit(
            action="reviews.numbers_changed",
            subject=f"step:{round.step_id}",
            actor=actor,
            cohort=round.cohort,
            fields=", ".join(changed),
            **numbers,
        )
        if before != round.reviews_each:
            _tell_owing(round, before)
        if round.step.has_opened():
            defer_assigning(round)
        live.touch(f"reviews:{round.pk}")


def _tell_owing(round: ReviewRound, before: int) -> None:
    shares = round.shares.taking_part().filter(excused_at=None).select_related("enrolment__person")
    live.touch_each("reviews", {f"enrolment:{share.enrolment_id}": {} for share in shares})
    enrolments = [share.enrolment for share in shares]
    key = f"owed:{timezone.now():%Y%m%dT%H%M%S}"
    tell(round, OWED, enrolments, key=key, before=before, now=round.reviews_each)
