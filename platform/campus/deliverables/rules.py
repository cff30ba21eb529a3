"""Who may read and hand in deliverables."""

import rules

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.rules import is_facilitator, is_learner, is_member, is_mentor, is_organiser
from campus.deliverables.exhibits import is_exhibited
from campus.deliverables.models import Deliverable, Exhibit
from campus.deliverables.readers import is_barred_reader, is_registered_reader
from campus.people.models import Person
from campus.submissions.rules import is_in_cohort, is_looked_after, is_own
from campus.teams.models import Membership


@rules.predicate
def looks_after_the_team(person: Person, deliverable: Deliverable) -> bool:
    """Facilitators of the class of anybody who is in the team now; hand-ins are the whole team's."""
    if deliverable.team_id is None:
        return False
    members = Membership.objects.current().filter(team=deliverable.team_id)
    facilitating = Enrolment.objects.of(person).filter(role=Role.FACILITATOR, cohort=deliverable.step.cohort)
    return facilitating.filter(facilitated_classes__in=members.values("enrolment__study_class")).exists()


@rules.predicate
def may_read_unnamed(person: Person, deliverable: Deliverable) -> bool:
    """Who was given a reason to read it, without the owner's name."""
    return is_registered_reader(person, deliverable)


@rules.predicate
def is_barred(person: Person, deliverable: Deliverable) -> bool:
    """Who has a conflict of interest."""
    return is_barred_reader(person, deliverable)


@rules.predicate
def learns_in_cohort(person: Person, step: Step) -> bool:
    return step.kind == StepKind.TEXT and bool(is_learner(person, step.cohort))


@rules.predicate
def looks_over_work(person: Person, cohort: Cohort) -> bool:
    """Whoever reads hand-ins of many: organisers, mentors, facilitators (of their own classes)."""
    return bool(is_organiser(person, cohort) or is_mentor(person, cohort) or is_facilitator(person, cohort))


@rules.predicate
def sees_exhibited(_person: Person, deliverable: Deliverable) -> bool:
    """What its owner shows to the cohort, everybody there may read."""
    return is_exhibited(deliverable)


@rules.predicate
def shares_exhibit(person: Person, exhibit: Exhibit) -> bool:
    """The owner of what is shown: who is in the team now, else the one person."""
    if exhibit.team_id is None:
        return exhibit.enrolment.person_id == person.pk
    return Membership.objects.current().filter(enrolment__person=person, team=exhibit.team_id).exists()


@rules.predicate
def runs_cohort_of_exhibit(person: Person, exhibit: Exhibit) -> bool:
    return bool(is_organiser(person, exhibit.step.cohort))


@rules.predicate
def is_in_cohort_of_exhibit(person: Person, exhibit: Exhibit) -> bool:
    return bool(is_member(person, exhibit.step.cohort))


# Who knows whose it is, and may have the files as they were handed in.
_named = is_own | (is_looked_after | looks_after_the_team) & ~is_barred
rules.add_perm("deliverables.know_owner", is_in_cohort & _named)
rules.add_perm("deliverables.read", is_in_cohort & (_named | may_read_unnamed | sees_exhibited))
rules.add_perm("deliverables.hand_in", learns_in_cohort)
rules.add_perm("deliverables.list", looks_over_work)
rules.add_perm("deliverables.show", is_in_cohort_of_exhibit & shares_exhibit)
rules.add_perm("deliverables.withdraw", is_in_cohort_of_exhibit & (shares_exhibit | runs_cohort_of_exhibit))


def may_read(person: Person, deliverable: Deliverable) -> bool:
    """Whether the person may read the deliverable, with or without the owner's name."""
    return bool(person.has_perm("deliverables.read", deliverable))
