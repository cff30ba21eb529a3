"""Groups as they stand, and what is to be done about them: whom nobody has placed, which became too small."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_organiser
from campus.grouping.gathering import problem_of, unplaced
from campus.grouping.models import Approach, ApproachState, Interest, Pair, space_address
from campus.grouping.notices import LEFT, PLACED, REGROUPED
from campus.grouping.policies import policy_of
from campus.grouping.solver.mending import fits_for
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.actions import form_team, join_team, leave_team, merge_teams, move_to_team
from campus.teams.models import Membership, Team, TeamKind, TeamQuerySet

# So many proposals are shown for each group or person.
MOST_PROPOSED = 5


def teams_looked_after(person: Person, cohort: Cohort, kind: str) -> TeamQuerySet:
    """All teams of the kind for organisers, for facilitators those with learners of the own classes."""
    teams = Team.objects.filter(cohort=cohort, kind=kind)
    if not is_organiser(person, cohort):
        members = Membership.objects.current().filter(enrolment__in=learners_looked_after(person, cohort))
        teams = teams.filter(pk__in=members.values("team"))
    return teams


def unplaced_looked_after(person: Person, cohort: Cohort, kind: str) -> QuerySet[Enrolment]:
    """Learners in no group of the kind whom the person looks after."""
    return unplaced(cohort, kind).filter(pk__in=learners_looked_after(person, cohort))


def members_by_team(cohort: Cohort, kind: str) -> dict[int, list[int]]:
    """Enrolments of the present members, by team."""
    members: dict[int, list[int]] = {}
    rows = Membership.objects.current().filter(team__cohort=cohort, kind=kind).order_by("pk")
    for team, enrolment in rows.values_list("team", "enrolment"):
        members.setdefault(team, []).append(enrolment)
    return members


@dataclass(frozen=True)
class Proposal:
    """A group that could take somebody: how good it would be (percent), and whether pairs and sizes are kept."""

    team: Team
    size: int
    percent: int
    keeps_rules: bool


def places_for(
    newcomers: Iterable[int], cohort: Cohort, kind: str, *, among: Iterable[int], but: int | None = None
) -> list[Proposal]:
    """Which groups of these (ids) could take the people, the best first."""
    newcomers, among = list(newcomers), {*among} - {but}
    groups = {team: members for team, members in members_by_team(cohort, kind).items() if team in among}
    people = {*newcomers, *(pk for members in groups.values() for pk in members)}
    problem = problem_of(cohort=cohort, kind=kind, people=people, plan={})
    fits = fits_for(problem, newcomers, groups)[:MOST_PROPOSED]
    teams = Team.objects.select_related("cohort").in_bulk([fit.group for fit in fits])
    return [Proposal(teams[fit.group], len(groups[fit.group]), round(fit.value * 100), fit.keeps) for fit in fits]


@dataclass(frozen=True)
class SmallTeam:
    """A group with fewer people than it needs, and where these could go."""

    team: Team
    size: int
    proposals: list[Proposal]


def small_teams(teams: Iterable[Team], cohort: Cohort, kind: str) -> list[SmallTeam]:
    """Of these groups (read with ``size``) the too small ones, with proposals for a merger."""
    smallest = policy_of(cohort, TeamKind(kind)).smallest
    members = members_by_team(cohort, kind)
    everywhere = list(members)
    small = [team for team in teams if team.size < smallest]  # type: ignore[attr-defined]
    return [
        SmallTeam(team, len(own), places_for(own, cohort, kind, among=everywhere, but=team.pk))
        for team in small
        for own in [members.get(team.pk, [])]
    ]


@transaction.atomic
def place(*, enrolment: Enrolment, team: Team, actor: Person) -> None:
    """Make somebody without a group a member from now on, and tell her and the others."""
    join_team(team=team, enrolment=enrolment, actor=actor)
    settle(enrolment, team.kind)
    members = Person.objects.filter(enrolments__memberships__in=team.memberships.current())
    notify(
        kind=PLACED.name,
        to=members.distinct(),
        context={"team": team.name, "name": enrolment.person.name},
        url=space_address(team),
        key=f"placed:{team.pk}:{enrolment.pk}",
    )


def settle(enrolment: Enrolment, kind: str) -> None:
    """Whoever has a group looks for none: the signal and open invitations and requests of the kind go."""
    Interest.objects.filter(enrolment=enrolment, kind=kind, team=None).delete()
    waiting = Approach.objects.filter(enrolment=enrolment, team__kind=kind, state=ApproachState.OPEN)
    waiting.update(state=ApproachState.WITHDRAWN)


@transaction.atomic
def regroup(*, team: Team, people: Iterable[int], to: Team | None, name: str, actor: Person) -> Team:
    """Move members of a team to another, a new one called ``name`` where ``to`` is None; the history is kept."""
    if to is None:
        to = form_team(cohort=team.cohort, kind=TeamKind(team.kind), name=name, actor=actor)
    memberships = list(team.memberships.current().filter(enrolment__in=list(people)).order_by("pk"))
    move_to_team(memberships=memberships, team=to, actor=actor)
    _tell_of_newcomers(to, memberships, before=team)
    return to


@transaction.atomic
def merge(*, team: Team, into: Team, actor: Person) -> None:
    """Move everybody of a team into another, and tell them and who was there. Raises ValidationError."""
    memberships = list(team.memberships.current().order_by("pk"))
    merge_teams(team=team, into=into, actor=actor)
    _tell_of_newcomers(into, memberships, before=team)


def _tell_of_newcomers(team: Team, moved: Sequence[Membership], *, before: Team) -> None:
    """All who are in the team now hear who has come, and from where."""
    names = (
        Enrolment.objects.filter(memberships__in=moved).order_by("person__name").values_list("person__name", flat=True)
    )
    members = Person.objects.filter(enrolments__memberships__in=team.memberships.current())
    notify(
        kind=REGROUPED.name,
        to=members.distinct(),
        context={"team": team.name, "before": before.name, "names": list(names)},
        url=space_address(team),
        key=f"regrouped:{team.pk}:{max((one.pk for one in moved), default=0)}",
    )


@transaction.atomic
def end_memberships(memberships: Iterable[Membership], *, actor: Person) -> None:
    """Take people out of their team (read with cohort and person), and tell them and the others."""
    for membership in memberships:
        leave_team(membership=membership, actor=actor)
        tell_of_leaving(membership, to=[membership.enrolment.person, *mates_of(membership)])


def mates_of(membership: Membership) -> list[Person]:
    """Who is in the team besides."""
    others = membership.team.memberships.current().exclude(enrolment=membership.enrolment_id)
    return list(Person.objects.filter(enrolments__memberships__in=others).distinct())


def tell_of_leaving(membership: Membership, *, to: list[Person]) -> None:
    """Say that somebody is no longer in the team."""
    notify(
        kind=LEFT.name,
        to=to,
        context={"team": membership.team.name, "name": membership.enrolment.person.name},
        url=reverse("grouping:own", args=[membership.team.cohort.slug]),
        key=f"left:{membership.pk}",
    )


@transaction.atomic
def set_pair(*, cohort: Cohort, first: Enrolment, second: Enrolment, is_together: bool, actor: Person) -> None:
    """Say that two belong together or are to be kept apart; what was said before about them is replaced."""
    low, high = sorted([first, second], key=lambda one: one.pk)
    Pair.objects.update_or_create(first=low, second=high, defaults={"cohort": cohort, "is_together": is_together})
    record_audit(
        action="grouping.pair_set",
        subject=f"enrolment:{low.pk}",
        actor=actor,
        cohort=cohort,
        other=high.pk,
        together=is_together,
    )


@transaction.atomic
def remove_pair(pair: Pair, *, actor: Person) -> None:
    pair.delete()
    subject = f"enrolment:{pair.first_id}"
    record_audit(action="grouping.pair_removed", subject=subject, actor=actor, cohort=pair.cohort, other=pair.second_id)
