"""Brings a cohort's case to another version, where nothing that was handed in would lose its meaning.

Where work was handed in and the scoring changed, rescoring does it (rescoring/), with a shadow board before the switch.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from campus import live
from campus.cases.actions import suggested_step
from campus.cases.authoring.comparing import Comparison, compare
from campus.cases.hand_ins import hand_ins_of
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cases.signals import deadlines_moved
from campus.cohorts.actions import record_audit
from campus.people.models import Person


class CannotMove(Exception):
    """``str()`` says why, in words for the reader."""


@dataclass(frozen=True)
class Way:
    """Whether the case can simply move; if not, why. rescores: whether a rescoring may bring it there."""

    comparison: Comparison
    why_not: str = ""
    rescores: bool = False

    @property
    def is_open(self) -> bool:
        return not self.why_not


def way_to(case: CohortCase, version: CaseVersion) -> Way:
    """What stands between the cohort's case and the version."""
    comparison = compare(case.case_version, version)
    steps = list(Step.objects.with_case().filter(cohort_case=case))
    plans = {step["key"]: step for step in version.manifest["steps"]}
    gone = [step for step in steps if step.key not in plans and step.has_opened()]
    if gone:
        reason = _("The step “%(step)s”, which has opened, is not in this version.") % {"step": gone[0].title}
        return Way(comparison, reason)
    other = [
        step for step in steps if step.key in plans and _is_other(step, plans[step.key]["kind"], plans[step.key]["by"])
    ]
    is_same = comparison.measures_alike and not other
    if is_same or next(iter(hand_ins_of(steps)), None) is None:
        return Way(comparison)
    reason = _("Work has already been handed in, and this version scores it differently or has other steps.")
    return Way(comparison, reason, rescores=case.case_version.features_digest == version.features_digest and not other)


def _is_other(step: Step, kind: str, by: str) -> bool:
    return (step.kind, step.by) != (kind, by)


@live.atomic()
def move_case(case: CohortCase, *, to_version: CaseVersion, actor: Person) -> None:
    """Let the cohort work on another version from now on; dates of steps stay. Raises CannotMove."""
    row = CohortCase.objects.select_for_update(of=("self",)).select_related("case_version", "cohort").get(pk=case.pk)
    if row.case_version_id == to_version.pk or row.slug != to_version.slug:
        raise CannotMove(_("The cohort already uses this version, or this is another case."))
    way = way_to(row, to_version)
    if not way.is_open:
        raise CannotMove(way.why_not)
    before = row.case_version
    row.case_version = to_version
    row.save(update_fields=["case_version"])
    _bring_steps(row, before)
    record_audit(
        action="case.moved",
        subject=f"cohort_case:{row.pk}",
        actor=actor,
        cohort=row.cohort,
        before=before.version,
        after=to_version.version,
    )


def _bring_steps(case: CohortCase, before: CaseVersion) -> None:
    """Steps as the version has them: known ones keep their dates, new ones are dated from the case's first day."""
    known = {step.key: step for step in case.steps.all()}
    first = min(known.values(), key=lambda step: step.opens_at)
    suggested = next((step["opens_day"] for step in before.manifest["steps"] if step["key"] == first.key), 0)
    starts_at = first.opens_at - timedelta(days=suggested)
    kept = []
    for position, section in enumerate(case.case_version.manifest["steps"], start=1):
        step = known.pop(section["key"], None) or suggested_step(case, position, section, starts_at)
        step.position, step.kind, step.by = position, section["kind"], section["by"]
        step.title_ja, step.title_en = section["title"]["ja"], section["title"]["en"]
        step.save()
        kept.append(step.pk)
    for step in known.values():
        step.delete()
    deadlines_moved.send(sender=Step, steps=list(Step.objects.with_case().filter(pk__in=kept)), extensions=None)
