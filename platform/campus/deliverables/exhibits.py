"""Sharing what was made: who may show what to the cohort, from when on it is seen, and what there is to see."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campus import live
from campus.cases.models import Extension, Step, StepKind, StepQuerySet
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable, Exhibit, ExhibitQuerySet
from campus.deliverables.refusals import NothingToShow, TooLong
from campus.people.models import Person
from campus.submissions.board_page import Line, best_lines, standing_line
from campus.submissions.models import Owner, Standing, owner_in

LONGEST_WRITE_UP = 5_000
BEST = 5  # places of the final board that are shown


def open_steps() -> StepQuerySet:
    """Steps on which nobody works any more: closed, extensions included, and not being judged by peers.

    The same moment for everybody, so that nobody reads others' work before handing in or judging.
    """
    now = timezone.now()
    running = Exists(Extension.objects.filter(step=OuterRef("pk"), closes_at__gt=now))
    reviews = Step.objects.filter(
        cohort_case=OuterRef("cohort_case"), kind=StepKind.REVIEW, position__gt=OuterRef("position")
    )
    judged = Exists(reviews.filter(Q(closes_at__gt=now) | running))
    closed = Step.objects.filter(closes_at__lte=now).exclude(running)
    return closed.exclude(Q(judged), kind=StepKind.TEXT)


def seen_exhibits() -> ExhibitQuerySet:
    """What cohorts see now."""
    return Exhibit.objects.shown().filter(step__in=open_steps())


def open_exhibits(cohort: Cohort) -> ExhibitQuerySet:
    """What the cohort sees now, the latest first."""
    return seen_exhibits().filter(step__cohort_case__cohort=cohort).with_owner().order_by("-shown_at", "-pk")


def is_exhibited(deliverable: Deliverable) -> bool:
    """Whether its owner shows it to the cohort, and the cohort sees it by now."""
    if not deliverable.is_current:
        return False
    return seen_exhibits().filter(deliverable.owner_q, step=deliverable.step_id).exists()


def exhibit_of(step: Step, owner: Owner) -> Exhibit | None:
    """The owner's own, withdrawn or not."""
    return Exhibit.objects.filter(owner.filter, step=step.pk).with_owner().first()


def may_show(step: Step, owner: Owner) -> bool:
    """Whether there is anything to show: a deliverable, or a place on the board."""
    if step.kind == StepKind.TEXT:
        return Deliverable.objects.filter(owner.filter, step=step.pk).exists()
    return step.is_graded and Standing.objects.filter(owner.filter, step=step.pk).exists()


def show(*, step: Step, enrolment: Enrolment, write_up: str) -> Exhibit:
    """Let the cohort see the owner's work, or change the words on it; raises a Refused."""
    owner = owner_in(step=step, enrolment=enrolment)
    if owner is None or not may_show(step, owner):
        raise NothingToShow
    if len(write_up) > LONGEST_WRITE_UP:
        raise TooLong
    with live.atomic():
        owner.lock()
        exhibit = exhibit_of(step, owner) or Exhibit(step=step, team=owner.team)
        if exhibit.withdrawn_at or not exhibit.pk:
            exhibit.shown_at = timezone.now()
        exhibit.enrolment, exhibit.write_up, exhibit.withdrawn_at = enrolment, write_up, None
        exhibit.save()
    return exhibit


def withdraw(exhibit: Exhibit, *, actor: Person) -> None:
    """Take it back: the owner whenever it pleases, an organiser with a trace."""
    with live.atomic():
        Exhibit.objects.filter(pk=exhibit.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
        if not actor.has_perm("deliverables.show", exhibit):
            record_audit(
                action="exhibit.withdrawn",
                subject=f"exhibit:{exhibit.pk}",
                actor=actor,
                cohort=exhibit.step.cohort,
                step=exhibit.step_id,
            )


@dataclass(frozen=True)
class BestOfStep:
    """The first places of a graded step's final board."""

    step: Step
    lines: list[Line]


def best_of(cohort: Cohort) -> list[BestOfStep]:
    """The best of each graded step of the cohort that is over; one query for each step."""
    steps = open_steps().with_case().filter(cohort_case__cohort=cohort)
    graded = [step for step in steps.order_by("cohort_case__position", "position") if step.is_graded]
    found = [BestOfStep(step, best_lines(step, most=BEST)) for step in graded]
    return [one for one in found if one.lines]


def standing_of_exhibit(exhibit: Exhibit) -> Line | None:
    """The final place of the owner whose exhibit is of a graded step."""
    return standing_line(step=exhibit.step, owner=exhibit.owner) if exhibit.step.is_graded else None


def deliverable_of(exhibit: Exhibit) -> Deliverable | None:
    """What the exhibit shows where people judge: the owner's current version."""
    rows = Deliverable.objects.current().filter(exhibit.owner.filter, step=exhibit.step_id)
    return rows.with_step().with_owner().with_content().first()
