"""Who may do what with groups.

Learners speak for themselves and their own team. Whoever looks after learners sees where these are; only organisers
change groups, except that a facilitator finds a place for a learner of the own classes.
"""

import rules

from campus.cohorts.models import Enrolment, Role
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_facilitator, is_learner, is_mentor, is_organiser, roles_of
from campus.grouping.models import Approach
from campus.people.models import Person
from campus.teams.models import Team, TeamKind
from campus.teams.rules import is_in_team, runs_cohort_of_team


@rules.predicate
def looks_after(person: Person, enrolment: Enrolment) -> bool:
    return learners_looked_after(person, enrolment.cohort).filter(pk=enrolment.pk).exists()


@rules.predicate
def looks_after_member(person: Person, team: Team) -> bool:
    """Whether the person looks after one of the present members; mentors look after project teams."""
    if team.kind == TeamKind.PROJECT and Role.MENTOR in roles_of(person, team.cohort):
        return True
    members = team.memberships.current().values("enrolment")
    return learners_looked_after(person, team.cohort).filter(pk__in=members).exists()


@rules.predicate
def mentors_project(person: Person, team: Team) -> bool:
    return team.kind == TeamKind.PROJECT and is_mentor(person, team.cohort)


@rules.predicate
def may_answer(person: Person, approach: Approach) -> bool:
    """The invited person answers an invitation, the members of the team answer who asks."""
    if approach.is_invitation:
        own = approach.enrolment.person_id == person.pk
        return own and Role.LEARNER in roles_of(person, approach.team.cohort)
    return is_in_team(person, approach.team)


@rules.predicate
def may_withdraw(person: Person, approach: Approach) -> bool:
    """Whoever's side has spoken."""
    if approach.is_invitation:
        return is_in_team(person, approach.team)
    return approach.enrolment.person_id == person.pk and is_learner(person, approach.team.cohort)


rules.add_perm("grouping.form", is_organiser)
rules.add_perm("grouping.look_after", is_organiser | is_facilitator)
rules.add_perm("grouping.place", looks_after)
rules.add_perm("grouping.change_team", runs_cohort_of_team)
rules.add_perm("grouping.speak", is_learner)
rules.add_perm("grouping.view_space", is_in_team | runs_cohort_of_team | looks_after_member)
rules.add_perm("grouping.work_in_space", is_in_team)
rules.add_perm("grouping.see_evaluation", runs_cohort_of_team | mentors_project)
rules.add_perm("grouping.answer", may_answer)
rules.add_perm("grouping.withdraw", may_withdraw)
