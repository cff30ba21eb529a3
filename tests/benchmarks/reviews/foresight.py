"""What could be reached at all: the most works with three reviews in a week if every step of everybody were known.

A bound from above, by maximum flow: each review that somebody could give in time serves one work that she could have
had in her hands early enough. Nobody who assigns reviews knows who will leave or dawdle; so much knowing would bring.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from tests.benchmarks.reviews.days import BEGIN, EACH, RULES, WEEK, Learner, School

BIN = timedelta(hours=6)


@dataclass(frozen=True)
class Slot:
    """One review that somebody can give: her n-th, in her hands from a moment on."""

    learner: Learner
    number: int
    free_at: datetime


def reachable(school: School, *, favours: bool) -> float:
    """The part of the waiting works that could have all of their reviews in time, at most."""
    slots = [slot for one in school.learners.values() for slot in _slots(school, one, favours=favours)]
    wanted = Counter((one.since - BEGIN) // BIN for one in school.waiting)
    flow = SimpleMaxFlow()
    source, sink, first = 0, 1, 2 + len(wanted)
    places = {number: 2 + place for place, number in enumerate(wanted)}
    arcs = [(places[number], sink, EACH * count) for number, count in wanted.items()]
    for place, slot in enumerate(slots):
        arcs.append((source, first + place, 1))
        arcs += [(first + place, places[number], 1) for number in wanted if _serves(school, slot, number)]
    tails, heads, capacities = np.array(arcs).T
    flow.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities.astype(np.int64))
    if flow.solve(source, sink) != flow.OPTIMAL:
        raise RuntimeError("the bound could not be worked out")
    return int(flow.optimal_flow()) / (EACH * len(school.waiting))


def _slots(school: School, learner: Learner, *, favours: bool) -> Iterator[Slot]:
    """The three that she owes, at once; then favours, so many at once as the rules allow."""
    for number in range(EACH):
        yield Slot(learner, number, learner.since)
    busy_until = [_finished(school, Slot(learner, number, learner.since)) for number in range(EACH)]
    if not (favours and learner.helps) or any(at is None for at in busy_until):
        return
    free_at = [max(at for at in busy_until if at)] * RULES.at_once
    for number in range(EACH, EACH + RULES.most_extras):
        earliest = min(free_at)
        free_at.remove(earliest)
        slot = Slot(learner, number, earliest)
        yield slot
        free_at.append(_finished(school, slot) or earliest + 2 * WEEK)


def _serves(school: School, slot: Slot, number: int) -> bool:
    """Whether it is in time for a work of this bin, whose bounds are both taken kindly."""
    since = BEGIN + number * BIN
    finished = _finished(school, slot, since)
    return finished is not None and finished <= since + BIN + WEEK


def _finished(school: School, slot: Slot, since: datetime = BEGIN) -> datetime | None:
    """When she has given it, None if she leaves before."""
    _begins, finishes = school.times(slot.learner, slot.number, max(slot.free_at, since))
    return finishes if slot.learner.is_there(finishes) else None
