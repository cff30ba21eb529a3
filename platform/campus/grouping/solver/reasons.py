"""Why a group is as it is, as codes with parameters; the site puts them into words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from campus.grouping.solver.blocks import ANYTIME, common_slots
from campus.grouping.solver.facts import Candidate, Problem
from campus.grouping.solver.quality import STRONG, Quality

# From this value on the skills of a group are called balanced.
BALANCED = 0.8


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a group, or against it (``is_good``: False)."""

    code: str
    is_good: bool = True
    params: dict[str, int | str | list[int]] = field(default_factory=dict)


def reasons_of(problem: Problem, members: Sequence[int], quality: Quality) -> list[Reason]:
    """What speaks for and against the group, most important first."""
    people = [problem.by_pk[pk] for pk in members]
    return [
        *_slots(people),
        *_wishes(people),
        *_together(problem, members),
        *_skills(members, people, quality),
        *_sectors(people),
        *_alike(people),
    ]


def _slots(people: Sequence[Candidate]) -> Iterator[Reason]:
    stated = [one for one in people if one.slots]
    if not stated:
        yield Reason("slots_unknown", is_good=False)
        return
    shared = common_slots(people)
    if shared != ANYTIME and shared:
        yield Reason("slots_shared", params={"slots": _bits(shared), "stated": len(stated), "size": len(people)})
    elif not shared:
        best, count = Counter(bit for one in stated for bit in _bits(one.slots)).most_common(1)[0]
        yield Reason("slot_best", is_good=False, params={"slots": [best], "count": count, "size": len(people)})


def _bits(slots: int) -> list[int]:
    return [bit for bit in range(slots.bit_length()) if slots >> bit & 1]


def _wishes(people: Sequence[Candidate]) -> Iterator[Reason]:
    here = {one.pk for one in people}
    wishing = [one for one in people if one.wishes]
    met = sum(1 for one in wishing if one.wishes & here)
    if met:
        yield Reason("wishes_met", params={"count": met})
    if len(wishing) > met:
        yield Reason("wishes_unmet", is_good=False, params={"count": len(wishing) - met})


def _together(problem: Problem, members: Sequence[int]) -> Iterator[Reason]:
    here = set(members)
    pairs = [pair for pair in problem.rules.together if here.issuperset(pair)]
    if pairs:
        yield Reason("together", params={"count": len({pk for pair in pairs for pk in pair})})


def _skills(members: Sequence[int], people: Sequence[Candidate], quality: Quality) -> Iterator[Reason]:
    if not any(level is not None for one in people for level in one.skills):
        return
    width = max(len(one.skills) for one in people)
    weak = [place for place in range(width) if not any(_level(one, place) >= STRONG for one in people)]
    if weak:
        yield Reason("skills_weak", is_good=False, params={"skills": weak})
    elif quality.skills(members) >= BALANCED:
        yield Reason("skills_balanced")


def _level(one: Candidate, place: int) -> float:
    return (one.skills[place] or 0.0) if place < len(one.skills) else 0.0


def _sectors(people: Sequence[Candidate]) -> Iterator[Reason]:
    known = [one.sector for one in people if one.sector]
    if len(set(known)) > 1:
        yield Reason("sectors", params={"count": len(set(known))})
    elif len(known) > 1:
        yield Reason("one_sector", is_good=False)


def _alike(people: Sequence[Candidate]) -> Iterator[Reason]:
    regions = {one.region for one in people if one.region}
    if len(regions) == 1:
        yield Reason("one_region", params={"region": regions.pop()})
    languages = {one.language for one in people if one.language}
    if len(languages) > 1:
        yield Reason("languages", is_good=False, params={"count": len(languages)})
