"""What has to happen in a round of reviews now: which assignments end, who gets what. Pure: the moment is given.

The same code decides on the site (`assigning.py`) and in the simulation (`tests/benchmarks/reviews.py`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from campus.reviews import allocation
from campus.reviews.allocation import Pair, Reviewer


class Stage(StrEnum):
    """How far an assignment has come; kept in the database under these names."""

    ASSIGNED = "assigned"
    BEGUN = "begun"
    GIVEN = "given"
    ENDED = "ended"

    @property
    def is_open(self) -> bool:
        return self in {Stage.ASSIGNED, Stage.BEGUN}


class EndReason(StrEnum):
    """Why an assignment ended without a review."""

    IDLE = "idle"
    LEFT = "left"
    LATE = "late"
    MOVED = "moved"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"
    KNOWN = "known"
    REASSIGNED = "reassigned"


@dataclass(frozen=True)
class Rules:
    """When something is done about reviews that don't come.

    idle_after: not begun, and nothing else done in the round either: goes to somebody else.
    stalled_after: left alone for so long, it is no longer counted on, but stays with its reviewer.
    extra_after: a work that lacks reviewers for so long may ask people who have given all of theirs.
    rescue_after: from then on it relies on nothing that is only under way. most_extras: of one person.
    """

    idle_after: timedelta = timedelta(hours=72)
    stalled_after: timedelta = timedelta(hours=36)
    extra_after: timedelta = timedelta(hours=24)
    rescue_after: timedelta = timedelta(days=3)
    most_extras: int = 2


@dataclass(frozen=True)
class Work:
    """Something to be reviewed since a moment. wanted: reviews; 0 where nobody waits for them any more."""

    key: int
    authors: frozenset[int]
    wanted: int
    since: datetime


@dataclass(frozen=True)
class Party:
    """Somebody who reviews. owes: reviews she has to give; active_at: when she last did anything in the round.

    gone: why she can give no review any more, None while she can.
    """

    key: int
    owes: int
    gone: EndReason | None = None
    active_at: datetime | None = None
    takes_extras: bool = True


@dataclass(frozen=True)
class Link:
    """A work in the hands of a reviewer, now or formerly. touched_at: when she last worked on it."""

    reviewer: int
    work: int
    stage: Stage
    assigned_at: datetime
    touched_at: datetime | None = None
    ended_at: datetime | None = None
    reason: EndReason | None = None
    is_extra: bool = False

    @property
    def pair(self) -> Pair:
        return self.reviewer, self.work


@dataclass
class Plan:
    """What to do: links that end, with the reason, and pairs that begin; extras are a favour that is asked for."""

    ends: list[tuple[Link, EndReason]] = field(default_factory=list)
    gives: list[Pair] = field(default_factory=list)
    extras: list[Pair] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.ends or self.gives or self.extras)


class _Round:
    """The round as it is while a plan is made."""

    def __init__(self, works: Iterable[Work], parties: Iterable[Party], links: Iterable[Link], rules: Rules) -> None:
        self.works = {work.key: work for work in works}
        self.parties = {party.key: party for party in parties}
        self.links = list(links)
        self.rules = rules
        self.met = {link.pair for link in self.links}
        self.open = [link for link in self.links if link.stage.is_open]
        self.given = [link for link in self.links if link.stage is Stage.GIVEN]
        self.plan = Plan()

    def end(self, links: Iterable[tuple[Link, EndReason]]) -> None:
        ended = list(links)
        gone = {link.pair for link, _ in ended}
        self.plan.ends += ended
        self.open = [link for link in self.open if link.pair not in gone]

    def is_stalled(self, link: Link, now: datetime) -> bool:
        return is_stalled(link, self.parties.get(link.reviewer), now=now, rules=self.rules)

    def is_resting(self, party: Party) -> bool:
        """Whether reviews went from her to others, and she has not been seen in the round since."""
        return party.key in self._idle_since and (
            party.active_at is None or party.active_at < self._idle_since[party.key]
        )

    def note_idle(self, now: datetime) -> None:
        self._idle_since: dict[int, datetime] = {}
        for link in self.links:
            if link.reason is EndReason.IDLE and link.ended_at:
                latest = self._idle_since.get(link.reviewer, link.ended_at)
                self._idle_since[link.reviewer] = max(latest, link.ended_at)
        for link, reason in self.plan.ends:
            if reason is EndReason.IDLE:
                self._idle_since[link.reviewer] = now


def decide(
    works: Iterable[Work], parties: Iterable[Party], links: Iterable[Link], *, now: datetime, rules: Rules
) -> Plan:
    """Say what has to happen now. Doing it and asking again at once gives an empty plan."""
    state = _Round(works, parties, links, rules)
    state.end(_overdue(state, now))
    state.note_idle(now)
    _give_owed(state, now)
    _ask_extras(state, now)
    return state.plan


def is_stalled(link: Link, party: Party | None, *, now: datetime, rules: Rules) -> bool:
    """Begun and left alone, or not begun by somebody not seen either: others are asked, it may still be given."""
    if not link.stage.is_open:
        return False
    seen = [link.assigned_at, link.touched_at]
    if link.stage is Stage.ASSIGNED and party is not None:
        seen.append(party.active_at)
    return now - max(moment for moment in seen if moment) >= rules.stalled_after


def _overdue(state: _Round, now: datetime) -> Iterable[tuple[Link, EndReason]]:
    for link in state.open:
        party, work = state.parties.get(link.reviewer), state.works.get(link.work)
        if party is None or party.gone:
            yield link, (party.gone if party else None) or EndReason.LEFT
        elif link.stage is Stage.ASSIGNED and (work is None or not work.wanted):
            yield link, EndReason.NOT_NEEDED
        elif link.stage is Stage.ASSIGNED:
            seen = max(link.assigned_at, party.active_at or link.assigned_at)
            if now - seen >= state.rules.idle_after:
                yield link, EndReason.IDLE


def _covered(state: _Round, now: datetime) -> Counter[int]:
    """Reviews of each work that were given or may be counted on."""
    covered = Counter(link.work for link in state.given)
    for link in state.open:
        work = state.works.get(link.work)
        in_need = work is not None and now - work.since >= state.rules.rescue_after
        # Late, only favours just asked for are counted on: who grants one has shown that she is quick.
        relied_on = link.is_extra if in_need else True
        if relied_on and not state.is_stalled(link, now):
            covered[link.work] += 1
    return covered


def _give_owed(state: _Round, now: datetime) -> None:
    """Give everybody what she owes; where that fails directly, by exchanging what nobody has begun."""
    own = [link for link in (*state.given, *state.open) if not link.is_extra]
    busy = Counter(link.reviewer for link in own)
    covered = Counter(link.work for link in state.given)
    covered.update(link.work for link in state.open if not state.is_stalled(link, now))
    reviewers = []
    for party in state.parties.values():
        free = party.owes - busy[party.key] if not (party.gone or state.is_resting(party)) else 0
        reviewers.append(Reviewer(party.key, max(0, free), busy[party.key]))
    works = [allocation.Work(work.key, work.authors, work.wanted, covered[work.key]) for work in state.works.values()]
    movable = {link.pair: link for link in state.open if link.stage is Stage.ASSIGNED and not link.is_extra}
    made = allocation.allot(works, reviewers, met=state.met, movable=movable)
    state.end([(movable[pair], EndReason.MOVED) for pair in made.removed])
    state.plan.gives += made.added
    state.met |= set(made.added)
    state.open += [Link(reviewer, work, Stage.ASSIGNED, now) for reviewer, work in made.added]


def _ask_extras(state: _Round, now: datetime) -> None:
    """For works that lack reviewers for long: ask those who have given all of theirs, one favour at a time."""
    given, extras, open_extras = Counter[int](), Counter[int](), Counter[int]()
    for link in state.links:
        given[link.reviewer] += link.stage is Stage.GIVEN
        extras[link.reviewer] += link.is_extra
        open_extras[link.reviewer] += link.is_extra and link.stage.is_open
    willing = [
        Reviewer(party.key, 1, extras[party.key])
        for party in state.parties.values()
        if not party.gone
        and party.takes_extras
        and given[party.key] >= party.owes
        and not open_extras[party.key]
        and extras[party.key] < state.rules.most_extras
    ]
    if not willing:
        return
    covered = _covered(state, now)
    lacking = [
        allocation.Work(work.key, work.authors, work.wanted, covered[work.key])
        for work in state.works.values()
        if covered[work.key] < work.wanted and now - work.since >= state.rules.extra_after
    ]
    made = allocation.allot(lacking, willing, met=state.met)
    state.plan.extras += made.added
