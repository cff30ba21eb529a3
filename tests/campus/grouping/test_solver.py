"""The solver: hard rules are always kept, what can't be kept is named, and the outcome beats chance."""

import random
from dataclasses import replace

import pytest

from campus.grouping.solver import (
    Candidate,
    Groups,
    Impossible,
    Problem,
    Quality,
    Rules,
    broken_rules,
    reasons_of,
    solve,
)
from campus.grouping.solver.arranging import arrange
from campus.grouping.solver.mending import fits_for, too_small

MONDAY, TUESDAY, SUNDAY = 1, 2, 4


def people(count: int, **facts: object) -> tuple[Candidate, ...]:
    return tuple(replace(Candidate(pk), **facts) for pk in range(1, count + 1))


def school(seed: int, count: int = 60) -> tuple[Candidate, ...]:
    """Two classes of people with evenings of their own, skills, sectors and wishes."""
    drawn = random.Random(seed)
    return tuple(
        Candidate(
            pk=pk,
            slots=sum(1 << bit for bit in drawn.sample(range(8), 3)) if drawn.random() < 0.9 else 0,
            skills=tuple(drawn.random() for _skill in range(3)),
            sector=drawn.choice("ABCD"),
            region=drawn.choice(["東", "西"]),
            study_class=pk % 2,
            language="en" if drawn.random() < 0.1 else "ja",
            wishes=frozenset({drawn.randrange(1, count + 1)}) - {pk} if drawn.random() < 0.3 else frozenset(),
        )
        for pk in range(1, count + 1)
    )


def sizes(groups: Groups) -> list[int]:
    return sorted(len(members) for members in groups)


@pytest.mark.parametrize("seed", range(6))
def test_every_hard_rule_is_kept_whatever_the_people(seed: int) -> None:
    everybody = school(seed)
    drawn = random.Random(seed)
    pairs = [tuple(drawn.sample(range(1, 61, 2), 2)) for _pair in range(8)]
    together = frozenset(pair for pair in pairs[:2] if shares(everybody, *pair))
    rules = Rules(4, 5, 6, shares_slot=True, same_class=True, together=together, apart=frozenset(pairs[2:]) - together)
    problem = Problem(everybody, rules, seed=seed, effort=30)
    assert broken_rules(problem, solve(problem)) == []


def shares(everybody: tuple[Candidate, ...], one: int, other: int) -> bool:
    return bool(everybody[one - 1].slots & everybody[other - 1].slots)


def test_the_same_problem_has_the_same_outcome_and_another_seed_another() -> None:
    problem = Problem(school(1), Rules(shares_slot=True), effort=20)
    assert solve(problem) == solve(problem)
    assert solve(problem) != solve(replace(problem, seed=2))


def test_the_outcome_is_better_than_the_arrangement_it_began_with_and_than_chance() -> None:
    problem = Problem(school(3), Rules(3, 4, 5), effort=100)
    quality = Quality(problem)
    shuffled = [one.pk for one in problem.people]
    random.Random(1).shuffle(shuffled)
    chance = [shuffled[start::15] for start in range(15)]
    found = quality.of_groups(solve(problem))
    assert found > quality.of_groups(arrange(problem)) + 0.05
    assert found > quality.of_groups(chance) + 0.1


def test_wishes_come_true_where_nothing_speaks_against_them() -> None:
    wishing = tuple(replace(one, wishes=frozenset({one.pk + 10})) for one in people(10)) + people(20)[10:]
    problem = Problem(wishing, Rules(2, 2, 2), {"wishes": 1.0}, effort=300)
    assert Quality(problem).by_criterion(solve(problem))["wishes"] == 1.0


def test_a_strong_learner_comes_into_each_group() -> None:
    strong = tuple(replace(one, skills=(1.0 if one.pk <= 4 else 0.1,)) for one in people(16))
    groups = solve(Problem(strong, Rules(4, 4, 4), {"skills": 1.0}, effort=200))
    assert [sum(1 for pk in members if pk <= 4) for members in groups] == [1, 1, 1, 1]


def test_sizes_come_as_near_to_the_preferred_as_the_number_allows() -> None:
    assert sizes(solve(Problem(people(22), Rules(3, 4, 5)))) == [4, 4, 4, 5, 5]
    assert sizes(solve(Problem(people(7), Rules(3, 5, 7)))) == [7]


def test_nobody_makes_no_groups() -> None:
    assert solve(Problem(())) == []


@pytest.mark.parametrize(
    ("everybody", "rules", "code", "named"),
    [
        (people(7), Rules(4, 5, 6), "sizes", set(range(1, 8))),
        (
            people(8),
            Rules(4, 4, 4, together=frozenset({(1, 2), (2, 3), (3, 4), (4, 5)})),
            "too_many_together",
            set(range(1, 6)),
        ),
        (
            people(8),
            Rules(4, 4, 4, together=frozenset({(1, 2), (2, 3)}), apart=frozenset({(1, 3)})),
            "together_and_apart",
            {1, 3},
        ),
        (people(8), Rules(4, 4, 4, apart=frozenset({(1, 2), (1, 3), (2, 3)})), "no_place", None),
    ],
)
def test_what_can_not_be_kept_is_named_with_its_people(
    everybody: tuple[Candidate, ...], rules: Rules, code: str, named: set[int] | None
) -> None:
    with pytest.raises(Impossible) as refused:
        solve(Problem(everybody, rules))
    assert refused.value.code == code
    assert set(refused.value.people) == named if named else len(refused.value.people) == 1


def test_who_has_no_slot_with_others_is_named() -> None:
    everybody = (*people(8, slots=MONDAY | TUESDAY), Candidate(9, slots=SUNDAY))
    with pytest.raises(Impossible) as refused:
        solve(Problem(everybody, Rules(4, 4, 5, shares_slot=True)))
    assert (refused.value.code, refused.value.people) == ("no_slot_with_others", (9,))


def test_pairs_that_contradict_the_class_or_the_slots_are_named() -> None:
    divided = (Candidate(1, study_class=1), Candidate(2, study_class=2), *people(10)[2:])
    with pytest.raises(Impossible, match="together_in_two_classes"):
        solve(Problem(divided, Rules(same_class=True, together=frozenset({(1, 2)}))))
    busy = (Candidate(1, slots=MONDAY), Candidate(2, slots=SUNDAY), *people(10)[2:])
    with pytest.raises(Impossible, match="together_without_slot"):
        solve(Problem(busy, Rules(shares_slot=True, together=frozenset({(1, 2)}))))


def test_who_has_said_nothing_of_slots_fits_in_everywhere() -> None:
    everybody = (
        *people(4, slots=MONDAY),
        *(Candidate(pk, slots=SUNDAY) for pk in range(5, 9)),
        Candidate(9),
        Candidate(10),
    )
    problem = Problem(everybody, Rules(5, 5, 5, shares_slot=True))
    assert broken_rules(problem, solve(problem)) == []


def test_the_check_finds_each_rule_that_hand_edits_break() -> None:
    everybody = (Candidate(1, slots=MONDAY, study_class=1), Candidate(2, slots=SUNDAY, study_class=2, language="en"))
    everybody += tuple(Candidate(pk, slots=MONDAY, study_class=1) for pk in range(3, 7))
    rules = Rules(2, 2, 3, True, True, True, together=frozenset({(1, 3)}), apart=frozenset({(1, 2)}))
    found = {broken.code for broken in broken_rules(Problem(everybody, rules), [[1, 2], [3, 4, 5, 6], [1]])}
    everything = {"twice", "not_together", "not_apart", "too_small", "too_large", "no_shared_slot", "two_classes"}
    assert found == everything | {"two_languages"}
    assert broken_rules(Problem(everybody, rules), [[1, 3]])[0].people == (2, 4, 5, 6)


def test_reasons_say_what_speaks_for_a_group_and_what_against_it() -> None:
    everybody = (
        Candidate(1, MONDAY | TUESDAY, (0.9, 0.1), "A", "東", 1, "ja", frozenset({2})),
        Candidate(2, MONDAY, (0.2, 0.2), "B", "東", 1, "ja", frozenset({9})),
        Candidate(3, 0, (0.1, None), "", "東", 1, "ja"),
    )
    problem = Problem(everybody, Rules(2, 3, 4))
    told = [(one.code, one.is_good, one.params) for one in reasons_of(problem, [1, 2, 3], Quality(problem))]
    assert told == [
        ("slots_shared", True, {"slots": [0], "stated": 2, "size": 3}),
        ("wishes_met", True, {"count": 1}),
        ("wishes_unmet", False, {"count": 1}),
        ("skills_weak", False, {"skills": [1]}),
        ("sectors", True, {"count": 2}),
        ("one_region", True, {"region": "東"}),
    ]


def test_a_newcomer_is_offered_groups_that_keep_the_rules_first() -> None:
    everybody = (*people(3, slots=MONDAY), *(Candidate(pk, slots=SUNDAY) for pk in (4, 5)), Candidate(6, slots=SUNDAY))
    problem = Problem(everybody, Rules(2, 3, 4, shares_slot=True))
    groups = {10: [1, 2, 3], 20: [4, 5], 30: []}
    assert [(fit.group, fit.keeps) for fit in fits_for(problem, [6], groups)] == [(20, True), (10, False)]
    assert list(too_small(Problem(everybody, Rules(3, 3, 4)), groups)) == [20]
