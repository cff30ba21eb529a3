"""What has to happen in a round of reviews now: which assignments end, who gets what. Pure: the moment is given.

The same code decides on the site (`assigning.py`) and in the simulation (`tests/benchmarks/reviews/days.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from campus.reviews import allocation
from campus.reviews.allocation import Pair, Reviewer, may_meet
from campus.reviews.paces import Paces, Spell, fresh_chance

HOUR = timedelta(hours=1)
STEP_OF_PACE = 6  # hours
# So likely a work may lack a review in time before somebody is asked for a favour.
IN_DOUBT = 0.1
LEFT_ALONE = 0.15  # the chance of what was left alone: it is taken up again at times
AT_LEAST = timedelta(hours=72)


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


# Reasons for which somebody else gets the work. After a deadline there is nobody who could.
PASSED_ON = (EndReason.IDLE, EndReason.LEFT, EndReason.DECLINED, EndReason.KNOWN, EndReason.REASSIGNED)


@dataclass(frozen=True)
class Rules:
    """When something is done about reviews that don't come.

    idle_after: not begun, and nothing else done in the round either: goes to somebody else.
    stalled_after: left alone for so long, it is no longer counted on, but stays with its reviewer.
    due_after: the date by which a reviewer is asked to give what she was given.
    promised_in: how long an author waits for her reviews at most; favours are asked for works for which that is in
    doubt. most_extras: favours of one person; at_once: of those, how many at the same time.
    """

    idle_after: timedelta = timedelta(hours=72)
    stalled_after: timedelta = timedelta(hours=36)
    due_after: timedelta = timedelta(days=5)
    promised_in: timedelta = timedelta(days=7)
    most_extras: int = 3
    at_once: int = 2


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
    """What to do: links that end, with the reason, those that go on after all, and pairs that begin.

    Extras are a favour that is asked for.
    """

    ends: list[tuple[Link, EndReason]] = field(default_factory=list)
    resumes: list[Link] = field(default_factory=list)
    gives: list[Pair] = field(default_factory=list)
    extras: list[Pair] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.ends or self.given_out)

    @property
    def given_out(self) -> list[int]:
        """Reviewers who get a review, once for each."""
        return [link.reviewer for link in self.resumes] + [reviewer for reviewer, _ in (*self.gives, *self.extras)]


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

    def resume(self, place: int, now: datetime) -> None:
        """Let the link at this place go on as if it was given out now; begun if it was."""
        link = self.links[place]
        self.plan.resumes.append(link)
        stage = Stage.BEGUN if link.touched_at else Stage.ASSIGNED
        self.links[place] = replace(link, stage=stage, assigned_at=now, ended_at=None, reason=None)
        self.open.append(self.links[place])

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
    state.end(_surplus(state))
    _resume_late(state, now)
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
    given = Counter(link.work for link in state.given)
    for link in state.open:
        party, work = state.parties.get(link.reviewer), state.works.get(link.work)
        if party is None or party.gone:
            yield link, (party.gone if party else None) or EndReason.LEFT
        elif link.stage is Stage.ASSIGNED:
            seen = max(link.assigned_at, party.active_at or link.assigned_at)
            if work is None or _is_needless(link, work, given[link.work]):
                yield link, EndReason.NOT_NEEDED
            elif now - seen >= state.rules.idle_after:
                yield link, EndReason.IDLE


def _is_needless(link: Link, work: Work, given: int) -> bool:
    """Nobody waits for the work's reviews any more, or a favour has become superfluous."""
    return not work.wanted or (link.is_extra and given >= work.wanted)


def _surplus(state: _Round) -> Iterable[tuple[Link, EndReason]]:
    """What somebody was given beyond what she owes now and has not begun: of works that have most reviews."""
    covered = Counter(link.work for link in (*state.given, *state.open))
    busy = Counter(link.reviewer for link in (*state.given, *state.open) if not link.is_extra)
    fresh: dict[int, list[Link]] = defaultdict(list)
    for link in state.open:
        if link.stage is Stage.ASSIGNED and not link.is_extra:
            fresh[link.reviewer].append(link)
    for reviewer, links in fresh.items():
        owes = state.parties[reviewer].owes
        for _ in range(min(len(links), busy[reviewer] - owes) if owes else 0):
            link = max(links, key=lambda one: covered[one.work])
            links.remove(link)
            covered[link.work] -= 1
            yield link, EndReason.NOT_NEEDED


def _resume_late(state: _Round, now: datetime) -> None:
    """Give back what a deadline ended that was moved since, what was begun first: where the work still lacks a review
    and the reviewer has got no other in its place.
    """
    covered = Counter(link.work for link in (*state.given, *state.open) if not state.is_stalled(link, now))
    busy = Counter(link.reviewer for link in (*state.given, *state.open) if not link.is_extra)
    late = [(link, place) for place, link in enumerate(state.links) if link.reason is EndReason.LATE]
    for link, place in sorted(late, key=lambda one: (one[0].touched_at is None, one[0].assigned_at, one[1])):
        party, work = state.parties.get(link.reviewer), state.works.get(link.work)
        if party is None or party.gone or work is None or covered[link.work] >= work.wanted:
            continue
        # For a favour that was not begun somebody else may be asked as well.
        is_hers = bool(link.touched_at and party.takes_extras) if link.is_extra else busy[link.reviewer] < party.owes
        if is_hers:
            state.resume(place, now)
            covered[link.work] += 1
            busy[link.reviewer] += not link.is_extra


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
    # What is taken from her for another work has to find her awake.
    movable = {
        link.pair: link
        for link in state.open
        if link.stage is Stage.ASSIGNED and not link.is_extra and not state.is_stalled(link, now)
    }
    made = allocation.allot(works, reviewers, met=state.met, movable=movable)
    state.end([(movable[pair], EndReason.MOVED) for pair in made.removed])
    state.plan.gives += made.added
    state.met |= set(made.added)
    state.open += [Link(reviewer, work, Stage.ASSIGNED, now) for reviewer, work in made.added]


def _ask_extras(state: _Round, now: datetime) -> None:
    """Ask those who have given all of theirs for favours, the quickest first, for the works most in doubt."""
    willing = _willing(state)
    if not willing:
        return
    # What none of them may review would only take the place of what they can help.
    doubts = [one for one in _doubts(state, now) if any(may_meet(who.key, one.work, state.met) for who in willing)]
    doubts.sort(key=lambda one: (-one.lacks, one.work.since, one.work.key))
    lacking = [
        allocation.Work(one.work.key, one.work.authors, one.work.wanted, one.work.wanted - one.favours)
        for one in doubts[: sum(reviewer.free for reviewer in willing)]
    ]
    state.plan.extras += allocation.allot(lacking, willing[: len(lacking)], met=state.met).added


def _willing(state: _Round) -> list[Reviewer]:
    """Who may be asked for favours; ``busy`` is her pace, so that the quick are asked first."""
    given, extras, open_extras = Counter[int](), Counter[int](), Counter[int]()
    hours: dict[int, list[float]] = defaultdict(list)
    for link in state.links:
        given[link.reviewer] += link.stage is Stage.GIVEN
        extras[link.reviewer] += link.is_extra
        open_extras[link.reviewer] += link.is_extra and link.stage.is_open
        if link.stage is Stage.GIVEN and link.touched_at:
            hours[link.reviewer].append((link.touched_at - link.assigned_at) / HOUR)
    willing = []
    for party in state.parties.values():
        left = min(state.rules.most_extras - extras[party.key], state.rules.at_once - open_extras[party.key])
        if not party.gone and party.takes_extras and given[party.key] >= party.owes and left > 0:
            pace = median(hours[party.key] or [0.0])
            willing.append(Reviewer(party.key, left, int(pace / STEP_OF_PACE)))
    return sorted(willing, key=lambda one: (one.busy, one.key))


@dataclass(frozen=True)
class _Doubt:
    """A work that may lack reviews in time. lacks: how likely that is; favours: so many would help."""

    work: Work
    lacks: float
    favours: int


def _doubts(state: _Round, now: datetime) -> Iterable[_Doubt]:
    given, chances = Counter(link.work for link in state.given), _chances(state, now)
    for work in state.works.values():
        missing = work.wanted - given[work.key]
        coming = chances[work.key]
        # At most twice as many under way as are missing: nobody is asked for what most likely is not needed.
        room = 2 * missing - sum(one > LEFT_ALONE for one in coming)
        lacks, favours = _lacks(coming, missing), 0
        fresh = fresh_chance(_left(state, work, now))
        while favours < room and _lacks([*coming, *[fresh] * favours], missing) > IN_DOUBT:
            favours += 1
        if favours:
            yield _Doubt(work, lacks, favours)


def _chances(state: _Round, now: datetime) -> dict[int, list[float]]:
    """How likely each review that is under way comes in time, by work."""
    given = [
        Spell(one.reviewer, one.touched_at - one.assigned_at, is_given=True) for one in state.given if one.touched_at
    ]
    ages = [now - link.assigned_at for link in state.open]
    under_way = [Spell(link.reviewer, age, is_given=False) for link, age in zip(state.open, ages, strict=True)]
    left = [_left(state, state.works.get(link.work), now) for link in state.open]
    found = Paces([*given, *under_way]).chances([link.reviewer for link in state.open], ages=ages, left=left)
    by_work: dict[int, list[float]] = defaultdict(list)
    for link, likely in zip(state.open, found, strict=True):
        by_work[link.work].append(LEFT_ALONE if state.is_stalled(link, now) else float(likely))
    return by_work


def _lacks(chances: Sequence[float], missing: int) -> float:
    """How likely fewer than ``missing`` of the reviews come that come with these chances."""
    of_count = [1.0]
    for one in chances:
        pairs = zip([*of_count, 0.0], [0.0, *of_count], strict=True)
        of_count = [none * (1 - one) + some * one for none, some in pairs]
    return sum(of_count[:missing])


def _left(state: _Round, work: Work | None, now: datetime) -> timedelta:
    """Full hours left for a review of it. When they are over, the author waits on: what comes soon still helps."""
    until = work.since + state.rules.promised_in - now if work else timedelta(0)
    return max(until // HOUR * HOUR, AT_LEAST)
