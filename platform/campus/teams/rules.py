"""Who may change a team. Learners leave by themselves; everything else is the organiser's."""

import rules

from campus.cohorts.models import Cohort
from campus.cohorts.rules import is_member, is_organiser
from campus.people.models import Person
from campus.teams.models import Membership, Team


@rules.predicate
def is_in_team(person: Person, team: Team) -> bool:
    """Whether the person belongs to the team now and still takes part in the cohort."""
    if not is_member(person, team.cohort):
        return False
    return team.memberships.current().filter(enrolment__person=person).exists()


@rules.predicate
def runs_cohort_of_team(person: Person, team: Team) -> bool:
    return is_organiser(person, team.cohort)


@rules.predicate
def may_form_team(person: Person, cohort: Cohort) -> bool:
    return is_organiser(person, cohort)


@rules.predicate
def may_end_membership(person: Person, membership: Membership) -> bool:
    """One's own, or as organiser anybody's."""
    cohort = membership.team.cohort
    own = membership.enrolment.person_id == person.pk and is_member(person, cohort)
    return own or is_organiser(person, cohort)


rules.add_perm("teams.form_team", may_form_team)
rules.add_perm("teams.join_team", runs_cohort_of_team)
rules.add_perm("teams.leave_team", may_end_membership)
rules.add_perm("teams.view_team", is_in_team | runs_cohort_of_team)
