"""Forming teams, joining and leaving them. History is kept: leaving ends a membership, nothing is deleted."""

from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.people.models import Person
from campus.teams.models import PROJECT_TEAM_LIMIT, Membership, Team, TeamKind


@transaction.atomic
def form_team(
    *, cohort: Cohort, kind: TeamKind, name: str, members: Iterable[Enrolment] = (), actor: Person | None
) -> Team:
    """Make a team with its first members.

    Raises ValidationError when the name is taken or a member can't join; then nothing is made.
    """
    if Team.objects.filter(cohort=cohort, kind=kind, name=name).exists():
        raise ValidationError(_("There is already a team called “%(name)s”."), params={"name": name})
    team = Team.objects.create(cohort=cohort, kind=kind, name=name)
    record_audit(action="team.formed", subject=f"team:{team.pk}", actor=actor, cohort=cohort, name=name, kind=kind)
    for enrolment in members:
        join_team(team=team, enrolment=enrolment, actor=actor)
    return team


@transaction.atomic
def join_team(*, team: Team, enrolment: Enrolment, actor: Person | None) -> Membership:
    """Make the learner a member from now on; raises ValidationError when that isn't possible."""
    _refuse_who_cannot_join(team, enrolment)
    # Locking the team keeps two people from taking the last place at once; locking the learner, two teams.
    Team.objects.select_for_update().get(pk=team.pk)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    _refuse_second_team(team, enrolment)
    _refuse_full(team)
    membership = Membership.objects.create(team=team, enrolment=enrolment, kind=team.kind)
    _record("team.joined", membership, actor)
    return membership


@transaction.atomic
def leave_team(*, membership: Membership, actor: Person | None) -> Membership:
    """End the membership now; the team keeps what was handed in."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("team__cohort", "enrolment")
        .get(pk=membership.pk)
    )
    if membership.left_at is not None:
        raise ValidationError(_("This membership has already ended."))
    membership.left_at = timezone.now()
    membership.save(update_fields=["left_at"])
    live.recheck(membership.enrolment.person_id)
    _record("team.left", membership, actor)
    return membership


@transaction.atomic
def rename_team(*, team: Team, name: str, actor: Person | None) -> None:
    """Give the team another name; raises ValidationError when it is taken."""
    if Team.objects.filter(cohort=team.cohort, kind=team.kind, name=name).exclude(pk=team.pk).exists():
        raise ValidationError(_("There is already a team called “%(name)s”."), params={"name": name})
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    if before != name:
        record_audit(action="team.renamed", subject=f"team:{team.pk}", actor=actor, cohort=team.cohort, before=before)


@transaction.atomic
def move_to_team(*, memberships: Iterable[Membership], team: Team, actor: Person | None) -> None:
    """End these memberships and begin new ones in the team, all or none; the history shows both."""
    for membership in memberships:
        left = leave_team(membership=membership, actor=actor)
        join_team(team=team, enrolment=left.enrolment, actor=actor)


@transaction.atomic
def merge_teams(*, team: Team, into: Team, actor: Person | None) -> None:
    """Move all present members into another team of the kind; the empty team keeps its work and history."""
    if team.pk == into.pk or team.kind != into.kind or team.cohort_id != into.cohort_id:
        raise ValidationError(_("Choose another team of the same kind and cohort."))
    move_to_team(memberships=team.memberships.current().order_by("pk"), team=into, actor=actor)
    record_audit(action="team.merged", subject=f"team:{team.pk}", actor=actor, cohort=team.cohort, team=into.pk)


@transaction.atomic
def form_teams(
    *, cohort: Cohort, kind: TeamKind, groups: Mapping[str, Collection[int]], actor: Person | None
) -> list[Team]:
    """Make many teams at once, by name the ids of their members: a few queries however many they are.

    Whoever takes part no longer, or is in a team of the kind already, is left out; so are groups of nobody.
    """
    wanted = {pk for members in groups.values() for pk in members}
    learners = Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.LEARNER, pk__in=wanted)
    able = set(learners.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    able -= set(Membership.objects.current().filter(kind=kind, enrolment__in=able).values_list("enrolment", flat=True))
    members_of = {name: [pk for pk in members if pk in able] for name, members in groups.items()}
    members_of = {name: members for name, members in members_of.items() if members}
    _refuse_groups(cohort, kind, members_of)
    teams = Team.objects.bulk_create(Team(cohort=cohort, kind=kind, name=name) for name in members_of)
    memberships = Membership.objects.bulk_create(
        Membership(team=team, enrolment_id=pk, kind=kind) for team in teams for pk in members_of[team.name]
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(action="team.formed", subject=f"team:{team.pk}", actor=actor, cohort=cohort, details=details)
        for team in teams
        for details in [{"name": team.name, "kind": kind}]
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action="team.joined",
            subject=f"team:{one.team_id}",
            actor=actor,
            cohort=cohort,
            details={"enrolment": one.enrolment_id},
        )
        for one in memberships
    )
    return teams


def _refuse_groups(cohort: Cohort, kind: TeamKind, groups: Mapping[str, Collection[int]]) -> None:
    taken = Team.objects.filter(cohort=cohort, kind=kind, name__in=groups).values_list("name", flat=True).first()
    if taken is not None:
        raise ValidationError(_("There is already a team called “%(name)s”."), params={"name": taken})
    if kind == TeamKind.PROJECT and any(len(members) > PROJECT_TEAM_LIMIT for members in groups.values()):
        raise ValidationError(
            _("A project team can have at most %(limit)s people, and one of these has more."),
            params={"limit": PROJECT_TEAM_LIMIT},
        )


def _record(action: str, membership: Membership, actor: Person | None) -> None:
    team = membership.team
    record_audit(
        action=action, subject=f"team:{team.pk}", actor=actor, cohort=team.cohort, enrolment=membership.enrolment_id
    )


def _refuse_who_cannot_join(team: Team, enrolment: Enrolment) -> None:
    if enrolment.cohort_id != team.cohort_id:
        raise ValidationError(_("Only people of the same cohort can join a team."))
    if enrolment.role != Role.LEARNER or not EnrolmentState(enrolment.state).takes_part:
        raise ValidationError(_("Only learners who take part in the cohort now can join a team."))


def _refuse_second_team(team: Team, enrolment: Enrolment) -> None:
    if Membership.objects.current().filter(enrolment=enrolment, kind=team.kind).exists():
        raise ValidationError(_("This person is already in a team of this kind. Leave that team first."))


def _refuse_full(team: Team) -> None:
    if team.kind == TeamKind.PROJECT and team.memberships.current().count() >= PROJECT_TEAM_LIMIT:
        raise ValidationError(
            _("A project team can have at most %(limit)s people, and this one is full."),
            params={"limit": PROJECT_TEAM_LIMIT},
        )
