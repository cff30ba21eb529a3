"""A first arrangement that keeps every hard rule, or the proof in words that there is none.

Each cell (people who may be mixed) is arranged by itself. Where groups must share a weekly slot, CP-SAT first gives
every block the slot its group will meet in, which is small (people × slots); then blocks are seated slot by slot.
Where seating one after the other fails, an exact model of blocks × groups decides.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from campus.grouping.solver.blocks import ANYTIME, Block, cells_of
from campus.grouping.solver.exact import deal_slots, seat_exactly
from campus.grouping.solver.facts import Groups, Impossible, Problem, Rules

# Orders tried before the exact model is asked.
TRIES = 4
# Blocks × groups that the exact model can decide in reasonable time.
LARGEST_EXACT = 40_000


def arrange(problem: Problem) -> Groups:
    """Groups that keep every hard rule. Raises Impossible."""
    drawn = random.Random(problem.seed)
    groups: Groups = []
    for blocks in cells_of(problem).values():
        _refuse_impossible_count(blocks, problem.rules)
        for lot in _lots(_in_order(problem, blocks, drawn), problem):
            groups += _seated(lot, problem, drawn)
    return groups


def numbers_of_groups(people: int, rules: Rules) -> range:
    """How many groups so many people can form."""
    return range(-(-people // rules.largest), people // rules.smallest + 1)


def _refuse_impossible_count(blocks: Sequence[Block], rules: Rules) -> None:
    count = sum(block.size for block in blocks)
    if not numbers_of_groups(count, rules):
        people = [pk for block in blocks for pk in block.members]
        raise Impossible("sizes", people, count=count, smallest=rules.smallest, largest=rules.largest)


def _in_order(problem: Problem, blocks: Iterable[Block], drawn: random.Random) -> list[Block]:
    """Those who are hard to place first, then people alike after each other, so that groups begin alike."""

    def key(block: Block) -> tuple[int, int, str, int, str, float]:
        first = problem.by_pk[block.members[0]]
        hard = -len(block.apart) if block.apart else 0
        return -block.size, hard, first.language, first.study_class or 0, first.region, drawn.random()

    return sorted(blocks, key=key)


def _lots(blocks: list[Block], problem: Problem) -> Iterator[list[Block]]:
    """Blocks that are seated among themselves: of one slot where groups must share one, else all."""
    if not problem.rules.shares_slot or all(block.slots == ANYTIME for block in blocks):
        yield blocks
        return
    slot_of = deal_slots(blocks, problem.rules, seed=problem.seed)
    for slot in sorted(set(slot_of)):
        yield [block for block, its in zip(blocks, slot_of, strict=True) if its == slot]


def _seated(blocks: list[Block], problem: Problem, drawn: random.Random) -> Groups:
    rules = problem.rules
    people = sum(block.size for block in blocks)
    wanted = people / rules.preferred
    numbers = sorted(numbers_of_groups(people, rules), key=lambda number: (abs(number - wanted), number))
    order = list(blocks)
    for _try in range(TRIES):
        for number in numbers[:3]:
            if groups := _seat(order, number, rules):
                return groups
        drawn.shuffle(order)
        order.sort(key=lambda block: (-block.size, -len(block.apart)))
    if len(blocks) * numbers[0] > LARGEST_EXACT:
        raise Impossible("not_found", [pk for block in blocks for pk in block.members])
    return seat_exactly(blocks, numbers, rules, seed=problem.seed)


@dataclass
class _Group:
    """A group that is being filled up to its size."""

    wanted: int
    members: list[int]
    slots: int = ANYTIME

    def takes(self, block: Block, size: int, *, shares_slot: bool) -> bool:
        fits = len(self.members) + block.size <= size and block.apart.isdisjoint(self.members)
        return fits and (not shares_slot or bool(self.slots & block.slots))

    def seat(self, block: Block) -> None:
        self.members += block.members
        self.slots &= block.slots


def _seat(blocks: Sequence[Block], number: int, rules: Rules) -> Groups | None:
    """Fill group after group; None where somebody finds no place or a group stays too small."""
    base, more = divmod(sum(block.size for block in blocks), number)
    groups = [_Group(base + (position < more), []) for position in range(number)]
    for block in blocks:
        group = _room_for(block, groups, rules)
        if group is None:
            return None
        group.seat(block)
    return [group.members for group in groups] if all(len(one.members) >= rules.smallest for one in groups) else None


def _room_for(block: Block, groups: Sequence[_Group], rules: Rules) -> _Group | None:
    """The first group that is not full yet, else one that can be larger than the others."""
    for group in groups:
        if group.takes(block, group.wanted, shares_slot=rules.shares_slot):
            return group
    larger = (group for group in groups if group.takes(block, rules.largest, shares_slot=rules.shares_slot))
    return min(larger, key=lambda group: len(group.members), default=None)
