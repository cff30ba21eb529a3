"""What happens elsewhere and concerns rounds: a hand-in, somebody leaving, deadlines that move."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from campus.cases.models import CohortCase, Step, StepKind
from campus.cases.signals import deadlines_moved
from campus.cohorts.models import Enrolment
from campus.cohorts.signals import left
from campus.deliverables.models import Deliverable
from campus.deliverables.signals import handed_in
from campus.rescoring.signals import switched
from campus.reviews.models import ReviewRound
from campus.reviews.rounds import review_steps_of, round_of
from campus.reviews.tasks import defer_admitting, defer_assigning, whole_round


@receiver(handed_in, dispatch_uid="reviews.handed_in")
def find_reviewers(deliverable: Deliverable, **_signal: Any) -> None:
    """Work that comes while reviewing is on gets reviewers, and its authors get reviews to give, at once."""
    for step in review_steps_of(deliverable.step):
        if step.has_opened() and (found := round_of(step)):
            defer_admitting(found, deliverable)


@receiver(left, dispatch_uid="reviews.left")
def pass_reviews_on(enrolments: Sequence[Enrolment], **_signal: Any) -> None:
    """What people who left had not given goes to others."""
    concerned = ReviewRound.objects.filter(shares__enrolment__in=enrolments).distinct()
    for found in concerned:
        defer_assigning(found)


@receiver(switched, dispatch_uid="reviews.rescored")
def work_out_again(case: CohortCase, **_signal: Any) -> None:
    """Another version of the case may weigh criteria or know the marks of samples otherwise."""
    ReviewRound.objects.filter(step__cohort_case=case).update(has_news=True)


@receiver(deadlines_moved, dispatch_uid="reviews.deadlines")
def look_again(steps: Iterable[Step], **_details: object) -> None:
    """Who has more time may be given reviews again."""
    for step in steps:
        if step.kind == StepKind.REVIEW and step.opens_at <= timezone.now() and (found := round_of(step)):
            defer_assigning(whole_round(found))
