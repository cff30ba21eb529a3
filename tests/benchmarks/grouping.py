"""2,000 learners into about 400 groups: time, hard rules kept, and the quality beside random and greedy groups."""

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace

from campus.grouping.solver import CRITERIA, Candidate, Groups, Impossible, Problem, Quality, Rules, broken_rules, solve
from tests.benchmarks.site import headline

LEARNERS = int(os.environ.get("LEARNERS", "2000"))
PER_CLASS = 100
LONGEST = 30.0
LOOKED_AT = 30
REGIONS = ["関東"] * 9 + ["近畿"] * 4 + ["中部"] * 3 + ["九州"] * 2 + ["東北", "北海道", "中国", "四国"]
SECTORS = ["製造", "情報通信", "小売", "金融", "医療", "教育", "建設", "運輸", "公務", "学生"]
# Bits of a week of seven days with five slots each, evenings last but one.
EVENINGS = [day * 5 + 3 for day in range(5)]
WEEKEND = [day * 5 + part for day in (5, 6) for part in range(5)]
DAYTIME = [day * 5 + part for day in range(5) for part in (1, 2)]


def main() -> None:
    people = population(LEARNERS, seed=7)
    rules = Rules(shares_slot=True, same_class=True, **pairs(people, seed=8))
    compare("groups within classes, a shared slot", Problem(people, rules))
    compare("one pool, a shared slot", Problem(people, replace(rules, same_class=False)))
    compare("project teams of 3 to 5, nothing but sizes and pairs", Problem(people, Rules(3, 4, 5, apart=rules.apart)))
    name_the_impossible(people)


def population(count: int, *, seed: int) -> tuple[Candidate, ...]:
    """Learners as a cohort has them: most work and have time in evenings or at weekends, some have said nothing."""
    drawn = random.Random(seed)
    return tuple(one(drawn, number, count) for number in range(count))


def one(drawn: random.Random, number: int, count: int) -> Candidate:
    study_class = number // PER_CLASS
    mates = list(range(study_class * PER_CLASS, min(count, (study_class + 1) * PER_CLASS)))
    wished = drawn.sample(mates, 2) if drawn.random() < 0.2 else []
    talent = drawn.gauss(0.45, 0.2)
    return Candidate(
        pk=number,
        slots=sum(1 << bit for bit in times(drawn)),
        skills=tuple(min(max(drawn.gauss(talent, 0.2), 0), 1) if drawn.random() < 0.9 else None for _ in range(5)),
        sector=drawn.choice(SECTORS),
        region=drawn.choice(REGIONS),
        study_class=study_class,
        language="en" if drawn.random() < 0.05 else "ja",
        wishes=frozenset(wished) - {number},
    )


def times(drawn: random.Random) -> set[int]:
    kind = drawn.random()
    if kind < 0.08:
        return set()
    if kind < 0.75:
        return {*drawn.sample(EVENINGS, drawn.randint(1, 3)), *drawn.sample(WEEKEND, drawn.randint(1, 4))}
    return {*drawn.sample(DAYTIME, drawn.randint(2, 5)), *drawn.sample(EVENINGS, 1)}


def pairs(people: tuple[Candidate, ...], *, seed: int) -> dict[str, frozenset[tuple[int, int]]]:
    """Some who must be together, having time together, and some who must not."""
    drawn, taken = random.Random(seed), set()
    together, apart = set(), set()
    for one in drawn.sample(people, len(people) // 8):
        other = people[one.pk - one.pk % PER_CLASS + drawn.randrange(PER_CLASS)] if len(people) > PER_CLASS else one
        if one.pk == other.pk or {one.pk, other.pk} & taken:
            continue
        taken |= {one.pk, other.pk}
        shares = one.slots & other.slots and (one.slots & other.slots & sum(1 << bit for bit in EVENINGS + WEEKEND))
        (together if shares and len(together) < len(people) // 40 else apart).add((one.pk, other.pk))
    return {"together": frozenset(together), "apart": frozenset(apart)}


def compare(title: str, problem: Problem) -> None:
    headline(f"{title}: {len(problem.people)} people")
    quality = Quality(problem)
    print(
        f"{'':10} {'seconds':>8} {'groups':>7} {'broken':>7} {'quality':>8}  " + " ".join(f"{c:>11}" for c in CRITERIA)
    )
    ways: dict[str, Callable[[Problem], Groups]] = {"random": at_random, "greedy": greedily, "solver": solve}
    worth, taken = {}, 0.0
    for name, way in ways.items():
        began = time.perf_counter()
        groups = way(problem)
        taken = time.perf_counter() - began
        broken, worth[name] = broken_rules(problem, groups), quality.of_groups(groups)
        parts = " ".join(f"{value:11.3f}" for value in quality.by_criterion(groups).values())
        print(f"{name:10} {taken:8.1f} {len(groups):7} {len(broken):7} {worth[name]:8.4f}  {parts}", flush=True)
        assert name != "solver" or not broken, broken[:3]
    assert worth["solver"] > max(worth["random"], worth["greedy"])
    assert taken <= LONGEST, f"{taken:.1f} s"


def at_random(problem: Problem) -> Groups:
    """Shuffled and cut into groups, class by class."""
    groups: Groups = []
    drawn = random.Random(1)
    for lot in lots(problem):
        drawn.shuffle(lot)
        number = round(len(lot) / problem.rules.preferred)
        groups += [[person.pk for person in lot[start::number]] for start in range(number)]
    return groups


def greedily(problem: Problem) -> Groups:
    """One after the other into the group that gains most and whose rules stay kept, else into the smallest."""
    groups: Groups = []
    quality, rules = Quality(problem), problem.rules
    for lot in lots(problem):
        random.Random(1).shuffle(lot)
        number = round(len(lot) / rules.preferred)
        mine: Groups = [[person.pk] for person in lot[:number]]
        for person in lot[number:]:
            mine[best_for(person, mine, quality, problem)].append(person.pk)
        groups += mine
    return groups


def best_for(person: Candidate, groups: Groups, quality: Quality, problem: Problem) -> int:
    rules = problem.rules
    open_groups = [place for place, members in enumerate(groups) if len(members) < rules.preferred]
    open_groups = open_groups or [place for place, members in enumerate(groups) if len(members) < rules.largest]
    # As somebody would do it by hand, who looks at some groups, not at 400 for each person.
    open_groups = random.Random(person.pk).sample(open_groups, min(len(open_groups), LOOKED_AT))
    fair = [place for place in open_groups if keeps(person, groups[place], problem)] or open_groups

    def gain(place: int) -> float:
        members = groups[place]
        return quality.of_group([*members, person.pk]) * (len(members) + 1) - quality.of_group(members) * len(members)

    return max(fair, key=gain)


def keeps(person: Candidate, members: list[int], problem: Problem) -> bool:
    broken = {one.code for one in broken_rules(problem, [[*members, person.pk]])}
    return not broken & {"not_apart", "no_shared_slot"}


def lots(problem: Problem) -> list[list[Candidate]]:
    found: dict[int | None, list[Candidate]] = {}
    for person in problem.people:
        found.setdefault(person.study_class if problem.rules.same_class else None, []).append(person)
    return list(found.values())


def name_the_impossible(people: tuple[Candidate, ...]) -> None:
    """Somebody whose only slot nobody else has, where all have said when: proven and named."""
    headline("a rule that can't be kept")
    began, night = time.perf_counter(), 1 << 34
    others = (replace(one, slots=one.slots & ~night) for one in people[1:PER_CLASS] if one.slots & ~night)
    named: tuple[int, ...] = ()
    try:
        solve(Problem((replace(people[0], slots=night), *others), Rules(shares_slot=True)))
    except Impossible as impossible:
        named = impossible.people
        print(f"{impossible.code}, people {named}, {time.perf_counter() - began:.1f} s")
    assert named == (0,)


if __name__ == "__main__":
    main()
