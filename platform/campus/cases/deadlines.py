"""When a step closes for whom: the step's own deadline, or a later one that was granted.

Everything that asks "is it late, is it still open?" for somebody asks here.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from campus.cases.models import Extension, Step
from campus.cohorts.models import MANY, Cohort, Enrolled, Enrolment
from campus.cohorts.queries import learner_enrolment
from campus.people.models import Person
from campus.teams.models import Membership, Team, TeamKind

Deadlines = dict[tuple[int, int], datetime]


def deadline_for(step: Step, enrolment: Enrolment) -> datetime:
    """When the step closes for this learner; in a step by team, for the project team she is in now."""
    return deadlines_of([step], [enrolment])[step.pk, enrolment.pk]


def team_deadline(step: Step, team: Team) -> datetime:
    """When the step closes for the team."""
    found = Extension.objects.filter(step=step, team=team).first()
    return max(step.closes_at, found.closes_at) if found else step.closes_at


def deadlines_of(
    steps: Iterable[Step], enrolments: Iterable[Enrolled], *, teams: Mapping[int, int] | None = None
) -> Deadlines:
    """Each step's deadline for each learner, by (step id, enrolment id), in two queries."""
    steps, wanted = list(steps), list(enrolments)
    found = {(step.pk, one.pk): step.closes_at for step in steps for one in wanted}
    return found | later_deadlines(steps, wanted, teams=teams)


def later_deadlines(
    steps: Iterable[Step], enrolments: Iterable[Enrolled], *, teams: Mapping[int, int] | None = None
) -> Deadlines:
    """Only those deadlines of these learners that are later than the step's own, in two queries.

    teams: the project team of each learner by enrolment id, where that was read already.
    """
    own = {step.pk: step for step in steps}
    wanted = {enrolment.pk: enrolment.cohort_id for enrolment in enrolments}
    team_of = teams if teams is not None else _teams(wanted) if any(step.is_team_step for step in own.values()) else {}
    members = defaultdict(list)
    for enrolment, team in team_of.items():
        members[team].append(enrolment)
    theirs = Q(enrolment__in=wanted) | Q(team__in=members) if len(wanted) <= MANY else Q()
    found: Deadlines = {}
    for extension in Extension.objects.filter(theirs, step__in=own):
        step = own[extension.step_id]
        # Who hands in is asked now: an extension of a person says nothing in a step by team, and the other way round.
        if step.is_team_step != (extension.team_id is not None) or extension.closes_at <= step.closes_at:
            continue
        whose = members.get(extension.team_id, []) if extension.team_id else [extension.enrolment_id or 0]
        found |= {(step.pk, enrolment): extension.closes_at for enrolment in whose if enrolment in wanted}
    return found


def _teams(enrolments: Mapping[int, int]) -> dict[int, int]:
    """The project team that each is in now, by enrolment id; ``enrolments`` gives the cohort of each."""
    current = Membership.objects.current().filter(kind=TeamKind.PROJECT)
    if len(enrolments) <= MANY:
        current = current.filter(enrolment__in=enrolments)
    else:
        current = current.filter(team__cohort__in=set(enrolments.values()))
    return {enrolment: team for enrolment, team in current.values_list("enrolment", "team") if enrolment in enrolments}


def as_seen_by(enrolment: Enrolment, steps: Iterable[Step]) -> list[Step]:
    """Copies of the steps, for reading only, that close when they close for this learner."""
    steps = list(steps)
    deadlines = deadlines_of(steps, [enrolment])
    return [closing_at(step, deadlines[step.pk, enrolment.pk]) for step in steps]


def as_read_by(person: Person, cohort: Cohort, steps: Iterable[Step]) -> list[Step]:
    """The cohort's steps as the reader of a page sees them: a learner with her own deadlines, others as they are."""
    enrolment = learner_enrolment(person, cohort)
    return as_seen_by(enrolment, steps) if enrolment else list(steps)


def closing_at(step: Step, moment: datetime) -> Step:
    """The step itself, or a copy of it for reading that closes later."""
    if step.closes_at == moment:
        return step
    seen = copy.copy(step)
    seen.closes_at = moment
    seen.is_extended = True
    return seen
