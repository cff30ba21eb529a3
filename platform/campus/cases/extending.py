"""Later deadlines for some: granted and withdrawn, singly and in bulk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cases.models import Extension, Step
from campus.cases.signals import deadlines_moved
from campus.cohorts.actions import record_audits
from campus.cohorts.models import Enrolment, EnrolmentState, Role
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.models import Membership, TeamKind

# Extensions whose owners must not get them, each with the reason; asked once for all of a granting.
ExtensionCheck = Callable[[Step, Sequence[Extension]], Iterable[tuple[Extension, str]]]
_checks: list[ExtensionCheck] = []


def checks_extensions(check: ExtensionCheck) -> ExtensionCheck:
    """Decorator: an app to the right has a say, e.g. where final scores have been shown."""
    _checks.append(check)
    return check


@dataclass
class Granting:
    """An extension as it would be granted: to whom (new rows), and who is left out for what reason."""

    step: Step
    closes_at: datetime
    extensions: list[Extension] = field(default_factory=list)
    left_out: list[tuple[Enrolment, str]] = field(default_factory=list)


def plan_granting(*, step: Step, enrolments: Iterable[Enrolment], closes_at: datetime) -> Granting:
    """Whom a later deadline would reach: each learner, or, where teams hand in, each one's project team.

    Raises ValidationError unless it is later than the step's own deadline and still to come.
    """
    if closes_at <= step.closes_at:
        raise ValidationError(_("Choose a time after the step’s usual deadline."))
    if closes_at <= timezone.now():
        raise ValidationError(_("Choose a time in the future."))
    plan = Granting(step, closes_at)
    learners = _who_can_have_one(plan, enrolments)
    if step.is_team_step:
        _for_teams(plan, learners)
    else:
        plan.extensions = [Extension(step=step, enrolment=one, closes_at=closes_at) for one in learners]
    _leave_out_refused(plan, {one.pk: one for one in learners})
    return plan


def _who_can_have_one(plan: Granting, enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    fit = []
    for one in enrolments:
        if one.role != Role.LEARNER or one.cohort_id != plan.step.cohort_case.cohort_id:
            plan.left_out.append((one, _("Not a learner in this cohort.")))
        elif not EnrolmentState(one.state).takes_part:
            plan.left_out.append((one, _("Isn’t taking part in this cohort at present.")))
        else:
            fit.append(one)
    return fit


def _for_teams(plan: Granting, learners: list[Enrolment]) -> None:
    current = Membership.objects.current().filter(enrolment__in=learners, kind=TeamKind.PROJECT)
    team_of = {membership.enrolment_id: membership.team for membership in current.select_related("team")}
    plan.left_out += [(one, _("Isn’t in a project team.")) for one in learners if one.pk not in team_of]
    teams = {team.pk: team for team in team_of.values()}
    plan.extensions = [Extension(step=plan.step, team=team, closes_at=plan.closes_at) for team in teams.values()]


def _leave_out_refused(plan: Granting, learners: dict[int, Enrolment]) -> None:
    for check in _checks:
        for extension, reason in check(plan.step, plan.extensions):
            plan.extensions.remove(extension)
            plan.left_out += _told(extension, reason, learners)


def _told(extension: Extension, reason: str, learners: dict[int, Enrolment]) -> list[tuple[Enrolment, str]]:
    """The refusal of a team's extension is told of its members among those chosen."""
    if extension.team is None:
        return [(one, reason) for one in learners.values() if one.pk == extension.enrolment_id]
    members = extension.team.memberships.current().values_list("enrolment", flat=True)
    return [(learners[member], reason) for member in members if member in learners]


@live.atomic()
def grant_extensions(
    *, step: Step, enrolments: Iterable[Enrolment], closes_at: datetime, reason: str, actor: Person | None
) -> Granting:
    """Let the step close later for these learners (or their teams); what they had before is replaced."""
    Step.objects.select_for_update().get(pk=step.pk)  # One granting at a time: each owner has one row.
    plan = plan_granting(step=step, enrolments=enrolments, closes_at=closes_at)
    earlier = {(one.enrolment_id, one.team_id): one for one in step.extensions.all()}
    for extension in plan.extensions:
        extension.reason, extension.granted_by, extension.granted_at = reason, actor, timezone.now()
        if before := earlier.get((extension.enrolment_id, extension.team_id)):
            extension.pk = before.pk
    changed = [extension for extension in plan.extensions if extension.pk]
    Extension.objects.bulk_update(changed, ["closes_at", "reason", "granted_by", "granted_at"])
    Extension.objects.bulk_create(extension for extension in plan.extensions if not extension.pk)
    _record("extension.granted", step, plan.extensions, actor=actor, closes=closes_at.isoformat())
    _tell("cases.extension_granted", step, plan.extensions, closes_at)
    return plan


@live.atomic()
def withdraw_extensions(*, step: Step, extensions: Iterable[Extension], actor: Person | None) -> int:
    """Let the step's own deadline hold again for these owners; return how many had a later one."""
    extensions = list(extensions)
    step.extensions.filter(pk__in=[extension.pk for extension in extensions]).delete()
    _record("extension.withdrawn", step, extensions, actor=actor)
    _tell("cases.extension_withdrawn", step, extensions, step.closes_at)
    return len(extensions)


def _record(action: str, step: Step, extensions: list[Extension], *, actor: Person | None, **details: str) -> None:
    """Write the trace, and let what hangs on the owners' deadlines be worked out anew."""
    if not extensions:
        return
    subjects = [f"team:{one.team_id}" if one.team_id else f"enrolment:{one.enrolment_id}" for one in extensions]
    record_audits(action=action, subjects=subjects, actor=actor, cohort=step.cohort, step=step.pk, **details)
    deadlines_moved.send(sender=Step, steps=[step], extensions=extensions)


def _tell(kind: str, step: Step, extensions: list[Extension], closes_at: datetime) -> None:
    """Tell the learners, or the members of the teams, what their deadline is now."""
    teams = [one.team_id for one in extensions if one.team_id]
    members = Membership.objects.current().filter(team__in=teams).values("enrolment")
    theirs = [one.enrolment_id for one in extensions if one.enrolment_id]
    case = step.cohort_case
    notify(
        kind=kind,
        to=Person.objects.filter(Q(enrolments__in=theirs) | Q(enrolments__in=members)).distinct(),
        context={
            "step": {"ja": step.title_ja, "en": step.title_en or step.title_ja},
            "closes_at": closes_at.isoformat(),
        },
        url=f"/cohorts/{step.cohort.slug}/cases/{case.slug}/steps/{step.key}/",
    )
