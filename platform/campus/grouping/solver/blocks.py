"""People who must be together are placed as one block; people who can be grouped at all form a cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campus.grouping.solver.facts import Candidate, Impossible, Problem

ANYTIME = (1 << 64) - 1


@dataclass(frozen=True, eq=False)
class Block:
    """People who come together, mostly one; known by identity, since the search looks it up all the time.

    slots: where all who have said so have time.
    """

    members: tuple[int, ...]
    slots: int
    apart: frozenset[int]

    @property
    def size(self) -> int:
        return len(self.members)


Cell = tuple[int | None, str]


def cells_of(problem: Problem) -> Mapping[Cell, list[Block]]:
    """Blocks by the class and language that groups must not mix. Raises Impossible where a block breaks a rule."""
    cells: dict[Cell, list[Block]] = {}
    for members in _together(problem):
        people = [problem.by_pk[pk] for pk in members]
        cells.setdefault(_cell(problem, people), []).append(_block(problem, people))
    return dict(sorted(cells.items(), key=lambda item: (item[0][0] or 0, item[0][1])))


def _together(problem: Problem) -> Iterable[tuple[int, ...]]:
    leader = {one.pk: one.pk for one in problem.people}

    def find(pk: int) -> int:
        while leader[pk] != pk:
            leader[pk] = leader[leader[pk]]
            pk = leader[pk]
        return pk

    for one, other in sorted(problem.rules.together):
        if one in leader and other in leader:
            leader[find(one)] = find(other)
    blocks: dict[int, list[int]] = {}
    for person in problem.people:
        blocks.setdefault(find(person.pk), []).append(person.pk)
    return [tuple(members) for members in blocks.values()]


def _cell(problem: Problem, people: list[Candidate]) -> Cell:
    rules = problem.rules
    classes = {one.study_class for one in people} if rules.same_class else {None}
    languages = {one.language for one in people} if rules.same_language else {""}
    if len(classes) > 1:
        raise Impossible("together_in_two_classes", [one.pk for one in people])
    if len(languages) > 1:
        raise Impossible("together_in_two_languages", [one.pk for one in people])
    return classes.pop(), languages.pop()


def _block(problem: Problem, people: list[Candidate]) -> Block:
    rules = problem.rules
    members = tuple(one.pk for one in people)
    if len(members) > rules.largest:
        raise Impossible("too_many_together", members, largest=rules.largest)
    apart = frozenset().union(*(rules.kept_apart.get(pk, frozenset()) for pk in members))
    if clash := apart & set(members):
        raise Impossible("together_and_apart", sorted(clash))
    slots = common_slots(people)
    if rules.shares_slot and not slots:
        raise Impossible("together_without_slot", members)
    return Block(members, slots, apart)


def common_slots(people: Iterable[Candidate]) -> int:
    """Bits of the slots in which all have time who have said when; all bits where nobody has."""
    shared = ANYTIME
    for one in people:
        if one.slots:
            shared &= one.slots
    return shared
