"""How a round goes, in figures; a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from campus.reviews.decisions import PASSED_ON, Stage
from campus.reviews.models import Appeal, Assignment, ReviewRound
from campus.reviews.results import WIDE


@dataclass(frozen=True)
class Figures:
    """Works by how many reviews they have, reviews by stage, and what needs somebody."""

    works: int
    starved: int
    complete: int
    given: int
    begun: int
    waiting: int
    extras: int
    idle: int
    passed_on: int
    wide: int
    appeals: int
    reviewers: int
    finished: int

    @property
    def partly(self) -> int:
        return self.works - self.starved - self.complete


def figures_of(round: ReviewRound) -> Figures:
    """The round now. starved: works without a given review; idle: not begun for half the time that is allowed."""
    given = Count("assignments", filter=Q(assignments__stage=Stage.GIVEN))
    by_work = list(round.works.annotate(given=given).values_list("given", "result"))
    slow = timezone.now() - round.rules.idle_after / 2
    rows = Assignment.objects.filter(share__round=round)
    counts = rows.aggregate(
        given=Count("pk", filter=Q(stage=Stage.GIVEN)),
        begun=Count("pk", filter=Q(stage=Stage.BEGUN)),
        waiting=Count("pk", filter=Q(stage=Stage.ASSIGNED)),
        extras=Count("pk", filter=Q(stage=Stage.GIVEN, is_extra=True)),
        passed_on=Count("pk", filter=Q(end_reason__in=PASSED_ON)),
        idle=Count("pk", filter=Q(stage=Stage.ASSIGNED, assigned_at__lt=slow)),
    )
    of_shares = Count("assignments", filter=Q(assignments__stage=Stage.GIVEN))
    by_share = list(round.shares.annotate(given=of_shares).values_list("given", "excused_at"))
    return Figures(
        works=len(by_work),
        starved=sum(count == 0 for count, _ in by_work),
        complete=sum(count >= round.reviews_each for count, _ in by_work),
        wide=sum(differs(result) for _, result in by_work if result),
        appeals=Appeal.objects.filter(work__round=round, decided_at=None).count(),
        reviewers=len(by_share),
        finished=sum(count >= round.reviews_each or excused is not None for count, excused in by_share),
        **counts,
    )


def differs(result: dict[str, dict[str, float]]) -> bool:
    """Whether a kept result's interval over all criteria is wide because reviewers differ; one alone doesn't."""
    overall = result["overall"]
    return overall["count"] > 1 and overall["high"] - overall["low"] > WIDE
