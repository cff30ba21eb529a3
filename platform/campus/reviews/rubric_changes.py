"""Changing a round's rubric after reviews exist: a draft, what it would change for whom, then switching to it at once.

Points and levels stay as they are, so every review given counts on: only weights of criteria and words change.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from campus import live
from campus.cases.models import Step
from campus.cohorts.actions import record_audit
from campus.notices.actions import notify
from campus.people.models import Person
from campus.reviews import refusals
from campus.reviews.models import Assignment, ReviewRound, RubricChange, Share, Work
from campus.reviews.notices import RUBRIC_CHANGED
from campus.reviews.results import Line, overall_line, results_by, shown_result, work_out
from campus.reviews.rubrics import Criterion, Rubric, rubric_of
from campus.reviews.words import told_of
from campus.teams.models import Membership


def draft_of(round: ReviewRound) -> RubricChange | None:
    return round.rubric_changes.filter(switched_at=None).first()


def last_change_of(round: ReviewRound) -> RubricChange | None:
    """The change that was switched to last, for pages to name."""
    return round.rubric_changes.filter(switched_at__isnull=False).first()


def version_of(draft: RubricChange) -> str:
    """What the page says it showed: switching is refused where somebody else has changed the draft meanwhile."""
    return draft.saved_at.isoformat()


# --- What it would change ---


@dataclass(frozen=True)
class Shift:
    """One work whose value would differ as it is shown."""

    work: Work
    before: Line
    after: Line

    @property
    def difference(self) -> float:
        return self.after.value - self.before.value


@dataclass(frozen=True)
class Effect:
    """What a changed rubric does. reworded: criteria with other words; reweighed: with weights before and after."""

    works: int
    shifts: list[Shift]
    reworded: list[Criterion]
    reweighed: list[tuple[Criterion, float, float]]
    under_way: int

    @property
    def furthest(self) -> float:
        return max((abs(one.difference) for one in self.shifts), default=0.0)


def effect_of(round: ReviewRound, criteria: Mapping[str, Any]) -> Effect:
    """What these changes would do; nothing is written."""
    now, then = rubric_of(round.judged), rubric_of(_with(round.judged, criteria))
    works = list(
        round.works.exclude(result=None)
        .select_related("team", "enrolment__person", "enrolment__study_class")
        .order_by("pk")
    )
    shifts = list(_shifts(round, works, then))
    pairs = list(zip(now, then, strict=True))
    return Effect(
        works=len(works),
        shifts=sorted(shifts, key=lambda one: -abs(one.difference)),
        reworded=[new for old, new in pairs if _words(old) != _words(new)],
        reweighed=[(new, old.weight, new.weight) for old, new in pairs if old.weight != new.weight],
        under_way=Assignment.objects.open().filter(share__round=round).count(),
    )


def _with(step: Step, criteria: Mapping[str, Any]) -> Step:
    tried = copy.copy(step)
    tried.rubric_changes = dict(criteria)
    return tried


def _shifts(round: ReviewRound, works: Iterable[Work], rubric: Rubric) -> Iterable[Shift]:
    results = results_by(rubric, round)
    for work in works:
        work.round = round
        before, result = shown_result(work), results.get(work.pk)
        if before is None or result is None:
            continue
        after = overall_line(rubric, result.overall)
        if round_off(before.overall) != round_off(after):
            yield Shift(work, before.overall, after)


def round_off(line: Line) -> tuple[float, float, float]:
    """What readers see of it."""
    return round(line.value, 1), round(line.low, 1), round(line.high, 1)


def _words(criterion: Criterion) -> tuple[Any, ...]:
    return criterion.label, criterion.description, criterion.levels


# --- Drafting, dropping, switching ---


def save_draft(*, round: ReviewRound, criteria: Mapping[str, Any], reason: str, actor: Person) -> RubricChange:
    """Keep what the organiser would change; nothing changes for anybody yet."""
    made, _ = RubricChange.objects.update_or_create(
        round=round,
        switched_at=None,
        defaults={"criteria": dict(criteria), "reason": reason, "saved_by": actor, "saved_at": timezone.now()},
    )
    return made


def drop_draft(*, round: ReviewRound) -> None:
    round.rubric_changes.filter(switched_at=None).delete()


def switch(*, round: ReviewRound, seen: str, actor: Person) -> Effect:
    """Make the draft the rubric: words, weights and results change in one transaction, and those concerned are told.

    Raises ValidationError where there is no draft any more, or another one than the organiser saw.
    """
    with live.atomic():
        ReviewRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
        draft = draft_of(round)
        if draft is None or version_of(draft) != seen:
            raise refusals.rubric_decided()
        effect = effect_of(round, draft.criteria)
        round.judged.rubric_changes = draft.criteria
        round.judged.save(update_fields=["rubric_changes"])
        draft.switched_at, draft.saved_by = timezone.now(), actor
        draft.save(update_fields=["switched_at", "saved_by"])
        work_out(round)
        ReviewRound.objects.filter(judged=round.judged).exclude(pk=round.pk).update(has_news=True)
        record_audit(
            action="reviews.rubric_changed",
            subject=f"step:{round.judged_id}",
            actor=actor,
            cohort=round.cohort,
            criteria=", ".join(sorted({one.key for one in _touched(effect)})),
            works=len(effect.shifts),
        )
        _tell(round, draft, effect)
        live.touch(f"reviews:{round.pk}")
    return effect


def _touched(effect: Effect) -> list[Criterion]:
    return [*effect.reworded, *(one for one, _before, _after in effect.reweighed)]


def _tell(round: ReviewRound, change: RubricChange, effect: Effect) -> None:
    """All learners of the round where words change, else the authors of works whose value does."""
    shares = round.shares.taking_part().select_related("enrolment__person")
    if not effect.reworded:
        shares = shares.filter(_authors([one.work for one in effect.shifts]))
    found: list[Share] = list(shares)
    live.touch_each("reviews", {f"enrolment:{share.enrolment_id}": {} for share in found})
    notify(
        kind=RUBRIC_CHANGED.name,
        to=[share.enrolment.person for share in found],
        context=told_of(round) | {"reason": change.reason},
        url=round.path(),
        key=f"reviews:{round.pk}:rubric:{change.pk}",
    )


def _authors(works: list[Work]) -> Q:
    members = Membership.objects.current().filter(team__in=[one.team_id for one in works if one.team_id])
    alone = [one.enrolment_id for one in works if one.enrolment_id]
    return Q(enrolment__in=alone) | Q(enrolment__in=members.values("enrolment"))
