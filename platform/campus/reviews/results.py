"""Works out what reviews say together, keeps it with each work, and puts it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campus.reviews.aggregation import Estimate, Mark, Practice, Result, aggregate
from campus.reviews.models import Assignment, PracticeReview, ReviewRound, Work
from campus.reviews.practice import samples_of
from campus.reviews.rubrics import Criterion, Rubric, rubric_of

# Of the scale from the lowest to the highest level: wider than this, a person had better look.
WIDE = 0.45
NARROW = 0.25


def work_out(round: ReviewRound) -> int:
    """Bring the results of all works of the round up to date; how many changed."""
    ReviewRound.objects.filter(pk=round.pk).update(has_news=False)
    results = results_by(rubric_of(round.judged), round)
    changed = []
    for work in round.works.all():
        result = _as_json(results[work.pk]) if work.pk in results else None
        if result != work.result:
            work.result = result
            changed.append(work)
    Work.objects.bulk_update(changed, ["result"], batch_size=500)
    return len(changed)


def results_by(rubric: Rubric, round: ReviewRound) -> dict[int, Result]:
    """What the round's reviews say together by this rubric, by work; nothing is written."""
    given = Assignment.objects.counted().filter(work__round=round).order_by("pk")
    rows = given.values_list("work", "share", "review__marks")
    marks = [Mark(work, share, rubric.shares(found)) for work, share, found in rows if rubric.is_complete(found)]
    results, _characters = aggregate(marks, practice=_practice(round, rubric), weights=rubric.weights)
    return results


def _practice(round: ReviewRound, rubric: Rubric) -> list[Practice]:
    """What reviewers gave the samples; only of criteria that both have."""
    known = {sample.key: rubric.shares(sample.known) for sample in samples_of(round)}
    rows = PracticeReview.objects.filter(share__round=round).values_list("share", "sample", "marks")
    return [
        Practice(share, rubric.shares(marks), known[sample])
        for share, sample, marks in rows
        if sample in known and rubric.is_complete(marks)
    ]


def _as_json(result: Result) -> dict[str, Any]:
    criteria = {key: _estimate_as_json(one) for key, one in result.criteria.items()}
    return {"overall": _estimate_as_json(result.overall), "criteria": criteria}


def _estimate_as_json(estimate: Estimate) -> dict[str, float]:
    """Rounded, so that what nobody could see is no change."""
    shares = {name: round(getattr(estimate, name), 4) for name in ("value", "low", "high", "mean")}
    return shares | {"count": estimate.count}


@dataclass(frozen=True)
class Line:
    """An estimate in points of its rubric, for a page. width: of the interval, as a share of the scale."""

    label: str
    value: float
    low: float
    high: float
    mean: float
    least: float
    most: float
    count: int
    width: float
    criterion: Criterion | None = None

    def at(self, points: float) -> float:
        """Where on the scale the points lie, 0 to 1."""
        return (points - self.least) / (self.most - self.least)

    @property
    def is_wide(self) -> bool:
        """Whether reviewers differ a lot; one alone doesn't."""
        return self.count > 1 and self.width > WIDE

    @property
    def words(self) -> str:
        """How sure that is, for people who never heard of intervals."""
        if self.count == 1:
            return _("This is based on only one review. Further reviews may change it.")
        if self.is_wide:
            return _("The reviewers differ a lot, so take this as a rough guide only.")
        if self.width <= NARROW:
            return _("The reviewers agree well.")
        return _("The reviewers roughly agree.")


@dataclass(frozen=True)
class Shown:
    """A work's results as pages show them."""

    overall: Line
    criteria: list[Line]

    @property
    def count(self) -> int:
        return self.overall.count

    @property
    def is_single(self) -> bool:
        """Whether one review is all there is: then its own marks say more than a value with a range."""
        return self.count == 1


def shown_result(work: Work) -> Shown | None:
    """The kept result of the work (read with its round and judged step); None before the first review."""
    if work.result is None:
        return None
    rubric = rubric_of(work.round.judged)
    criteria = [
        _line(str(one), work.result["criteria"][one.key], one.least, one.most, one)
        for one in rubric
        if one.key in work.result["criteria"]
    ]
    # Over all criteria as their mean, so that the scale is the one that readers know from each criterion.
    return Shown(_line(_("Overall"), work.result["overall"], rubric.least, rubric.most), criteria)


def overall_line(rubric: Rubric, estimate: Estimate) -> Line:
    """What a work's page would show over all criteria."""
    return _line(_("Overall"), _estimate_as_json(estimate), rubric.least, rubric.most)


def _line(
    label: str, found: Mapping[str, float], least: float, most: float, criterion: Criterion | None = None
) -> Line:
    points = {name: least + found[name] * (most - least) for name in ("value", "low", "high", "mean")}
    return Line(
        label,
        **points,
        least=least,
        most=most,
        count=int(found["count"]),
        width=found["high"] - found["low"],
        criterion=criterion,
    )
