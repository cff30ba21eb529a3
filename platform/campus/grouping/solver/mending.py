"""Small changes to groups that stand: which could take somebody, which too small ones could join another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campus.grouping.solver.checks import broken_rules
from campus.grouping.solver.facts import Problem
from campus.grouping.solver.quality import Quality


@dataclass(frozen=True)
class Fit:
    """A group that somebody could come into, and how good it would then be. ``keeps``: every hard rule holds."""

    group: int
    value: float
    keeps: bool


def fits_for(problem: Problem, newcomers: Sequence[int], groups: Mapping[int, Sequence[int]]) -> list[Fit]:
    """Groups (by any key) that could take these people, the best first; too large ones are left out."""
    quality = Quality(problem)
    fits = [
        Fit(key, quality.of_group([*members, *newcomers]), _keeps(problem, [*members, *newcomers]))
        for key, members in groups.items()
        if members and len(members) + len(newcomers) <= problem.rules.largest
    ]
    return sorted(fits, key=lambda fit: (not fit.keeps, -fit.value, fit.group))


def _keeps(problem: Problem, members: list[int]) -> bool:
    """Whether a group of these keeps the rules that concern it alone; it may still be too small."""
    codes = {broken.code for broken in broken_rules(problem, [members]) if broken.group is not None}
    return not codes - {"too_small", "not_together"}


def too_small(problem: Problem, groups: Mapping[int, Sequence[int]]) -> Iterable[int]:
    """Keys of groups that have people, but fewer than they need, the smallest first."""
    small = [key for key, members in groups.items() if 0 < len(members) < problem.rules.smallest]
    return sorted(small, key=lambda key: (len(groups[key]), key))
