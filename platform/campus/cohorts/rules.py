"""Who may do what in a cohort. A right is asked of the person's enrolments there, never globally."""

from collections.abc import Iterable

import rules

from campus.cohorts.models import Cohort, Enrolment, Programme, Role
from campus.people.models import Person

STAFF_ROLES = (Role.FACILITATOR, Role.MENTOR, Role.ORGANISER)


def roles_of(person: Person, cohort: Cohort) -> set[str]:
    """The roles in which the person takes part in the cohort now; asked once per person object."""
    if not person.is_authenticated or not person.is_active:
        return set()
    known = _known_roles(person)
    if cohort.pk not in known:
        known[cohort.pk] = set(Enrolment.objects.of(person).filter(cohort=cohort).values_list("role", flat=True))
    return known[cohort.pk]


def remember_roles(person: Person, in_force: Iterable[Enrolment]) -> None:
    """Spare ``roles_of`` its queries in cohorts of which a page has read all the person's enrolments in force."""
    known = _known_roles(person)
    for enrolment in in_force:
        known.setdefault(enrolment.cohort_id, set()).add(enrolment.role)


def _known_roles(person: Person) -> dict[int, set[str]]:
    # An attribute, not __dict__: request.user is a lazy stand-in that has a __dict__ of its own.
    known: dict[int, set[str]] | None = getattr(person, "_roles_by_cohort", None)
    if known is None:
        known = {}
        setattr(person, "_roles_by_cohort", known)  # noqa: B010
    return known


@rules.predicate
def is_member(person: Person, cohort: Cohort) -> bool:
    return bool(roles_of(person, cohort))


@rules.predicate
def is_learner(person: Person, cohort: Cohort) -> bool:
    return Role.LEARNER in roles_of(person, cohort)


@rules.predicate
def is_organiser(person: Person, cohort: Cohort) -> bool:
    return Role.ORGANISER in roles_of(person, cohort)


@rules.predicate
def is_facilitator(person: Person, cohort: Cohort) -> bool:
    return Role.FACILITATOR in roles_of(person, cohort)


@rules.predicate
def is_mentor(person: Person, cohort: Cohort) -> bool:
    return Role.MENTOR in roles_of(person, cohort)


@rules.predicate
def is_operator(person: Person) -> bool:
    return person.is_active and person.is_staff


@rules.predicate
def organises_programme(person: Person, programme: Programme) -> bool:
    """Whether the person organises a cohort of the programme."""
    if not person.is_authenticated or not person.is_active:
        return False
    return Enrolment.objects.of(person).filter(role=Role.ORGANISER, cohort__programme=programme).exists()


rules.add_perm("cohorts.create_programme", is_operator)
rules.add_perm("cohorts.create_cohort", is_operator | organises_programme)
rules.add_perm("cohorts.look_after_learners", is_organiser | is_facilitator)
rules.add_perm("cohorts.view_cohort", is_member)
rules.add_perm("cohorts.run_cohort", is_organiser)
