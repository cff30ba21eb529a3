"""What the pages of rescorings show, read in a bounded number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Cohort
from campus.rescoring.models import Rescoring, RescoringState, ShadowStanding, final_is_out
from campus.rescoring.shadow import GRADED, graded_steps
from campus.submissions.models import Owner


def fits(case: CohortCase, version: CaseVersion) -> bool:
    """Whether submissions kept for the case's version can be measured by this one."""
    now = case.case_version
    return (
        version.pk != now.pk
        and version.slug == now.slug
        and version.features_digest == now.features_digest
        and _asked_for(version) == _asked_for(now)
        and _step_keys(version) >= _step_keys(now)
        and _judged_by(version) == _judged_by(now)
    )


def _asked_for(version: CaseVersion) -> list[str]:
    form = version.manifest["submission"]
    return [form["id"]["alias"], *(column["alias"] for column in form["columns"])]


def _judged_by(version: CaseVersion) -> set[tuple[str, str, tuple[int, ...]]]:
    """Steps, criteria and points of the rubric: reviews given by it count on. Its words may differ."""
    return {
        (step, one["key"], tuple(level["points"] for level in one["levels"]))
        for one in version.manifest.get("rubric", [])
        for step in one["steps"]
    }


def _step_keys(version: CaseVersion) -> set[str]:
    return {step["key"] for step in version.manifest["steps"]}


@dataclass(frozen=True)
class Offer:
    """A case of the cohort, the versions it could be measured by, and those that don't fit."""

    case: CohortCase
    fitting: list[CaseVersion]
    others: list[CaseVersion]
    open_rescoring: Rescoring | None


def offers_of(cohort: Cohort) -> list[Offer]:
    """Each case of the cohort that has a graded step."""
    cases = list(cohort.cases.filter(steps__kind__in=GRADED).distinct().select_related("case_version", "cohort"))
    by_slug: dict[str, list[CaseVersion]] = {}
    # A name belongs to whoever had it first, so no other cohort's versions are among them (cases/authoring/names.py).
    for version in CaseVersion.objects.filter(slug__in=[case.slug for case in cases]).order_by("-installed_at"):
        by_slug.setdefault(version.slug, []).append(version)
    open_ones = {one.case_id: one for one in Rescoring.objects.filter(case__in=cases) if one.is_open}
    return [_offer(case, by_slug.get(case.slug, []), open_ones.get(case.pk)) for case in cases]


def _offer(case: CohortCase, versions: Iterable[CaseVersion], open_rescoring: Rescoring | None) -> Offer:
    others = [version for version in versions if version.pk != case.case_version_id]
    fitting = [version for version in others if fits(case, version)]
    return Offer(case, fitting, [one for one in others if one not in fitting], open_rescoring)


@dataclass(frozen=True)
class Summary:
    """What a rescoring changes on one board. Final figures are for pages only where ``shows_final``."""

    step: Step
    shows_final: bool
    owners: int
    changed: int
    places: int
    final_places: int
    final_choices: int


FIGURES = ("owners", "changed", "places", "final_places", "final_choices")


def summaries_of(rescoring: Rescoring) -> list[Summary]:
    """One for each graded step of the case."""
    counted = (
        ShadowStanding.objects.filter(rescoring=rescoring)
        .values("step")
        .annotate(
            owners=Count("pk"),
            changed=Count("pk", filter=Q(is_changed=True)),
            places=Count("pk", filter=~Q(public_place=F("public_place_before"))),
            final_places=Count("pk", filter=~Q(private_place=F("private_place_before"))),
            final_choices=Count("pk", filter=~Q(private_submission=F("private_submission_before"))),
        )
    )
    by_step: dict[int, dict[str, Any]] = {row["step"]: dict(row) for row in counted}
    return [_summary(step, by_step.get(step.pk, {})) for step in graded_steps(rescoring.case)]


def _summary(step: Step, counted: dict[str, Any]) -> Summary:
    figures = {name: counted.get(name, 0) for name in FIGURES}
    return Summary(step=step, shows_final=final_is_out(step), **figures)


def switched_for(owner: Owner, *, step: Step) -> Rescoring | None:
    """The latest rescoring that was switched to and changed the owner's score or place in the step."""
    changed = ShadowStanding.objects.changed().filter(owner.filter, step=step)
    switched = Rescoring.objects.filter(state=RescoringState.SWITCHED, pk__in=changed.values("rescoring"))
    return switched.order_by("-ended_at", "-pk").first()
