"""Which hard rules a set of groups breaks: written apart from the solver, so that it also judges hand edits."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from campus.grouping.solver.blocks import common_slots
from campus.grouping.solver.facts import Candidate, Groups, Problem, Rules


@dataclass(frozen=True)
class Broken:
    """A rule that doesn't hold. ``group``: position of the group, None where it concerns all."""

    code: str
    group: int | None
    people: tuple[int, ...] = ()


def broken_rules(problem: Problem, groups: Groups) -> list[Broken]:
    """All rules that are broken; nothing where the groups may be published as they are."""
    broken = list(_broken_over_all(problem, groups))
    for position, members in enumerate(groups):
        people = [problem.by_pk[pk] for pk in members]
        broken += [Broken(code, position, tuple(who)) for code, who in _broken_in(problem.rules, people)]
    return broken


def _broken_over_all(problem: Problem, groups: Groups) -> Iterator[Broken]:
    placed = Counter(pk for members in groups for pk in members)
    if missing := [one.pk for one in problem.people if one.pk not in placed]:
        yield Broken("left_out", None, tuple(missing))
    if twice := [pk for pk, count in placed.items() if count > 1]:
        yield Broken("twice", None, tuple(twice))
    place = {pk: position for position, members in enumerate(groups) for pk in members}
    for one, other in sorted(problem.rules.together):
        if one in place and other in place and place[one] != place[other]:
            yield Broken("not_together", place[one], (one, other))


def _broken_in(rules: Rules, people: Sequence[Candidate]) -> Iterator[tuple[str, list[int]]]:
    everybody = [one.pk for one in people]
    for code, is_broken in _GROUP_RULES:
        if is_broken(rules, people):
            yield code, everybody
    here = set(everybody)
    for one, other in sorted(rules.apart):
        if one in here and other in here:
            yield "not_apart", [one, other]


_GROUP_RULES: tuple[tuple[str, Callable[[Rules, Sequence[Candidate]], bool]], ...] = (
    ("too_small", lambda rules, people: len(people) < rules.smallest),
    ("too_large", lambda rules, people: len(people) > rules.largest),
    ("no_shared_slot", lambda rules, people: rules.shares_slot and not common_slots(people)),
    ("two_classes", lambda rules, people: rules.same_class and len({one.study_class for one in people}) > 1),
    ("two_languages", lambda rules, people: rules.same_language and len({one.language for one in people}) > 1),
)
