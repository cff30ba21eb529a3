"""Ten days of a round, hour by hour: what decides on the site (`campus.reviews.decisions`) decides, people are made up.

- They begin a review after 5 hours and finish it after 3 days (medians, log-normal).
- 80 % have handed in when reviewing begins, 15 % within two days, 5 % late by up to four.
- 20 % leave at some moment of the first week, half of them without a word.
- Where the deadline would pass, four in five finish on the day before it instead; where only the date of the review
  itself would pass (five days), as many as the scenario says: that was never measured.
- Asked for a review more than they owe, 70 % do it.

What somebody's first, second, … review takes is drawn for herself alone, so that `foresight.py` can say of the same
people what could have been reached at all.
"""

import math
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from campus.reviews.decisions import EndReason, Link, Party, Rules, Stage, Work, decide

EACH = 3
WEEK = timedelta(days=7)
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
LASTS = 10  # days
RULES = Rules()


@dataclass(frozen=True)
class Scenario:
    """kept: how much of a learner's pace is her own, 0 to 1; heed: who keeps to the date of a review itself."""

    words: str
    kept: float
    closes: timedelta
    heed: float = 0.0


@dataclass(frozen=True)
class Effort:
    """What one review takes: standard normal numbers for beginning and finishing, hours before a date that is kept."""

    begins: float
    finishes: float
    before_date: float
    before_close: float


@dataclass
class Learner:
    """Somebody with a pace of her own."""

    key: int
    hands_in_at: datetime
    slowness: float
    leaves_at: datetime | None
    tells: bool
    helps: bool
    is_punctual: bool
    heeds_dates: bool
    drawn: random.Random
    efforts: list[Effort] = field(default_factory=list)
    taken: int = 0
    active_at: datetime | None = None
    takes_extras: bool = True

    @property
    def since(self) -> datetime:
        """When she begins to wait for reviews, and can give some."""
        return max(BEGIN, self.hands_in_at)

    def is_there(self, now: datetime) -> bool:
        return self.leaves_at is None or now < self.leaves_at

    def said_goodbye(self, now: datetime) -> bool:
        return self.tells and not self.is_there(now)

    def effort(self, number: int) -> Effort:
        """That of the review with this number, from 0."""
        while len(self.efforts) <= number:
            gauss, hours = self.drawn.gauss, self.drawn.uniform
            self.efforts.append(Effort(gauss(0, 1), gauss(0, 1), hours(1, 24), hours(1, 24)))
        return self.efforts[number]


@dataclass
class Held:
    """A work in somebody's hands, with what she is going to do about it."""

    link: Link
    begins_at: datetime
    finishes_at: datetime


@dataclass
class School:
    learners: dict[int, Learner]
    scenario: Scenario
    held: dict[tuple[int, int], Held] = field(default_factory=dict)
    ended: list[Link] = field(default_factory=list)
    given_at: dict[int, list[datetime]] = field(default_factory=dict)
    slowest: float = 0.0
    moments: int = 0

    @cached_property
    def closes_at(self) -> datetime:
        return BEGIN + self.scenario.closes

    def times(self, learner: Learner, number: int, now: datetime) -> tuple[datetime, datetime]:
        """When she begins and finishes her review with this number if she is given it now."""
        effort = learner.effort(number)
        begins = now + self._delay(learner, effort.begins, median=5, spread=1.2)
        finishes = now + self._delay(learner, effort.finishes, median=72, spread=0.55)
        finishes = max(begins + timedelta(minutes=30), finishes)
        own = (learner.heeds_dates, now + RULES.due_after, effort.before_date)
        for heeds, date, hours in (own, (learner.is_punctual, self.closes_at, effort.before_close)):
            evening = date - timedelta(hours=hours)
            if heeds and begins < evening < finishes:
                finishes = evening
        return begins, finishes

    def _delay(self, learner: Learner, drawn: float, *, median: float, spread: float) -> timedelta:
        kept = self.scenario.kept
        return timedelta(
            hours=median * math.exp(spread * (math.sqrt(kept) * learner.slowness + math.sqrt(1 - kept) * drawn))
        )

    def run(self) -> None:
        for hour in range(LASTS * 24):
            now = BEGIN + timedelta(hours=hour)
            self._live(now)
            self._decide(now)

    # --- What decides ---

    def _decide(self, now: datetime) -> None:
        began = time.perf_counter()
        plan = decide(self._works(now), self._parties(now), self._links(), now=now, rules=RULES)
        self.slowest = max(self.slowest, time.perf_counter() - began)
        self.moments += 1
        for link, reason in plan.ends:
            self._end(link.pair, reason, now)
        for pairs, is_extra in ((plan.gives, False), (plan.extras, True)):
            for reviewer, work in pairs:
                self._give(self.learners[reviewer], work, now, is_extra=is_extra)

    def _works(self, now: datetime) -> list[Work]:
        """The works that have been handed in; nobody waits for those of people who said that they leave."""
        return [
            Work(one.key, frozenset({one.key}), 0 if one.said_goodbye(now) else EACH, one.since)
            for one in self._handed_in(now)
        ]

    def _parties(self, now: datetime) -> list[Party]:
        return [
            Party(one.key, EACH, EndReason.LEFT if one.said_goodbye(now) else None, one.active_at, one.takes_extras)
            for one in self._handed_in(now)
        ]

    def _handed_in(self, now: datetime) -> list[Learner]:
        return [one for one in self.learners.values() if one.hands_in_at <= now]

    def _links(self) -> list[Link]:
        return [*(held.link for held in self.held.values()), *self.ended]

    def _end(self, pair: tuple[int, int], reason: EndReason, now: datetime) -> None:
        link = self.held.pop(pair).link
        self.ended.append(replace(link, stage=Stage.ENDED, ended_at=now, reason=reason))

    def _give(self, learner: Learner, work: int, now: datetime, *, is_extra: bool) -> None:
        link = Link(learner.key, work, Stage.ASSIGNED, now, is_extra=is_extra)
        self.held[link.pair] = Held(link, *self.times(learner, learner.taken, now))
        learner.taken += 1

    # --- What people do ---

    def _live(self, now: datetime) -> None:
        """In this hour."""
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

    # --- What came of it ---

    @cached_property
    def waiting(self) -> list[Learner]:
        """Whose works count: everybody but those who said that they leave."""
        return [one for one in self.learners.values() if not one.tells]

    def given_in_time(self, learner: Learner) -> int:
        return sum(at - learner.since <= WEEK for at in self.given_at.get(learner.key, []))

    def given(self) -> list[Link]:
        return [held.link for held in self.held.values() if held.link.stage is Stage.GIVEN]


def make_school(scenario: Scenario, *, learners: int, seed: int) -> School:
    drawn = random.Random(seed)
    people = {key: _made_up(key, drawn, scenario, seed) for key in range(1, learners + 1)}
    return School(people, scenario)


def _made_up(key: int, drawn: random.Random, scenario: Scenario, seed: int) -> Learner:
    hands_in_at = BEGIN + _late_by(drawn)
    leaves_at = BEGIN + timedelta(days=drawn.uniform(0, 7)) if drawn.random() < 0.2 else None
    if leaves_at:
        leaves_at = max(leaves_at, hands_in_at + timedelta(hours=1))
    return Learner(
        key=key,
        hands_in_at=hands_in_at,
        slowness=drawn.gauss(0, 1),
        leaves_at=leaves_at,
        tells=leaves_at is not None and drawn.random() < 0.5,
        helps=drawn.random() < 0.7,
        is_punctual=drawn.random() < 0.8,
        heeds_dates=drawn.random() < scenario.heed,
        drawn=random.Random(seed * 1_000_000 + key),
    )


def _late_by(drawn: random.Random) -> timedelta:
    chance = drawn.random()
    if chance < 0.8:
        return timedelta(0)
    return timedelta(days=drawn.uniform(0, 2) if chance < 0.95 else drawn.uniform(2, 4))


def tell(school: School) -> None:
    """Starved works, who got three in a week, and what it cost those who helped."""
    waiting, given = school.waiting, school.given()
    counts = Counter(min(EACH, len(school.given_at.get(one.key, []))) for one in waiting)
    extras = Counter(link.reviewer for link in given if link.is_extra)
    ended = Counter(link.reason.value for link in school.ended if link.reason)
    print(f"works of people who did not say that they leave: {len(waiting)}")
    print(f"  three reviews within 7 days   {in_time(school, waiting):8.1%}   (target 95 %)")
    print(f"  without any review after {LASTS} d {counts[0]:8d}   (target 0); with one {counts[1]}, two {counts[2]}")
    print(f"  all works, leavers' too, in 7 d {in_time(school, list(school.learners.values())):6.1%}")
    print(f"reviews beyond the three owed   {sum(extras.values()):8d}   by {len(extras)} people")
    staying = [one.key for one in school.learners.values() if one.leaves_at is None]
    by = Counter(link.reviewer for link in given)
    loads = Counter(by[key] for key in staying)
    print(f"reviews given by a learner      {len(given) / len(school.learners):8.2f}   in the mean;", end=" ")
    print(f"by those who stay {sum(by[key] for key in staying) / len(staying):.2f}: {dict(sorted(loads.items()))}")
    print(f"assignments that ended          {dict(ended)}")
    print(f"longest decision for the round  {school.slowest:8.2f} s (target 5 s), {school.moments} decisions")
    assert len({link.pair for link in given}) == len(given)
    assert all(link.reviewer != link.work for link in given)


def in_time(school: School, learners: list[Learner]) -> float:
    """The part of these whose work has three reviews a week after it was handed in."""
    return sum(school.given_in_time(one) >= EACH for one in learners) / len(learners)
