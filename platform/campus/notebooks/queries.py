"""Who may have a notebook, and whose can be opened."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.rules import STAFF_ROLES, is_facilitator, is_mentor, is_organiser
from campus.people.models import Person

# So long after its last day a cohort's staff can still open its learners' notebooks.
AFTERWARDS = timedelta(days=60)


def entitled(people: Collection[int]) -> set[int]:
    """Ids of those among them who may have a notebook: active, and in a cohort that has a case."""
    with_cases = Enrolment.objects.taking_part().filter(person__in=people, cohort__cases__isnull=False)
    return set(with_cases.values_list("person", flat=True))


def running_cohorts() -> QuerySet[Cohort]:
    """Cohorts whose staff can open notebooks now."""
    return Cohort.objects.filter(ends_on__gte=timezone.localdate() - AFTERWARDS).order_by("slug")


def visitable(person: Person, cohort: Cohort) -> QuerySet[Enrolment]:
    """The learners of the cohort whose notebooks the person may open: all for mentors and organisers, those of the own
    classes for facilitators. Nobody who looks after others anywhere: opening a notebook is acting as its owner."""
    staff = Enrolment.objects.taking_part().filter(role__in=STAFF_ROLES).values("person")
    learners = Enrolment.objects.taking_part().filter(cohort=cohort, cohort__in=running_cohorts(), role=Role.LEARNER)
    learners = learners.filter(person__is_staff=False).exclude(person__in=staff)
    learners = learners.select_related("person", "study_class", "cohort")
    if is_organiser(person, cohort) or is_mentor(person, cohort):
        return learners
    if is_facilitator(person, cohort):
        own = Enrolment.objects.of(person).filter(role=Role.FACILITATOR, cohort=cohort)
        return learners.filter(study_class__in=own.values("facilitated_classes"))
    return learners.none()
