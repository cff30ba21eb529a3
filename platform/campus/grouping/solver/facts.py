"""What the solver is told of people and rules, and what it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

# Groups of candidates' ids; the order of the groups and within them is kept.
Groups = list[list[int]]

CRITERIA = ("slots", "skills", "sector", "region", "study_class", "language", "wishes")


@dataclass(frozen=True)
class Candidate:
    """Somebody to be placed. What is not known is left empty and counts neither for nor against a group.

    slots: bits of the weekly slots in which she has time, 0 where she has not said.
    skills: a level for each skill, in the same order for all, between 0 (none) and 1 (high); None where unknown.
    wishes: ids of those she would like to be with.
    """

    pk: int
    slots: int = 0
    skills: tuple[float | None, ...] = ()
    sector: str = ""
    region: str = ""
    study_class: int | None = None
    language: str = ""
    wishes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rules:
    """What must hold for every group. ``together`` and ``apart``: pairs of ids."""

    smallest: int = 4
    preferred: int = 5
    largest: int = 6
    shares_slot: bool = False
    same_class: bool = False
    same_language: bool = False
    together: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.smallest <= self.preferred <= self.largest:
            raise ValueError(f"sizes {self.smallest}, {self.preferred}, {self.largest} are not in order")

    @cached_property
    def kept_apart(self) -> Mapping[int, frozenset[int]]:
        """Each person's ids that must not be in the same group."""
        found: dict[int, set[int]] = {}
        for one, other in self.apart:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return {pk: frozenset(others) for pk, others in found.items()}


@dataclass(frozen=True)
class Problem:
    """People, hard rules, and how much each criterion counts (``weights`` by the names in CRITERIA).

    effort: exchanges tried for each person.
    """

    people: tuple[Candidate, ...]
    rules: Rules = field(default_factory=Rules)
    weights: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(CRITERIA, 1.0))
    seed: int = 1
    effort: int = 150

    @cached_property
    def by_pk(self) -> Mapping[int, Candidate]:
        return {one.pk: one for one in self.people}


class Impossible(Exception):
    """No groups can keep the rules. ``code`` names the rule, ``people`` whom it concerns, ``params`` the figures."""

    def __init__(self, code: str, people: Iterable[int] = (), **params: int | str) -> None:
        self.code, self.people, self.params = code, tuple(people), params
        super().__init__(code, self.people, params)
