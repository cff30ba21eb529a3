"""Exchanges between groups that keep every hard rule and raise the quality: simulated annealing.

Worse exchanges are accepted less and less often, so that the search leaves poor arrangements early and settles in the
end. The number of exchanges tried is fixed by the problem, not by a clock: the outcome depends on the seed alone.
"""

import math
import random
from collections.abc import Callable

from campus.grouping.solver.blocks import ANYTIME, Block, cells_of
from campus.grouping.solver.facts import Groups, Problem
from campus.grouping.solver.quality import Quality

# A loss (quality × people) that is accepted with probability 1/e at the beginning and at the end.
WARM, COLD = 0.25, 0.004
# In a cell of many groups most exchanges are with groups nearby, which began alike.
NEARBY, NEAR_SHARE = 12, 0.7
WISH_SHARE = 0.25
STEPS_OF_PROGRESS = 40

Told = Callable[[float], None]


def improve(problem: Problem, groups: Groups, *, told: Told = lambda _share: None) -> Groups:
    """Better groups of the same people, never worse ones. Hears hard rules kept, keeps them."""
    search = _Search(problem, groups)
    tries = problem.effort * len(problem.people)
    cooling = (COLD / WARM) ** (1 / max(tries, 1))
    warmth = WARM
    for count in range(tries):
        if count % max(tries // STEPS_OF_PROGRESS, 1) == 0:
            told(count / tries)
        search.try_one(warmth)
        warmth *= cooling
    told(1.0)
    return max(groups, search.groups(), key=search.quality.of_groups)


class _Group:
    """A group during the search. ``lot``: the groups of its cell, ``place``: where it stands among them."""

    __slots__ = ("blocks", "lot", "members", "place", "value")

    def __init__(self, blocks: list[Block], lot: "list[_Group]") -> None:
        self.blocks, self.lot, self.place = blocks, lot, len(lot)
        self.members = [pk for block in blocks for pk in block.members]
        self.value = 0.0


class _Search:
    """The present arrangement and one exchange after the other."""

    def __init__(self, problem: Problem, groups: Groups) -> None:
        self.quality = Quality(problem)
        self._drawn = random.Random(problem.seed)
        self._rules = problem.rules
        self._groups: list[_Group] = []
        self._of_block: dict[Block, _Group] = {}
        self._block_of: dict[int, Block] = {}
        cells = list(cells_of(problem).values())
        cell_of = {pk: number for number, blocks in enumerate(cells) for block in blocks for pk in block.members}
        self._block_of = {pk: block for blocks in cells for block in blocks for pk in block.members}
        lots: list[list[_Group]] = [[] for _cell in cells]
        for members in groups:
            lot = lots[cell_of[members[0]]]
            group = _Group(list(dict.fromkeys(self._block_of[pk] for pk in members)), lot)
            lot.append(group)
            self._take(group, group.blocks, group.members, self._worth(group.members))
            self._groups.append(group)
        self._blocks = [block for group in self._groups if len(group.lot) > 1 for block in group.blocks]
        wishes = {pk: one.wishes & self._block_of.keys() for pk, one in problem.by_pk.items()}
        self._wishing = [(block, sorted(wishes[pk])) for block in self._blocks for pk in block.members if wishes[pk]]

    def groups(self) -> Groups:
        return [list(group.members) for group in self._groups]

    def try_one(self, warmth: float) -> None:
        """Draw a block and a group for it; exchange or move it where the rules allow and the outcome is accepted."""
        if not self._blocks:
            return
        if self._wishing and self._drawn.random() < WISH_SHARE:
            block, wanted = self._drawn.choice(self._wishing)
            target = self._of_block[self._block_of[self._drawn.choice(wanted)]]
        else:
            block = self._drawn.choice(self._blocks)
            target = self._some_other(self._of_block[block])
        source = self._of_block[block]
        if source is target or source.lot is not target.lot:
            return
        back = self._drawn.choice([None, *target.blocks])
        self._exchange(source, target, block, back, warmth)

    def _some_other(self, group: _Group) -> _Group:
        lot = group.lot
        if len(lot) > 2 * NEARBY and self._drawn.random() < NEAR_SHARE:
            return lot[(group.place + self._drawn.randint(-NEARBY, NEARBY)) % len(lot)]
        return lot[self._drawn.randrange(len(lot))]

    def _exchange(self, source: _Group, target: _Group, block: Block, back: Block | None, warmth: float) -> None:
        left = [one for one in source.blocks if one is not block]
        right = [one for one in target.blocks if one is not back]
        right.append(block)
        if back is not None:
            left.append(back)
        if not (self._keeps(left, back) and self._keeps(right, block)):
            return
        lefts, rights = _members(left), _members(right)
        worth, other_worth = self._worth(lefts), self._worth(rights)
        gain = worth + other_worth - source.value - target.value
        if gain >= 0 or self._drawn.random() < math.exp(gain / warmth):
            self._take(source, left, lefts, worth)
            self._take(target, right, rights, other_worth)

    def _worth(self, members: list[int]) -> float:
        return self.quality.of_group(members) * len(members)

    def _keeps(self, blocks: list[Block], new: Block | None) -> bool:
        """Whether these blocks make a group that keeps size, slot and who is kept apart from the new block."""
        size, slots = 0, ANYTIME
        for block in blocks:
            size += block.size
            slots &= block.slots
        if not self._rules.smallest <= size <= self._rules.largest or (self._rules.shares_slot and not slots):
            return False
        return new is None or not new.apart or all(new.apart.isdisjoint(block.members) for block in blocks)

    def _take(self, group: _Group, blocks: list[Block], members: list[int], value: float) -> None:
        group.blocks, group.members, group.value = blocks, members, value
        for block in blocks:
            self._of_block[block] = group


def _members(blocks: list[Block]) -> list[int]:
    return [pk for block in blocks for pk in block.members]
