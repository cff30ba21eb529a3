"""What a reviewer learns from her own reviews: how they helped, how far her marks lie from others'. For her alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.translation import gettext as _

from campus.reviews.models import Assignment, Rating, Share
from campus.reviews.practice import rubric_of_round
from campus.reviews.queries import ratings_of
from campus.reviews.rubrics import Criterion, Rubric

ENOUGH_OTHERS = 2  # reviews of a work beside her own, before they say anything about hers
FAR = 0.2  # of the scale, in one direction; two thirds of a level where there are four
SCATTERED = 0.3  # of the scale, in either direction
SHORT = 40  # letters in a comment, in the mean


@dataclass(frozen=True)
class Distance:
    """Own marks beside those of others for the same works, in points. ahead: more (or less) than theirs, in the mean;
    apart: how far, in either direction. The same as shares of the scale decide what is said about it."""

    label: str
    ahead: float
    apart: float
    ahead_share: float
    apart_share: float

    @property
    def is_generous(self) -> bool:
        return self.ahead_share > FAR

    @property
    def is_strict(self) -> bool:
        return self.ahead_share < -FAR

    @property
    def is_scattered(self) -> bool:
        return self.apart_share > SCATTERED


@dataclass(frozen=True)
class Quality:
    """Of one reviewer in one round. compared: works that enough others have judged too."""

    given: int
    ratings: Sequence[int]
    compared: int
    overall: Distance | None
    criteria: list[Distance]
    comment_length: float

    @property
    def lines(self) -> list[Distance]:
        return [self.overall, *self.criteria] if self.overall else []

    @property
    def rated(self) -> list[tuple[str, int]]:
        """How many authors chose each rating, the best first."""
        counts = Counter(self.ratings)
        return [(str(rating.label), counts[rating.value]) for rating in reversed(Rating)]

    @property
    def helped(self) -> int:
        return sum(rating >= Rating.WELL for rating in self.ratings)

    @property
    def advice(self) -> list[str]:
        """What to try next time, the most useful first."""
        return [*self._on_marks(), *self._on_comments()] or [_("Keep it up: your reviews are doing what they should.")]

    def _on_marks(self) -> Iterable[str]:
        if self.overall is None:
            return
        if self.overall.is_generous:
            yield _(
                "Before you choose a high level, look for the place in the work that matches its description. If you "
                "can’t find one, choose the level below and write what is missing."
            )
        elif self.overall.is_strict:
            yield _(
                "Before you choose a low level, read the description of the next one up. If the work matches it, "
                "choose that level, even if you would have gone about it differently."
            )
        widest = max(self.criteria, key=lambda one: one.apart_share)
        if widest.is_scattered:
            yield _(
                "You differ most from other reviewers on “%(criterion)s”. Read its levels again, and the reasons "
                "given for the samples."
            ) % {"criterion": widest.label}

    def _on_comments(self) -> Iterable[str]:
        if self.given and self.comment_length < SHORT:
            yield _(
                "Your comments are short. Name the place in the work that led you to choose the level, and one thing "
                "the author could do next."
            )
        elif self.ratings and self.helped * 2 < len(self.ratings):
            yield _(
                "Authors would like more help. Start with what is good, then give one piece of advice that can be "
                "followed within a day."
            )


def quality_of(share: Share) -> Quality:
    """What is known of the reviews that she gave; three queries."""
    rubric = rubric_of_round(share.round)
    own = list(Assignment.objects.given().filter(share=share).select_related("review"))
    comments = [text for one in own for text in one.review.comments.values()]
    compared = _compared(share, own, rubric)
    criteria = [_distance(str(one), [pair[one.key] for pair in compared], _span(one)) for one in rubric]
    span = fmean(_span(one) for one in rubric)
    means = [fmean(differences.values()) for differences in compared]
    return Quality(
        given=len(own),
        ratings=ratings_of(share),
        compared=len(compared),
        overall=_distance(_("Overall"), means, span) if compared else None,
        criteria=criteria if compared else [],
        comment_length=fmean(len(text) for text in comments) if comments else 0.0,
    )


def _compared(share: Share, own: Iterable[Assignment], rubric: Rubric) -> list[dict[str, float]]:
    """For each work that enough others judged: by criterion, how far her mark lies above their mean (share)."""
    mine = {one.work_id: one.review.marks for one in own if rubric.is_complete(one.review.marks)}
    theirs: dict[int, list[Mapping[str, float]]] = defaultdict(list)
    rows = Assignment.objects.counted().filter(work__in=mine).exclude(share=share).values_list("work", "review__marks")
    for work, marks in rows:
        if rubric.is_complete(marks):
            theirs[work].append(rubric.shares(marks))
    return [
        {key: value - fmean(one[key] for one in theirs[work]) for key, value in rubric.shares(marks).items()}
        for work, marks in mine.items()
        if len(theirs[work]) >= ENOUGH_OTHERS
    ]


def _span(criterion: Criterion) -> int:
    return criterion.most - criterion.least


def _distance(label: str, differences: Sequence[float], span: float) -> Distance:
    ahead = fmean(differences) if differences else 0.0
    apart = fmean(abs(one) for one in differences) if differences else 0.0
    return Distance(label, ahead * span, apart * span, ahead, apart)
