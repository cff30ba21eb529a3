"""Forming teams, joining and leaving them. History is kept: leaving ends a membership, nothing is deleted."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
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
            _("A project team has at most %(limit)s people, and this one is full."),
            params={"limit": PROJECT_TEAM_LIMIT},
        )
