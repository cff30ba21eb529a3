"""How good a group is, from 0 to 1 by each criterion: what the solver raises, and what the preview shows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from campus.grouping.solver.blocks import ANYTIME
from campus.grouping.solver.facts import Candidate, Groups, Problem

# So many common slots are as good as more.
ENOUGH_SLOTS = 3
# From this level on somebody carries a skill for the group.
STRONG = 0.6

Members = Sequence[int]


class Quality:
    """Judges groups of a problem. A group's value is the weighted mean of its criteria.

    A whole set of groups is judged by the mean over people, so that large groups count by their size.
    """

    def __init__(self, problem: Problem) -> None:
        self._people = problem.by_pk
        self._means = _means_of_skills(problem.people)
        self._skills = {one.pk: self._filled(one) for one in problem.people}
        self._slots = {one.pk: one.slots or ANYTIME for one in problem.people}
        wanted = {name: problem.weights.get(name, 0.0) for name in _CRITERIA}
        total = sum(wanted.values()) or 1.0
        self._weights: list[tuple[Callable[[Quality, Members], float], float]] = [
            (criterion, wanted[name] / total) for name, criterion in _CRITERIA.items() if wanted[name] > 0
        ]

    def _filled(self, one: Candidate) -> tuple[float, ...]:
        levels = [*one.skills, *[None] * (len(self._means) - len(one.skills))]
        return tuple(mean if level is None else level for level, mean in zip(levels, self._means, strict=True))

    def of_group(self, members: Members) -> float:
        """The weighted mean of the group's criteria."""
        return sum(weight * criterion(self, members) for criterion, weight in self._weights)

    def of_groups(self, groups: Groups) -> float:
        """The mean over all people of what their groups are worth."""
        count = sum(len(members) for members in groups)
        return sum(self.of_group(members) * len(members) for members in groups) / count if count else 0.0

    def by_criterion(self, groups: Groups) -> Mapping[str, float]:
        """The mean over all people for each criterion, whatever it weighs."""
        count = sum(len(members) for members in groups) or 1
        return {
            name: sum(criterion(self, members) * len(members) for members in groups) / count
            for name, criterion in _CRITERIA.items()
        }

    def slots(self, members: Members) -> float:
        """Half for how many can come at the best time, half for how many times suit all."""
        reached = [ANYTIME, *[0] * len(members)]
        for place, pk in enumerate(members, start=1):
            mine = self._slots[pk]
            for count in range(place, 0, -1):
                reached[count] |= reached[count - 1] & mine
        most = max(count for count, slots in enumerate(reached) if slots)
        return 0.5 * most / len(members) + 0.5 * min(reached[-1].bit_count(), ENOUGH_SLOTS) / ENOUGH_SLOTS

    def skills(self, members: Members) -> float:
        """Half for being near the mean of all in each skill, half for having somebody strong in each."""
        if not self._means:
            return 1.0
        distance = covered = 0.0
        for levels, mean in zip(zip(*(self._skills[pk] for pk in members), strict=True), self._means, strict=True):
            distance += abs(sum(levels) / len(levels) - mean)
            covered += min(max(levels) / STRONG, 1.0)
        return 0.5 * (1 - min(2 * distance / len(self._means), 1.0)) + 0.5 * covered / len(self._means)

    def sector(self, members: Members) -> float:
        """The share of different sectors among the known ones."""
        known = [self._people[pk].sector for pk in members if self._people[pk].sector]
        return len(set(known)) / len(known) if known else 1.0

    def region(self, members: Members) -> float:
        """The share that the commonest region has."""
        return _commonest([self._people[pk].region for pk in members if self._people[pk].region])

    def study_class(self, members: Members) -> float:
        return _commonest([pk for pk in (self._people[pk].study_class for pk in members) if pk is not None])

    def language(self, members: Members) -> float:
        return _commonest([self._people[pk].language for pk in members if self._people[pk].language])

    def wishes(self, members: Members) -> float:
        """The share of those of whose wishes one is met, or who have none."""
        here = frozenset(members)
        unmet = sum(1 for pk in members if (wanted := self._people[pk].wishes) and not wanted & here)
        return 1 - unmet / len(members)


def _means_of_skills(people: Sequence[Candidate]) -> tuple[float, ...]:
    width = max((len(one.skills) for one in people), default=0)
    padded = [[*one.skills, *[None] * (width - len(one.skills))] for one in people]
    known = [[level for levels in padded if (level := levels[place]) is not None] for place in range(width)]
    return tuple(fmean(levels) if levels else 0.0 for levels in known)


def _commonest(values: Sequence[object]) -> float:
    if len(values) < 2 or values.count(values[0]) == len(values):
        return 1.0
    return max(Counter(values).values()) / len(values)


_CRITERIA: dict[str, Callable[[Quality, Members], float]] = {
    "slots": Quality.slots,
    "skills": Quality.skills,
    "sector": Quality.sector,
    "region": Quality.region,
    "study_class": Quality.study_class,
    "language": Quality.language,
    "wishes": Quality.wishes,
}
