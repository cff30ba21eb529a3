"""Reads of deliverables, in a bounded number of queries."""

from django.db.models import Q, QuerySet

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_mentor
from campus.deliverables.models import Deliverable, DeliverableQuerySet, Draft
from campus.people.models import Person
from campus.submissions.models import owner_in
from campus.teams.models import Membership


def current_of(step: Step) -> DeliverableQuerySet:
    """The newest version of each owner, with what names the owner."""
    return Deliverable.objects.current().filter(step=step).with_owner()


def of_owner(step: Step, enrolment: Enrolment) -> DeliverableQuerySet:
    """All versions that the enrolment, or its project team where teams hand in, handed in; the newest first."""
    owner = owner_in(step=step, enrolment=enrolment)
    if owner is None:
        return Deliverable.objects.none()
    return Deliverable.objects.filter(step=step).of_owner(owner).with_owner().order_by("-number")


def versions_of(deliverable: Deliverable) -> DeliverableQuerySet:
    """All versions of the same owner, the newest first."""
    versions = Deliverable.objects.filter(deliverable.owner_q, step=deliverable.step_id)
    return versions.with_owner().order_by("-number")


def draft_of(step: Step, enrolment: Enrolment) -> Draft | None:
    """What the learner has prepared, with its files."""
    drafts = Draft.objects.filter(step=step, enrolment=enrolment).prefetch_related("files")
    return drafts.first()


def seen_on_desk(person: Person, cohort: Cohort) -> DeliverableQuerySet:
    """Current versions in the cohort that the person looks after.

    All for organisers and mentors; for facilitators those of learners of their classes, and of teams that have one of
    them now.
    """
    found = Deliverable.objects.current().filter(step__cohort_case__cohort=cohort)
    if is_mentor(person, cohort):
        return found
    learners = learners_looked_after(person, cohort).values("pk")
    teams = Membership.objects.current().filter(enrolment__in=learners).values("team")
    return found.filter(Q(enrolment__in=learners) | Q(team__in=teams))


def text_steps(cohort: Cohort) -> QuerySet[Step]:
    """The cohort's steps that take deliverables, case by case."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.TEXT)
    return steps.order_by("cohort_case__position", "cohort_case__slug", "position")
