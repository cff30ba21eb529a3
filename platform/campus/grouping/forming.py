"""Forming groups by the solver: begin, work out in the background, publish or drop the draft."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.grouping.gathering import learners_of, problem_of, unplaced
from campus.grouping.models import DraftGroup, DraftSeat, Formation, FormationState
from campus.grouping.notices import PUBLISHED
from campus.grouping.solver import Groups, Impossible, Problem, Quality, reasons_of, solve
from campus.grouping.solver.arranging import arrange
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.actions import form_teams, leave_team
from campus.teams.models import Membership, Team, TeamKind


def begin(*, cohort: Cohort, kind: TeamKind, plan: Mapping[str, Any], seed: int, actor: Person | None) -> Formation:
    """Start to work out groups by a plan (``PlanForm``). Raises ValidationError while a draft of the kind is open."""
    from campus.grouping.tasks import defer_working

    with live.atomic():
        try:
            with transaction.atomic():
                formation = Formation.objects.create(
                    cohort=cohort, kind=kind, plan=dict(plan), seed=seed, started_by=actor
                )
        except IntegrityError:
            raise ValidationError(_("There is already a draft. Publish or discard it first.")) from None
        defer_working(formation.pk)
        _audit("grouping.begun", formation, actor)
    return formation


def people_of(formation: Formation) -> list[int]:
    """Ids of those whom the draft is to place."""
    rows = learners_of(formation.cohort)
    if not formation.plan.get("anew"):
        rows = unplaced(formation.cohort, formation.kind)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def work_out(formation_id: int) -> None:
    """Solve and write the draft; harmless when called twice. What is impossible ends as words, not as an error."""
    formation = Formation.objects.select_related("cohort").get(pk=formation_id)
    if not formation.is_working:
        return
    began = time.monotonic()
    problem = problem_of(
        cohort=formation.cohort,
        kind=formation.kind,
        people=people_of(formation),
        plan=formation.plan,
        seed=formation.seed,
    )
    try:
        if not problem.people:
            raise Impossible("nobody")
        groups = solve(problem, told=lambda share: _tell(formation, round(share * 100)))
    except Impossible as impossible:
        _end_work(formation, problem=_as_json(impossible))
        return
    quality = Quality(problem)
    figures = {
        "value": quality.of_groups(groups),
        "start": quality.of_groups(arrange(problem)),
        "criteria": dict(quality.by_criterion(groups)),
        "people": len(problem.people),
        "groups": len(groups),
        "seconds": round(time.monotonic() - began, 1),
    }
    _end_work(formation, figures=figures, groups=groups, judged=problem)


def _as_json(impossible: Impossible) -> dict[str, Any]:
    return {"code": impossible.code, "people": list(impossible.people), "params": impossible.params}


@live.atomic
def _tell(formation: Formation, percent: int) -> None:
    Formation.objects.filter(pk=formation.pk, state=FormationState.WORKING).update(percent=percent)
    live.touch(formation.stream, "progress")


@live.atomic
def _end_work(
    formation: Formation,
    *,
    problem: Mapping[str, Any] | None = None,
    figures: Mapping[str, Any] | None = None,
    groups: Groups = (),  # type: ignore[assignment]
    judged: Problem | None = None,
) -> None:
    row = Formation.objects.select_for_update().get(pk=formation.pk)
    if not row.is_working:
        return  # Dropped meanwhile, or a second delivery was faster.
    row.state = FormationState.IMPOSSIBLE if problem else FormationState.READY
    row.problem, row.figures, row.percent = dict(problem or {}), dict(figures or {}), 100
    row.save(update_fields=["state", "problem", "figures", "percent"])
    if judged:
        _write_draft(row, groups, judged)
    live.touch(row.stream, "progress")


def _write_draft(formation: Formation, groups: Groups, problem: Problem) -> None:
    quality, names = Quality(problem), free_names(formation, len(groups))
    drafts = DraftGroup.objects.bulk_create(
        DraftGroup(formation=formation, position=position, name=name, **judged(problem, members, quality))
        for position, (name, members) in enumerate(zip(names, groups, strict=True), start=1)
    )
    DraftSeat.objects.bulk_create(
        DraftSeat(formation=formation, group=draft, enrolment_id=pk)
        for draft, members in zip(drafts, groups, strict=True)
        for pk in members
    )


def judged(problem: Problem, members: list[int], quality: Quality) -> dict[str, Any]:
    """Reasons and value of a draft's group."""
    reasons = [asdict(reason) for reason in reasons_of(problem, members, quality)] if members else []
    return {"reasons": reasons, "value": quality.of_group(members) if members else 0.0}


def free_names(formation: Formation, count: int) -> list[str]:
    """So many names that no team and no group of the draft has: the plan's word and a number."""
    word = formation.plan.get("word") or _("Group")
    taken = set(Team.objects.filter(cohort=formation.cohort, kind=formation.kind).values_list("name", flat=True))
    taken |= set(formation.groups.values_list("name", flat=True))
    width = len(str(count + len(taken)))
    numbered = (f"{word}{number:0{max(width, 2)}d}" for number in range(1, count + len(taken) + 1))
    return [name for name in numbered if name not in taken][:count]


@live.atomic
def publish(formation: Formation, *, actor: Person | None) -> int:
    """Make the draft's groups teams, all in one transaction, and tell their members; returns the number of teams.

    Whoever left the cohort or joined a group meanwhile is left out. Raises ValidationError.
    """
    row = _locked(formation)
    groups: dict[str, list[int]] = {}
    for name, pk in row.seats.order_by("group__position", "pk").values_list("group__name", "enrolment"):
        groups.setdefault(name, []).append(pk)
    if row.plan.get("anew"):
        _end_memberships(row, [pk for members in groups.values() for pk in members], actor)
    teams = form_teams(cohort=row.cohort, kind=TeamKind(row.kind), groups=groups, actor=actor)
    _end(row, FormationState.PUBLISHED, actor)
    members = Person.objects.filter(enrolments__memberships__team__in=teams, enrolments__memberships__left_at=None)
    people = members.distinct()
    _audit("grouping.published", row, actor, teams=len(teams), people=people.count())
    notify(
        kind=PUBLISHED.name,
        to=people,
        context={"cohort": {"ja": row.cohort.title_ja, "en": row.cohort.title_en}, "kind": row.kind},
        url=reverse("grouping:own", args=[row.cohort.slug]),
        key=f"formation:{row.pk}",
    )
    return len(teams)


def _end_memberships(formation: Formation, people: Iterable[int], actor: Person | None) -> None:
    rows = Membership.objects.current().filter(kind=formation.kind, enrolment__in=people)
    for membership in rows.order_by("pk"):
        leave_team(membership=membership, actor=actor)


@live.atomic
def drop(formation: Formation, *, actor: Person | None) -> None:
    """Leave everything as it is; the draft goes. Raises ValidationError."""
    row = _locked(formation, may_be_unready=True)
    row.groups.all().delete()
    _end(row, FormationState.DROPPED, actor)
    _audit("grouping.dropped", row, actor)


def _locked(formation: Formation, *, may_be_unready: bool = False) -> Formation:
    row = Formation.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=formation.pk)
    if not row.is_open or not (row.is_ready or may_be_unready):
        raise ValidationError(_("This draft can no longer be changed, or isn’t ready yet. Reload the page."))
    return row


def _end(row: Formation, state: FormationState, actor: Person | None) -> None:
    row.state, row.ended_by, row.ended_at = state, actor, timezone.now()
    row.save(update_fields=["state", "ended_by", "ended_at"])
    live.touch(row.stream, "progress")


def _audit(action: str, formation: Formation, actor: Person | None, **details: Any) -> None:
    record_audit(
        action=action,
        subject=f"cohort:{formation.cohort_id}",
        actor=actor,
        cohort=formation.cohort,
        kind=formation.kind,
        formation_number=formation.pk,
        **details,
    )
