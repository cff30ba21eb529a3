"""Which work a mentor's hour helps most: wait × uncertainty × risk, each with its reasons. Pure.

Each factor is 1 where nothing speaks for the work, and grows by what its reasons weigh. Equal works go by their number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import prod

WEEK = 7.0  # days after which a wait weighs twice
LONGEST_WAIT = 28.0  # days; longer does not weigh more
WIDE = 0.45  # of the scale; as reviews.results.WIDE, wider intervals say little
LOW = 0.4  # of the scale; peers see a work below it as weak
FAR = 0.25  # of the scale; a mentor's mark so far from the peers' value is looked at again
CLOSE = timedelta(days=3)


class Factor(StrEnum):
    WAIT = "wait"
    UNCERTAINTY = "uncertainty"
    RISK = "risk"


class Why(StrEnum):
    """A reason for a place in the queue; its factor and what it adds stand in ``WEIGHTS``."""

    WAITS = "waits"
    WIDE_INTERVAL = "wide_interval"
    FEW_REVIEWS = "few_reviews"
    NO_REVIEWS = "no_reviews"
    APPEAL = "appeal"
    LOW_RESULT = "low_result"
    LATE = "late"
    NEXT_STEP_CLOSE = "next_step_close"
    NEW_VERSION = "new_version"
    NEVER = "never"


WEIGHTS: dict[Why, tuple[Factor, float]] = {
    Why.NO_REVIEWS: (Factor.UNCERTAINTY, 0.5),
    Why.FEW_REVIEWS: (Factor.UNCERTAINTY, 0.3),
    Why.WIDE_INTERVAL: (Factor.UNCERTAINTY, 1.0),
    Why.APPEAL: (Factor.RISK, 1.5),
    Why.LOW_RESULT: (Factor.RISK, 0.8),
    Why.NEXT_STEP_CLOSE: (Factor.RISK, 0.6),
    Why.NEVER: (Factor.RISK, 0.4),
    Why.LATE: (Factor.RISK, 0.3),
    Why.NEW_VERSION: (Factor.RISK, 0.2),
}


@dataclass(frozen=True)
class Peers:
    """What peers' reviews say: how many, the value and its interval as shares of the scale, an appeal not decided."""

    count: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    has_appeal: bool = False

    @property
    def width(self) -> float:
        return self.high - self.low if self.high is not None and self.low is not None else 0.0


@dataclass(frozen=True)
class Candidate:
    """A work that may be judged. peers: None where peers don't judge the step. next_close: of the owner's next step."""

    key: int
    handed_in_at: datetime
    is_late: bool = False
    peers: Peers | None = None
    next_close: datetime | None = None
    earlier_reviews: int = 0
    is_first_of_owner: bool = True


@dataclass(frozen=True)
class Place:
    """A work's place: its score, what each factor comes to, and the reasons, the weightiest first."""

    candidate: Candidate
    score: float
    factors: dict[Factor, float]
    reasons: list[Why] = field(default_factory=list)

    @property
    def key(self) -> int:
        return self.candidate.key


def in_order(candidates: Iterable[Candidate], *, now: datetime) -> list[Place]:
    """The queue: the highest score first."""
    return sorted((place_of(one, now=now) for one in candidates), key=lambda place: (-place.score, place.key))


def place_of(candidate: Candidate, *, now: datetime) -> Place:
    """Score one work."""
    days = min((now - candidate.handed_in_at) / timedelta(days=1), LONGEST_WAIT)
    reasons = sorted(_reasons(candidate, now), key=lambda why: -WEIGHTS[why][1])
    factors = dict.fromkeys(Factor, 1.0) | {Factor.WAIT: 1.0 + max(days, 0.0) / WEEK}
    for why in reasons:
        factor, weight = WEIGHTS[why]
        factors[factor] += weight
    waits = [Why.WAITS] if days >= 1 else []
    return Place(candidate, prod(factors.values()), factors, [*reasons, *waits])


def _reasons(one: Candidate, now: datetime) -> Iterable[Why]:
    if one.peers is not None:
        yield from _of_peers(one.peers)
    if one.is_late:
        yield Why.LATE
    if one.next_close and now <= one.next_close <= now + CLOSE:
        yield Why.NEXT_STEP_CLOSE
    if one.earlier_reviews:
        yield Why.NEW_VERSION
    elif one.is_first_of_owner:
        yield Why.NEVER


def _of_peers(peers: Peers) -> Iterable[Why]:
    if peers.count == 0:
        yield Why.NO_REVIEWS
    elif peers.count < 2:
        yield Why.FEW_REVIEWS
    elif peers.width > WIDE:
        yield Why.WIDE_INTERVAL
    if peers.has_appeal:
        yield Why.APPEAL
    if peers.value is not None and peers.value < LOW:
        yield Why.LOW_RESULT


def diverges(share: float, peers: Peers | None) -> bool:
    """Whether a mentor's mark (share of the scale) is far from the peers' value and outside their interval."""
    if peers is None or peers.value is None or peers.low is None or peers.high is None:
        return False
    return abs(share - peers.value) > FAR and not peers.low <= share <= peers.high
