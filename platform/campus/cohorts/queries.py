"""What the cohort's page shows, read in a number of queries that does not grow with the cohort."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from campus.cohorts.models import TAKES_PART, Cohort, Enrolment, Role, StudyClass
from campus.cohorts.rules import is_facilitator, is_organiser
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


def classes_looked_after(person: Person, cohort: Cohort) -> QuerySet[StudyClass]:
    """The classes whose learners the person may see one by one, as `classes_of` gives them."""
    classes = classes_of(cohort)
    if is_organiser(person, cohort):
        return classes
    return classes.filter(pk__in=_own_classes(person))


def _own_classes(person: Person) -> QuerySet[StudyClass]:
    """The classes in which the person is facilitator now, each once."""
    return StudyClass.objects.filter(facilitators__in=Enrolment.objects.of(person).filter(role=Role.FACILITATOR))


def learner_enrolment(person: Person, cohort: Cohort) -> Enrolment | None:
    """The person's enrolment as learner of the cohort, while it is in force."""
    mine = Enrolment.objects.of(person).filter(cohort=cohort, role=Role.LEARNER)
    return mine.select_related("study_class", "person", "cohort").first()


def learners_looked_after(person: Person, cohort: Cohort) -> QuerySet[Enrolment]:
    """The learners' enrolments that the person may see one by one, whatever their state.

    All of the cohort for organisers, those of the own classes for facilitators, nobody for the others.
    """
    learners = Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER)
    if is_organiser(person, cohort):
        return learners
    if is_facilitator(person, cohort):
        return learners.filter(study_class__in=_own_classes(person))
    return learners.none()


def people_looked_after(person: Person, cohort: Cohort) -> QuerySet[Enrolment]:
    """The enrolments that the person may see one by one: every role for organisers, else learners looked after."""
    if is_organiser(person, cohort):
        return Enrolment.objects.filter(cohort=cohort)
    return learners_looked_after(person, cohort)
