"""The Hub's groups: whose servers may be opened, and by whom.

Who opens a server acts as its owner, by the owner's token. So only learners can be visited, and none of them who
looks after others anywhere; and only by those whom the site lets see them one by one.
"""

from dataclasses import dataclass

from campus.cohorts.models import Enrolment, Role, StudyClass
from campus.cohorts.rules import STAFF_ROLES
from campus.notebooks.queries import running_cohorts
from campus.people.models import Person


@dataclass(frozen=True)
class Grant:
    """Members of one group may open the servers of another's."""

    visitors: str
    owners: str


def groups_of(person: Person) -> list[str]:
    """The person's groups; none for who is deactivated. An organiser who still needs a second factor is none here."""
    mine = list(Enrolment.objects.of(person).select_related("cohort"))
    groups = {"operators"} if person.is_staff and person.is_active else set()
    groups |= _as_visitor(mine)
    if may_be_visited(person):
        groups |= {group for enrolment in mine for group in _as_owner(enrolment)}
    return sorted(groups)


def _as_visitor(mine: list[Enrolment]) -> set[str]:
    classes = StudyClass.objects.filter(facilitators__in=[one.pk for one in mine if one.role == Role.FACILITATOR])
    groups = {f"facilitators-{pk}" for pk in classes.values_list("pk", flat=True)}
    groups |= {f"mentors-{one.cohort.slug}" for one in mine if one.role in {Role.MENTOR, Role.ORGANISER}}
    return groups | ({"organisers"} if any(one.role == Role.ORGANISER for one in mine) else set())


def _as_owner(enrolment: Enrolment) -> set[str]:
    if enrolment.role != Role.LEARNER:
        return set()
    own_class = {f"class-{enrolment.study_class_id}"} if enrolment.study_class_id else set()
    return {f"cohort-{enrolment.cohort.slug}"} | own_class


def may_be_visited(person: Person) -> bool:
    """Whether staff may open the person's server: who looks after others has a token that reads their work."""
    looks_after = Enrolment.objects.taking_part().filter(person=person, role__in=STAFF_ROLES)
    return not person.is_staff and not looks_after.exists()


def grants() -> list[Grant]:
    """Who may open whose servers, in two queries."""
    cohorts = [Grant(f"mentors-{slug}", f"cohort-{slug}") for slug in running_cohorts().values_list("slug", flat=True)]
    classes = StudyClass.objects.filter(cohort__in=running_cohorts()).order_by("pk").values_list("pk", flat=True)
    return cohorts + [Grant(f"facilitators-{pk}", f"class-{pk}") for pk in classes]
