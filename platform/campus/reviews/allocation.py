"""Which reviewer gets which work: pairs found by min-cost flow. Pure: no database, no clock, no chance.

The network is that of a transportation problem (Ahuja, Magnanti and Orlin, Network Flows, 1993, chapter 9):
source → reviewer → work → sink, one unit for each review, solved by OR-Tools. A further review of a work costs more the
more it has, so the starved are served first; a further review by a person costs more the more she has, so nobody is
loaded while others have time. What can't be paired directly is exchanged with pairs that nobody has begun yet.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Pair = tuple[int, int]  # reviewer, work

DENSE = 60_000  # up to so many possible pairs all of them are looked at
NEIGHBOURS = 24  # else so many works for each reviewer
STEP_OF_WORK, STEP_OF_REVIEWER, SHUFFLE = 10_000, 1_000, 100


class Authored(Protocol):
    """A work by its number, and who must not judge it."""

    @property
    def key(self) -> int: ...

    @property
    def authors(self) -> frozenset[int]: ...


def may_meet(reviewer: int, work: Authored, met: Collection[Pair]) -> bool:
    """Whether she may review the work: it is not her own, and she never had it."""
    return (reviewer, work.key) not in met and reviewer not in work.authors


@dataclass(frozen=True)
class Work:
    """Something to be reviewed. covered: reviews given or under way; authors: reviewers who may not judge it."""

    key: int
    authors: frozenset[int]
    wanted: int
    covered: int = 0


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may be given ``free`` more reviews now; ``busy`` are those given or under way."""

    key: int
    free: int
    busy: int = 0


@dataclass
class Allotment:
    """New pairs, and which pairs end because their reviewer gets another work instead."""

    added: list[Pair] = field(default_factory=list)
    removed: list[Pair] = field(default_factory=list)


class _Pool:
    """What is left to pair, and who may not meet (again)."""

    def __init__(self, works: Iterable[Work], reviewers: Iterable[Reviewer], met: Collection[Pair]) -> None:
        self.works = {work.key: work for work in works}
        self.reviewers = {reviewer.key: reviewer for reviewer in reviewers}
        self.met = set(met)
        self.covered = {key: work.covered for key, work in self.works.items()}
        self.busy = {key: reviewer.busy for key, reviewer in self.reviewers.items()}
        self.free = {key: reviewer.free for key, reviewer in self.reviewers.items()}

    def may_meet(self, reviewer: int, work: int) -> bool:
        return may_meet(reviewer, self.works[work], self.met)

    def lacking(self) -> list[int]:
        """Works that want more reviews, the starved first, in an order that says nothing about their authors."""
        lacking = [key for key, work in self.works.items() if self.covered[key] < work.wanted]
        return sorted(lacking, key=lambda key: (self.covered[key], _shuffled(key)))

    def idle(self) -> list[int]:
        """Reviewers with time, who has least first."""
        return sorted(
            (key for key, free in self.free.items() if free > 0), key=lambda key: (self.busy[key], _shuffled(key, 1))
        )

    def pair(self, reviewer: int, work: int) -> Pair:
        self.met.add((reviewer, work))
        self.covered[work] += 1
        self.busy[reviewer] += 1
        self.free[reviewer] -= 1
        return reviewer, work


def allot(
    works: Iterable[Work], reviewers: Iterable[Reviewer], *, met: Collection[Pair], movable: Collection[Pair] = ()
) -> Allotment:
    """Pair as many free slots with wanted reviews as possible, the starved works first.

    met: pairs that were ever made, movable ones among them; no pair is made twice. movable: pairs not begun yet,
    counted in ``covered`` and ``busy``; one is given up only where a review would be lacking otherwise.
    """
    pool, made = _Pool(works, reviewers, met), Allotment()
    while pairs := _flow(pool):
        made.added += [pool.pair(*pair) for pair in pairs]
    _exchange(pool, [pair for pair in movable if pair[1] in pool.works], made)
    return made


def _flow(pool: _Pool) -> list[Pair]:
    """One solution over possible pairs; empty when no pair is possible any more."""
    works, reviewers = pool.lacking(), pool.idle()
    pairs = list(_possible(pool, works, reviewers))
    if not pairs:
        return []
    place = {("work", key): 1 + number for number, key in enumerate(works)}
    place |= {("reviewer", key): 1 + len(works) + number for number, key in enumerate(reviewers)}
    source, sink = 0, 1 + len(works) + len(reviewers)
    arcs = [(place["reviewer", r], place["work", w], 1, _shuffled(r, w) % SHUFFLE) for r, w in pairs]
    for key in works:
        arcs += [
            (place["work", key], sink, 1, STEP_OF_WORK * count)
            for count in range(pool.covered[key], pool.works[key].wanted)
        ]
    for key in reviewers:
        arcs += [
            (source, place["reviewer", key], 1, STEP_OF_REVIEWER * (pool.busy[key] + more))
            for more in range(pool.free[key])
        ]
    flows = _solve(arcs, source=source, sink=sink)
    return [pair for pair, flow in zip(pairs, flows, strict=False) if flow]


def _solve(arcs: Sequence[tuple[int, int, int, int]], *, source: int, sink: int) -> Sequence[int]:
    """The flow on each arc (tail, head, capacity, cost) of a maximum flow of least cost."""
    solver = SimpleMinCostFlow()
    tails, heads, capacities, costs = np.array(arcs, dtype=np.int64).T
    numbers = solver.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), capacities, costs
    )
    most = int(sum(capacity for tail, _, capacity, _ in arcs if tail == source))
    solver.set_nodes_supplies(np.array([source, sink], dtype=np.int32), np.array([most, -most], dtype=np.int64))
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow of reviews could not be solved: {status}")
    flows: Sequence[int] = solver.flows(numbers)
    return flows


def _possible(pool: _Pool, works: Sequence[int], reviewers: Sequence[int]) -> Iterator[Pair]:
    """Pairs that may be made: all of them, or for each reviewer those that follow her place in a circle."""
    if not works:
        return
    for number, reviewer in enumerate(reviewers):
        if len(works) * len(reviewers) <= DENSE:
            near: Iterable[int] = works
        else:
            start = number * len(works) // len(reviewers)
            near = (works[(start + step) % len(works)] for step in range(min(NEIGHBOURS, len(works))))
        yield from ((reviewer, work) for work in near if pool.may_meet(reviewer, work))


def _exchange(pool: _Pool, movable: list[Pair], made: Allotment) -> None:
    """Serve works that no free reviewer may judge, by taking over what another reviewer has not begun."""
    for work in pool.lacking():
        while pool.covered[work] < pool.works[work].wanted:
            found = _by_swap(pool, work, movable) or _by_levelling(pool, work, movable)
            if found is None:
                break
            (mover, left), taker = found
            movable.remove((mover, left))
            made.removed.append((mover, left))
            pool.covered[left] -= 1
            pool.busy[mover] -= 1
            pool.free[mover] = pool.free.get(mover, 0) + 1
            made.added.append(pool.pair(mover, work))
            if taker is not None:
                made.added.append(pool.pair(taker, left))


def _by_swap(pool: _Pool, work: int, movable: list[Pair]) -> tuple[Pair, int] | None:
    """A pair that can be given up, since a free reviewer takes its work over."""
    for taker in pool.idle():
        for mover, left in movable:
            if pool.may_meet(mover, work) and pool.may_meet(taker, left):
                return (mover, left), taker
    return None


def _by_levelling(pool: _Pool, work: int, movable: list[Pair]) -> tuple[Pair, None] | None:
    """A pair of a work that has at least two reviews more."""
    most = max(movable, key=lambda pair: pool.covered[pair[1]] if pool.may_meet(pair[0], work) else -1, default=None)
    if most is None or not pool.may_meet(most[0], work) or pool.covered[most[1]] < pool.covered[work] + 2:
        return None
    return most, None


def _shuffled(*keys: int) -> int:
    """A number that looks like chance and is always the same for the same keys."""
    return int.from_bytes(blake2b(repr(keys).encode(), digest_size=4).digest(), "big")
