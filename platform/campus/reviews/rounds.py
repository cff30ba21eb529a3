"""Rounds of review: which step judges which, made from the case when they are first needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort
from campus.reviews.models import ReviewRound
from campus.reviews.rubrics import rubric_of

DEFAULT_EACH = 3
# Extensions may let single learners review on after the close.
AFTERWARDS = timedelta(days=21)


def judged_step(step: Step) -> Step | None:
    """The text step whose hand-ins a review step judges: the one its case names, else the last with a rubric before."""
    named = step.manifest().get("reviews")
    texts = Step.objects.with_case().filter(cohort_case=step.cohort_case_id, kind=StepKind.TEXT)
    if named:
        return texts.filter(key=named).first()
    before = texts.filter(position__lt=step.position).order_by("-position")
    return next((one for one in before if rubric_of(one)), None)


def round_of(step: Step) -> ReviewRound | None:
    """The round of a review step, made now where there is none yet; None where nothing is judged."""
    if step.kind != StepKind.REVIEW:
        return None
    whole = ReviewRound.objects.select_related("judged")
    found = whole.filter(step=step).first()
    if found is None:
        judged = judged_step(step)
        if judged is None:
            return None
        each = step.manifest().get("reviews_each", DEFAULT_EACH)
        found, _ = ReviewRound.objects.get_or_create(step=step, defaults={"judged": judged, "reviews_each": each})
    found.step = step
    found.judged.cohort_case = step.cohort_case
    return found


def review_steps_of(judged: Step) -> list[Step]:
    """The review steps of the same case that judge this step."""
    steps = Step.objects.with_case().filter(cohort_case=judged.cohort_case_id, kind=StepKind.REVIEW)
    return [step for step in steps if (found := judged_step(step)) and found.pk == judged.pk]


def running_rounds(now: datetime | None = None, **narrowed: object) -> Iterable[ReviewRound]:
    """Rounds in which reviews are given out now; those of steps that have just opened are made."""
    now = now or timezone.now()
    steps = Step.objects.with_case().filter(
        Q(closes_at__gt=now - AFTERWARDS), kind=StepKind.REVIEW, opens_at__lte=now, **narrowed
    )
    return [found for step in steps if (found := round_of(step))]


def rounds_in(cohort: Cohort) -> list[ReviewRound]:
    """The cohort's rounds in the order of their opening."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.REVIEW)
    return [found for step in steps.order_by("opens_at", "pk") if (found := round_of(step))]
