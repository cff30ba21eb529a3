"""The pieces that are decided exactly, by CP-SAT: who meets in which slot, and who sits where when places are scarce.

Both models may leave people out and make that as few as possible. Somebody left out in the best solution is the proof
that the rules can't be kept, and names whom they fail for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from campus.grouping.solver.blocks import ANYTIME, Block
from campus.grouping.solver.facts import Groups, Impossible, Rules

# Deterministic time, not seconds of a clock: the same input ends the same way on a busy machine.
MOST_WORK = 20.0


def deal_slots(blocks: Sequence[Block], rules: Rules, *, seed: int) -> list[int]:
    """A slot for each block, so that the people of each slot can be divided into groups. Raises Impossible."""
    stated = 0
    for block in blocks:
        stated |= block.slots if block.slots != ANYTIME else 0
    slots = [bit for bit in range(stated.bit_length()) if stated >> bit & 1]
    model = cp_model.CpModel()
    meets = {
        (number, slot): model.new_bool_var(f"{number}@{slot}")
        for number, block in enumerate(blocks)
        for slot in slots
        if block.slots >> slot & 1
    }
    left = [model.new_bool_var(f"{number} left") for number in range(len(blocks))]
    for number in range(len(blocks)):
        model.add_exactly_one([left[number], *(meets[number, slot] for slot in slots if (number, slot) in meets)])
    short = []
    for slot in slots:
        here = {number: meets[number, slot] for number in range(len(blocks)) if (number, slot) in meets}
        short.append(_divide(model, here, blocks, rules))
    _excuse(model, short, left, blocks)
    solver = _solved(model, left, blocks, seed=seed)
    _refuse_left_out("no_slot_with_others", solver, left, blocks)
    return [
        next(slot for slot in slots if (number, slot) in meets and solver.value(meets[number, slot]))
        for number in range(len(blocks))
    ]


def _divide(model: cp_model.CpModel, here: Mapping[int, Any], blocks: Sequence[Block], rules: Rules) -> Any:
    """The people of a slot form whole groups, two who are kept apart need two; returns how many are too few."""
    people = sum(blocks[number].size * literal for number, literal in here.items())
    groups = model.new_int_var(0, sum(blocks[number].size for number in here) // rules.smallest, "groups")
    short = model.new_int_var(0, rules.smallest, "short")
    model.add(people + short >= rules.smallest * groups)
    model.add(people <= rules.largest * groups)
    for one, other in _clashes(blocks, here):
        model.add(here[one] + here[other] <= groups)
    return short


def _excuse(model: cp_model.CpModel, short: Sequence[Any], left: Sequence[Any], blocks: Sequence[Block]) -> None:
    """A group may be too small only by as many as are left out, so that one who doesn't fit in names nobody else."""
    model.add(sum(short) <= sum(block.size * literal for block, literal in zip(blocks, left, strict=True)))


def _clashes(blocks: Sequence[Block], numbers: Mapping[int, Any]) -> list[tuple[int, int]]:
    """Numbers of blocks that must not be in one group."""
    number_of = {pk: number for number in numbers for pk in blocks[number].members}
    found = {
        (min(number, number_of[pk]), max(number, number_of[pk]))
        for number in numbers
        for pk in blocks[number].apart
        if pk in number_of
    }
    return sorted(found)


def seat_exactly(blocks: Sequence[Block], numbers: Sequence[int], rules: Rules, *, seed: int) -> Groups:
    """The blocks in one of these numbers of groups, the first that works. Raises Impossible."""
    fewest: Impossible | None = None
    for number in numbers:
        try:
            return _seat_in(blocks, number, rules, seed=seed)
        except Impossible as impossible:
            if fewest is None or len(impossible.people) < len(fewest.people):
                fewest = impossible
    assert fewest is not None, "there is a number of groups"  # noqa: S101 - arranging has made sure
    raise fewest


def _seat_in(blocks: Sequence[Block], number: int, rules: Rules, *, seed: int) -> Groups:
    model = cp_model.CpModel()
    sits = {
        (place, group): model.new_bool_var(f"{place} in {group}")
        for place in range(len(blocks))
        for group in range(number)
    }
    left = [model.new_bool_var(f"{place} left") for place in range(len(blocks))]
    for place in range(len(blocks)):
        model.add_exactly_one([left[place], *(sits[place, group] for group in range(number))])
    short = []
    for group in range(number):
        here = {place: sits[place, group] for place in range(len(blocks))}
        people = sum(block.size * here[place] for place, block in enumerate(blocks))
        missing = model.new_int_var(0, rules.smallest, "short")
        model.add(people + missing >= rules.smallest)
        model.add(people <= rules.largest)
        short.append(missing)
        for one, other in _clashes(blocks, here):
            model.add_at_most_one([here[one], here[other]])
        if rules.shares_slot:
            _meet(model, here, blocks)
    _excuse(model, short, left, blocks)
    solver = _solved(model, left, blocks, seed=seed)
    _refuse_left_out("no_place", solver, left, blocks)
    return [
        [pk for place, block in enumerate(blocks) if solver.value(sits[place, group]) for pk in block.members]
        for group in range(number)
    ]


def _meet(model: cp_model.CpModel, here: Mapping[int, Any], blocks: Sequence[Block]) -> None:
    """The group has one slot, and whoever sits there has time in it."""
    stated = 0
    for block in blocks:
        stated |= block.slots if block.slots != ANYTIME else 0
    meets = {bit: model.new_bool_var(f"slot {bit}") for bit in range(stated.bit_length()) if stated >> bit & 1}
    if not meets:
        return
    model.add_exactly_one(meets.values())
    for place, literal in here.items():
        model.add_bool_or([literal.negated(), *(slot for bit, slot in meets.items() if blocks[place].slots >> bit & 1)])


def _solved(model: cp_model.CpModel, left: Sequence[Any], blocks: Sequence[Block], *, seed: int) -> cp_model.CpSolver:
    """Leave out as few people as possible."""
    model.minimize(sum(block.size * literal for block, literal in zip(blocks, left, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = MOST_WORK
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise Impossible("no_place", [pk for block in blocks for pk in block.members])
    return solver


def _refuse_left_out(code: str, solver: cp_model.CpSolver, left: Sequence[Any], blocks: Sequence[Block]) -> None:
    people = [pk for block, literal in zip(blocks, left, strict=True) if solver.value(literal) for pk in block.members]
    if people:
        raise Impossible(code, people)
