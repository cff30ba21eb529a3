"""Peer review of 2,000 learners: who gets their reviews in time when a fifth leaves, and what the marks are worth.

python -m tests.benchmarks.reviews [--learners 2000] [--seed 1]

The simulated days drive what decides on the site (`campus.reviews.decisions`), hour by hour; only people are made up:
- they begin a review after 5 hours and finish it after 3 days (medians, log-normal), slow people mostly stay slow;
- 80 % have handed in when reviewing begins, 15 % within two days, 5 % late by up to four;
- 20 % leave at some moment of the first week, half of them without a word;
- where the deadline would pass, four in five finish on the day before it instead; where only the date of the review
  itself would pass (five days), nobody, two in five or four in five do: that was never measured, so all are told;
- asked for a review more than they owe, 70 % do it.
Marks are drawn from known values with halo, bias and noise, and rounded to the four levels of a rubric.
"""

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from campus.reviews.aggregation import Mark, Practice, aggregate
from campus.reviews.decisions import EndReason, Link, Party, Rules, Stage, Work, decide
from tests.benchmarks import reviews_site
from tests.benchmarks.site import headline

EACH = 3
WEEK = timedelta(days=7)
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
CRITERIA = ("problem", "validation", "order-rule", "impact", "clarity")


@dataclass
class Learner:
    """Somebody with a pace of her own; what she does is drawn when it is needed."""

    key: int
    hands_in_at: datetime
    slowness: float
    leaves_at: datetime | None
    tells: bool
    helps: bool
    is_punctual: bool
    keeps_dates: bool
    active_at: datetime | None = None
    takes_extras: bool = True

    def is_there(self, now: datetime) -> bool:
        return self.leaves_at is None or now < self.leaves_at


@dataclass
class Held:
    """A work in somebody's hands, with what she is going to do about it."""

    link: Link
    begins_at: datetime
    finishes_at: datetime


@dataclass
class School:
    learners: dict[int, Learner]
    drawn: random.Random
    kept: float  # how much of a learner's pace is her own, 0 to 1
    closes_at: datetime
    held: dict[tuple[int, int], Held] = field(default_factory=dict)
    ended: list[Link] = field(default_factory=list)
    given_at: dict[int, list[datetime]] = field(default_factory=dict)
    slowest: float = 0.0
    moments: int = 0

    def delay(self, learner: Learner, *, median: float, spread: float) -> timedelta:
        """Log-normal hours around the median, partly her own."""
        noise = math.sqrt(self.kept) * learner.slowness + math.sqrt(1 - self.kept) * self.drawn.gauss(0, 1)
        return timedelta(hours=median * math.exp(spread * noise))

    def works(self, now: datetime) -> list[Work]:
        """The works that have been handed in; nobody waits for those of people who said that they leave."""
        return [
            Work(one.key, frozenset({one.key}), 0 if self.said_goodbye(one, now) else EACH, max(BEGIN, one.hands_in_at))
            for one in self.learners.values()
            if one.hands_in_at <= now
        ]

    def said_goodbye(self, learner: Learner, now: datetime) -> bool:
        return learner.tells and not learner.is_there(now)

    def parties(self, now: datetime) -> list[Party]:
        return [
            Party(
                one.key, EACH, EndReason.LEFT if self.said_goodbye(one, now) else None, one.active_at, one.takes_extras
            )
            for one in self.learners.values()
            if one.hands_in_at <= now
        ]

    def links(self) -> list[Link]:
        return [*(held.link for held in self.held.values()), *self.ended]

    def decide(self, now: datetime) -> None:
        began = time.perf_counter()
        plan = decide(self.works(now), self.parties(now), self.links(), now=now, rules=Rules())
        self.slowest = max(self.slowest, time.perf_counter() - began)
        self.moments += 1
        for link, reason in plan.ends:
            self._end(link.pair, reason, now)
        for pairs, is_extra in ((plan.gives, False), (plan.extras, True)):
            for reviewer, work in pairs:
                self._give(reviewer, work, now, is_extra=is_extra)

    def _end(self, pair: tuple[int, int], reason: EndReason, now: datetime) -> None:
        link = self.held.pop(pair).link
        self.ended.append(replace(link, stage=Stage.ENDED, ended_at=now, reason=reason))

    def _give(self, reviewer: int, work: int, now: datetime, *, is_extra: bool) -> None:
        learner = self.learners[reviewer]
        link = Link(reviewer, work, Stage.ASSIGNED, now, is_extra=is_extra)
        begins = now + self.delay(learner, median=5, spread=1.2)
        finishes = max(begins + timedelta(minutes=30), now + self.delay(learner, median=72, spread=0.55))
        for heeds, date in ((learner.keeps_dates, now + Rules().due_after), (learner.is_punctual, self.closes_at)):
            evening = date - timedelta(hours=self.drawn.uniform(1, 24))
            if heeds and begins < evening < finishes:
                finishes = evening
        self.held[link.pair] = Held(link, begins, finishes)

    def live(self, now: datetime) -> None:
        """What people do in this hour."""
        for pair, held in list(self.held.items()):
            learner = self.learners[pair[0]]
            if not learner.is_there(now) or held.link.stage is Stage.GIVEN:
                continue
            if held.link.is_extra and not learner.helps and now >= held.begins_at:
                learner.takes_extras = False
                self._end(pair, EndReason.DECLINED, now)
            elif now >= held.finishes_at:
                held.link = replace(held.link, stage=Stage.GIVEN, touched_at=now)
                self.given_at.setdefault(pair[1], []).append(now)
                learner.active_at = now
            elif now >= held.begins_at:
                self._work_on(held, learner, now)
        for link in self.ended:
            self._come_back(link, now)

    def _work_on(self, held: Held, learner: Learner, now: datetime) -> None:
        """Half an evening now and then, about every eighteen hours."""
        last = held.link.touched_at
        if last is None or now - last >= timedelta(hours=18):
            held.link = replace(held.link, stage=Stage.BEGUN, touched_at=now)
            learner.active_at = now

    def _come_back(self, link: Link, now: datetime) -> None:
        """Who let a review lapse looks in after some days, and is there for others."""
        learner = self.learners[link.reviewer]
        returns = link.assigned_at + timedelta(hours=5 * math.exp(1.2 * abs(learner.slowness)) + 72)
        if link.reason is EndReason.IDLE and learner.is_there(now) and now - timedelta(hours=1) < returns <= now:
            learner.active_at = now


def make_school(*, learners: int, seed: int, kept: float, closes: timedelta, dates: float = 0.0) -> School:
    drawn = random.Random(seed)
    people = {}
    for key in range(1, learners + 1):
        leaves = drawn.random() < 0.2
        people[key] = Learner(
            key=key,
            hands_in_at=BEGIN + _late_by(drawn),
            slowness=drawn.gauss(0, 1),
            leaves_at=BEGIN + timedelta(days=drawn.uniform(0, 7)) if leaves else None,
            tells=leaves and drawn.random() < 0.5,
            helps=drawn.random() < 0.7,
            is_punctual=drawn.random() < 0.8,
            keeps_dates=drawn.random() < dates,
        )
    for one in people.values():
        if one.leaves_at and one.leaves_at <= one.hands_in_at:
            one.leaves_at = one.hands_in_at + timedelta(hours=1)
    return School(people, drawn, kept, BEGIN + closes)


def _late_by(drawn: random.Random) -> timedelta:
    chance = drawn.random()
    if chance < 0.8:
        return timedelta(0)
    return timedelta(days=drawn.uniform(0, 2) if chance < 0.95 else drawn.uniform(2, 4))


def simulate(school: School, *, days: int = 10) -> None:
    for hour in range(days * 24):
        now = BEGIN + timedelta(hours=hour)
        school.live(now)
        school.decide(now)


def tell(school: School, *, days: int = 10) -> None:
    """Starved works, who got three in a week, and what it cost those who helped."""
    end = BEGIN + timedelta(days=days)
    waiting = [one for one in school.learners.values() if not school.said_goodbye(one, end)]
    counts = Counter(min(EACH, len(school.given_at.get(one.key, []))) for one in waiting)
    in_time = [one for one in waiting if _given_within(school, one, WEEK) >= EACH]
    everybody = [one for one in school.learners.values() if _given_within(school, one, WEEK) >= EACH]
    extras = Counter(held.link.reviewer for held in school.held.values() if _is_given_extra(held.link))
    ended = Counter(link.reason.value for link in school.ended if link.reason)
    print(f"works of people who did not say that they leave: {len(waiting)}")
    print(f"  three reviews within 7 days   {len(in_time) / len(waiting):8.1%}   (target 95 %)")
    print(f"  without any review after {days} d {counts[0]:8d}   (target 0); with one {counts[1]}, two {counts[2]}")
    print(f"  all works, leavers' too, in 7 d {len(everybody) / len(school.learners):6.1%}")
    print(f"reviews beyond the three owed   {sum(extras.values()):8d}   by {len(extras)} people")
    staying = [one.key for one in school.learners.values() if one.leaves_at is None]
    by = Counter(pair[0] for pair, held in school.held.items() if held.link.stage is Stage.GIVEN)
    loads = Counter(by[key] for key in staying)
    print(f"reviews given by a learner      {sum(by.values()) / len(school.learners):8.2f}   in the mean;", end=" ")
    print(f"by those who stay {sum(by[key] for key in staying) / len(staying):.2f}: {dict(sorted(loads.items()))}")
    print(f"assignments that ended          {dict(ended)}")
    print(f"longest decision for the round  {school.slowest:8.2f} s (target 5 s), {school.moments} decisions")
    given = [held.link for held in school.held.values() if held.link.stage is Stage.GIVEN]
    assert len({link.pair for link in given}) == len(given)
    assert all(link.reviewer != link.work for link in given)


def _given_within(school: School, learner: Learner, span: timedelta) -> int:
    return sum(at - max(BEGIN, learner.hands_in_at) <= span for at in school.given_at.get(learner.key, []))


def _is_given_extra(link: Link) -> bool:
    return link.is_extra and link.stage is Stage.GIVEN


# --- What the marks are worth ---


@dataclass(frozen=True)
class Crowd:
    """How reviewers judge. bias, noise: spread, in shares of the scale; careless: share of people who hardly look."""

    name: str
    bias: float
    noise: float
    careless: float = 0.0


CROWDS = (
    Crowd("honest", bias=0.04, noise=0.10),
    Crowd("honest, noisy", bias=0.04, noise=0.20),
    Crowd("biased", bias=0.15, noise=0.13),
    Crowd("a fifth careless", bias=0.10, noise=0.13, careless=0.2),
    Crowd("half careless", bias=0.10, noise=0.13, careless=0.5),
)


def judge(crowd: Crowd, *, learners: int, seed: int, practises: bool) -> dict[str, float]:
    """Errors (root mean square, in shares of the scale) of our estimate and of the mean."""
    drawn = np.random.default_rng(seed)
    quality = np.clip(drawn.normal(0.55, 0.16, learners), 0, 1)
    true = {key: np.clip(quality + drawn.normal(0, 0.1, learners), 0, 1) for key in CRITERIA}
    bias = drawn.normal(0, crowd.bias, learners)
    noise = crowd.noise * np.exp(drawn.normal(0, 0.3, learners))
    is_careless = drawn.random(learners) < crowd.careless

    def marks(reviewer: int, value: dict[str, float]) -> dict[str, float]:
        if is_careless[reviewer]:
            favourite = drawn.choice([1 / 3, 2 / 3, 1, 1])
            return {key: _level(favourite + drawn.normal(0, 0.15)) for key in CRITERIA}
        halo = drawn.normal(0, 0.7 * noise[reviewer])
        offset = bias[reviewer] + halo
        return {key: _level(value[key] + offset + drawn.normal(0, noise[reviewer])) for key in CRITERIA}

    given = [
        Mark(work, reviewer, marks(reviewer, {key: float(true[key][work]) for key in CRITERIA}))
        for reviewer, work in _pairs(learners, drawn)
    ]
    samples = [dict.fromkeys(CRITERIA, 1 / 3), dict.fromkeys(CRITERIA, 0.8)] if practises else []
    practice = [Practice(one, marks(one, sample), sample) for sample in samples for one in range(learners)]
    results, _ = aggregate(given, practice=practice)
    overall = np.mean([true[key] for key in CRITERIA], axis=0)
    rows = [(results[work].overall, float(overall[work])) for work in range(learners)]
    each = [(results[work].criteria[key], float(true[key][work])) for key in CRITERIA for work in range(learners)]
    return {
        "ours": _rms(one.value - value for one, value in rows),
        "mean": _rms(one.mean - value for one, value in rows),
        "ours, by criterion": _rms(one.value - value for one, value in each),
        "mean, by criterion": _rms(one.mean - value for one, value in each),
        "within": float(np.mean([one.low <= value <= one.high for one, value in rows])),
    }


def _pairs(learners: int, drawn: np.random.Generator) -> Iterable[tuple[int, int]]:
    order = drawn.permutation(learners)
    for place, reviewer in enumerate(order):
        for step in range(1, EACH + 1):
            yield int(reviewer), int(order[(place + step) % learners])


def _level(value: float) -> float:
    """The nearest of four levels."""
    return round(min(1.0, max(0.0, value)) * 3) / 3


def _rms(errors: Iterable[float]) -> float:
    return float(np.sqrt(np.mean(np.square(list(errors)))))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    slow, anew, far = "slow people mostly stay slow", "everybody's pace is drawn anew", "no deadline in sight"
    scenarios = (
        (0.7, 7, 0.0, f"{slow}, deadline after 7 days"),
        (0.0, 7, 0.0, f"{anew} each time, deadline after 7 days"),
        (0.7, 30, 0.0, f"{slow}, {far}, nobody heeds a review's own date"),
        (0.7, 30, 0.4, f"{slow}, {far}, 40 % heed a review's own date"),
        (0.7, 30, 0.8, f"{slow}, {far}, 80 % heed a review's own date"),
    )
    for kept, closes, dates, words in scenarios:
        headline(f"{options.learners:,} learners, 20 % leave; {words}")
        school = make_school(
            learners=options.learners, seed=options.seed, kept=kept, closes=timedelta(days=closes), dates=dates
        )
        simulate(school)
        tell(school)
    reviews_site.measure(options.learners)
    headline("error beside the plain mean (share of the scale), and how often the interval holds the true value")
    for learners in (options.learners, 100, 12):
        for crowd in CROWDS:
            for practises in (True, False):
                tell_crowd(crowd, learners=learners, practises=practises, seed=options.seed)


def tell_crowd(crowd: Crowd, *, learners: int, practises: bool, seed: int) -> None:
    """The mean over several draws where the round is small."""
    draws = [
        judge(crowd, learners=learners, seed=seed + number, practises=practises)
        for number in range(max(1, min(40, 800 // learners)))
    ]
    mean = {key: float(np.mean([draw[key] for draw in draws])) for key in draws[0]}
    better = 1 - mean["ours"] / mean["mean"]
    print(
        f"{learners:5d} {crowd.name:17s} {'practised' if practises else '         '}  ours {mean['ours']:.4f}"
        f"  mean {mean['mean']:.4f}  ({better:+.0%} less)   by criterion {mean['ours, by criterion']:.4f}"
        f" / {mean['mean, by criterion']:.4f}   within {mean['within']:.0%}"
    )


if __name__ == "__main__":
    main()
