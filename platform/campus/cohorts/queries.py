"""What the cohort's page shows, read in a number of queries that does not grow with the cohort."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from campus.cohorts.models import TAKES_PART, Cohort, Enrolment, Role, StudyClass
from campus.people.models import Person


@dataclass(frozen=True)
class RoleCount:
    role: Role
    count: int


def people_counts(cohort: Cohort) -> list[RoleCount]:
    """How many people take part in each role, in the order of the roles; roles without anybody are left out."""
    rows = Enrolment.objects.taking_part().filter(cohort=cohort).values_list("role").annotate(people=Count("pk"))
    counts: dict[str, int] = dict(rows)
    return [RoleCount(role, counts[role]) for role in Role if role in counts]


def classes_of(cohort: Cohort) -> QuerySet[StudyClass]:
    """The cohort's classes with their facilitators and ``learner_count``."""
    facilitators = Enrolment.objects.taking_part().select_related("person").order_by("person__name")
    taking_part = Q(learners__state__in=TAKES_PART, learners__person__is_active=True, learners__role=Role.LEARNER)
    return cohort.classes.annotate(learner_count=Count("learners", filter=taking_part)).prefetch_related(
        Prefetch("facilitators", queryset=facilitators)
    )


def learner_enrolment(person: Person, cohort: Cohort) -> Enrolment | None:
    """The person's enrolment as learner of the cohort, while it is in force."""
    mine = Enrolment.objects.of(person).filter(cohort=cohort, role=Role.LEARNER)
    return mine.select_related("study_class", "person", "cohort").first()
